"""Whatever goes wrong with any call of any action: its effect is there once, and the outcome says what is so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bridge.errors import PanelUnclear
from bridge.ports import InvoiceStatus, ServiceStatus
from tests.unit.actions.faults import WORDS, Fault
from tests.unit.actions.panels import START
from tests.unit.actions.scene import Scene, a_case, a_work

Json = Any

_CHARGE = {
    "amount": "40.00",
    "currency": "USD",
    "due": "2026-03-02T12:00:00Z",
    "ips": ["192.0.2.10", "192.0.2.11"],
}
_CHARGED = {"charge": "fine", "unit": "20.00", "units": 2, "due_in": 86400, "asked_for": "case", "event": "e1"}
_WAIVE = {"charge": "fine", "amount": "20.00", "currency": "USD"}
_WAIVED = {"of": "act_charge", "invoice": "50", "paid": False, "invoiced": "EUR 16.00"}


def _nothing(scene: Scene) -> None:
    """The panels as they are."""


def _suspended(scene: Scene) -> None:
    scene.billing.change("12", status=ServiceStatus.SUSPENDED, suspension_reason="Spam TS-ABCDEFGHIJKLMNOP")
    scene.servers.change("101", suspended=True)


def _has_ticket(scene: Scene) -> None:
    scene.billing.add_ticket("3", "Complaint TS-ABCDEFGHIJKLMNOP", "Please act.", START)


def _one_address(scene: Scene) -> None:
    scene.servers.change("101", ips=("192.0.2.10",))


def _cut(scene: Scene) -> None:
    scene.servers.change("101", network_cut=True)


def _planned(scene: Scene) -> None:
    scene.servers.change("101", firewall_plan="7")


def _invoiced(scene: Scene) -> None:
    scene.billing.add_invoice("3", Decimal("16.00"), "fine", START)


def _paid(scene: Scene) -> None:
    _invoiced(scene)
    scene.billing.change_invoice("50", status=InvoiceStatus.PAID, balance=Decimal())


def _partly_paid(scene: Scene) -> None:
    _invoiced(scene)
    scene.billing.change_invoice("50", balance=Decimal("10.00"))


@dataclass(frozen=True)
class Job:
    """An action, the panels it finds, and how many calls it takes when all goes well."""

    action: str
    own: Mapping[str, Json]
    writes: int = 1
    given: Callable[[Scene], None] = _nothing
    more: Mapping[str, Any] = field(default_factory=dict)
    called: str = ""

    def __str__(self) -> str:
        return self.called or self.action


JOBS = [
    Job("suspend_service", {"reason": "Spam", "irrevocable": True}),
    Job("unsuspend_service", {"reason": "The last reason has ended."}, given=_suspended),
    Job("terminate_service", {"erase": True}),
    Job("notify_customer", {"template": "complaint", "respond_by": "2026-03-01T18:00:00Z", "remedies": ["delist"]}),
    Job(
        "notify_customer",
        {"template": "reminder", "reminder": 1},
        given=_has_ticket,
        more={"case": a_case(ticket="1")},
        called="a reminder as a reply",
    ),
    Job("request_evidence", {"kind": "double_opt_in", "respond_by": "2026-03-02T00:00:00Z"}),
    Job("refuse_ip_replacement", {"ip": "192.0.2.10"}, more={"case": None}),
    Job("refuse_sla_credit", {}),
    Job("grant_sla_credit", {}),
    Job("charge_fine", _CHARGE, more={"plan": _CHARGED}),
    Job("charge_fee", {**_CHARGE, "ips": []}, more={"case": None}),
    Job("hold_deposit", _CHARGE),
    Job("waive_charge", _WAIVE, given=_invoiced, more={"plan": _WAIVED}, called="waive an unpaid charge"),
    Job("waive_charge", _WAIVE, given=_paid, more={"plan": _WAIVED}, called="waive a paid charge"),
    Job("waive_charge", _WAIVE, 2, given=_partly_paid, more={"plan": _WAIVED}, called="waive a partly paid charge"),
    Job("return_deposit", {"amount": "20.00", "currency": "USD"}, given=_paid, more={"plan": _WAIVED}),
    Job("terminate_client", {}, 2, more={"service": None, "case": None}),
    Job("limit_resource", {"metric": "cpu", "cap": 0.8}),
    Job("grant_refund", {"amount": "5.00", "currency": "USD", "to": "credit"}),
    Job("credit_client", {"amount": "5.00", "currency": "EUR"}),
    Job("block_network", {"scope": "all"}),
    Job("block_network", {"scope": "ip", "ips": ["192.0.2.10"]}, given=_one_address, called="block the only address"),
    Job("block_network", {"scope": "ports", "ports": [25, 465, 587]}, called="block ports"),
    Job("block_network", {"scope": "outbound"}, called="block outbound"),
    Job("unblock_network", {"scope": "all"}, given=_cut),
    Job(
        "unblock_network",
        {"scope": "ports", "ports": [25]},
        given=_planned,
        more={"undoes": {"earlier": "3", "plan": "7"}},
        called="put the earlier plan back",
    ),
    Job("replace_ip", {"ip": "192.0.2.11"}, 3, more={"case": None}),
    Job("hold_order", {"order": "7"}, more={"service": None, "case": None}),
    Job("refuse_order", {"order": "7"}, more={"service": None, "case": None}),
]

UNSEEN_JOBS = [
    Job("notify_reporter", {"template": "incomplete"}),
    Job("notify_staff", {"template": "review"}),
    Job("review_refund", {}),
    Job("record_note", {"text": "The customer replied; no case is waiting."}),
    Job("refuse_refund", {"scope": "service"}),
    Job("restore_refund", {"scope": "service"}),
    Job("forfeit_deposit", {"amount": "5000.00", "currency": "CNY"}),
]
"""What cannot be looked up afterwards."""

MODULE = {"suspend_service", "unsuspend_service", "terminate_service"}


def run(job: Job) -> tuple[Scene, str]:
    scene = Scene()
    job.given(scene)
    work = a_work(job.action, job.own, **job.more)
    scene.queue.add(work)
    return scene, work.id


def undisturbed(job: Job) -> dict[str, Json]:
    scene, work_id = run(job)
    scene.once()
    assert scene.queue.last(work_id).state == "done", scene.queue.last(work_id)
    assert len(scene.faults.writes) == job.writes
    return scene.shape()


def every_call(jobs: list[Job], faults: set[Fault]) -> list[Any]:
    return [
        pytest.param(job, place, fault, id=f"{job}, call {place}: {fault.value}")
        for job in jobs
        for place in range(job.writes)
        for fault in sorted(faults, key=str)
    ]


NO_WORD_OF_THE_PANEL = {
    Fault.LOST_BEFORE,
    Fault.LOST_AFTER,
    Fault.LOST_LATE,
    Fault.UNREACHABLE,
    Fault.CRASH_BEFORE,
    Fault.CRASH_AFTER,
}


@pytest.mark.parametrize("job", [*JOBS, *UNSEEN_JOBS], ids=str)
def test_an_undisturbed_action_is_done_with_the_calls_it_takes_and_no_more(job: Job) -> None:
    assert undisturbed(job)


@pytest.mark.parametrize(("job", "place", "fault"), every_call(JOBS, NO_WORD_OF_THE_PANEL))
def test_the_effect_is_there_exactly_once_whatever_happens_to_a_call(job: Job, place: int, fault: Fault) -> None:
    scene, work_id = run(job)
    scene.faults.at(place, fault)
    scene.once()
    outcome = scene.settle(work_id)
    assert outcome.state == "done"
    assert not outcome.unconfirmed
    assert scene.shape() == undisturbed(job)


@pytest.mark.parametrize(("job", "place", "fault"), every_call(JOBS, NO_WORD_OF_THE_PANEL))
def test_the_effect_is_there_exactly_once_even_where_the_panel_cannot_be_read_for_a_while(
    job: Job, place: int, fault: Fault
) -> None:
    scene, work_id = run(job)
    scene.faults.at(place, fault)
    scene.faults.at(place + 1, Fault.LOST_AFTER)
    scene.once()
    scene.clock.passes(scene.worker()._settings.lease)
    scene.faults.reading = PanelUnclear("panel", "a page in place of an answer")
    scene.once()
    scene.faults.reading = None
    assert scene.settle(work_id).state == "done"
    assert scene.shape() == undisturbed(job)


@pytest.mark.parametrize(("job", "place", "fault"), every_call(JOBS, {Fault.REFUSED}))
def test_a_refusal_fails_in_the_panels_words_and_an_admin_may_have_it_tried_again(
    job: Job, place: int, fault: Fault
) -> None:
    scene, work_id = run(job)
    scene.faults.at(place, fault)
    scene.once()
    assert scene.queue.last(work_id).state == "failed"
    assert scene.queue.last(work_id).error == WORDS
    scene.queue.retry(work_id)
    scene.once()
    assert scene.queue.last(work_id).state == "done"
    assert scene.shape() == undisturbed(job)


@pytest.mark.parametrize("job", [job for job in JOBS if job.action in MODULE], ids=str)
def test_an_error_of_a_module_that_took_effect_all_the_same_is_done(job: Job) -> None:
    scene, work_id = run(job)
    scene.faults.at(0, Fault.REFUSED_AFTER)
    scene.once()
    assert scene.queue.last(work_id).state == "done"
    assert scene.shape() == undisturbed(job)
    assert len(scene.faults.writes) == 1


@pytest.mark.parametrize(
    ("job", "fault"), [(job, fault) for job in UNSEEN_JOBS for fault in sorted(NO_WORD_OF_THE_PANEL, key=str)], ids=str
)
def test_what_cannot_be_looked_up_is_sent_at_most_once(job: Job, fault: Fault) -> None:
    scene, work_id = run(job)
    scene.faults.at(0, fault)
    scene.once()
    outcome = scene.settle(work_id)
    scene.faults.time_passes()
    sent = len(scene.billing.notes) + len(scene.billing.mails) + len(scene.mailer.sent if scene.mailer else [])
    assert outcome.state == "done"
    if fault is Fault.UNREACHABLE:
        assert sent == 1
        assert not outcome.unconfirmed
    else:
        assert sent <= 1
        assert len(scene.faults.writes) == 1
        assert outcome.unconfirmed


@pytest.mark.parametrize(("job", "place", "fault"), every_call(JOBS, NO_WORD_OF_THE_PANEL))
def test_withdrawn_work_is_settled_by_looking_and_is_either_there_whole_or_not_at_all(
    job: Job, place: int, fault: Fault
) -> None:
    scene, work_id = run(job)
    untouched = scene.shape()
    scene.faults.at(place, fault)
    scene.once()
    scene.queue.withdraw(work_id)
    outcome = scene.settle(work_id)
    if outcome.state == "cancelled":
        assert scene.shape() == untouched
    else:
        assert outcome.state == "done"
        assert scene.shape() == undisturbed(job)


@pytest.mark.parametrize("job", JOBS, ids=str)
def test_withdrawn_work_that_was_never_begun_makes_no_call(job: Job) -> None:
    scene, work_id = run(job)
    scene.queue.withdraw(work_id)
    scene.once()
    assert scene.queue.last(work_id).state == "cancelled"
    assert scene.faults.writes == []


@pytest.mark.parametrize("job", JOBS, ids=str)
def test_two_workers_with_the_same_action_make_one_effect(job: Job) -> None:
    """The first is so slow to look that its lease runs out; the second has done it before the first would act."""
    scene, work_id = run(job)
    stale = scene.queue.claim("slow", scene.clock.wall(), scene.worker()._settings.lease)
    assert stale is not None
    scene.clock.passes(scene.worker()._settings.lease)
    scene.once()
    scene.worker()._carry(stale)
    assert scene.queue.last(work_id).state == "done"
    assert len(scene.queue.outcomes[work_id]) == 1
    assert scene.shape() == undisturbed(job)


ONE_CALL = [job for job in JOBS if job.writes == 1]
HARMLESS_TWICE = {"suspend_service", "unsuspend_service", "block_network", "unblock_network"}
NOT_TWICE = [job for job in ONE_CALL if job.action not in HARMLESS_TWICE and str(job) != "waive an unpaid charge"]


@pytest.mark.parametrize("job", NOT_TWICE, ids=str)
def test_a_lost_call_that_arrives_seconds_later_is_waited_for_and_not_made_again(job: Job) -> None:
    scene, work_id = run(job)
    scene.faults.at(0, Fault.LOST_LATE)
    scene.once()
    on_its_way, scene.faults.late = scene.faults.late, []
    for second in range(40):
        scene.clock.passes(timedelta(seconds=1))
        if second == 8:
            on_its_way[0]()
        scene.once()
    assert scene.queue.last(work_id).state == "done"
    assert len(scene.faults.writes) == 1
    assert scene.shape() == undisturbed(job)


@pytest.mark.parametrize("job", ONE_CALL, ids=str)
def test_withdrawn_work_is_not_given_up_while_its_lost_call_may_still_arrive(job: Job) -> None:
    scene, work_id = run(job)
    untouched = scene.shape()
    scene.faults.at(0, Fault.LOST_LATE)
    scene.once()
    on_its_way, scene.faults.late = scene.faults.late, []
    scene.queue.withdraw(work_id)
    scene.once()
    assert scene.queue.last(work_id).state == "unclear"
    on_its_way[0]()
    assert scene.shape() != untouched
    assert scene.settle(work_id).state == "done"
