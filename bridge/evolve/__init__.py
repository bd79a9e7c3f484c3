"""evolve(state, part, records): folds one decision into a client's state.

The state is changed in place: copying a client for each of a million events would cost more than deciding. Whoever
folds owns the state; a decision that could not be stored is forgotten by dropping the state, not by undoing it. The
fold never decides anew: the same stored decisions give the same state, whatever the rules are today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bridge.decide.cases import named_case
from bridge.events import (
    EVENT_TYPES,
    ActionApproved,
    ActionDone,
    ActionEvent,
    ActionFailed,
    ClientObserved,
    ClientRefused,
    Event,
    EvidenceProvided,
    FindingRecorded,
    NotificationReleased,
    ServiceExpired,
    ServiceObserved,
    UndertakingSigned,
    UsageObserved,
    parse_event,
)
from bridge.evolve.cases import CASE_FOLDS
from bridge.evolve.remembered import DONE_FOLDS, EVENT_FOLDS, RECORD_FOLDS
from bridge.model import (
    ActionEnded,
    ActionRecord,
    ArrivedRecord,
    Basis,
    ChargeRecord,
    DeadlineEnded,
    DeadlineRecord,
    HoldRecord,
    MarkRecord,
    MovedRecord,
    Record,
    SharedRecord,
    SuspensionRecord,
)
from bridge.repeated import one_notice, one_row
from bridge.routing import Part
from bridge.state import Case, Charge, Client, Hold, NoRefund, Notice, Pending, Service
from bridge.timeformat import format_time

_AMENDS = frozenset({"credit_client", "migrate_service"})


def evolve(state: Client, part: Part, records: Iterable[Record]) -> None:
    """Fold the part's event, then its records, into `state`."""
    event = part.event
    fold_event = _EVENT_FOLDS.get(type(event))
    if fold_event is not None:
        fold_event(state, event)
    for record in records:
        fold = _FOLDS.get(type(record))
        if fold is not None:
            fold(state, part, record)
    state.last_at = event.at


# ---- events ----


def _observed(state: Client, event: ServiceObserved) -> None:
    if state.id is not None and event.client != state.id:
        return
    service = state.services.get(event.service)
    if service is None:
        service = state.services[event.service] = Service(id=event.service)
        service.no_refund = state.marks_ahead.pop(event.service, None)
    for name in (
        "product_kind", "product", "exclusive_bandwidth", "region", "ips", "status", "paid_at", "paid_amount",
        "currency", "period_start", "period_end", "vps",
    ):  # fmt: skip
        value = getattr(event, name)
        if value is not None and not (name == "status" and service.terminated):
            setattr(service, name, value)
    if event.attributes:
        service.attributes = {**service.attributes, **event.attributes}


def _client_observed(state: Client, event: ClientObserved) -> None:
    for name in ("kind", "group", "locale", "currency"):
        value = getattr(event, name)
        if value is not None:
            setattr(state, name, value)
    if event.verified:
        state.verified = {**state.verified, **event.verified}


def _action_event(state: Client, event: ActionEvent) -> None:
    pending = state.pending.get(event.action)
    if pending is None:
        return
    if isinstance(event, ActionApproved):
        pending.state = "approved"
    elif isinstance(event, ActionFailed):
        pending.state = "failed"
    else:
        state.pending.drop(event.action)
        fold = _DONE_FOLDS.get(pending.action) if isinstance(event, ActionDone) else None
        if fold is not None:
            fold(state, event, pending)


def _done_once(state: Client, event: Event, pending: Pending) -> None:
    if not pending.simulated:
        case = state.cases[pending.case or ""]
        case.rarely = case.rarely._replace(done_once=(*case.rarely.done_once, pending.action))


def _client_terminated(state: Client, event: Event, pending: Pending) -> None:
    state.closed = state.closed or not pending.simulated


def _found(state: Client, event: FindingRecorded) -> None:
    case = named_case(state, event)
    if case is None or case.status == "dismissed":
        return
    if event.finding == "not_culpable":
        case.rarely = case.rarely._replace(not_culpable=True)
    elif event.finding == "not_remediated":
        case.remediated = False
        case.replied = False


def _evidence(state: Client, event: EvidenceProvided) -> None:
    case = named_case(state, event)
    if case is not None:
        case.requested = None


def _released(state: Client, event: NotificationReleased) -> None:
    case = state.cases.get(event.case)
    if case is not None:
        case.rarely = case.rarely._replace(released=True)


def _used(state: Client, event: UsageObserved) -> None:
    """Traffic by network is only remembered until it is asked about; a new month begins anew."""
    service = state.services.get(event.service)
    if service is None or event.metric != "asn_traffic" or event.asn is None:
        return
    month = (event.at.year, event.at.month)
    known = service.asn_traffic.get(event.asn)
    if known is None or known[0] != month or known[1] < event.value:
        service.asn_traffic[event.asn] = (month, event.value)


def _undertaken(state: Client, event: UndertakingSigned) -> None:
    service = state.services.get(event.service)
    for case in service.cases if service is not None else ():
        state.cases[case].undertaken = True


def _expired(state: Client, event: ServiceExpired) -> None:
    service = state.services.get(event.service)
    if service is not None:
        service.expired = True


def _refused(state: Client, event: ClientRefused) -> None:
    state.refused = True


# ---- records ----


def _reach(case: Case, service: str | None) -> None:
    """Remember that the case holds or marks a service that it is not about."""
    if service is not None and service != case.service and service not in case.rarely.elsewhere:
        case.rarely = case.rarely._replace(elsewhere=(*case.rarely.elsewhere, service))


def _action(state: Client, part: Part, record: ActionRecord) -> None:
    if record.state != "done" or record.simulated:
        _wait_for(state, record)
    if record.action in _AMENDS and "incident" in record.plan:
        state.services[record.service or ""].amends |= {(record.action, record.plan["incident"])}
    case = state.cases.get(record.case or "")
    if case is None:
        return
    _reach(case, record.service)
    if record.action == "charge_fine":
        case.fined = (*case.fined, record.basis.clause)
    elif record.action == "hold_deposit":
        case.deposit = record.id
    elif record.action == "forfeit_deposit":
        case.rarely = case.rarely._replace(forfeits=record.plan["of"])
    if record.action == "notify_customer" and "asks" in record.plan:
        case.asked += 1
        case.notice = _asked(record, "reply")
    elif record.action == "notify_customer" and "tells" in record.plan and case.notice is None:
        case.notice = _asked(record, "")
    elif record.action == "request_evidence":
        case.asked += 1
        case.requested = _asked(record, "evidence")


def _asked(record: ActionRecord, for_: str) -> Notice:
    own = {name: value for name, value in record.own.items() if name != "respond_by"}
    return one_notice(record.basis, own, for_, ())


def _wait_for(state: Client, record: ActionRecord) -> None:
    state.pending.keep(
        Pending(
            id=record.id,
            action=record.action,
            basis=record.basis,
            service=record.service,
            case=record.case,
            own=record.own,
            plan=record.plan,
            approval=record.approval,
            state=record.state,
            simulated=record.simulated,
        )
    )


def _action_ended(state: Client, part: Part, record: ActionEnded) -> None:
    """What only waited for approval is gone; what may be on its way is kept until the panel was looked at."""
    pending = state.pending.get(record.id)
    if pending is not None and pending.state == "proposed":
        state.pending.drop(record.id)
    elif pending is not None:
        pending.withdrawn = True


def _deadline(state: Client, part: Part, record: DeadlineRecord) -> None:
    state.timers.keep(record)
    case = state.cases.get(record.case or "")
    if case is None or record.plan is None or record.for_ not in ("reply", "remedy", "evidence"):
        return
    asked = case.requested if record.for_ == "evidence" else case.notice
    stages = tuple(record.plan["stages"])
    if asked is None or (asked.for_ == record.for_ and asked.stages == stages):
        return
    timed = one_notice(asked.basis, asked.own, record.for_, stages)
    if record.for_ == "evidence":
        case.requested = timed
    else:
        case.notice = timed


def _deadline_ended(state: Client, part: Part, record: DeadlineEnded) -> None:
    state.timers.drop(record.id)


def _hold(state: Client, part: Part, record: HoldRecord) -> None:
    service = state.services[record.service or ""]
    if record.status == "placed":
        service.holds[record.id] = Hold(
            id=record.id,
            basis=_held_under(service, record.basis),
            service=service.id,
            case=record.case,
            since=record.at,
            irrevocable=record.irrevocable,
            scope=record.scope,
            ip=record.ip,
            until=one_row(record.until),
            charge=record.charge,
            proposal=record.proposal,
            simulated=record.simulated,
        )
        if record.irrevocable and record.ip is not None:
            state.barred.setdefault(record.ip, []).append(service.id)
        if record.block is not None:
            service.blocks[record.id] = record.block
        case = state.cases.get(record.case or "")
        if case is not None:
            _reach(case, service.id)
        return
    hold = service.holds.get(record.id)
    if hold is None:
        return
    if record.status == "noted":
        hold.noted = True
        return
    hold.ended = record.at
    del service.holds[record.id]
    if hold.irrevocable and hold.ip is not None:
        state.barred[hold.ip].remove(service.id)
    service.blocks.pop(record.id, None)


def _held_under(service: Service, basis: Basis) -> Basis:
    """The same value, of which one copy is kept where the service is held several times for the same reason."""
    return next((hold.basis for hold in service.holds.values() if hold.basis == basis), basis)


def _mark(state: Client, part: Part, record: MarkRecord) -> None:
    service = state.services.get(record.service or "")
    if service is None:
        ahead = NoRefund(basis=record.basis, cases=(), simulated=record.simulated, caseless=True)
        state.marks_ahead[record.service or ""] = ahead
        return
    mark = service.no_refund
    case = (record.case,) if record.case else ()
    if record.status == "placed":
        if mark is None or (mark.simulated and not record.simulated):
            mark = service.no_refund = NoRefund(basis=record.basis, cases=(), simulated=record.simulated)
        mark.cases = tuple(dict.fromkeys((*mark.cases, *case)))
        mark.caseless = mark.caseless or record.case is None
        known = state.cases.get(record.case or "")
        if known is not None:
            _reach(known, service.id)
    elif mark is not None:
        mark.cases = tuple(item for item in mark.cases if item != record.case)
        mark.caseless = mark.caseless and record.case is not None
        if not mark.cases and not mark.caseless:
            service.no_refund = None


def _suspension(state: Client, part: Part, record: SuspensionRecord) -> None:
    service = state.services[record.service or ""]
    if not service.suspension or not record.owner:
        service.suspended_at = record.at if record.owner else None
    service.suspension = record.owner
    service.unmarked = record.unmarked
    if record.terminated:
        service.status = "terminated"
        service.terminated_by_policy = service.terminated_by_policy or record.by_policy
    elif not service.terminated and service.status != "pending":
        service.status = "suspended" if record.owner else "active"


def _moved(state: Client, part: Part, record: MovedRecord) -> None:
    service = state.services.get(record.service or "")
    if service is not None:
        service.moved_to, service.no_refund, service.expired = record.to, None, False


def _arrived(state: Client, part: Part, record: ArrivedRecord) -> None:
    """Known anew, with all that was known of it; one that comes back begins where it came from."""
    service = state.services.get(record.service or "")
    if service is not None and service.moved_to is not None:
        service.moved_to, service.status, service.suspension = None, "active", ""
    head = {"id": "arrived", "type": "service.observed", "at": format_time(record.at)}
    known = parse_event({**head, "service": record.service, "client": state.id, **record.facts})
    if isinstance(known, ServiceObserved):
        _observed(state, known)


def _charge(state: Client, part: Part, record: ChargeRecord) -> None:
    if record.status != "open":
        known = state.charges.get(record.id)
        if known is not None:
            known.status = record.status
        return
    state.charges.keep(
        Charge(
            id=record.id,
            charge=record.charge,
            basis=record.basis,
            service=record.service,
            case=record.case,
            amount=record.amount,
            currency=record.currency,
            invoice=record.invoice,
            invoiced=record.invoiced,
            due=record.due,
            status=record.status,
            ips=record.ips,
            asked_for=record.asked_for,
            simulated=record.simulated,
        )
    )
    state.invoices.setdefault(record.invoice, []).append(record.id)


def _shared(state: Client, part: Part, record: SharedRecord) -> None:
    case = state.cases.get(record.case or "")
    if case is not None:
        case.deposit = record.charge


_FOLDS: Mapping[type[Record], Callable[[Client, Part, Any], None]] = {
    ActionRecord: _action,
    ActionEnded: _action_ended,
    DeadlineRecord: _deadline,
    DeadlineEnded: _deadline_ended,
    HoldRecord: _hold,
    MarkRecord: _mark,
    SuspensionRecord: _suspension,
    MovedRecord: _moved,
    ArrivedRecord: _arrived,
    ChargeRecord: _charge,
    **CASE_FOLDS,
    **RECORD_FOLDS,
    SharedRecord: _shared,
}

_DONE_FOLDS: Mapping[str, Callable[[Client, Event, Pending], None]] = {
    "refer_to_authority": _done_once,
    "preserve_evidence": _done_once,
    "terminate_client": _client_terminated,
    **DONE_FOLDS,
}
"""What is remembered of actions once they are done."""

_EVENT_FOLDS: Mapping[type[Event], Callable[[Client, Any], None]] = {
    ServiceObserved: _observed,
    ClientObserved: _client_observed,
    FindingRecorded: _found,
    EvidenceProvided: _evidence,
    NotificationReleased: _released,
    UndertakingSigned: _undertaken,
    ServiceExpired: _expired,
    UsageObserved: _used,
    ClientRefused: _refused,
    **EVENT_FOLDS,
    **{cls: _action_event for cls in EVENT_TYPES.values() if issubclass(cls, ActionEvent)},
}


def is_remembered(action: str) -> bool:
    """Whether the state keeps it that such an action was done."""
    return action in _DONE_FOLDS
