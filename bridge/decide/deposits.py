"""Deposits: asked for, held while the contract runs, and then returned or forfeited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bridge.decide.draft import Draft
from bridge.decide.ledger import is_under_way, settle, waive
from bridge.decide.occasion import Occasion
from bridge.model import Basis, SharedRecord
from bridge.policy.pack import Verb
from bridge.policy.verbs import CHARGED_BY
from bridge.state import DEPOSIT, FORFEITED, Case, Charge, Pending, Service
from bridge.timeformat import format_time

Json = Any

OWED = frozenset({"return_deposit", "waive_charge"})
"""The customer's own is given back even where the service is gone."""


def _deposits(draft: Draft, service: str, status: str) -> Iterator[Charge]:
    simulated = draft.rules.simulates(service)
    for charge in draft.state.charges.of_service(service):
        if charge.charge == DEPOSIT and charge.status == status and (simulated or not charge.simulated):
            yield charge


# ---- what `then:` may say ----


def hold_deposit(now: Occasion, verb: Verb) -> None:
    """One at a time: a deposit that is not paid yet stands for the later case too."""
    draft, service = now.draft, now.service
    if service is None or draft.is_terminating(service.id) or draft.decided("hold_deposit", service.id, now.case_id):
        return
    standing = _standing(draft, service.id)
    if standing is not None:
        _share(now, standing)
        return
    amount, due = verb.params["amount"], verb.params["due"]
    own = {"amount": str(amount), "currency": now.facts.version.currency, "due": format_time(draft.at + due)}
    plan = {
        "charge": DEPOSIT,
        "unit": str(amount),
        "units": 1,
        "due_in": int(due.total_seconds()),
        "asked_for": "case" if now.case else now.facts.question,
        "event": draft.event.id,
    }
    now.act("hold_deposit", verb, own, plan)


def _standing(draft: Draft, service: str) -> str | None:
    """The deposit that is asked for already and not paid, be it invoiced or not; its id is its action's."""
    for charge in _deposits(draft, service, "open"):
        return charge.id
    for item in draft.state.pending_for(service, "hold_deposit"):
        if item.id not in draft.withdrawn:
            return item.id
    return None


def _share(now: Occasion, charge: str) -> None:
    case, service, client = now.case_id, now.service_id, now.draft.state.id
    now.draft.add(
        SharedRecord(at=now.draft.at, basis=now.basis, case=case, service=service, client=client, charge=charge)
    )


def forfeit_deposit(now: Occasion, verb: Verb) -> None:
    """What is held is kept for good, unless it is on its way back already."""
    for charge in _held(now):
        now.act("forfeit_deposit", verb, _sum(charge), _plan(charge))


def return_deposit(now: Occasion, verb: Verb) -> None:
    """What is held goes back, unless a forfeiture waits to be decided."""
    for charge in _held(now):
        _give_back(now.draft, charge, now.basis, verb.approval)


def give_back_unless_settled(draft: Draft, charge: Charge, because: str) -> None:
    """A deposit that is held, and about which nothing else was decided, goes back to whoever paid it."""
    if not is_under_way(draft, charge, "forfeit_deposit", "return_deposit", "waive_charge"):
        _give_back(draft, charge, charge.basis._replace(because=because))


def _held(now: Occasion) -> list[Charge]:
    """Deposits that are paid and that nothing has been decided about yet."""
    draft, service = now.draft, now.service
    if service is None:
        return []
    paid = _deposits(draft, service.id, "paid")
    return [
        charge
        for charge in paid
        if not is_under_way(draft, charge, "forfeit_deposit", "return_deposit", "waive_charge")
    ]


def _give_back(draft: Draft, charge: Charge, basis: Basis, row: str | int | None = None) -> None:
    draft.action(
        "return_deposit",
        basis,
        service=charge.service,
        case=charge.case,
        own=_sum(charge),
        plan=_plan(charge),
        row=row,
    )


def waive_charge(now: Occasion, verb: Verb) -> None:
    """What was asked for and is not paid is asked for no longer."""
    draft, service, kind = now.draft, now.service, verb.params["charge"]
    if service is None:
        return
    draft.withdraw([item.id for item in draft.state.pending_for(service.id, CHARGED_BY[kind])], now.basis)
    for charge in draft.state.charges.of_service(service.id):
        if charge.charge == kind and charge.status == "open":
            waive(draft, charge, now.basis.because, row=verb.approval)


def _sum(charge: Charge) -> dict[str, Json]:
    return {"amount": charge.amount, "currency": charge.currency}


def _plan(charge: Charge) -> dict[str, Json]:
    """What giving it back needs: its invoice, and what that really took."""
    return {"of": charge.id, "invoice": charge.invoice, "paid": True, "invoiced": charge.invoiced}


# ---- what became of it ----


def deposit_settled(draft: Draft, pending: Pending) -> None:
    """Returned or forfeited: it is held no longer, and what else was proposed about it has lost its reason."""
    charge = draft.state.charges.get(pending.plan["of"])
    if charge is None or charge.status != "paid":
        return
    if pending.action == "forfeit_deposit" and pending.withdrawn:
        text = "The reason for the forfeiture had ended before it was noted: the deposit is not forfeited."
        draft.action("record_note", pending.basis, service=charge.service, case=pending.case, own={"text": text})
        return
    settle(draft, charge, FORFEITED if pending.action == "forfeit_deposit" else "closed")
    others = draft.state.pending_for(charge.service, "forfeit_deposit", "return_deposit", "waive_charge")
    moot = [item.id for item in others if item.plan.get("of") == charge.id and item.id != pending.id]
    draft.withdraw(moot, pending.basis)


def not_forfeited(draft: Draft, service: Service, pending: Pending) -> None:
    """A forfeiture was given up: where the contract has ended, nothing keeps the deposit any more."""
    charge = draft.state.charges.get(pending.plan["of"])
    if charge is not None and charge.status == "paid":
        _release_kept(draft, service, charge)


def _release_kept(draft: Draft, service: Service, charge: Charge) -> None:
    if service.terminated or service.expired:
        basis = charge.basis._replace(because="The deposit is not forfeited, and the contract has ended.")
        _give_back(draft, charge, basis)


# ---- a case that is dismissed ----


def left_to_another(draft: Draft, service: Service, case: Case) -> str | None:
    """The deposit of the case that another live strike needs too: that one keeps it."""
    if case.deposit is None:
        return None
    cases = draft.state.cases
    needed = any(strike != case.id and cases[strike].deposit == case.deposit for strike in service.strikes)
    return case.deposit if needed else None


def undo_forfeiture(draft: Draft, service: Service, case: Case) -> None:
    """What was forfeited because of the case is held again."""
    charge = draft.state.charges.get(case.rarely.forfeits)
    if charge is None or charge.status != FORFEITED:
        return
    settle(draft, charge, "paid")
    text = "The case that the deposit was forfeited for is dismissed: the deposit is held again."
    draft.action("record_note", draft.common("G3", text, case), service=service.id, case=case.id, own={"text": text})
    _release_kept(draft, service, charge)
