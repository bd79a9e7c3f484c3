"""The sandbox's hooks: signed, in order, sent again, and those that ask are obeyed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest

from adapters.whmcs.sandbox import cashier, people, shop
from adapters.whmcs.sandbox.state import ApplicationError
from bridge.errors import PanelRefused
from bridge.ports import ServiceStatus
from tests.contract.whmcs.bridge_double import SECRET, BridgeDouble, bridge_double
from tests.contract.whmcs.conftest import NOW, Sandbox


@pytest.fixture
def bridge() -> Iterator[BridgeDouble]:
    with bridge_double(NOW) as double:
        yield double


@pytest.fixture
def connected(whmcs: Sandbox, bridge: BridgeDouble) -> Sandbox:
    """A sandbox whose hooks go to the double."""
    whmcs.world.hooks.connect(bridge.url, SECRET)
    return whmcs


def _status(sandbox: Sandbox) -> ServiceStatus:
    service = sandbox.panel().service("21")
    assert service is not None
    return service.status


def test_hooks_are_signed_and_say_what_when_and_by_whom(connected: Sandbox, bridge: BridgeDouble) -> None:
    people.command(connected.world, 21, "suspend", "admin", "Overdue on Payment")
    asked, told = bridge.taken
    assert asked["hook"] == "PreModuleSuspend"
    assert told["hook"] == "AfterModuleSuspend"
    assert (told["at"], told["by"], told["admin"]) == ("2026-03-02T12:00:00Z", "admin", "1")
    assert told["vars"]["params"]["serviceid"] == 21
    assert told["vars"]["params"]["customfields"]["vpsid"] == "1001"
    assert len(set(bridge.ids)) == 2


@pytest.mark.parametrize("outcome", ["refuse", "hold"])
@pytest.mark.parametrize("command", ["suspend", "unsuspend", "terminate"])
def test_a_module_command_that_is_refused_is_not_run(
    connected: Sandbox, bridge: BridgeDouble, outcome: str, command: str
) -> None:
    bridge.outcome = outcome
    with pytest.raises(ApplicationError, match="Aborted by Action Hook"):
        people.command(connected.world, 21, command, "automation")
    assert _status(connected) is ServiceStatus.ACTIVE
    assert bridge.taken[-1]["by"] == "automation"


def test_the_api_caller_reads_that_a_hook_aborted(connected: Sandbox, bridge: BridgeDouble) -> None:
    bridge.outcome = "refuse"
    with pytest.raises(PanelRefused, match="Aborted"):
        connected.panel().unsuspend("21")


def test_payment_unsuspends_the_service_of_the_invoice(connected: Sandbox, bridge: BridgeDouble) -> None:
    people.command(connected.world, 21, "suspend", "automation", "Overdue on Payment")
    cashier.pay(connected.world, 1, transid="t-1")
    assert _status(connected) is ServiceStatus.ACTIVE
    assert bridge.names[2:] == [
        "AddInvoicePayment",
        "InvoicePaidPreEmail",
        "PreModuleUnsuspend",
        "AfterModuleUnsuspend",
        "InvoicePaid",
    ]


def test_payment_does_not_unsuspend_what_the_bridge_holds(connected: Sandbox, bridge: BridgeDouble) -> None:
    people.command(connected.world, 21, "suspend", "automation", "Spam")
    bridge.outcome = "refuse"
    cashier.pay(connected.world, 1, transid="t-1")
    assert _status(connected) is ServiceStatus.SUSPENDED
    assert connected.world.state.invoices[1].status == "Paid"


def test_hooks_that_were_not_taken_are_sent_again_in_order_under_their_ids(
    connected: Sandbox, bridge: BridgeDouble
) -> None:
    bridge.status = 503
    people.edit_client(connected.world, 11, {"groupid": 3})
    people.client_ticket(connected.world, 11, 2, "Help", "My server is blocked")
    assert connected.world.hooks.waiting == 2
    tried = bridge.ids[0]
    bridge.status = 0
    assert connected.world.hooks.flush() == 2
    assert bridge.names == ["ClientEdit", "TicketOpen"]
    assert tried in bridge.ids[-2:]


def test_a_hook_that_the_bridge_finds_wrong_does_not_block_the_others(connected: Sandbox, bridge: BridgeDouble) -> None:
    bridge.status = 422
    people.edit_service(connected.world, 21, {"domain": "new.example"})
    assert connected.world.hooks.waiting == 0
    assert connected.world.hooks.rejected == ["AdminServiceEdit: HTTP 422 {}", "ServiceEdit: HTTP 422 {}"]


def test_without_a_bridge_provisioning_and_unsuspension_go_on(connected: Sandbox, bridge: BridgeDouble) -> None:
    bridge.status = 503
    people.command(connected.world, 21, "suspend", "automation", "Overdue")
    people.command(connected.world, 21, "unsuspend", "automation")
    shop.place(connected.world, client=11, product=1, price=Decimal("10.00"))
    assert connected.world.state.orders[32].status == "Pending"
    assert connected.world.state.services[23].status == "Active"


@pytest.mark.parametrize(("bar", "admin_may"), [(False, True), (True, False)])
def test_without_a_bridge_the_holds_fetched_last_decide(
    connected: Sandbox, bridge: BridgeDouble, bar: bool, admin_may: bool
) -> None:
    bridge.holds = [{"service": "21", "clause": "1.1", "bar": bar, "status": "placed"}]
    assert connected.world.hooks.fetch_holds()
    people.command(connected.world, 21, "suspend", "automation", "Spam")
    bridge.status = 503
    with pytest.raises(ApplicationError):
        people.command(connected.world, 21, "unsuspend", "automation")
    if admin_may:
        people.command(connected.world, 21, "unsuspend", "admin")
    else:
        with pytest.raises(ApplicationError):
            people.command(connected.world, 21, "unsuspend", "admin")


def test_a_hold_that_ended_no_longer_counts(connected: Sandbox, bridge: BridgeDouble) -> None:
    people.command(connected.world, 21, "suspend", "automation", "Spam")
    for status in ("placed", "ended"):
        bridge.holds = [{"service": "21", "clause": "1.1", "bar": True, "status": status}]
        connected.world.hooks.fetch_holds()
    bridge.status = 503
    people.command(connected.world, 21, "unsuspend", "automation")
    assert _status(connected) is ServiceStatus.ACTIVE


def test_an_order_that_is_held_is_not_provisioned(connected: Sandbox, bridge: BridgeDouble) -> None:
    bridge.outcome = "hold"
    order = shop.place(connected.world, client=11, product=1, price=Decimal("10.00"))
    assert connected.world.state.services[order.services[0]].status == "Pending"
    assert bridge.names == ["AfterShoppingCartCheckout", "PreModuleCreate"]


def test_the_bridge_may_read_the_panel_while_it_is_asked(connected: Sandbox, bridge: BridgeDouble) -> None:
    read: list[ServiceStatus] = []

    def look() -> None:
        looking = threading.Thread(target=lambda: read.append(_status(connected)))
        looking.start()
        looking.join(timeout=1)

    bridge.meanwhile = look
    connected.panel().suspend("21", "because")
    assert read == [ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED]
