"""Actions that no shipped policy needs every day, in both panels over HTTP: orders, accounts, caps, addresses, sums."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.virtualizor import sandbox as virtualizor
from adapters.whmcs import sandbox as whmcs
from adapters.whmcs.sandbox import cashier, shop
from tests.flows.two_panels import TwoPanels, two_panels

AT_MACHINES = (
    virtualizor.FaultKind.SERVER_ERROR,
    virtualizor.FaultKind.LOST,
    virtualizor.FaultKind.HTML,
    virtualizor.FaultKind.REDIRECT,
    virtualizor.FaultKind.TOO_MANY,
)
BEFORE_AND_AFTER = tuple(kind for kind in whmcs.FaultKind if kind not in (whmcs.FaultKind.ERROR, whmcs.FaultKind.SLOW))
FREE = {"free_ips": {0: tuple(f"192.0.2.{number}" for number in range(100, 120))}}
DEPOSIT = {"charge": "deposit", "unit": "20.00", "units": 1, "due_in": 604_800, "asked_for": "case", "event": "e1"}
OWN = {"amount": "20.00", "currency": "EUR", "due": "2026-03-09T12:00:00Z"}


@pytest.fixture
def panels(tmp_path: Path) -> Iterator[TwoPanels]:
    with two_panels(tmp_path, estate_seed=FREE) as opened:
        opened.sync()
        yield opened


def an_order(panels: TwoPanels, status: str = "Pending") -> int:
    order = shop.place(panels.world, client=11, product=1, server=1, price=Decimal("10.00"))
    with panels.world.state.lock:
        order.status = status
        for service in order.services:
            panels.world.state.service(service).status = "Active" if status == "Active" else "Pending"
    return order.id


def trouble(panels: TwoPanels, action: str, kind: whmcs.FaultKind) -> None:
    panels.world.faults.order(whmcs.Fault(kind=kind, action=action))


# ---- orders ----


@pytest.mark.parametrize(
    ("action", "call", "status"),
    [("release_order", "AcceptOrder", "Active"), ("refuse_order", "CancelOrder", "Cancelled")],
)
def test_an_order_is_released_or_refused_once_whatever_becomes_of_the_answer(
    panels: TwoPanels, action: str, call: str, status: str
) -> None:
    for kind in BEFORE_AND_AFTER:
        order = an_order(panels)
        trouble(panels, call, kind)
        panels.queue(action, {"order": str(order)}, service=None)
        panels.carry()
        assert (kind, panels.action(action).state) == (kind, "done")
        assert panels.world.state.orders[order].status == status


def test_an_order_that_waits_is_held_without_a_call_and_one_that_runs_is_a_task(panels: TwoPanels) -> None:
    waiting, running = an_order(panels), an_order(panels, "Active")
    panels.queue("hold_order", {"order": str(waiting)}, service=None)
    panels.carry()
    assert (panels.action("hold_order").state, panels.world.journal.calls("PendingOrder")) == ("done", ())
    panels.queue("hold_order", {"order": str(running)}, service=None)
    panels.carry()
    task = panels.action("hold_order")
    assert task.state == "manual"
    assert "The order is provisioned" in task.instructions
    assert panels.world.state.orders[running].status == "Active"


def test_an_order_accepted_before_it_was_provisioned_is_held(panels: TwoPanels) -> None:
    order = an_order(panels)
    panels.world.state.orders[order].status = "Active"
    panels.queue("hold_order", {"order": str(order)}, service=None)
    panels.carry()
    assert panels.action("hold_order").state == "done"
    assert panels.world.state.orders[order].status == "Pending"


def test_an_order_that_was_cancelled_cannot_be_released_and_need_not_be_held(panels: TwoPanels) -> None:
    order = an_order(panels, "Cancelled")
    for action in ("hold_order", "release_order"):
        panels.queue(action, {"order": str(order)}, service=None)
    panels.carry()
    assert panels.action("hold_order").state == "done"
    assert (panels.action("release_order").state, panels.action("release_order").error) == (
        "failed",
        f"order {order} is cancelled",
    )


# ---- the end of an account ----


@pytest.mark.parametrize("call", ["ModuleTerminate", "CloseClient"])
@pytest.mark.parametrize("kind", [whmcs.FaultKind.LOST_BEFORE, whmcs.FaultKind.LOST_AFTER, whmcs.FaultKind.HTML])
def test_an_account_is_closed_after_every_machine_is_gone(panels: TwoPanels, call: str, kind: whmcs.FaultKind) -> None:
    trouble(panels, call, kind)
    panels.queue("terminate_client", service=None)
    panels.carry()
    assert panels.action("terminate_client").state == "done"
    assert panels.world.state.clients[11].status == "Closed"
    assert set(panels.machines.estate.machines) == {1002}
    assert len(panels.world.journal.calls("CloseClient")) <= 2


def test_a_client_with_a_server_that_has_no_module_is_a_task(panels: TwoPanels) -> None:
    panels.queue("terminate_client", client="12", service=None)
    panels.carry()
    task = panels.action("terminate_client")
    assert task.state == "manual"
    assert task.instructions.startswith("Without a server module: 23.")
    assert panels.world.state.services[22].status == "Active"


# ---- machines ----


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
def test_an_address_is_replaced_once_whatever_becomes_of_the_answer(panels: TwoPanels, after: bool) -> None:
    for kind in AT_MACHINES:
        (old,) = (ip for ip in panels.facts(22)["ips"] if "." in ip)
        before = len(panels.machines.estate.log)
        panels.at_machines("managevps", kind, after=after)
        panels.queue("replace_ip", {"ip": old}, client="12", service="22")
        panels.carry()
        assert (kind, panels.action("replace_ip").state) == (kind, "done")
        panels.sync()
        (new,) = panels.facts(22)["ips"]
        assert new != old
        assert panels.world.state.services[22].dedicated_ip == new
        assert len(panels.machines.estate.log) == before + 1
    assert panels.drifts() == []


def test_a_cap_is_set_and_read_back(panels: TwoPanels) -> None:
    panels.at_machines("managevps", virtualizor.FaultKind.LOST, after=True)
    panels.queue("limit_resource", {"metric": "cpu", "cap": 0.8})
    panels.carry()
    assert panels.action("limit_resource").state == "done"
    assert panels.machine(1001).settings["cpu_percent"] == "80"
    assert panels.action("limit_resource").note == "an admin lifts the cap again; before it was cpu 100"


# ---- sums ----


def test_a_deposit_is_invoiced_and_returned_as_credit_once(panels: TwoPanels) -> None:
    trouble(panels, "CreateInvoice", whmcs.FaultKind.LOST_AFTER)
    panels.queue("hold_deposit", OWN, plan=DEPOSIT)
    panels.carry()
    (invoice,) = panels.world.state.invoices.values()
    cashier.pay(panels.world, invoice.id, transid="t1")
    trouble(panels, "AddCredit", whmcs.FaultKind.HTTP_500_AFTER)
    panels.queue("return_deposit", OWN, plan={"of": "x", "invoice": str(invoice.id), "invoiced": "EUR 20.00"})
    panels.carry()
    assert panels.action("return_deposit").state == "done"
    assert [(credit.client, credit.amount) for credit in panels.world.state.credits.values()] == [
        (11, Decimal("20.00"))
    ]


def test_a_refund_in_another_currency_is_converted_at_the_panels_rate(panels: TwoPanels) -> None:
    panels.queue("grant_refund", {"amount": "10.00", "currency": "XXX", "to": "credit"})
    panels.carry()
    assert panels.action("grant_refund").state == "manual"
    panels.queue("credit_client", {"amount": "10.00", "currency": "EUR"})
    panels.carry()
    assert [credit.amount for credit in panels.world.state.credits.values()] == [Decimal("10.00")]
