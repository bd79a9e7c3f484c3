"""What the panel reads of clients and services, through every shape the contract leaves open."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from adapters.whmcs.panel import WhmcsPanel
from adapters.whmcs.sandbox import FaultKind, Quirks, people
from adapters.whmcs.sandbox.seed import EmptyList
from bridge.errors import PanelRefused
from bridge.ports import BillingPanel, Capability, Disputes, SelfCheck, ServiceStatus
from tests.contract.whmcs.conftest import Sandbox, StartSandbox, a_seed


def test_the_panel_keeps_the_ports(whmcs: Sandbox) -> None:
    panel = whmcs.panel()
    billing: BillingPanel = panel
    disputes: Disputes = panel
    checked: SelfCheck = panel
    assert billing.name == "whmcs"
    assert Capability.SUSPEND in billing.capabilities
    assert list(disputes.collections()) == []
    assert checked.faults() == []


def test_the_probe_tells_the_version(whmcs: Sandbox) -> None:
    assert whmcs.panel().probe() == "WHMCS 8.13.1"


def test_the_probe_is_content_with_a_role_that_may_not_read_the_version(whmcs: Sandbox) -> None:
    words = 'Invalid Permissions: API action "WhmcsDetails" is not allowed'
    whmcs.fault(FaultKind.ERROR, "WhmcsDetails", words=words)
    assert "not shown" in whmcs.panel().probe()
    assert whmcs.calls("GetCurrencies") == 1


def test_the_probe_says_that_credentials_are_wrong(whmcs: Sandbox) -> None:
    with pytest.raises(PanelRefused, match="Authentication Failed"):
        whmcs.panel(whmcs.client(secret="wrong")).probe()


def test_an_access_key_lets_a_caller_in_from_elsewhere(start: StartSandbox) -> None:
    sandbox = start(a_seed(access_key="key"))
    assert sandbox.panel(sandbox.client(access_key="key")).probe() == "WHMCS 8.13.1"
    with pytest.raises(PanelRefused, match=r"Invalid IP 127\.0\.0\.1"):
        sandbox.panel(sandbox.client()).probe()


def test_a_client_is_read_whole_with_currency_and_language(whmcs: Sandbox) -> None:
    client = whmcs.panel().client("12")
    assert client is not None
    assert (client.name, client.group, client.currency, client.locale) == ("Rast & Söhne <GmbH>", "3", "USD", "en")
    assert client.email_verified is True
    assert client.custom_fields == {"1": "yes"}


def test_lists_of_clients_tell_no_currency(whmcs: Sandbox) -> None:
    ada, bo = whmcs.panel().clients()
    assert (ada.id, ada.name, ada.group, ada.currency) == ("11", "Ada Ähm", None, None)
    assert (bo.id, bo.group) == ("12", "3")


def test_a_service_is_read_whole(whmcs: Sandbox) -> None:
    service = whmcs.panel().service("21")
    assert service is not None
    assert (service.client, service.product, service.server, service.vpsid) == ("11", "1", "1", "1001")
    assert service.ips == ("192.0.2.10", "192.0.2.11", "2001:db8::1", "198.51.100.0/29")
    assert (service.order, service.registered, service.next_due) == ("31", date(2026, 1, 15), date(2026, 3, 15))
    assert (service.status, service.recurring_amount) == (ServiceStatus.ACTIVE, Decimal("10.00"))
    assert service.custom_fields == {"vpsid": "1001", "vps_uuid": "u-1001"}
    assert service.has_module is True


def test_a_service_of_a_product_without_a_module_has_none(whmcs: Sandbox) -> None:
    service = whmcs.panel().service("22")
    assert service is not None
    assert (service.has_module, service.server, service.vpsid, service.next_due) == (False, None, None, None)


def test_custom_fields_without_names_are_named_after_the_product(start: StartSandbox) -> None:
    sandbox = start(a_seed(quirks=Quirks(custom_field_names=False)))
    service = sandbox.panel().service("21")
    assert service is not None
    assert service.vpsid == "1001"


def test_without_the_right_to_read_products_the_server_tells_of_a_module(whmcs: Sandbox) -> None:
    whmcs.fault(FaultKind.ERROR, "GetProducts", words="Invalid Permissions")
    service = whmcs.panel().service("21")
    assert service is not None
    assert service.has_module is True


@pytest.mark.parametrize("unknown", ["99", "0", "", "abc", "21 or 1", "२१", "9" * 30])
def test_what_the_panel_does_not_have_is_none(whmcs: Sandbox, unknown: str) -> None:
    panel = whmcs.panel()
    assert panel.service(unknown) is None
    assert panel.client(unknown) is None
    assert panel.invoice(unknown) is None
    assert panel.ticket(unknown) is None
    assert panel.order(unknown) is None
    assert list(panel.services(client=unknown)) == []
    assert list(panel.tickets(unknown)) == []
    assert list(panel.invoices(unknown)) == []


def test_an_id_that_is_no_number_is_never_sent(whmcs: Sandbox) -> None:
    panel = whmcs.panel()
    assert list(panel.services(client="abc")) == []
    with pytest.raises(PanelRefused, match="'abc' is no service"):
        panel.suspend("abc", "because")
    assert whmcs.world.journal.counts() == {}


@pytest.mark.parametrize("page_size", [1, 7, 32, 250])
def test_all_services_are_read_whatever_the_page_size(start: StartSandbox, page_size: int) -> None:
    sandbox = start(a_seed(extra_services=30))
    found = [service.id for service in sandbox.panel(page_size=page_size).services()]
    assert len(found) == len(set(found)) == 32
    assert sandbox.panel().service_count() == 32


def test_a_panel_that_gives_smaller_pages_than_asked_loses_no_row(start: StartSandbox) -> None:
    sandbox = start(a_seed(extra_services=30, quirks=Quirks(most_rows=10)))
    assert len(list(sandbox.panel(page_size=250).services())) == 32
    assert sandbox.calls("GetClientsProducts") == 4


def test_one_client_has_only_its_own_services(whmcs: Sandbox) -> None:
    assert [service.id for service in whmcs.panel().services(client="12")] == ["22"]


@pytest.mark.parametrize("shape", get_args(EmptyList))
def test_an_empty_list_may_look_as_it_likes(start: StartSandbox, shape: EmptyList) -> None:
    panel = start(a_seed(quirks=Quirks(empty_list=shape, flat_lists=False))).panel()
    assert list(panel.tickets("11")) == []
    assert list(panel.invoices("12")) == []
    assert panel.credits("11") == []
    assert panel.transactions("11") == []


@pytest.mark.parametrize("flat", [True, False])
def test_currencies_are_read_flat_and_nested(start: StartSandbox, flat: bool) -> None:
    currencies = start(a_seed(quirks=Quirks(flat_lists=flat))).panel().currencies()
    assert {code: currency.rate for code, currency in currencies.items()} == {"EUR": 1, "USD": Decimal("1.08")}


def test_an_unknown_status_is_shown_and_not_guessed(whmcs: Sandbox) -> None:
    people.edit_service(whmcs.world, 21, {"status": "Hibernating"})
    with pytest.raises(PanelRefused, match="Hibernating"):
        whmcs.panel().service("21")


@pytest.mark.parametrize("word", ["Cancelled", "Fraud", "Completed", "Terminated"])
def test_services_that_have_ended_count_as_terminated(whmcs: Sandbox, word: str) -> None:
    people.edit_service(whmcs.world, 21, {"status": word})
    service = whmcs.panel().service("21")
    assert service is not None
    assert service.status is ServiceStatus.TERMINATED


def test_the_configuration_is_compared_with_the_panel(whmcs: Sandbox) -> None:
    panel = WhmcsPanel(
        whmcs.client(),
        abuse_department="9",
        payment_method="paypal",
        admin_username="nobody",
        timezone=ZoneInfo("UTC"),
    )
    department, method, admin = panel.faults()
    assert "abuse_department '9'" in department
    assert "banktransfer" in method
    assert "tipstaff" in admin


def test_a_date_is_that_of_the_panels_zone(whmcs: Sandbox) -> None:
    assert whmcs.panel().local_date(datetime(2026, 6, 1, 22, 30, tzinfo=UTC)) == date(2026, 6, 2)
