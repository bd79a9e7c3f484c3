"""Messages that a person has to look at: shown with what was found, decided once, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bridge.errors import Conflict, InvalidInput, NotFound
from bridge.reception import Reception
from bridge.reviews import Reviews
from bridge.store.tables import events
from bridge.views import Filter, Source, TakenComplaint
from tests.contract.store.bureau import Bureau, new_bureau
from tests.unit.decide.scenario import IP, OTHER_IP, a_service

GATEWAY = Source(name="mail-gateway")
ANNA = Source(name="command line", by="anna")
VAGUE = (
    b"From: Jo <jo@example.net>\nSubject: hello\n\nSomething odd reached us: 198.51.100.9 and then 192.0.2.77 again."
)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with new_bureau(tmp_path) as opened:
        opened.accept(a_service(when="-1d"), a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
        yield opened


def take(bureau: Bureau, data: bytes) -> list[TakenComplaint]:
    return Reception(bureau.desk, (ip_network("192.0.2.0/24"),), {}).take_complaints(data, "message/rfc822", GATEWAY)


def the_review(bureau: Bureau, state: str = "open") -> Any:
    (item,) = bureau.enquiries.reviews(Filter(state=state), 10, None).items
    return item


def resolve(bureau: Bureau, *corrections: dict[str, Any], as_: str = "accepted") -> list[str]:
    (item,) = bureau.enquiries.reviews(Filter(), 10, None).items
    return Reviews(bureau.desk).resolve(item["id"], as_, corrections, "seen", ANNA)


def test_a_vague_message_is_put_before_a_person_with_what_stands_in_it(bureau: Bureau) -> None:
    (taken,) = take(bureau, VAGUE)
    item = the_review(bureau)
    assert taken.status == "incomplete"
    assert (item["state"], item["sender"], item["subject"]) == ("open", "jo@example.net", "hello")
    assert {each["value"]: each["ours"] for each in item["seen"]} == {"198.51.100.9": False, "192.0.2.77": True}
    assert item["seen"][0]["where"] == "body"
    assert "then 192.0.2.77 again" in item["seen"][0]["line"]
    assert Reviews(bureau.desk).message(item["id"]) == ("message/rfc822", VAGUE)


def test_accepting_with_a_correction_opens_a_case_under_the_id_that_was_answered(bureau: Bureau) -> None:
    (taken,) = take(bureau, VAGUE)
    assert resolve(bureau, {"ips": [IP], "category": "connection/port_scan"}) == [taken.id]
    case = bureau.enquiries.case(taken.id)
    assert (case["category"], case["service"]) == ("connection/port_scan", "1")
    row = bureau.rows(select(events).where(events.c.id == taken.id))[0]
    assert row.by == "anna"
    item = the_review(bureau, "accepted")
    assert (item["by"], item["note"], item["events"]) == ("anna", "seen", [taken.id])
    assert bureau.faults() == []


def test_the_same_message_after_the_decision_is_a_duplicate_of_its_case(bureau: Bureau) -> None:
    take(bureau, VAGUE)
    (made,) = resolve(bureau, {"ips": [IP], "category": "connection/port_scan"})
    (again,) = take(bureau, VAGUE)
    assert (again.id, again.status, again.case) == (made, "duplicate", made)
    assert len(bureau.enquiries.reviews(Filter(), 10, None).items) == 1


def test_a_service_may_be_named_where_no_address_is(bureau: Bureau) -> None:
    take(
        bureau,
        b"From: jo@example.net\nSubject: phishing\n\nPlease remove http://bank-login.example/ which is phishing.",
    )
    (made,) = resolve(bureau, {"service": "2"})
    assert bureau.enquiries.case(made)["service"] == "2"
    assert bureau.enquiries.case(made)["category"] == "content/phishing"


def test_more_corrections_than_incidents_make_further_incidents(bureau: Bureau) -> None:
    take(bureau, VAGUE)
    made = resolve(
        bureau,
        {"ips": [IP], "category": "connection/port_scan"},
        {"ips": [OTHER_IP], "category": "connection/ddos"},
    )
    assert [bureau.enquiries.case(each)["service"] for each in made] == ["1", "2"]
    assert bureau.faults() == []


def test_what_is_no_complaint_is_filed_and_decides_nothing(bureau: Bureau) -> None:
    take(bureau, VAGUE)
    assert resolve(bureau, as_="not_a_complaint") == []
    assert the_review(bureau, "not_a_complaint")["by"] == "anna"
    assert bureau.enquiries.gauges()["tipstaff_complaints_to_review"][()] == 0
    assert bureau.counts()["cases"] == 0


def test_a_review_is_decided_once(bureau: Bureau) -> None:
    take(bureau, VAGUE)
    resolve(bureau, as_="not_a_complaint")
    with pytest.raises(Conflict, match="not_a_complaint"):
        resolve(bureau, {"ips": [IP], "category": "connection/port_scan"})


@pytest.mark.parametrize(
    ("corrections", "field"),
    [
        ([{"ips": ["nonsense"]}], "ips[0]"),
        ([{"ips": [IP], "category": "connection/nonsense"}], "category"),
        ([{"at": "2024-01-01T00:00:00Z"}], "corrections[0].at"),
        ([{"category": "connection/ddos", "ips": []}], "corrections[0].ips"),
    ],
)
def test_a_correction_that_makes_no_event_is_refused_and_leaves_the_review_open(
    bureau: Bureau, corrections: list[dict[str, Any]], field: str
) -> None:
    take(bureau, VAGUE)
    with pytest.raises(InvalidInput) as refusal:
        resolve(bureau, *corrections)
    assert refusal.value.field == field
    assert the_review(bureau)["state"] == "open"


def test_an_unknown_review_is_not_found(bureau: Bureau) -> None:
    with pytest.raises(NotFound):
        Reviews(bureau.desk).resolve("review-0", "accepted", (), None, ANNA)


def test_a_list_that_names_a_net_of_ours_waits_for_a_person(bureau: Bureau) -> None:
    (taken,) = take(
        bureau,
        b"From: sbl@list.example\nSubject: SBL424242 192.0.2.0/28 listed\n\n"
        b"The net 192.0.2.0/28 has been listed in the blocklist as SBL424242 for spam support.",
    )
    assert taken.case is None
    assert the_review(bureau)["incidents"][0]["networks"] == ["192.0.2.0/28"]


def test_of_child_abuse_nothing_is_written_down(bureau: Bureau) -> None:
    take(
        bureau,
        b"From: hotline@example.net\nSubject: CSAM http://bad.example/x\n\n"
        b"Child sexual abuse material at http://bad.example/x, please remove.",
    )
    item = the_review(bureau)
    assert "bad.example/x" not in str(item)
    assert item["seen"] == []


# ---- whose a domain is ----

PHISHING = (
    b"From: soc@bank.example\nSubject: phishing\n\nPlease take down hxxp://login.shop[.]example/bank, it is phishing."
)


def test_a_complaint_that_names_only_a_domain_goes_to_the_service_that_has_it(bureau: Bureau) -> None:
    bureau.accept(a_service("3", "-1d", client="c3", ips=["192.0.2.33"], domains=["shop.example", "vps3.host.example"]))
    (taken,) = take(bureau, PHISHING)
    assert (taken.status, taken.case) == ("accepted", taken.id)
    assert bureau.enquiries.case(taken.id)["service"] == "3"
    assert bureau.faults() == []


def test_a_domain_of_ours_tells_whose_it_is_behind_an_address_that_nobody_of_ours_holds(bureau: Bureau) -> None:
    """Networks are not configured here, so the address of a delivery network may be an offender's."""
    bureau.accept(a_service("3", "-1d", client="c3", ips=["192.0.2.33"], domains=["shop.example"]))
    reception = Reception(bureau.desk, (), {})
    mail = PHISHING + b" Its address is 203.0.113.80."
    (taken,) = reception.take_complaints(mail, "message/rfc822", GATEWAY)
    assert bureau.enquiries.case(str(taken.case))["service"] == "3"
    (other,) = reception.take_complaints(PHISHING + b" Its address is 192.0.2.11.", "message/rfc822", GATEWAY)
    assert bureau.enquiries.case(str(other.case))["service"] == "2"


@pytest.mark.parametrize("domains", [["shop.example.net"], ["workshop.example"], ["*.example"], ["example"]])
def test_another_domain_is_not_taken_for_it(bureau: Bureau, domains: list[str]) -> None:
    bureau.accept(a_service("3", "-1d", client="c3", ips=["192.0.2.33"], domains=domains))
    (taken,) = take(bureau, PHISHING)
    assert (taken.status, taken.case) == ("unattributed", None)


def test_a_domain_that_two_services_have_is_for_a_person(bureau: Bureau) -> None:
    for service in ("3", "4"):
        bureau.accept(a_service(service, "-1d", client=service, ips=[f"192.0.2.3{service}"], domains=["shop.example"]))
    take(bureau, PHISHING)
    assert the_review(bureau)["incidents"][0]["domains"] == ["login.shop.example"]


def test_a_domain_that_passed_on_is_of_the_service_that_has_not_ended(bureau: Bureau) -> None:
    bureau.accept(a_service("3", "-2d", client="c3", ips=["192.0.2.33"], domains=["shop.example"]))
    bureau.accept(a_service("3", "-1d", client="c3", ips=[], status="terminated"))
    bureau.accept(a_service("4", "-1d", client="c4", ips=["192.0.2.34"], domains=["Shop.Example."]))
    (taken,) = take(bureau, PHISHING)
    assert bureau.enquiries.case(str(taken.case))["service"] == "4"


def test_a_domain_that_a_service_gave_up_is_not_its_own_any_more(bureau: Bureau) -> None:
    bureau.accept(a_service("3", "-2d", client="c3", ips=["192.0.2.33"], domains=["shop.example", "other.example"]))
    bureau.accept(a_service("3", "-1d", client="c3", ips=["192.0.2.33"], domains=["other.example"]))
    (taken,) = take(bureau, PHISHING)
    assert (taken.status, taken.case) == ("unattributed", None)
    assert bureau.faults() == []


def test_the_longest_name_decides(bureau: Bureau) -> None:
    bureau.accept(a_service("3", "-1d", client="c3", ips=["192.0.2.33"], domains=["shop.example"]))
    bureau.accept(a_service("4", "-1d", client="c4", ips=["192.0.2.34"], domains=["login.shop.example"]))
    (taken,) = take(bureau, PHISHING)
    assert bureau.enquiries.case(str(taken.case))["service"] == "4"
