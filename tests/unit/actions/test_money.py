"""Charges and what is given back: sums to the cent, in the client's currency, and only what was really taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bridge.ports import Currency, InvoiceStatus
from tests.unit.actions.faults import Fault
from tests.unit.actions.panels import START
from tests.unit.actions.scene import Scene, a_work

OWN = {"amount": "40.00", "currency": "USD", "due": "2026-03-02T12:00:00Z", "ips": ["192.0.2.10", "192.0.2.11"]}
PLAN = {"charge": "fine", "unit": "20.00", "units": 2, "due_in": 86400, "asked_for": "case", "event": "e1"}
FINE = a_work("charge_fine", OWN, plan=PLAN)


def in_dollars(scene: Scene) -> None:
    scene.billing.people["3"] = replace(scene.billing.people["3"], currency="USD")


def test_each_address_is_a_line_in_the_clients_currency_with_the_packs_sum_in_its_text() -> None:
    scene = Scene()
    outcome = scene.carry(FINE)
    lines = scene.billing.lines["50"]
    assert [line.amount for line in lines] == [Decimal("16.00"), Decimal("16.00")]
    assert "192.0.2.10" in lines[0].text
    assert "192.0.2.11" in lines[1].text
    assert all("20.00 USD" in line.text for line in lines)
    assert outcome is not None
    assert (outcome.invoice, outcome.invoiced) == ("50", "EUR 32.00")


def test_each_line_is_rounded_half_up_for_itself() -> None:
    scene = Scene()
    scene.billing.rates["USD"] = Currency(code="USD", rate=Decimal("1.6"))
    scene.carry(a_work("charge_fine", {**OWN, "amount": "40.04"}, plan={**PLAN, "unit": "20.02"}))
    assert [line.amount for line in scene.billing.lines["50"]] == [Decimal("12.51"), Decimal("12.51")]


def test_the_packs_own_currency_is_not_converted() -> None:
    scene = Scene()
    in_dollars(scene)
    scene.billing.rates.clear()
    outcome = scene.carry(FINE)
    assert outcome is not None
    assert [line.amount for line in scene.billing.lines["50"]] == [Decimal("20.00"), Decimal("20.00")]
    assert "USD" not in scene.billing.lines["50"][0].text


@pytest.mark.parametrize("rate", [None, Decimal(0)])
def test_without_a_rate_it_is_manual_with_the_sum_and_the_mark(rate: Decimal | None) -> None:
    scene = Scene()
    del scene.billing.rates["USD"]
    if rate is not None:
        scene.billing.rates["USD"] = Currency(code="USD", rate=rate)
    outcome = scene.carry(FINE)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert "40.00 USD" in outcome.instructions
    assert scene.mark(FINE) in outcome.instructions


def test_a_charge_that_names_no_address_is_one_line() -> None:
    scene = Scene()
    scene.carry(a_work("charge_fine", {**OWN, "amount": "20.00", "ips": []}, plan={**PLAN, "units": 1}))
    assert len(scene.billing.lines["50"]) == 1


def test_the_invoice_is_due_after_it_was_made_by_the_panels_calendar_and_its_notes_end_with_the_mark() -> None:
    scene = Scene()
    scene.clock.passes(timedelta(hours=11, minutes=30))
    scene.carry(FINE)
    assert scene.billing.due["50"] == date(2026, 3, 3)
    assert scene.billing.made[0].issued == date(2026, 3, 1)
    assert scene.billing.made[0].notes.splitlines()[-1] == scene.mark(FINE)


def test_a_lost_invoice_is_told_from_others_with_the_same_mark() -> None:
    """Another client's, and an older one, do not count as ours."""
    scene = Scene()
    token = scene.mark(FINE)
    scene.billing.add_invoice("4", Decimal("32.00"), token, START + timedelta(minutes=1))
    scene.billing.add_invoice("3", Decimal("32.00"), token, START - timedelta(hours=1))
    scene.billing.add_invoice("3", Decimal("32.00"), f"{token}X", START)
    scene.faults.at(0, Fault.LOST_BEFORE)
    scene.carry(FINE)
    outcome = scene.settle(FINE.id)
    assert outcome.invoice == "53"


def test_a_lost_invoice_that_was_paid_or_cancelled_meanwhile_is_still_ours() -> None:
    scene = Scene()
    scene.faults.at(0, Fault.CRASH_AFTER)
    scene.carry(FINE)
    scene.billing.change_invoice("50", status=InvoiceStatus.PAID, balance=Decimal())
    outcome = scene.settle(FINE.id)
    assert outcome.invoice == "50"
    assert len(scene.billing.made) == 1


def test_an_invoice_whose_mark_does_not_show_is_not_made_again_once_the_panel_said_yes() -> None:
    scene = Scene()
    original = scene.billing.invoice
    scene.billing.invoice = lambda invoice: None  # type: ignore[method-assign]  # a panel that hides it
    outcome = scene.carry(FINE)
    scene.billing.invoice = original  # type: ignore[method-assign]  # and shows it again
    assert outcome is not None
    assert (outcome.state, outcome.unconfirmed, outcome.invoice) == ("done", True, "50")
    assert len(scene.billing.made) == 1


# ---- giving back ----

WAIVE = a_work(
    "waive_charge",
    {"charge": "fine", "amount": "40.00", "currency": "USD"},
    plan={"of": "act_charge_fine", "invoice": "50", "paid": False, "invoiced": "EUR 32.00"},
)


def charged(scene: Scene) -> None:
    scene.carry(FINE)


def test_an_unpaid_charge_is_cancelled_and_nothing_is_credited() -> None:
    scene = Scene()
    charged(scene)
    scene.queue.add(WAIVE)
    scene.once()
    assert scene.billing.made[0].status is InvoiceStatus.CANCELLED
    assert scene.billing.booked == []


def test_a_paid_charge_is_credited_exactly_even_where_the_plan_did_not_know_it_was_paid() -> None:
    scene = Scene()
    charged(scene)
    scene.billing.change_invoice("50", status=InvoiceStatus.PAID, balance=Decimal())
    scene.billing.rates["USD"] = Currency(code="USD", rate=Decimal(9))
    scene.queue.add(WAIVE)
    scene.once()
    assert scene.billing.made[0].status is InvoiceStatus.PAID
    assert [credit.amount for credit in scene.billing.booked] == [Decimal("32.00")]
    assert scene.billing.booked[0].description.endswith(scene.mark(WAIVE))


def test_what_was_paid_of_an_open_charge_is_credited_and_the_rest_cancelled() -> None:
    scene = Scene()
    charged(scene)
    scene.billing.change_invoice("50", balance=Decimal("2.00"))
    scene.queue.add(WAIVE)
    scene.once()
    assert scene.billing.made[0].status is InvoiceStatus.CANCELLED
    assert [credit.amount for credit in scene.billing.booked] == [Decimal("30.00")]


@pytest.mark.parametrize("status", [InvoiceStatus.CANCELLED, InvoiceStatus.REFUNDED])
def test_an_invoice_that_staff_settled_already_is_left_alone(status: InvoiceStatus) -> None:
    scene = Scene()
    charged(scene)
    scene.billing.change_invoice("50", status=status)
    scene.queue.add(WAIVE)
    scene.once()
    assert scene.queue.last(WAIVE.id).state == "done"
    assert scene.faults.writes == ["create_invoice"]


def test_a_charge_without_an_invoice_in_the_panel_is_given_back_by_hand() -> None:
    scene = Scene()
    outcome = scene.carry(a_work("waive_charge", WAIVE.own, plan={**WAIVE.plan, "invoice": "c1.fine"}))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert "c1.fine" in outcome.instructions


def test_an_invoice_of_another_client_is_not_touched() -> None:
    scene = Scene()
    scene.billing.add_invoice("4", Decimal("32.00"), "", START)
    outcome = scene.carry(WAIVE)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("failed", [])


def test_a_granted_credit_is_converted_at_the_panels_rate_and_marked() -> None:
    scene = Scene()
    work = a_work("grant_refund", {"amount": "5.00", "currency": "USD", "to": "credit"})
    scene.carry(work)
    assert scene.billing.booked[0].amount == Decimal("4.00")
    assert scene.billing.booked[0].description.endswith(scene.mark(work))
