"""Hooks: each delivery once, its first answer again, our own doing recognised, tickets taken in, rereads asked for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from bridge.doorway import Lookup
from bridge.errors import InvalidInput
from bridge.marks import mark
from bridge.store.tables import attempts, complaints, events, rereads
from bridge.views import HookAnswer, HookNews, HookQuestion
from tests.contract.store.bureau import SECRET, Bureau
from tests.contract.store.conftest import Opening
from tests.unit.decide.scenario import START, a_complaint, a_service, spam, unsuspend_asked

Reading = Callable[[Lookup], HookQuestion | HookNews | None]


def asks(name: str = "u1") -> Reading:
    return lambda _: HookQuestion(event=unsuspend_asked("0h") | {"id": name})


def tells(**more: Any) -> Reading:
    return lambda _: HookNews(**more)


def hook(bureau: Bureau, read: Reading, delivery: str = "d1", at: datetime = START) -> HookAnswer:
    return bureau.doorway.hook(delivery, read, at)


def looked_up(bureau: Bureau, look: Callable[[Lookup], object], delivery: str = "d9") -> object:
    """What a translator finds out."""
    found: list[object] = []

    def read(lookup: Lookup) -> None:
        found.append(look(lookup))

    hook(bureau, read, delivery)
    return found[0]


def test_a_question_is_answered_with_outcome_reason_and_clause(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), spam())
    bureau.finish_all()
    answer = hook(bureau, asks())
    assert answer.status == 200
    assert (answer.body["outcome"], answer.body["clause"]) == ("refuse", "3")
    assert answer.body["reason"]


def test_a_question_about_a_service_nobody_knows_is_allowed(bureau: Bureau) -> None:
    assert hook(bureau, asks()).body["outcome"] == "allow"


def test_a_repeated_delivery_gets_its_first_answer_and_does_nothing_twice(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    first = hook(bureau, asks("u1"))
    bureau.accept(spam())
    bureau.finish_all()
    before = bureau.counts()
    assert hook(bureau, asks("u2")) == first
    assert bureau.doorway.seen_delivery("d1") == first
    assert bureau.counts() == before


def test_a_delivery_never_seen_has_no_answer(bureau: Bureau) -> None:
    assert bureau.doorway.seen_delivery("d1") is None


def test_sixteen_threads_with_one_delivery_make_one_event_and_get_one_answer(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    together = Barrier(16)

    def deliver(number: int) -> HookAnswer:
        together.wait()
        return hook(bureau, asks(f"u{number}"))

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(deliver, range(16)))
    assert all(answer == answers[0] for answer in answers)
    assert len(bureau.rows(select(events).where(events.c.type == "unsuspend.requested"))) == 1
    assert bureau.counts()["deliveries"] == 1


def test_a_delivery_is_recognised_by_another_process(open_desk: Opening) -> None:
    one, other = open_desk(), open_desk()
    one.accept(a_service(when="-1d"))
    first = hook(one, asks("u1"))
    assert hook(other, asks("u2")) == first


def test_a_hook_nobody_uses_is_answered_and_makes_no_event(bureau: Bureau) -> None:
    answer = hook(bureau, lambda _: None)
    assert (answer.status, answer.body["event"]) == (202, "d1")
    assert bureau.counts()["events"] == 0


def test_news_are_accepted_and_the_answer_names_the_event(bureau: Bureau) -> None:
    answer = hook(bureau, tells(events=[a_service(when="-1d")]))
    assert (answer.status, answer.body) == (202, {"event": "service.observed@-1d:1.c1"})
    assert bureau.enquiries.service("1")["client"] == "c1"


def test_news_that_cannot_be_read_leave_nothing_behind(bureau: Bureau) -> None:
    with pytest.raises(InvalidInput):
        hook(bureau, tells(events=[a_service(when="-1d"), {"id": "x", "type": "nothing"}], reread=[("client", "7")]))
    assert bureau.counts()["events"] == bureau.counts()["deliveries"] == bureau.counts()["rereads"] == 0
    assert hook(bureau, asks()).status == 200


def test_a_delivery_far_ahead_of_the_clock_is_refused(bureau: Bureau) -> None:
    with pytest.raises(InvalidInput) as refusal:
        hook(bureau, asks(), at=START + timedelta(seconds=301))
    assert refusal.value.field == "at"


def test_a_reread_is_asked_for_once_however_often_it_is_wanted(bureau: Bureau) -> None:
    hook(bureau, tells(reread=[("service", "1"), ("client", "c1")]), "d1")
    bureau.wait(seconds=30)
    hook(bureau, tells(reread=[("service", "1")]), "d2")
    asked = {(row.kind, row.id): row.asked for row in bureau.rows(select(rereads))}
    assert set(asked) == {("service", "1"), ("client", "c1")}
    assert asked["service", "1"] - asked["client", "c1"] == 30_000_000


# ---- what is our own doing ----


def attempted(bureau: Bureau, *, start: timedelta, end: timedelta | None) -> None:
    """A suspension of service 1 was attempted, and took until `end`."""
    bureau.accept(a_service(when="-1d"), spam())
    work = bureau.claimed()
    bureau.queue.intend(work, 0, "suspend", "ModuleSuspend", START + start)
    if end is not None:
        bureau.queue.step_done(work, 0, {}, START + end)


@pytest.mark.parametrize(
    ("at", "own"),
    [
        (timedelta(seconds=9, microseconds=999_999), False),
        (timedelta(seconds=9), False),
        (timedelta(seconds=10), True),
        (timedelta(seconds=12, microseconds=250_000), True),
        (timedelta(seconds=17), True),
        (timedelta(seconds=17, microseconds=1), False),
        (timedelta(hours=1), False),
    ],
)
def test_a_command_is_our_own_between_start_and_five_seconds_after_the_end(
    bureau: Bureau, at: timedelta, own: bool
) -> None:
    attempted(bureau, start=timedelta(seconds=10), end=timedelta(seconds=12))
    bureau.wait(hours=2)
    found = looked_up(bureau, lambda here: here.own_command("1", "ModuleSuspend", START + at))
    assert found == ("3" if own else None)


def test_a_time_without_fraction_means_that_whole_second(bureau: Bureau) -> None:
    attempted(bureau, start=timedelta(seconds=10, microseconds=700_000), end=timedelta(seconds=12))
    assert looked_up(bureau, lambda here: here.own_command("1", "ModuleSuspend", START + timedelta(seconds=10)))


def test_another_command_or_service_is_not_ours(bureau: Bureau) -> None:
    attempted(bureau, start=timedelta(0), end=timedelta(seconds=2))
    assert not looked_up(bureau, lambda here: here.own_command("1", "ModuleUnsuspend", START), "d8")
    assert not looked_up(bureau, lambda here: here.own_command("2", "ModuleSuspend", START))


def test_a_call_still_under_way_is_ours_and_one_whose_caller_died_ends_with_its_lease(bureau: Bureau) -> None:
    attempted(bureau, start=timedelta(0), end=None)
    minute = START + timedelta(minutes=1)
    assert looked_up(bureau, lambda here: here.own_command("1", "ModuleSuspend", minute), "d8")
    bureau.wait(hours=3)
    work = bureau.claimed("another")
    bureau.queue.step_done(work, 0, {}, bureau.clock.wall())
    hour = START + timedelta(hours=1)
    assert looked_up(bureau, lambda here: here.own_command("1", "ModuleSuspend", minute), "d7")
    assert not looked_up(bureau, lambda here: here.own_command("1", "ModuleSuspend", hour), "d6")
    assert [row.outcome for row in bureau.rows(select(attempts))] == ["unclear"]


def test_our_invoices_and_tickets_are_known_by_what_the_steps_left(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), spam())
    while (work := bureau.claim()) is not None:
        bureau.queue.intend(work, 0, "open", "", bureau.clock.wall())
        bureau.queue.step_done(work, 0, {"ticket": "5"} if work.action == "notify_customer" else {}, START)
        bureau.finish(work)
    notice = bureau.action("notify_customer")["id"]
    token = mark(SECRET, str(notice), "open")
    assert looked_up(bureau, lambda here: here.case_of_ticket("5"), "d1") == "k1"
    assert looked_up(bureau, lambda here: here.is_own_ticket("5", "anything"), "d2")
    assert looked_up(bureau, lambda here: here.is_own_ticket("6", f"Abuse {token}"), "d3")
    assert not looked_up(bureau, lambda here: here.is_own_ticket("6", "Abuse TS-AAAAAAAAAAAAAAAA"), "d4")
    assert not looked_up(bureau, lambda here: here.is_our_invoice("1"), "d5")


def test_an_invoice_is_ours_once_the_charge_is_made(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    fine = str(bureau.action("charge_fine")["id"])
    bureau.approve(fine)
    bureau.finish_all()
    assert looked_up(bureau, lambda here: here.is_our_invoice(f"i-{fine}"))


@pytest.mark.parametrize("vps", ["1/7", "1/7/uuid-of-it"])
def test_a_service_is_found_by_its_machine_with_or_without_its_uuid(bureau: Bureau, vps: str) -> None:
    bureau.accept(a_service(when="-1d", vps=vps), a_service("2", "-1d", client="c2", vps="1/70", ips=["10.0.0.2"]))
    assert looked_up(bureau, lambda here: here.service_of_vps("1/7"), "d1") == "1"
    assert looked_up(bureau, lambda here: here.service_of_vps("1/_"), "d2") is None


# ---- tickets ----


def test_a_ticket_in_the_abuse_department_is_taken_in_once(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    text = "Our server was attacked by 192.0.2.10 with a port scan on 2024-02-29 at 22:00 UTC."
    opened = tells(ticket=("5", "port scan from 192.0.2.10", text))
    together = Barrier(4)

    def deliver(_: int) -> HookAnswer:
        together.wait()
        return hook(bureau, opened)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(deliver, range(4)))
    assert all(answer == HookAnswer(status=202, body={"event": "d1"}) for answer in answers)
    assert bureau.counts()["deliveries"] == 1
    assert len(bureau.rows(select(complaints))) == 1
    assert bureau.faults() == []


def test_what_a_reporter_writes_later_in_his_ticket_joins_the_case_and_is_no_customers_answer(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    text = "Our server was attacked by 192.0.2.10 with a port scan on 2024-02-29 at 22:00 UTC."
    hook(bureau, tells(ticket=("5", "port scan from 192.0.2.10", text)), "d1")
    assert looked_up(bureau, lambda here: here.is_complaint_ticket("5"), "d2")
    for delivery in ("d3", "d4"):
        assert hook(bureau, tells(letter=("5", "8", "It goes on.")), delivery).status == 202
    (case,) = bureau.cases()
    assert [(letter["ticket"], letter["text"]) for letter in case["correspondence"]] == [("5", "It goes on.")]
    assert len(case["complaints"]) == 1
    assert bureau.faults() == []


def test_a_reply_may_bring_what_the_ticket_lacked(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    hook(bureau, tells(ticket=("5", "help", "Somebody scans our ports.")), "d1")
    assert bureau.cases() == []
    reply = "The port scan came from 192.0.2.10 on 2024-02-29 at 22:00 UTC."
    hook(bureau, tells(letter=("5", "8", reply)), "d2")
    (case,) = bureau.cases()
    assert [letter["text"] for letter in case["correspondence"]] == [reply]


def test_a_hundred_complaints_of_one_reporter_are_one_line_of_the_case(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"))
    fail2ban = {"name": "fail2ban", "kind": "automated"}
    for number in range(5):
        bureau.wait(minutes=10)
        bureau.accept(a_complaint("connection/login_attack", f"{10 * number}m", f"k{number}", reporter=fail2ban))
    bureau.accept(a_complaint("connection/login_attack", "40m", "other"))
    (case,) = bureau.cases()
    assert len(case["complaints"]) == 6
    assert [(line["reporter"].get("name"), line["count"]) for line in case["reports"]] == [
        ("fail2ban", 5),
        (None, 1),
    ]
    assert case["reports"][0]["first"] == case["complaints"][0]["at"]
    assert case["reports"][0]["last"] == case["complaints"][4]["at"]
