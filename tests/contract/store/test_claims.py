"""The queue: what is most urgent, one in flight for each service, a lease that is lost is lost."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.errors import Conflict
from bridge.store.tables import actions, attempts, steps
from bridge.timeformat import format_time
from tests.contract.store.bureau import LEASE, Bureau
from tests.contract.store.conftest import Opening
from tests.unit.decide.scenario import IP, OTHER_IP, START, a_complaint, a_reseller, a_service, an_event, spam


def two_clients(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_service("2", "-1d", client="c2", ips=[OTHER_IP]))


def test_nothing_to_do_is_no_work(bureau: Bureau) -> None:
    assert bureau.claim() is None
    assert bureau.queue.next_due(START) is None


def test_suspensions_of_any_service_come_before_notices_of_earlier_events(bureau: Bureau) -> None:
    two_clients(bureau)
    bureau.accept(a_complaint("messaging/spam", ip=IP), a_complaint("connection/ddos", name="k2", ip=OTHER_IP))
    assert bureau.finish_all() == ["suspend_service", "notify_customer", "notify_customer"]


def test_a_service_has_one_action_in_flight_and_others_go_on(bureau: Bureau) -> None:
    two_clients(bureau)
    bureau.accept(a_complaint(ip=IP), a_complaint(name="k2", ip=OTHER_IP))
    first, second = bureau.claimed("w1"), bureau.claimed("w2")
    assert {work.service.id for work in (first, second) if work.service} == {"1", "2"}
    assert bureau.claim("w3") is None
    bureau.finish(first)
    third = bureau.claimed("w3")
    assert (third.action, third.case and third.case.id) == ("notify_customer", "k1")


def test_an_unclear_action_holds_back_later_ones_of_its_service_and_not_itself(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    work = bureau.claimed()
    bureau.finish(work, "unclear", retry_at=START + timedelta(minutes=5))
    assert bureau.claim() is None
    bureau.wait(minutes=5)
    assert bureau.claimed().id == work.id


def test_an_unclear_action_does_not_hold_back_what_was_decided_before_it(bureau: Bureau) -> None:
    """Of two actions decided by one event the earlier must not wait for the later, or both might for ever."""
    bureau.accept(a_service(when="-1d"), a_complaint())
    suspension = bureau.claimed()
    bureau.finish(suspension, "waiting", retry_at=START + timedelta(minutes=5))
    notice = bureau.claimed()
    assert notice.action == "notify_customer"
    bureau.finish(notice, "unclear", retry_at=START + timedelta(minutes=30))
    bureau.wait(minutes=5)
    assert bureau.claimed().id == suspension.id


@pytest.mark.parametrize("state", ["failed", "manual", "waiting"])
def test_failed_manual_and_waiting_actions_hold_nothing_back(bureau: Bureau, state: str) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    retry = START + timedelta(minutes=5) if state == "waiting" else None
    bureau.finish(bureau.claimed(), state, retry_at=retry, error="no")
    assert bureau.claimed().action == "notify_customer"


def test_proposals_are_not_claimed(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    assert bureau.finish_all() == ["suspend_service", "notify_customer"]
    assert bureau.action("charge_fine")["state"] == "proposed"


def test_an_action_waits_until_it_is_to_be_tried_again(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint("messaging/spam"))
    bureau.finish(bureau.claimed(), "waiting", retry_at=START + timedelta(seconds=30), error="unreachable")
    assert bureau.claim() is None
    assert bureau.queue.next_due(START) == START + timedelta(seconds=30)
    bureau.wait(seconds=30)
    again = bureau.claimed()
    assert (again.attempts, bureau.enquiries.action(again.id)["error"]) == (1, "unreachable")


def test_a_lease_that_ran_out_is_claimed_anew_and_the_old_claim_can_do_nothing(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    old = bureau.claimed("w1")
    bureau.queue.intend(old, 0, "suspend", "ModuleSuspend", bureau.clock.wall())
    bureau.wait(seconds=LEASE.total_seconds())
    assert bureau.claim("w2") is None
    bureau.wait(seconds=1)
    new = bureau.claimed("w2")
    assert (new.id, new.attempts) == (old.id, 1)
    assert [(step.state, step.intent_at) for step in new.steps] == [("intended", START)]
    with pytest.raises(Conflict):
        bureau.queue.intend(old, 0, "suspend", "ModuleSuspend", bureau.clock.wall())
    with pytest.raises(Conflict):
        bureau.finish(old)
    assert bureau.state_in_queue(old.id) == "executing"
    bureau.finish(new)
    with pytest.raises(Conflict):
        bureau.finish(new)
    assert bureau.faults() == []


def test_an_intent_renews_the_lease(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    work = bureau.claimed()
    bureau.wait(seconds=100)
    bureau.queue.intend(work, 0, "suspend", "ModuleSuspend", bureau.clock.wall())
    bureau.wait(seconds=100)
    assert bureau.claim("w2") is None
    assert bureau.queue.next_due(bureau.clock.wall()) == START + timedelta(seconds=200)


def test_an_intent_is_committed_with_a_mark_and_kept_over_tries(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    work = bureau.claimed()
    first = bureau.queue.intend(work, 0, "suspend", "ModuleSuspend", START)
    bureau.queue.step_failed(work, 0, "unreachable", START + timedelta(seconds=1))
    later = START + timedelta(seconds=30)
    second = bureau.queue.intend(work, 0, "suspend", "ModuleSuspend", later)
    assert (first.intent_at, second.intent_at, second.tried_at) == (START, START, later)
    bureau.queue.step_done(work, 0, {"seen": True}, later)
    shown = bureau.enquiries.action(work.id)
    assert shown["mark"].startswith("TS-")
    assert [(call["outcome"], call["words"], call["started"]) for call in shown["calls"]] == [
        ("failed", "unreachable", format_time(START)),
        ("done", None, format_time(later)),
    ]
    assert [row.state for row in bureau.rows(select(steps))] == ["done"]


def test_a_panels_words_are_bounded_and_kept_whatever_they_hold(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    work = bureau.claimed()
    bureau.queue.intend(work, 0, "suspend", "ModuleSuspend", START)
    bureau.queue.step_failed(work, 0, "\0\udcff" * 3000, START)
    bureau.finish(work, "failed", error="\0" + "\udcff" * 3000)
    assert len(bureau.rows(select(attempts))[0].words) == 2000
    assert len(str(bureau.enquiries.action(work.id)["error"])) == 2000
    assert bureau.faults() == []


def test_a_work_carries_what_its_letters_and_steps_need(bureau: Bureau) -> None:
    bureau.accept(
        a_reseller() | {"locale": "de"},
        a_service(when="-1d", vps="1/7/u-u-i-d"),
        spam(targets=["http://x/"], reporter_address="list@example.net"),
    )
    work = bureau.claimed()
    assert work.service is not None
    assert work.case is not None
    assert (work.service.server, work.service.vpsid, work.service.vps_uuid, work.service.ips) == (
        "1", "7", "u-u-i-d", (IP,),
    )  # fmt: skip
    assert (work.case.reporter, work.case.reporter_kind, work.case.reporter_address, work.case.targets) == (
        "a list", "blocklist", "list@example.net", ("http://x/",),
    )  # fmt: skip
    assert (work.locale, work.is_reseller, work.client, work.policy) == ("de", True, "c1", "klt-net")
    assert (work.since, work.approvals, work.withdrawn, work.attempts) == (START, 0, False, 0)


def test_a_hostile_address_to_answer_to_is_no_address(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), spam() | {"reporter_address": {"not": "text"}})
    work = bureau.claimed()
    assert work.case is not None
    assert work.case.reporter_address == ""


def test_a_ticket_that_a_step_opened_belongs_to_its_case(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint("messaging/spam"))
    work = bureau.claimed()
    bureau.queue.intend(work, 0, "open", "", START)
    bureau.queue.step_done(work, 0, {"ticket": "12"}, START)
    bureau.finish(work)
    bureau.wait(hours=7)
    bureau.fire_due()
    later = bureau.claimed()
    assert later.case is not None
    assert later.case.ticket == "12"


def test_of_several_tickets_of_a_case_the_newest_is_written_to(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint("messaging/spam"))
    for ticket in ("98", "12"):
        work = bureau.claimed()
        bureau.queue.intend(work, 0, "open", "", START)
        bureau.queue.step_done(work, 0, {"ticket": ticket}, START)
        bureau.finish(work)
        bureau.wait(hours=7)
        bureau.fire_due()
    later = bureau.claimed()
    assert later.case is not None
    assert later.case.ticket == "12"


def test_undoing_an_action_knows_what_its_steps_left(open_desk: Opening) -> None:
    bureau = open_desk(approvals={"unsuspend_service": "auto"})
    bureau.accept(a_service(when="-1d"), a_complaint())
    work = bureau.claimed()
    bureau.queue.intend(work, 0, "suspend", "ModuleSuspend", START)
    bureau.queue.step_done(work, 0, {"plan": "3"}, START)
    bureau.finish(work)
    bureau.finish_all()
    bureau.accept(an_event("finding.recorded", case="k1", finding="unfounded", by="anna"))
    undoing = bureau.claimed()
    assert (undoing.action, undoing.undoes) == ("unsuspend_service", {"plan": "3"})


def test_an_outcome_that_cannot_be_decided_leaves_the_claim_as_it_was(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    fine = str(bureau.action("charge_fine")["id"])
    bureau.approve(fine)
    works = [bureau.claimed()]
    bureau.finish(works[0])
    work = bureau.claimed()
    assert work.id == fine
    with pytest.raises(TypeError):
        bureau.finish(work, invoice=object())
    assert bureau.state_in_queue(fine) == "executing"
    bureau.finish(work, invoice="5")
    assert bureau.faults() == []


@pytest.mark.parametrize("processes", [1, 3])
def test_many_workers_carry_out_each_action_once(open_desk: Opening, processes: int) -> None:
    bureaus = [open_desk() for _ in range(processes)]
    for place in range(8):
        ip = f"10.0.0.{place}"
        bureaus[0].accept(
            a_service(str(place), "-1d", client=f"c{place}", ips=[ip]), a_complaint(name=f"k{place}", ip=ip)
        )
    in_flight: Counter[str] = Counter()

    def carry(number: int) -> list[str]:
        bureau, done = bureaus[number % processes], []
        while (work := bureau.claim(f"w{number}")) is not None:
            service = work.service.id if work.service else ""
            in_flight[service] += 1
            assert in_flight[service] == 1
            in_flight[service] -= 1
            bureau.finish(work)
            done.append(work.id)
        return done

    with ThreadPoolExecutor(8) as threads:
        done = [action for found in threads.map(carry, range(8)) for action in found]
    assert len(done) == len(set(done)) == 16
    assert {row.state for row in bureaus[0].rows(select(actions.c.state))} == {"done", "proposed"}
    assert bureaus[-1].faults() == []


def test_a_lease_that_is_renewed_is_not_claimed_by_others_and_a_lost_one_cannot_be_renewed(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    slow = bureau.claimed("slow")
    bureau.wait(seconds=LEASE.total_seconds() - 1)
    bureau.queue.renew(slow, bureau.clock.wall())
    bureau.wait(seconds=LEASE.total_seconds() - 1)
    assert bureau.claim("other") is None
    bureau.wait(seconds=2)
    assert bureau.claimed("other").id == slow.id
    with pytest.raises(Conflict, match="lost"):
        bureau.queue.renew(slow, bureau.clock.wall())
