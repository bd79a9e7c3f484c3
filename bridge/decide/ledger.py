"""What becomes of a charge: settled, or given back."""

from __future__ import annotations

from bridge.decide.draft import Draft
from bridge.model import ActionRecord, Basis, ChargeRecord
from bridge.state import Charge


def settle(draft: Draft, charge: Charge, status: str) -> None:
    """The charge is paid, closed or forfeited from now on; its record bears the clause that made it."""
    draft.add(
        ChargeRecord(
            at=draft.at,
            basis=charge.basis,
            case=charge.case,
            service=charge.service,
            client=draft.state.id,
            id=charge.id,
            charge=charge.charge,
            status=status,
            amount=charge.amount,
            currency=charge.currency,
            due=charge.due,
            invoice=charge.invoice,
        )
    )


def waiting_for_payment(draft: Draft, charge: Charge) -> tuple[str, ...]:
    """The services that may be held until the charge is paid: its own, and those that its case reached or, where it is
    the client's and no service's, all of them."""
    if charge.service is None:
        return tuple(draft.state.services)
    case = draft.state.cases.get(charge.case or "")
    return (charge.service, *(case.rarely.elsewhere if case is not None else ()))


def is_under_way(draft: Draft, charge: Charge, *actions: str) -> bool:
    """Whether one of these actions about the charge was decided and is neither done nor given up."""
    return any(item.plan.get("of") == charge.id for item in draft.state.pending_for(charge.service, *actions))


def waive(draft: Draft, charge: Charge, because: str, *, row: str | int | None = None) -> ActionRecord | None:
    """Give a charge back, unless that is on its way already; bears the clause that made the charge."""
    if is_under_way(draft, charge, "waive_charge", "return_deposit"):
        return None
    moot = draft.state.pending_for(charge.service, "forfeit_deposit")
    basis = Basis(charge.basis.policy, charge.basis.version, charge.basis.clause, because)
    draft.withdraw([item.id for item in moot if item.plan.get("of") == charge.id], basis)
    return draft.action(
        "waive_charge",
        basis,
        service=charge.service,
        case=charge.case,
        own={"charge": charge.charge, "amount": charge.amount, "currency": charge.currency},
        plan={"of": charge.id, "invoice": charge.invoice, "paid": charge.status == "paid", "invoiced": charge.invoiced},
        row=row,
    )
