"""A case that turns out to be none (G3): everything it did is undone."""

from __future__ import annotations

from bridge.decide.draft import Draft
from bridge.model import ActionRecord, Basis, MarkRecord
from bridge.state import Case, Charge, Service


def dismiss(draft: Draft, case: Case, basis: Basis) -> None:
    """Strike void, deadlines ended, proposals cancelled, holds and bars ended, charges waived, the mark restored."""
    draft.end_deadlines(draft.timers_of(case))
    draft.withdraw([item.id for item in draft.state.pending.of_case(case.id) if item.action not in _UNDOING], basis)
    draft.case_status(case, "dismissed", basis)
    service = draft.service(case.service)
    if service is None:
        return
    draft.end_holds(service, [hold for hold in service.holds.values() if hold.case == case.id])
    for charge in draft.state.charges.of_case(case.id):
        if charge.status in ("open", "paid"):
            waive(draft, charge, "The case it was charged for is dismissed.")
    restore_refund(draft, service, case)


_UNDOING = frozenset({"unsuspend_service", "unblock_network", "lift_bar", "waive_charge"})
"""What of a case's pending actions itself undoes something, and stays."""


def waive(draft: Draft, charge: Charge, because: str) -> ActionRecord | None:
    """Give a charge back, unless that is on its way already; bears the clause that made the charge."""
    if any(item.plan.get("of") == charge.id for item in draft.state.pending_for(charge.service, "waive_charge")):
        return None
    basis = Basis(charge.basis.policy, charge.basis.version, charge.basis.clause, because)
    return draft.action(
        "waive_charge",
        basis,
        service=charge.service,
        case=charge.case,
        own={"charge": charge.charge, "amount": charge.amount, "currency": charge.currency},
        plan={"of": charge.id, "invoice": charge.invoice, "paid": charge.status == "paid", "invoiced": charge.invoiced},
    )


def restore_refund(draft: Draft, service: Service, case: Case) -> None:
    """The no-refund mark ends with the last case that it rests on."""
    mark = service.no_refund
    if mark is None or case.id not in mark.cases:
        return
    basis = Basis(
        mark.basis.policy, mark.basis.version, mark.basis.clause, "The case that the mark rested on is dismissed."
    )
    draft.add(
        MarkRecord(
            at=draft.at, basis=basis, case=case.id, service=service.id, client=draft.state.id, status="ended",
            simulated=mark.simulated,
        )
    )  # fmt: skip
    if mark.cases == (case.id,):
        draft.action("restore_refund", basis, service=service.id, case=case.id, own={"scope": "service"})
