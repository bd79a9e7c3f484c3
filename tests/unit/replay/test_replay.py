"""Virtual time: order, deadlines, repeats, the end (interface 5, replay in detail), and simulated decisions (9)."""

from __future__ import annotations

import random

import pytest

from bridge.events import ActionExpired
from tests.unit.decide.scenario import (
    Story,
    a_complaint,
    a_finding,
    a_reply,
    a_service,
    an_event,
    at,
    hours,
    paid,
    replayed,
    spam,
    unsuspend_asked,
)

EVENTS = [
    a_service(),
    spam(),
    a_reply("7h"),
    a_complaint("copyright/p2p", "30h", "k2", targets=["http://a.example/"]),
    a_finding("remediated", "40h"),
    a_complaint("content/phishing", "80h", "k3"),
]


def test_events_are_taken_by_time_and_then_by_line() -> None:
    shuffled = list(EVENTS)
    random.Random(7).shuffle(shuffled)
    assert replayed(*shuffled, until="99h").all == replayed(*EVENTS, until="99h").all
    first, second = a_complaint("connection/ddos", name="k1"), a_complaint("connection/port_scan", name="k2")
    for order in ([first, second], [second, first]):
        cases = [answer["case"] for answer in replayed(a_service(), *order).where(record="case", status="opened")]
        assert cases == [event["id"] for event in order]


def test_answers_come_in_the_order_of_time() -> None:
    times = [answer["at"] for answer in replayed(*EVENTS, until="99h")]
    assert times == sorted(times)


def test_the_same_input_gives_the_same_output() -> None:
    assert replayed(*EVENTS, until="99h").all == replayed(*EVENTS, until="99h").all


def test_an_event_comes_before_a_deadline_of_the_same_instant() -> None:
    quiet = [a_service(), a_complaint(deliberate=False), a_reply("1h")]
    replayed(*quiet, paid("24h"), until="24h").expect_none(action="suspend_service")
    before = replayed(*quiet, an_event("service.expired", "24h", service="1"), until="24h")
    before.expect_one(action="suspend_service", clause="9")


def test_without_an_end_it_stops_at_the_last_event_with_the_deadlines_of_that_instant() -> None:
    unrelated = an_event("staff.abused", "6h", client="c9")
    answers = replayed(a_service(), spam(), unrelated)
    answers.expect_one(action="charge_fine", at="6h")
    assert max(answer["at"] for answer in answers) == at("6h")
    replayed(a_service(), spam(), {**unrelated, "at": at("5h")}).expect_none(action="charge_fine")


def test_with_an_end_deadlines_fire_up_to_and_at_it_and_later_events_are_not_read() -> None:
    answers = replayed(*EVENTS, until="6h")
    answers.expect_one(action="charge_fine", at="6h")
    assert max(answer["at"] for answer in answers) == at("6h")
    assert replayed(a_service(), spam(), until="5h").where(at="6h") == []
    at_the_end = replayed(a_service(), spam(), a_reply("7h"), until="7h")
    at_the_end.expect_one(record="case", status="awaiting_staff")


def test_a_repeated_id_gives_no_record() -> None:
    once = replayed(*EVENTS, until="99h").all
    assert replayed(*EVENTS, EVENTS[1], {**a_complaint("content/fraud", "50h"), "id": "k2"}, until="99h").all == once


def test_of_a_repeated_id_the_earliest_counts() -> None:
    answers = replayed(a_service(), a_complaint("content/fraud", "5h"), a_complaint("connection/ddos", "1h"))
    assert answers.expect_one(record="case", status="opened")["category"] == "connection/ddos"


def test_nothing_to_read_gives_nothing() -> None:
    assert replayed().all == []
    assert replayed(until="9h").all == []


def test_a_suspended_service_is_not_suspended_again_by_a_deadline() -> None:
    replayed(a_service(), spam(), until="99h").expect_one(action="suspend_service")


# ---- proposals that lapse ----


def test_a_proposal_nobody_answers_lapses_and_staff_is_told() -> None:
    answers = replayed(a_service(), a_complaint(), a_reply("1h"), until="72h", approve="none", expire_after=hours(72))
    told = answers.expect_one(action="notify_staff")
    assert (told["at"], told["clause"], told["case"], told["state"]) == (at("72h"), "1a", "k1", "done")
    before = replayed(a_service(), a_complaint(), a_reply("1h"), until="71h", approve="none", expire_after=hours(72))
    before.expect_none(action="notify_staff")


def test_a_termination_does_not_lapse_and_its_hold_stays() -> None:
    events = [a_service(), a_complaint("content/phishing"), unsuspend_asked("99h")]
    answers = replayed(*events, until="99h", approve="none", expire_after=hours(2))
    answers.expect_none(record="hold", status="ended")
    assert answers.expect_one(record="verdict")["outcome"] == "refuse"
    assert [told["clause"] for told in answers.where(action="notify_staff", proposed="terminate_service")] == []


def test_without_a_configuration_nothing_lapses() -> None:
    replayed(a_service(), a_complaint(), a_reply("1h"), until="999h", approve="none").expect_none(action="notify_staff")


def test_a_proposal_that_lapsed_does_not_come_to_life_again() -> None:
    story = Story(a_service(), a_complaint())
    fine = story.last.expect_one(action="charge_fine")
    story.answer(ActionExpired, fine, "72h")
    assert fine["id"] not in story.replay.states["c1"].pending
    assert story.answer(ActionExpired, fine, "73h").all == []


# ---- what is only simulated ----


@pytest.mark.parametrize("approve", ["all", "none"])
def test_observing_decides_and_shows_everything_and_does_nothing(approve: str) -> None:
    answers = replayed(a_service(), spam(), until="24h", mode="observe", approve=approve)
    live = replayed(a_service(), spam(), until="24h")
    assert answers.actions() == live.actions()
    assert {(answer["state"], answer["simulated"]) for answer in answers.where(record="action")} == {("done", True)}
    assert all(answer["simulated"] for answer in answers.where(record="hold"))


def test_observing_allows_every_question_and_says_what_it_would_have_been() -> None:
    refused = replayed(a_service(), a_complaint(), unsuspend_asked("1h"), mode="observe").expect_one(record="verdict")
    assert (refused["outcome"], refused["would"], refused["clause"]) == ("allow", "refuse", "1a")
    allowed = replayed(a_service(), unsuspend_asked("1h"), mode="observe").expect_one(record="verdict")
    assert (allowed["outcome"], allowed["would"]) == ("allow", "allow")
    live = replayed(a_service(), unsuspend_asked("1h")).expect_one(record="verdict")
    assert "would" not in live


def test_strikes_count_while_observing() -> None:
    answers = replayed(a_service(), a_complaint(), a_complaint(when="30h", name="k2"), mode="observe")
    assert [answer["strike"] for answer in answers.where(record="case", status="opened")] == [1, 2]


def test_a_simulated_fine_that_is_not_paid_has_its_simulated_consequence() -> None:
    answers = replayed(a_service(), a_complaint(), until="24h", mode="observe")
    answers.expect_one(record="hold", clause="9", simulated=True)


def test_an_exempt_service_is_only_shown_and_others_are_not() -> None:
    answers = replayed(
        a_service("1"),
        a_service("2", ips=["192.0.2.20"]),
        a_complaint(),
        a_complaint(ip="192.0.2.20", name="k2"),
        unsuspend_asked("1h", service="1"),
        unsuspend_asked("1h", service="2"),
        exempt={"1": "our own name server"},
    )
    assert {answer["service"] for answer in answers.where(simulated=True)} == {"1"}
    assert [(answer["outcome"], answer.get("would")) for answer in answers.where(record="verdict")] == [
        ("allow", "refuse"), ("refuse", None),
    ]  # fmt: skip


def test_an_exempt_service_is_not_really_suspended_by_what_was_simulated() -> None:
    answers = replayed(
        a_service(), a_complaint(), a_finding("remediated", "1h"), exempt={"1": "our own"}, approve="none"
    )
    assert answers.expect_one(action="unsuspend_service")["simulated"]
