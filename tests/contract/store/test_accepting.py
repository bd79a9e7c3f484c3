"""Events: each once, in their order, with everything that follows from them or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.errors import InvalidInput
from bridge.store.engine import from_us
from bridge.store.tables import decisions, events, findings, holdings, rereads
from tests.contract.store.bureau import EVERYONE, Bureau
from tests.contract.store.conftest import Opening
from tests.unit.decide.scenario import (
    IP,
    OTHER_IP,
    START,
    a_complaint,
    a_finding,
    a_service,
    at,
    seen,
    spam,
    unsuspend_asked,
)


def test_an_event_is_stored_with_its_records_and_answered_with_them(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    receipt = bureau.accept(a_complaint())
    assert not receipt.duplicate
    assert [record["record"] for record in receipt.records][:2] == ["case", "action"]
    assert bureau.cases()[0]["id"] == "k1"
    assert bureau.faults() == []


def test_a_repeated_id_gives_no_record_and_changes_nothing(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    before = bureau.counts()
    again = bureau.accept(a_complaint("content/phishing"))
    assert again.duplicate
    assert again.records == ()
    assert bureau.counts() == before


def test_a_repeated_id_within_one_batch_is_counted_as_a_duplicate(bureau: Bureau) -> None:
    batch = bureau.accept_lines(a_service(when="-1d"), a_complaint(), a_complaint(), b"", a_complaint())
    assert (batch.accepted, batch.duplicates, batch.failed) == (2, 2, None)


def test_a_repeated_id_is_recognised_by_another_process(open_desk: Opening) -> None:
    one, other = open_desk(), open_desk()
    one.accept(a_service(when="-1d"), a_complaint())
    assert other.accept(a_complaint()).duplicate


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"{", ""),
        (b"[]", ""),
        (b'{"type": "complaint.received"}', "id"),
        (b'{"id": "x", "at": "2024-03-01T00:00:00Z"}', "type"),
        (b'{"id": "x", "type": "service.observed", "at": "2024-03-01T00:00:00Z", "service": "9", "client": "c"}',
         "product_kind"),
    ],
)  # fmt: skip
def test_a_bad_line_ends_a_batch_and_what_came_before_is_kept(bureau: Bureau, line: bytes, field: str) -> None:
    batch = bureau.accept_lines(a_service(when="-1d"), a_complaint(), b"", line, a_complaint(name="k2"))
    assert (batch.accepted, batch.duplicates, batch.failed, batch.field) == (2, 0, 4, field)
    assert [case["id"] for case in bureau.cases()] == ["k1"]


def test_the_number_of_a_bad_line_is_right_in_a_later_group_too(bureau: Bureau) -> None:
    lines = [unsuspend_asked("0h") | {"id": f"u{number}"} for number in range(450)]
    batch = bureau.accept_lines(*lines, b"not JSON", *lines)
    assert (batch.accepted, batch.failed) == (450, 451)


def test_a_line_the_sender_may_not_send_ends_the_batch(bureau: Bureau) -> None:
    lines = [b'{"id": "u", "type": "unsuspend.requested", "at": "2024-03-01T00:00:00Z", "service": "1", "by": "admin"}']
    batch = bureau.desk.accept_lines(lines, EVERYONE, lambda kind: kind != "unsuspend.requested")
    assert (batch.accepted, batch.failed, batch.forbidden) == (0, 1, True)


def test_a_service_seen_for_the_first_time_says_what_it_is(bureau: Bureau) -> None:
    with pytest.raises(InvalidInput) as refusal:
        bureau.accept(seen(ips=[IP]))
    assert refusal.value.field == "product_kind"
    bureau.accept(a_service(when="-1d"))
    assert not bureau.accept(seen(ips=[OTHER_IP])).duplicate


def test_what_is_said_of_a_service_is_kept_until_something_else_is_said(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d", region="eu", vps="1/7"), seen(when="0h", status="suspended"))
    facts = bureau.enquiries.service("1")["facts"]
    assert (facts["region"], facts["vps"], facts["status"]) == ("eu", "1/7", "suspended")


def test_what_we_did_to_a_service_is_known_without_a_panel_having_shown_it(bureau: Bureau) -> None:
    def status() -> str:
        return str(bureau.enquiries.service("1")["facts"]["status"])

    bureau.accept(a_service(when="-1d"), spam(kind="blocklist"))
    assert status() == "active"
    bureau.finish_all()
    assert status() == "suspended"
    bureau.wait(hours=2)
    bureau.accept(a_finding("unfounded", "1h"))
    bureau.approve(str(bureau.action("unsuspend_service")["id"]))
    bureau.finish_all()
    assert status() == "active"
    bureau.accept(a_complaint("content/phishing", "2h", "k2"))
    bureau.approve(str(bureau.action("terminate_service")["id"]))
    bureau.finish_all()
    assert status() == "terminated"
    assert [tuple(row) for row in bureau.rows(select(rereads.c.kind, rereads.c.id))] == [("service", "1")]
    assert bureau.faults() == []


def test_only_the_first_sight_dates_addresses_back(bureau: Bureau) -> None:
    bureau.accept(a_service(when="0h", period_start=at("-30d")), seen(when="4m", ips=[IP, OTHER_IP]))
    held = {row.prefix: from_us(row.start) for row in bureau.rows(select(holdings))}
    assert held == {f"{IP}": START - timedelta(days=30), f"{OTHER_IP}": START + timedelta(minutes=4)}


def test_a_late_event_is_decided_at_the_clients_last_decision(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint(when="0h"))
    receipt = bureau.accept(a_complaint("content/phishing", when="-2h", name="late"))
    assert {record["at"] for record in receipt.records} == {at("0h")}
    assert bureau.faults() == []


def test_a_late_event_of_another_client_keeps_its_time(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_service("2", when="-1d", client="c2", ips=[OTHER_IP]), a_complaint())
    receipt = bureau.accept(a_complaint(when="-2h", name="late", ip=OTHER_IP))
    assert {record["at"] for record in receipt.records} == {at("-2h")}


def test_an_event_far_ahead_of_the_clock_is_refused(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    with pytest.raises(InvalidInput) as refusal:
        bureau.accept(a_complaint(when="301s"))
    assert refusal.value.field == "at"
    assert not bureau.accept(a_complaint(when="300s")).duplicate


def test_an_event_of_two_clients_is_decided_for_both_in_one_entry(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_service("2", when="-1d", client="c2", ips=[OTHER_IP]))
    receipt = bureau.accept(a_complaint(ips=[IP, OTHER_IP]))
    assert {record["client"] for record in receipt.records} == {"c1", "c2"}
    assert {case["id"]: case["client"] for case in bureau.cases()} == {"k1": "c1", "k1.2": "c2"}
    seq = bureau.rows(select(events.c.seq).where(events.c.id == "k1"))[0][0]
    assert [row.client for row in bureau.rows(select(decisions).where(decisions.c.seq == seq))] == ["c1", "c2"]
    assert bureau.faults() == []


def test_the_later_of_two_clients_last_decisions_is_the_time_of_both(bureau: Bureau) -> None:
    bureau.accept(
        a_service(when="-2d"),
        a_service("2", when="-2d", client="c2", ips=[OTHER_IP]),
        a_complaint(when="0h", name="first"),
    )
    receipt = bureau.accept(a_complaint("content/phishing", when="-1d", ips=[IP, OTHER_IP], occurred_at=at("-1d")))
    assert {record["at"] for record in receipt.records} == {at("0h")}


def test_an_address_nobody_holds_is_said_to_be_unattributed(bureau: Bureau) -> None:
    receipt = bureau.accept(a_complaint(ip="203.0.113.9"))
    assert [record["record"] for record in receipt.records] == ["unattributed"]


def test_a_case_id_that_is_taken_is_refused_before_anything_is_stored(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_service("2", when="-1d", client="c2", ips=[OTHER_IP]))
    bureau.accept(a_complaint(ips=[IP, OTHER_IP]))
    before = bureau.counts()
    with pytest.raises(InvalidInput) as refusal:
        bureau.accept(a_complaint("content/phishing", name="k1.2"))
    assert refusal.value.field == "id"
    assert bureau.counts() == before


def test_a_sender_cannot_take_an_id_that_the_program_will_need(bureau: Bureau) -> None:
    """Ids of deadlines and of what became of actions can be guessed; whoever sends them changes nothing."""
    bureau.accept(a_service(when="-1d"))
    bureau.accept(a_complaint("messaging/spam"))
    deadline = bureau.enquiries.case("k1")["deadlines"][0]["id"]
    action = bureau.action("notify_customer")["id"]
    bureau.accept(unsuspend_asked("0h") | {"id": f"{deadline}.due"}, unsuspend_asked("0h") | {"id": f"{action}.done.7"})
    bureau.finish_all()
    bureau.wait(hours=7)
    assert bureau.fire_due() == 1
    assert len(bureau.enquiries.case("k1")["deadlines"]) == 2
    assert bureau.faults() == []


def test_a_longest_id_is_carried_through_deadlines_and_a_fresh_start(open_desk: Opening) -> None:
    bureau = open_desk()
    name = "k" * 256
    bureau.accept(a_service(when="-1d"), a_complaint("messaging/spam", name=name))
    bureau.wait(hours=7)
    assert bureau.fire_due() == 1
    later = open_desk(clock=bureau.clock)
    assert later.accept(a_finding("remediated", "7h", name) | {"id": "f1"}).records
    assert later.faults() == []


def test_what_no_database_can_keep_is_refused_or_replaced(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    deep: list[object] = []
    for _ in range(400):
        deep = [deep]
    with pytest.raises(InvalidInput):
        bureau.accept(unsuspend_asked("1s") | {"more": deep})
    bureau.accept(a_finding("remediated", "0h", note="a\0b"))
    assert [row.note for row in bureau.rows(select(findings))] == ["a\N{REPLACEMENT CHARACTER}b"]
    assert bureau.faults() == []


def test_unknown_fields_are_kept_in_the_log(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d", colour="green"))
    assert '"colour":"green"' in bureau.rows(select(events.c.body))[0][0]


def test_sixty_four_threads_accept_each_event_once(bureau: Bureau) -> None:
    bureau.accept(*(a_service(str(n), "-1d", client=f"c{n}", ips=[f"10.0.0.{n}"]) for n in range(8)))

    def send(number: int) -> bool:
        event = unsuspend_asked("1s", service=str(number % 8)) | {"id": f"u{number // 2}"}
        return bureau.accept(event).duplicate

    with ThreadPoolExecutor(64) as threads:
        duplicates = list(threads.map(send, range(512)))
    assert duplicates.count(True) == 256
    assert bureau.counts()["events"] == 8 + 256
    assert bureau.faults() == []
