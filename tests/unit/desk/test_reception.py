"""Complaints as they arrive: kept whole, accepted incident by incident, none lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from bridge.audit import export
from bridge.errors import InvalidInput, NotAllowed, NotFound
from bridge.intake.model import Kind, ReporterKind
from bridge.queue import Work
from bridge.reception import Reception
from bridge.reviews import Reviews
from bridge.store.tables import complaints, events, reviews
from bridge.views import Filter, Source, TakenComplaint
from tests.contract.store.bureau import Bureau, new_bureau
from tests.unit.decide.scenario import IP, OTHER_IP, a_complaint, a_service, at

GATEWAY = Source(name="mail-gateway")


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with new_bureau(tmp_path) as opened:
        opened.accept(a_service(when="-1d"))
        yield opened


def xarf(ip: str | None = IP, **more: Any) -> bytes:
    report = {
        "xarf_version": "4.2.0",
        "report_id": "11111111-2222-4333-8444-555555555555",
        "timestamp": at("0h"),
        "reporter": {"org": "A list", "contact": "list@example.net", "domain": "example.net"},
        "sender": {"org": "A list", "contact": "list@example.net", "domain": "example.net"},
        "source_identifier": ip,
        "category": "connection",
        "type": "port_scan",
        "evidence_source": "honeypot",
        "first_seen": at("0h"),
        **more,
    }
    return orjson.dumps({name: value for name, value in report.items() if value is not None})


def take(bureau: Bureau, data: bytes, content_type: str = "application/json") -> list[TakenComplaint]:
    own = (ip_network("192.0.2.0/24"),)
    return Reception(bureau.desk, own, {}).take_complaints(data, content_type, GATEWAY)


def test_a_complaint_opens_a_case_and_says_which(bureau: Bureau) -> None:
    (taken,) = take(bureau, xarf())
    assert (taken.status, taken.case) == ("accepted", taken.id)
    case = bureau.enquiries.case(taken.id)
    assert (case["category"], case["service"]) == ("connection/port_scan", "1")
    assert bureau.faults() == []


def test_the_same_message_again_is_a_duplicate_and_is_kept_once(bureau: Bureau) -> None:
    (first,) = take(bureau, xarf())
    (again,) = take(bureau, xarf())
    assert (again.id, again.status, again.case) == (first.id, "duplicate", first.case)
    assert bureau.counts()["complaints"] == 1
    assert bureau.counts()["complaint_events"] == 1


def test_the_same_number_from_senders_without_a_name_is_one_report_only_from_the_same_place(bureau: Bureau) -> None:
    def mail(sender: str, words: str) -> bytes:
        return f"From: {sender}\nSubject: [Ticket#20240229] {words}\n\nYour host {IP}, {at('0h')}: {words}".encode()

    cases = [
        take(bureau, mail(sender, words), "message/rfc822")[0].case
        for sender, words in (
            ("a@victim.example", "Failed password for root by ssh"),
            ("b@other.example", "we received unsolicited spam mail from this host"),
            ("c@other.example", "a port scan of our network came from this host"),
        )
    ]
    assert [cases.index(case) for case in cases] == [0, 1, 1]


def test_another_report_of_the_same_trouble_joins_its_case(bureau: Bureau) -> None:
    (first,) = take(bureau, xarf())
    (second,) = take(bureau, xarf(report_id="99999999-2222-4333-8444-555555555555"))
    assert (second.status, second.case) == ("duplicate", first.case)
    assert len(bureau.enquiries.case(first.id)["complaints"]) == 2


def test_an_address_nobody_holds_is_unattributed_and_still_in_the_log(bureau: Bureau) -> None:
    (taken,) = take(bureau, xarf(OTHER_IP))
    assert (taken.status, taken.case) == ("unattributed", None)
    assert bureau.rows(select(events.c.type).where(events.c.id == taken.id))[0][0] == "complaint.received"


def test_a_report_without_a_source_is_incomplete_and_kept(bureau: Bureau) -> None:
    (taken,) = take(bureau, xarf(None))
    assert (taken.status, taken.case) == ("incomplete", None)
    assert bureau.rows(select(complaints.c.body))[0][0] == xarf(None)


def test_json_that_is_no_report_is_refused_and_leaves_nothing(bureau: Bureau) -> None:
    with pytest.raises(InvalidInput):
        take(bureau, b"{")
    assert bureau.counts()["complaints"] == 0


def test_what_is_no_complaint_is_kept_and_decides_nothing(bureau: Bureau) -> None:
    reply = (
        b"From: a@example.net\r\nAuto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\nI am away until Monday."
    )
    assert take(bureau, reply, "message/rfc822") == []
    assert [row.reading for row in bureau.rows(select(complaints))] == [Kind.NOT_A_COMPLAINT.value]


def test_a_text_nobody_understands_waits_for_a_person(bureau: Bureau) -> None:
    (taken,) = take(bureau, b"hello there", "text/plain")
    assert taken.status == "incomplete"
    assert bureau.enquiries.gauges()["tipstaff_complaints_to_review"][()] == 1


def test_a_message_that_cannot_become_an_event_is_kept_for_a_person(bureau: Bureau) -> None:
    """Here somebody has taken the id that its second case would need."""
    message = f"Both {IP} and {OTHER_IP} scanned our ports on 2024-02-29 at 23:00 UTC.".encode()
    name = f"mail-{hashlib.sha256(message).hexdigest()[:32]}-1"
    bureau.accept(a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
    bureau.accept(a_complaint("content/phishing", name=f"{name}.2"))
    (taken,) = take(bureau, message, "text/plain")
    assert (taken.status, taken.case) == ("incomplete", None)
    assert [(row.body, row.reading) for row in bureau.rows(select(complaints))] == [(message, Kind.UNSURE.value)]
    assert bureau.faults() == [f"complaint_events: {name}.2 is not linked to the message that it is named after"]


def test_who_handed_it_in_is_in_the_log(bureau: Bureau) -> None:
    (taken,) = take(bureau, xarf())
    row = bureau.rows(select(events).where(events.c.id == taken.id))[0]
    assert (row.source, row.by) == ("mail-gateway", None)


def test_a_message_of_many_incidents_is_committed_in_batches_and_taken_once(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.reception.BATCH", 2)
    reports = b"\n".join(xarf(report_id=f"1111111{place}-2222-4333-8444-555555555555") for place in range(5))
    taken = take(bureau, reports, "application/x-ndjson")
    assert [one.status for one in taken] == ["accepted", "duplicate", "duplicate", "duplicate", "duplicate"]
    assert {one.case for one in take(bureau, reports, "application/x-ndjson")} == {taken[0].id}
    assert bureau.counts()["complaint_events"] == 5
    assert bureau.faults() == []


def test_a_message_that_cannot_be_read_is_kept_for_a_person(bureau: Bureau) -> None:
    own = (ip_network("192.0.2.0/24"),)
    (taken,) = Reception(bureau.desk, own, {}).keep(b"\0", "message/rfc822", GATEWAY, "reading it failed")
    assert (taken.status, taken.case) == ("incomplete", None)
    assert bureau.enquiries.gauges()["tipstaff_complaints_to_review"][()] == 1


def test_each_source_is_known_by_what_it_brought(bureau: Bureau) -> None:
    take(bureau, xarf())
    take(bureau, xarf())
    (source,) = bureau.enquiries.sources()
    assert (source["name"], source["kind"], source["state"], source["messages"]) == ("mail-gateway", "api", "ok", 2)


def test_of_a_message_that_reports_child_abuse_too_nothing_is_attached_or_quoted(bureau: Bureau) -> None:
    """Its other incidents are decided like any; their letters go without the message."""
    other = "22222222-2222-4333-8444-555555555555"
    worst = xarf(category="content", type="csam", report_id=other, url="http://x.example/")
    taken = take(bureau, xarf() + b"\n" + worst, "application/x-ndjson")
    assert [each.status for each in taken] == ["accepted", "accepted"]
    work = notice(bureau)
    assert work.case is not None
    assert (work.case.id, work.case.complaint) == (taken[0].case, None)
    (message,) = export(bureau.store, str(taken[0].case))["complaints"]
    assert message["withheld"]
    assert "x.example" not in orjson.dumps(export(bureau.store, str(taken[1].case))).decode()


def test_a_complaint_alone_is_attached(bureau: Bureau) -> None:
    take(bureau, xarf())
    work = notice(bureau)
    assert work.case is not None
    assert work.case.complaint == xarf()


def test_what_staff_finds_to_be_child_abuse_is_shown_to_nobody_any_more(bureau: Bureau) -> None:
    take(bureau, b"Subject: hello\n\nsomething is wrong at http://x.example/ on 192.0.2.10, look at it", "text/plain")
    (review,) = shown(bureau)
    reviews = Reviews(bureau.desk)
    assert b"x.example" in reviews.message(str(review["id"]))[1]
    corrections = [{"ips": [IP], "category": "content/csam"}]
    anna = Source(name="panel", by="anna", verified=True)
    reviews.resolve(str(review["id"]), "accepted", corrections, None, anna)
    with pytest.raises(NotAllowed, match="held by reference"):
        reviews.message(str(review["id"]))
    assert "x.example" not in orjson.dumps(shown(bureau)).decode()


def test_of_child_abuse_that_names_nobody_of_ours_the_review_shows_no_place(bureau: Bureau) -> None:
    report = (
        b"Subject: CSAM http://y.example/1\n\nCSAM is at http://x.example/gallery, please look at it. Ref: x.example/9"
    )
    take(bureau, report, "message/rfc822")
    (review,) = shown(bureau)
    assert [each["category"] for each in review["incidents"]] == ["content/csam"]
    anna = Source(name="panel", by="anna", verified=True)
    Reviews(bureau.desk).resolve(str(review["id"]), "not_a_complaint", [], "saw http://x.example/gallery", anna)
    seen = orjson.dumps([review, *shown(bureau)]).decode()
    assert ("x.example" in seen, "y.example" in seen) == (False, False)
    with bureau.store.read() as connection:
        assert "example" not in connection.execute(select(reviews.c.found)).scalar_one()


def shown(bureau: Bureau) -> list[Any]:
    return list(bureau.enquiries.reviews(Filter(), 10, None).items)


def notice(bureau: Bureau) -> Work:
    """The first letter to the customer, as the worker gets it."""
    while (work := bureau.claimed()).action != "notify_customer":
        bureau.finish(work)
    return work


def test_a_report_of_the_form_counts_as_an_individuals_and_can_be_fetched_again(bureau: Bureau) -> None:
    reception = Reception(bureau.desk, (ip_network("192.0.2.0/24"),), {"@example.net": ReporterKind.BLOCKLIST})
    digest = reception.take_report(xarf(), GATEWAY, review=False)
    assert bureau.cases()[0]["complaints"][0]["reporter"]["kind"] == "individual"
    assert reception.report(digest[:24]) == xarf()
    for reference in (digest[:8], "0" * 24, "%"):
        with pytest.raises(NotFound):
            reception.report(reference)


def test_a_report_of_the_form_that_speaks_of_child_abuse_is_quoted_nowhere_and_waits_for_a_person(
    bureau: Bureau,
) -> None:
    report = xarf(category="content", type="fraud", url=f"http://{IP}/a", description="child pornography, see it there")
    Reception(bureau.desk, (ip_network("192.0.2.0/24"),), {}).take_report(report, GATEWAY, review=False)
    (review,) = bureau.enquiries.reviews(Filter(), 10, None).items
    assert (bureau.cases(), review["incidents"][0]["category"]) == ([], "content/csam")
    assert "see it there" not in str(review)
    assert f"http://{IP}/a" not in str(review)
    with pytest.raises(NotAllowed):
        Reviews(bureau.desk).message(review["id"])


def test_mail_cannot_be_fetched_as_a_report_and_a_report_may_wait_for_a_person(bureau: Bureau) -> None:
    reception = Reception(bureau.desk, (ip_network("192.0.2.0/24"),), {})
    take(bureau, xarf())
    with pytest.raises(NotFound):
        reception.report(hashlib.sha256(xarf()).hexdigest())
    reception.take_report(xarf(report_id="22222222-2222-4333-8444-555555555555"), GATEWAY, review=True)
    assert len(bureau.cases()[0]["complaints"]) == 1
    assert bureau.enquiries.gauges()["tipstaff_complaints_to_review"][()] == 1


def test_a_message_about_two_clients_is_shown_to_neither(bureau: Bureau) -> None:
    bureau.accept(a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
    reports = b"\n".join(
        xarf(ip, report_id=f"1111111{place}-2222-4333-8444-555555555555") for place, ip in enumerate((IP, OTHER_IP))
    )
    taken = take(bureau, reports, "application/x-ndjson")
    assert [one.status for one in taken] == ["accepted", "accepted"]
    work = bureau.claimed()
    assert work.case is not None
    assert (work.case.complaint, work.case.ips) in ((None, (IP,)), (None, (OTHER_IP,)))


def scan(time: str) -> bytes:
    """A mail about a scan from IP at that time, as written."""
    head = "From: admin@shop.example\nSubject: Port scan from 192.0.2.10\nDate: Fri, 01 Mar 2024 00:00:00 +0000\n\n"
    return f"{head}Your address {IP} scanned our ports at {time}.\n".encode()


@pytest.mark.parametrize(
    ("time", "moved", "status"),
    [
        ("2024-02-29 12:30:00 UTC", True, "accepted"),
        ("2024-02-29 12:30:00", True, "incomplete"),
        ("2024-02-29 12:30:00", False, "accepted"),
    ],
)
def test_a_time_without_a_zone_blames_nobody_for_an_address_that_changed_hands_about_then(
    bureau: Bureau, time: str, moved: bool, status: str
) -> None:
    if moved:
        bureau.accept(a_service("4", "-11h", client="c4"))
    (taken,) = take(bureau, scan(time), "message/rfc822")
    assert taken.status == status
    if status == "accepted":
        assert bureau.enquiries.case(taken.id)["service"] == "1"
        return
    (review,) = shown(bureau)
    assert "changed hands" in str(review["reason"])
    assert (review["incidents"][0]["time_certain"], review["incidents"][0]["ips"]) == (False, [IP])
