"""What became of an action: approved, done, rejected, lapsed (interface 3, internal events)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bridge.decide.consequences import apply, matching
from bridge.decide.deposits import deposit_settled, not_forfeited
from bridge.decide.draft import Draft, placed_last
from bridge.decide.ledger import settle, waiting_for_payment, waive
from bridge.decide.network import take_back, unblocked
from bridge.decide.release import end_satisfied
from bridge.events import ActionApproved, ActionDone, ActionEvent, ActionExpired
from bridge.model import ChargeRecord, MarkRecord, SuspensionRecord
from bridge.policy.facts import Facts
from bridge.policy.pack import Trigger
from bridge.state import OURS, THEIRS, Charge, Pending, Service


def on_approved(draft: Draft, event: ActionApproved) -> None:
    """The no-refund mark is in force from its approval on; everything else from when it is done."""
    pending = draft.state.pending.get(event.action)
    if pending is not None and is_felt_approved(pending.action) and pending.state == "proposed":
        _mark(draft, pending)


def is_felt_approved(action: str) -> bool:
    """Whether anything is decided when such an action is approved, and not only once it is done."""
    return action == "refuse_refund"


def _mark(draft: Draft, pending: Pending) -> None:
    draft.add(
        MarkRecord(
            at=draft.at, basis=pending.basis, case=pending.case, service=pending.service, client=draft.state.id,
            status="placed", simulated=pending.simulated,
        )
    )  # fmt: skip


def on_given_up(draft: Draft, event: ActionEvent) -> None:
    """Rejected, lapsed or cancelled: what only waited for it ends."""
    pending = draft.state.pending.get(event.action)
    if pending is None:
        return
    draft.withdrawn.add(pending.id)
    if isinstance(event, ActionExpired):
        _tell_staff(draft, pending)
    if pending.action == "terminate_client":
        for member in draft.state.services.values():
            _end_proposed(draft, member, pending)
    service = draft.service(pending.service)
    if service is None:
        return
    _end_proposed(draft, service, pending)
    if pending.action in ("charge_fine", "charge_fee"):
        end_satisfied(draft, service.id)
    elif pending.action == "forfeit_deposit":
        not_forfeited(draft, service, pending)


def _end_proposed(draft: Draft, service: Service, given_up: Pending) -> None:
    """What held the service only until the proposal was answered ends, placed or still to be placed."""
    waiting = [
        item.id
        for item in draft.state.pending_for(service.id, "suspend_service")
        if (plans := item.plan.get("holds")) and all(plan["proposal"] == given_up.id for plan in plans)
    ]
    if waiting:
        draft.withdraw(waiting, given_up.basis._replace(because="The termination was not approved."))
    draft.end_holds(service, [hold for hold in service.holds.values() if hold.proposal == given_up.id])


def _tell_staff(draft: Draft, lapsed: Pending) -> None:
    """A proposal that nobody answered does nothing, and does not vanish unseen."""
    basis = lapsed.basis._replace(because=f"Nobody answered the proposal to {lapsed.action} in time: it lapsed.")
    draft.action(
        "notify_staff",
        basis,
        service=lapsed.service,
        case=lapsed.case,
        own={"template": "proposal_lapsed", "proposed": lapsed.action},
    )


def on_done(draft: Draft, event: ActionDone) -> None:
    pending = draft.state.pending.get(event.action)
    if pending is None:
        return
    draft.withdrawn.add(pending.id)
    does = _EFFECTS.get(pending.action)
    if does is not None:
        does(draft, event, pending)


# ---- suspension ----


def _suspended(draft: Draft, event: ActionDone, pending: Pending) -> None:
    service = draft.service(pending.service)
    if service is None or service.terminated:
        return
    if not pending.simulated:
        theirs = event.theirs and service.suspension != OURS
        _owner(draft, service, THEIRS if theirs else OURS, pending, unmarked=event.theirs and not theirs)
    if not pending.withdrawn:
        _place(draft, pending)
        return
    if not event.theirs and not any(hold.scope != "network" for hold in service.active_holds()):
        own = {"reason": "The reason for the suspension had ended before it was carried out."}
        draft.action("unsuspend_service", pending.basis, service=service.id, case=pending.case, own=own)


def _owner(draft: Draft, service: Service, owner: str, pending: Pending, *, unmarked: bool = False) -> None:
    draft.add(
        SuspensionRecord(
            at=draft.at, basis=pending.basis, service=service.id, client=draft.state.id, owner=owner, unmarked=unmarked
        )
    )


def _place(draft: Draft, pending: Pending) -> None:
    for hold in pending.plan.get("holds", ()):
        draft.place(hold, pending.basis, pending.service or "", simulated=pending.simulated)


def _placed(draft: Draft, event: ActionDone, pending: Pending) -> None:
    """A bar or a block is in force; one whose reason ended meanwhile is taken back."""
    if not pending.withdrawn:
        _place(draft, pending)
    elif pending.action == "block_network":
        take_back(draft, event, pending)


def _unsuspended(draft: Draft, event: ActionDone, pending: Pending) -> None:
    service = draft.service(pending.service)
    if service is None or pending.simulated:
        return
    _owner(draft, service, "", pending)
    held = [hold for hold in service.active_holds() if hold.scope != "network"]
    if pending.withdrawn and held:
        last = placed_last(held)
        own = {"reason": last.basis.because}
        draft.action("suspend_service", last.basis, service=service.id, case=last.case, own=own, plan={"holds": []})


# ---- termination ----


def _terminated(draft: Draft, event: ActionDone, pending: Pending) -> None:
    service = draft.service(pending.service)
    if service is None:
        return
    if not pending.simulated:
        service_gone(draft, service, pending)
    _follow(draft, service, pending)


def _client_terminated(draft: Draft, event: ActionDone, pending: Pending) -> None:
    if pending.simulated:
        return
    for service in draft.state.services.values():
        if not service.terminated:
            service_gone(draft, service, pending)


def _follow(draft: Draft, service: Service, pending: Pending) -> None:
    """What the clause that decided the action demands once it is carried out."""
    case = draft.state.cases.get(pending.case or "")
    version = draft.version_of(pending.basis)
    facts = Facts(event=draft.event, client=draft.state, service=service, version=version, case=case)
    rules = matching(facts, Trigger("carried_out", pending.action))
    apply(draft, facts, [rule for rule in rules if rule.clause == pending.basis.clause])


def service_gone(draft: Draft, service: Service, pending: Pending | None = None) -> None:
    """A terminated service: its deadlines end, nothing more is done to it, its open cases close."""
    basis = pending.basis if pending else draft.common("G7", "The service is terminated.", service=service)
    draft.add(
        SuspensionRecord(
            at=draft.at,
            basis=basis,
            service=service.id,
            client=draft.state.id,
            owner=service.suspension,
            terminated=True,
            by_policy=pending is not None,
        )
    )
    draft.end_deadlines(draft.state.timers.of_service(service.id))
    moot = draft.state.pending_for(
        service.id, "suspend_service", "unsuspend_service", "terminate_service", "bar_unsuspension", "block_network",
        "unblock_network", "replace_ip",
    )  # fmt: skip
    draft.withdraw([item.id for item in moot], basis)
    for case_id in service.cases:
        case = draft.state.cases[case_id]
        if case.is_open:
            closed = draft.basis(basis.clause, "The service is terminated: nothing is left to do.", case)
            draft.case_status(case, "closed", closed)


# ---- orders ----


def _order_held(draft: Draft, event: ActionDone, pending: Pending) -> None:
    """An order whose reason to be held ended meanwhile goes on, unless it is to be refused."""
    order, about = pending.own["order"], draft.state.pending_for(pending.service, "refuse_order")
    if pending.withdrawn and not any(item.own["order"] == order for item in about):
        draft.action("release_order", pending.basis, service=pending.service, own=dict(pending.own))


# ---- charges ----


def _charged(draft: Draft, event: ActionDone, pending: Pending) -> None:
    plan = pending.plan
    due = draft.at + timedelta(seconds=plan["due_in"])
    invoice = event.invoice or f"{pending.case or plan['event']}.{plan['charge']}"
    record = ChargeRecord(
        at=draft.at,
        basis=pending.basis,
        case=pending.case,
        service=pending.service,
        client=draft.state.id,
        id=pending.id,
        charge=plan["charge"],
        status="open",
        amount=pending.own["amount"],
        currency=pending.own["currency"],
        due=due,
        invoice=invoice,
        ips=tuple(pending.own.get("ips", ())),
        asked_for=plan["asked_for"],
        invoiced=event.invoiced,
        simulated=pending.simulated,
    )
    draft.add(record)
    if pending.withdrawn:
        waive(draft, _charge_of(record), "The reason for the charge had ended before it was invoiced.")
        return
    service = draft.service(pending.service)
    if service is None or not service.terminated:
        case = draft.state.cases.get(pending.case or "")
        draft.deadline(
            "payment", due, pending.basis, key=pending.id, case=case, service=pending.service, charge=pending.id
        )


def _charge_of(record: ChargeRecord) -> Charge:
    return Charge(
        id=record.id, charge=record.charge, basis=record.basis, service=record.service, case=record.case,
        amount=record.amount, currency=record.currency, invoice=record.invoice, invoiced=record.invoiced,
        due=record.due, status=record.status, ips=record.ips, asked_for=record.asked_for, simulated=record.simulated,
    )  # fmt: skip


def _waived(draft: Draft, event: ActionDone, pending: Pending) -> None:
    charge = draft.state.charges.get(pending.plan["of"])
    if charge is None or charge.status == "closed":
        return
    settle(draft, charge, "closed")
    draft.has_happened(("paid", charge.id))
    draft.end_deadlines(draft.timers_of_charge(charge))
    for service in waiting_for_payment(draft, charge):
        end_satisfied(draft, service)


def _settled(draft: Draft, event: ActionDone, pending: Pending) -> None:
    deposit_settled(draft, pending)


_EFFECTS: Mapping[str, Callable[[Draft, ActionDone, Pending], None]] = {
    "suspend_service": _suspended,
    "unsuspend_service": _unsuspended,
    "bar_unsuspension": _placed,
    "block_network": _placed,
    "unblock_network": unblocked,
    "terminate_service": _terminated,
    "terminate_client": _client_terminated,
    "hold_order": _order_held,
    "charge_fine": _charged,
    "charge_fee": _charged,
    "hold_deposit": _charged,
    "return_deposit": _settled,
    "forfeit_deposit": _settled,
    "waive_charge": _waived,
}


def has_effect(action: str) -> bool:
    """Whether anything is decided when such an action is done; otherwise it is only known to be done."""
    return action in _EFFECTS
