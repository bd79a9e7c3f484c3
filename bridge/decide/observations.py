"""What the panels show: services, clients, listings; and what changes when the installation itself changes."""

from __future__ import annotations

from bridge.decide.draft import Draft, placed_last
from bridge.decide.moving import arrive, move_away
from bridge.decide.outcomes import service_gone
from bridge.decide.release import end_satisfied
from bridge.events import Event, ListingCleared, ServiceObserved, SuspensionRestored
from bridge.model import AUTO, ChargeRecord, MarkRecord, SuspensionRecord
from bridge.state import OURS, THEIRS, Service


def on_service(draft: Draft, event: ServiceObserved) -> None:
    """Whose a suspension is that the panel shows: ours where our hold stands, else theirs (F, Panels)."""
    service = draft.service(event.service)
    if event.client != draft.state.id:
        if service is not None:
            move_away(draft, service, event)
        return
    if draft.part.stays is not None:
        arrive(draft, event, draft.part.stays)
        return
    owner = service.suspension if service else ""
    if event.status == "suspended" and not owner:
        held = service is not None and any(hold.scope != "network" for hold in service.active_holds())
        _seen(draft, event.service, OURS if held else THEIRS)
    elif event.status == "active" and owner:
        _seen(draft, event.service, "")
    elif event.status == "terminated" and service is not None and not service.terminated:
        service_gone(draft, service)


def _seen(draft: Draft, service: str, owner: str) -> None:
    basis = draft.common("F", "The panel shows it.")
    draft.add(
        SuspensionRecord(
            at=draft.at, basis=basis, service=service, client=draft.state.id, owner=owner, unmarked=owner == OURS
        )
    )


def on_suspension_restored(draft: Draft, event: SuspensionRestored) -> None:
    """The click is the approval; the suspension rests on the hold that stands, and places none."""
    service = draft.service(event.service)
    held = [hold for hold in service.active_holds() if hold.scope == "service"] if service is not None else []
    if service is None or not held or draft.is_terminating(service.id):
        return
    if any(draft.state.pending_for(service.id, "suspend_service")):
        return
    last = placed_last(held)
    own = {"reason": last.basis.because}
    draft.action(
        "suspend_service", last.basis, service=service.id, case=last.case, own=own, plan={"holds": []}, row=AUTO
    )


def on_listing_cleared(draft: Draft, event: ListingCleared) -> None:
    draft.has_happened(("listing_cleared", event.ip))
    for service in dict.fromkeys(draft.state.barred.get(event.ip, ())):
        end_satisfied(draft, service)


def on_regime(draft: Draft, event: Event) -> None:
    """What was only simulated ends where it is simulated no longer; strikes stay."""
    basis = draft.common("F", "Mode or exemptions changed: what was only simulated ends.")
    for service in draft.state.services.values():
        if draft.rules.simulates(service.id):
            continue
        draft.end_holds(service, [hold for hold in service.holds.values() if hold.simulated])
        _unmark(draft, service)
    for charge in draft.state.charges.values():
        if charge.simulated and charge.status == "open" and not draft.rules.simulates(charge.service):
            draft.add(
                ChargeRecord(
                    at=draft.at, basis=basis, case=charge.case, service=charge.service, client=draft.state.id,
                    id=charge.id, charge=charge.charge, status="closed", amount=charge.amount,
                    currency=charge.currency, due=charge.due, invoice=charge.invoice, simulated=True,
                )
            )  # fmt: skip
            draft.end_deadlines(draft.timers_of_charge(charge))


def _unmark(draft: Draft, service: Service) -> None:
    mark = service.no_refund
    if mark is None or not mark.simulated:
        return
    for case in (*mark.cases, None) if mark.caseless else mark.cases:
        draft.add(
            MarkRecord(
                at=draft.at, basis=mark.basis, case=case, service=service.id, client=draft.state.id, status="ended",
                simulated=True,
            )
        )  # fmt: skip
