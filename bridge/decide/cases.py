"""What staff, customers and admins say about a case: replies, evidence, findings, lifted holds (G3 to G5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bridge.decide.authority import quotable
from bridge.decide.consequences import apply, matching, set_stage
from bridge.decide.dismissal import dismiss, touched
from bridge.decide.draft import Draft
from bridge.decide.moving import end_for_case
from bridge.decide.release import end_satisfied
from bridge.events import (
    ActionDeferred,
    CaseEvent,
    CustomerReplied,
    EvidenceProvided,
    FindingRecorded,
    HoldLifted,
    NotificationReleased,
)
from bridge.model import Basis
from bridge.policy.facts import Facts
from bridge.policy.pack import Rule, Trigger
from bridge.state import Case, Client, Notice, Pending, Service
from bridge.timeformat import format_time


def named_case(state: Client, event: CaseEvent) -> Case | None:
    """The case an event means: the one it names, else its service's newest open one, else the newest."""
    if event.case is not None:
        return state.cases.get(event.case)
    service = state.services.get(event.service or "")
    if service is None or not service.cases:
        return None
    for case in reversed(service.cases):
        if state.cases[case].is_open:
            return state.cases[case]
    return state.cases[service.cases[-1]]


def note(draft: Draft, text: str, *, service: str | None = None, case: Case | None = None, clause: str = "F") -> None:
    """A client note: what happened changes nothing."""
    draft.action(
        "record_note",
        draft.common(clause, text, case),
        service=case.service if case else service,
        case=case.id if case else None,
        own={"text": text},
    )


# ---- replies and evidence ----


def on_reply(draft: Draft, event: CustomerReplied) -> None:
    case = named_case(draft.state, event)
    appeals = bool(event.appeal) and case is not None and case.status != "dismissed"
    if case is None or not (case.is_open or appeals):
        note(draft, "The customer replied; no case is waiting for it.", service=event.service, case=case)
        return
    if appeals:
        _tell_of_appeal(draft, case)
    met = ["reply"] + (["evidence"] if event.claims == "evidence" else [])
    _look_at(draft, case, met, draft.common("G5", "The customer replied: staff looks at it.", case))


def _tell_of_appeal(draft: Draft, case: Case) -> None:
    """Staff is told, whatever became of the case before: another admin looks at it anew."""
    basis = draft.common("G5", "The customer appeals: an admin decides who had no part in the decision.", case)
    draft.action("notify_staff", basis, service=case.service, case=case.id, own={"template": "appeal"})


def on_evidence(draft: Draft, event: EvidenceProvided) -> None:
    case = named_case(draft.state, event)
    if case is None or not case.is_open:
        note(draft, "The customer gave evidence; no case is waiting for it.", service=event.service, case=case)
        return
    basis = draft.common("G5", f"The customer gave evidence ({event.kind}): staff looks at it.", case)
    _look_at(draft, case, ["evidence"], basis)


def _look_at(draft: Draft, case: Case, met: list[str], basis: Basis) -> None:
    """Deadlines that are met end, and so does what only rests on their not being met; the case waits for staff."""
    draft.end_deadlines(draft.timers_of(case, *met))
    draft.withdraw([item.id for item in _pending_of(draft, case) if item.plan.get("rests_on") in met], basis)
    draft.case_status(case, "awaiting_staff", basis)


def _pending_of(draft: Draft, case: Case) -> list[Pending]:
    return [item for item in draft.state.pending.of_case(case.id) if not item.withdrawn]


# ---- findings ----


def on_finding(draft: Draft, event: FindingRecorded) -> None:
    if draft.part.follows:
        end_for_case(draft, event.case or "", event.finding)
        return
    case = named_case(draft.state, event)
    if case is None:
        note(draft, f"Found {event.finding}, but there is no such case.", service=event.service)
        return
    if case.status == "dismissed":
        note(draft, f"Found {event.finding}; the case is dismissed and stays so.", case=case)
        return
    before = len(draft.records)
    _COMMON.get(event.finding, _nothing)(draft, case)
    facts = Facts(
        event=event,
        client=draft.state,
        service=draft.service(case.service),
        version=draft.version(case),
        case=case,
    )
    rules = matching(facts, Trigger("finding", event.finding))
    apply(draft, facts, rules)
    if len(draft.records) == before:
        note(draft, f"Found {event.finding}: {_why_nothing(draft, case, rules)}.", case=case)


def _why_nothing(draft: Draft, case: Case, rules: list[Rule]) -> str:
    service = draft.service(case.service)
    if service is not None and service.moved_to is not None:
        return "the service is another client's by now, and only what it is held for is decided anew"
    if not case.complete:
        return "the complaint is not complete, and no sanction rests on it until it is"
    return "nothing is left to do" if rules else "no clause of the policy makes anything of it"


def _nothing(draft: Draft, case: Case) -> None:
    """The common rules say nothing of this finding."""


def _dismissed(draft: Draft, case: Case) -> None:
    dismiss(draft, case, draft.common("G3", "The complaint turned out to be none: everything it did is undone.", case))


def _remediated(draft: Draft, case: Case) -> None:
    """G4: the case is resolved, its ordinary holds end; bars, charges and the strike stay."""
    basis = draft.common("G4", "The trouble is remedied: the case is resolved.", case)
    if case.status != "resolved":
        draft.case_status(case, "resolved", basis)
    draft.end_deadlines(draft.timers_of(case, "reply", "remedy", "evidence"))
    draft.has_happened(("remediated", case.id))
    draft.withdraw([item.id for item in _pending_of(draft, case) if _ends_with_remedy(item)], basis)
    _end_satisfied(draft, case)


def _ends_with_remedy(item: Pending) -> bool:
    """What only pressed for a remedy: reminders, and requests for evidence."""
    return item.action == "request_evidence" or (item.action == "notify_customer" and "reminder" in item.own)


def _not_culpable(draft: Draft, case: Case) -> None:
    draft.has_happened(("not_culpable", case.id))
    _end_satisfied(draft, case)


def _end_satisfied(draft: Draft, case: Case) -> None:
    for service in touched(draft, case):
        end_satisfied(draft, service.id)


def _not_remediated(draft: Draft, case: Case) -> None:
    """G5: the customer is asked again, with the same deadlines anew."""
    draft.end_deadlines(draft.timers_of(case, "reply", "remedy", "evidence"))
    service = draft.service(case.service)
    if service is None or service.terminated:
        return
    for name, asked in (("notify_customer", case.notice), ("request_evidence", case.requested)):
        if asked is not None:
            _ask_again(draft, case, name, asked)
    last = next((asked for asked in (case.notice, case.requested) if asked is not None and asked.stages), None)
    if last is not None:
        draft.case_status(case, "awaiting_customer", last.basis._replace(because=_GOES_ON))
    elif not case.is_open:
        basis = draft.common("G5", "The trouble goes on: the case is open again.", case)
        draft.case_status(case, "awaiting_staff", basis)


def _ask_again(draft: Draft, case: Case, name: str, asked: Notice) -> None:
    """A notice, with a time only where it had one, or a request for evidence that none has met."""
    again = asked.basis._replace(because=_GOES_ON)
    stages = list(asked.stages)
    times = {"respond_by": format_time(draft.at + timedelta(seconds=stages[0]))} if stages else {}
    plan = {"asks": case.asked} if name == "notify_customer" and stages else {}
    draft.action(name, again, service=case.service, case=case.id, own={**asked.own, **times}, plan=plan)
    if stages:
        set_stage(draft, case, again, asked.for_, stages, 0)


_GOES_ON = "The trouble goes on: the customer is asked again."


_COMMON: Mapping[str, Callable[[Draft, Case], None]] = {
    "unfounded": _dismissed,
    "authorized": _dismissed,
    "lawful": _dismissed,
    "remediated": _remediated,
    "not_remediated": _not_remediated,
    "not_culpable": _not_culpable,
}


# ---- what is kept from the customer ----


def on_released(draft: Draft, event: NotificationReleased) -> None:
    """Staff says that the customer may now be told of the case."""
    case = draft.state.cases.get(event.case)
    if case is None or case.rarely.released or case.status == "dismissed":
        note(draft, "The notification was released; there is nothing to release.", case=case)
        return
    before = len(draft.records)
    facts = Facts(
        event=event, client=draft.state, service=draft.service(case.service), version=draft.version(case), case=case
    )
    apply(draft, facts, matching(facts, Trigger("released")))
    if len(draft.records) == before:
        note(draft, "The notification was released; no clause of the policy withholds any.", case=case)


def on_deferred(draft: Draft, event: ActionDeferred) -> None:
    """What may not be rejected is put off with a reason: it stays proposed, and the client's notes say why."""
    case = draft.state.cases.get(event.case)
    waiting = [item for item in _pending_of(draft, case) if event.action in (item.id, item.action)] if case else []
    name, clause = (waiting[0].action, waiting[0].basis.clause) if waiting else (quotable(event.action, case), "F")
    put_off = "deferred" if waiting else "deferred, though it does not wait for an answer,"
    note(draft, f"{name} was {put_off} by {event.by}: {quotable(event.reason, case)}", case=case, clause=clause)


# ---- an admin lifts ----


def on_hold_lifted(draft: Draft, event: HoldLifted) -> None:
    """An admin ends holds and bars: of one case, or of a whole service."""
    if draft.part.follows:
        end_for_case(draft, event.case or "", None)
        return
    case = draft.state.cases.get(event.case) if event.case else None
    service = draft.service(case.service if case else event.service)
    if service is None or (event.case is not None and case is None):
        note(draft, "An admin lifted holds, but there is no such case or service.", service=event.service)
        return
    services = touched(draft, case) if case is not None else [service]
    lifted = [_lift(draft, member, case) for member in services]
    if not any(lifted) and service.moved_to is None:
        note(draft, "An admin lifted holds; there was none.", service=service.id, case=case)


def _lift(draft: Draft, service: Service, case: Case | None) -> bool:
    """End the holds of one service, and withdraw what was still to place some; whether there was anything."""
    holds = [hold for hold in service.holds.values() if case is None or hold.case == case.id]
    waiting = [
        item.id
        for item in draft.state.pending_for(service.id, "suspend_service", "bar_unsuspension", "block_network")
        if case is None or item.case == case.id
    ]
    draft.withdraw(waiting, draft.common("G6", "An admin lifted the hold.", case))
    draft.end_holds(service, holds)
    return bool(holds or waiting)
