"""Deposits, incidents, refunds, disputes and orders with one service for several policies: real hooks, both panels."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from adapters.whmcs import sandbox as whmcs
from adapters.whmcs.sandbox import cashier, people, shop
from adapters.whmcs.sandbox.hook_sender import AUTOMATION
from adapters.whmcs.sandbox.state import ApplicationError, Invoice, Line, next_id
from bridge.sandboxes import REFUGE, start_sandboxes
from tests.flows.installation import Installation

IPCATS, KLT_NET, DPTGROUP, ATLEX = 11, 12, 13, 14
GROUPS = {4: IPCATS, 5: IPCATS, 6: IPCATS, 12: IPCATS, 7: KLT_NET, 8: DPTGROUP, 10: ATLEX}
"""By client; the others are lanmang's. Client n has service n with 192.0.2.(10 + n)."""
ROUTES = "".join(
    f'[[route]]\npolicy = "{policy}"\nclient_group = {group}\n'
    for policy, group in (("ipcats", IPCATS), ("klt-net", KLT_NET), ("dptgroup", DPTGROUP), ("atlex", ATLEX))
)
DETAILS = "Details verified"
"""A field of the client; the panel tells its id, 1, and not its name."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A synced installation that keeps to five policies at once, with its service running."""
    panels = start_sandboxes(lambda: datetime.now(UTC))
    state = panels.world.state
    state.currencies = {**state.currencies, "CNY": whmcs.SeedCurrency(code="CNY", rate=Decimal("7.20"))}
    for client, group in GROUPS.items():
        state.clients[client].groupid = group
        state.clients[client].custom_fields[DETAILS] = ""
    made = Installation(
        tmp_path_factory.mktemp("policies"),
        panels,
        policy="lanmang",
        more=ROUTES,
        mapping='details_verified = { custom_field = "1" }\n',
    )
    try:
        made.start()
        yield made
        assert made.world.journal.violations == ()
        assert made.world.hooks.rejected == []
    finally:
        made.close()
        panels.stop()


# ---- what happens in the panel and is told ----


def tell(place: Installation, type_: str, **fields: Any) -> list[Any]:
    """An event by the API; its records."""
    event = {"id": f"e-{secrets.token_hex(4)}", "type": type_, "at": datetime.now(UTC).isoformat(), **fields}
    return list(place.post("/events", event)["records"])


def decided(place: Installation, service: int, action: str, state: str) -> Any:
    """The newest action of that name about the service, once it is in that state."""

    def found() -> Any:
        items = place.get(f"/actions?service={service}&limit=200")["items"]
        wanted = [item for item in items if item["action"] == action and item["state"] == state]
        return wanted[0] if wanted else None

    return place.until(found)


def carried_out(place: Installation, service: int, action: str) -> Any:
    """Approve the one proposal of that name about the service, and wait until it is done."""
    proposed = decided(place, service, action, "proposed")
    place.post(f"/actions/{proposed['id']}/approve", {"by": "anna", "reason": "seen"})
    return place.until(lambda: (one := place.get(f"/actions/{proposed['id']}"))["state"] == "done" and one)


def pay(place: Installation, client: int) -> None:
    """The client pays his newest invoice."""
    cashier.pay(place.world, place.invoices_of(client)[-1].id, transid=secrets.token_hex(4))


def a_paid_invoice(place: Installation, client: int) -> int:
    """For the client's service, as the panel's own billing makes it; its number."""
    state, now = place.world.state, datetime.now(UTC)
    with state.lock:
        number = next_id(state.invoices)
        state.invoices[number] = Invoice(
            id=number, client=client, status="Unpaid", issued=now.date(), due=now.date(), created=now,
            payment_method="banktransfer", notes="",
            lines=[Line(id=1, description="VPS", amount=Decimal("10.00"), service=client)],
        )  # fmt: skip
    cashier.pay(place.world, number, transid=secrets.token_hex(4))
    return number


def status(place: Installation, service: int) -> str:
    return place.world.state.services[service].status


def credit_of(place: Installation, client: int) -> Decimal:
    with place.world.state.lock:
        booked = place.world.state.credits.values()
        return sum((credit.amount for credit in booked if credit.client == client), Decimal())


# ---- deposits ----


def test_a_deposit_and_an_undertaking_connect_again_and_the_contracts_end_returns_the_deposit(
    place: Installation,
) -> None:
    case = place.complain("192.0.2.11", "content/illegal")
    place.action(case, "suspend_service", "done")
    carried_out(place, 1, "hold_deposit")
    (invoice,) = place.invoices_of(1)
    assert "5000.00" in invoice.lines[0].description
    tell(place, "undertaking.signed", service="1", by="the owner")
    with pytest.raises(ApplicationError):
        people.command(place.world, 1, "unsuspend", "automation")
    assert status(place, 1) == "Suspended"
    pay(place, 1)
    carried_out(place, 1, "unsuspend_service")
    assert status(place, 1) == "Active"
    taken = invoice.paid
    tell(place, "service.expired", service="1")
    carried_out(place, 1, "return_deposit")
    assert credit_of(place, 1) == taken > 0


def test_a_deposit_is_forfeited_when_it_happens_again_and_a_new_one_is_asked_for(place: Installation) -> None:
    first = place.complain("192.0.2.12", "content/illegal")
    place.action(first, "suspend_service", "done")
    carried_out(place, 2, "hold_deposit")
    pay(place, 2)
    tell(place, "undertaking.signed", service="2", by="the owner")
    carried_out(place, 2, "unsuspend_service")
    second = place.complain("192.0.2.12", "content/gambling")
    place.action(second, "suspend_service", "done")
    carried_out(place, 2, "forfeit_deposit")
    carried_out(place, 2, "hold_deposit")
    assert [charge["status"] for charge in place.get("/services/2")["charges"]] == ["closed", "open"]
    pay(place, 2)
    tell(place, "undertaking.signed", service="2", by="the owner")
    carried_out(place, 2, "unsuspend_service")
    assert (status(place, 2), credit_of(place, 2)) == ("Active", Decimal())


def test_what_billing_suspended_is_held_too_taken_over_when_billing_lets_go_and_released(place: Installation) -> None:
    people.command(place.world, 9, "suspend", "automation", "Overdue on Payment")
    place.until(lambda: is_known(place, 9, "suspended"))
    place.complain("192.0.2.19", "content/illegal")
    carried_out(place, 9, "hold_deposit")
    with pytest.raises(ApplicationError):
        people.command(place.world, 9, "unsuspend", "automation")
    tell(place, "undertaking.signed", service="9", by="the owner")
    pay(place, 9)
    carried_out(place, 9, "unsuspend_service")
    assert status(place, 9) == "Active"


# ---- incidents ----


def test_who_was_cut_off_because_of_others_is_connected_again_credited_and_moved(place: Installation) -> None:
    began = datetime.now(UTC) - timedelta(hours=30)
    people.command(place.world, 3, "suspend", "admin", "room closed")
    place.until(lambda: is_known(place, 3, "suspended"))
    ended = datetime.now(UTC)
    tell(
        place, "incident.declared", incident="room", affected=["3", "11"], migrate=True,
        started=began.isoformat(), ended=ended.isoformat(),
    )  # fmt: skip
    carried_out(place, 3, "unsuspend_service")
    assert status(place, 3) == "Active"
    carried_out(place, 3, "credit_client")
    assert credit_of(place, 3) > 0
    task = decided(place, 3, "migrate_service", "proposed")
    place.post(f"/actions/{task['id']}/approve", {"by": "anna", "reason": "seen"})
    place.until(lambda: place.get(f"/actions/{task['id']}")["state"] == "done")
    machines = requests.get(f"{place.panels.virtualizor.url}/sandbox/machines", timeout=10).json()["machines"]
    assert {machine["serid"] for machine in machines if "192.0.2.13" in str(machine)} == {REFUGE}
    others = {item["action"] for item in place.get("/actions?service=11")["items"]}
    assert others == {"credit_client", "migrate_service"}


# ---- refunds ----


def test_staff_is_told_when_a_refund_is_made_that_a_clause_refuses(place: Installation) -> None:
    number = a_paid_invoice(place, 7)
    case = place.complain("192.0.2.17", "content/phishing")
    place.action(case, "refuse_refund", "done")
    (verdict,) = [one for one in tell(place, "refund.requested", service="7") if one["record"] == "verdict"]
    assert verdict["outcome"] == "refuse"
    cashier.refund(place.world, number, transid="back-7")
    alarm = decided(place, 7, "notify_staff", "done")
    assert alarm["template"] == "refund_alarm"
    with place.world.state.lock:
        assert [mail for mail in place.world.state.mails if mail.to == "admins" and "refund" in mail.subject.lower()]


@pytest.mark.parametrize("client", [8, 10], ids=["dptgroup", "atlex"])
def test_a_refund_that_no_clause_refuses_alarms_nobody(place: Installation, client: int) -> None:
    number = a_paid_invoice(place, client)
    verdicts = [one for one in tell(place, "refund.requested", service=str(client)) if one["record"] == "verdict"]
    assert [verdict["outcome"] for verdict in verdicts] == ["review"]
    cashier.refund(place.world, number, transid=f"back-{client}")
    place.until(lambda: is_told(place, "refund.granted", client))
    assert place.get(f"/actions?service={client}")["items"] == []


def counted(place: Installation, query: str, *values: str) -> int:
    with closing(sqlite3.connect(place.folder / "tipstaff.db")) as database:
        return int(database.execute(query, values).fetchone()[0])


def is_told(place: Installation, type_: str, service: int) -> bool:
    """Whether such an event about the service was accepted."""
    query = "select count(*) from events where type = ? and json_extract(body, '$.service') = ?"
    return counted(place, query, type_, str(service)) > 0


def is_known(place: Installation, service: int, status_: str) -> bool:
    """Whether the service was last seen like that."""
    query = "select count(*) from services where id = ? and json_extract(facts, '$.status') = ?"
    return counted(place, query, str(service), status_) > 0


def test_a_refund_for_a_product_withdrawn_is_credited_and_never_sent_back_to_the_gateway(place: Installation) -> None:
    records = tell(place, "refund.requested", service="6", channel="gateway", reason="product_withdrawn")
    verdict = next(one for one in records if one["record"] == "verdict")
    assert verdict["outcome"] == "allow"
    granted = carried_out(place, 6, "grant_refund")
    assert granted["to"] == "credit"
    assert credit_of(place, 6) > 0


# ---- disputes ----


def test_a_reversed_payment_is_found_by_looking_and_costs_the_account(place: Installation) -> None:
    people.client_ticket(place.world, 12, 1, "Where is my server", "I paid and it is gone")
    for client in (5, 12, 8):
        cashier.set_status(place.world, a_paid_invoice(place, client), "Collections", AUTOMATION)
    place.run("sync")
    decided(place, 5, "refuse_refund", "done")
    ended = next(item for item in place.get("/actions?client=5")["items"] if item["action"] == "terminate_client")
    assert ended["state"] == "proposed"
    decided(place, 5, "suspend_service", "done")
    assert status(place, 5) == "Suspended"
    place.post(f"/actions/{ended['id']}/reject", {"by": "anna", "reason": "settled with him"})
    carried_out(place, 5, "unsuspend_service")
    assert status(place, 5) == "Active"
    asked_first = place.get("/actions?client=12")["items"]
    assert [item["action"] for item in asked_first] == ["notify_staff"]
    assert place.get("/actions?client=8")["items"] == []


# ---- orders ----


def test_an_order_waits_until_address_and_details_are_verified(place: Installation) -> None:
    people.edit_client(place.world, 4, {"email_verified": False})
    order = shop.place(place.world, client=4, product=1, server=1, price=Decimal("10.00"))
    (service,) = order.services
    decided(place, service, "hold_order", "done")
    with pytest.raises(ApplicationError):
        shop.accept(place.world, order.id)
    assert status(place, service) == "Pending"
    people.edit_client(place.world, 4, {"email_verified": True, "custom_fields": {DETAILS: "on"}})
    carried_out(place, service, "release_order")
    assert (place.world.state.orders[order.id].status, status(place, service)) == ("Active", "Active")


def test_the_order_of_a_client_who_will_not_be_verified_is_cancelled(place: Installation) -> None:
    people.edit_client(place.world, 6, {"email_verified": False})
    order = shop.place(place.world, client=6, product=1, server=1, price=Decimal("10.00"))
    (service,) = order.services
    decided(place, service, "hold_order", "done")
    tell(place, "order.verification_refused", order=str(order.id), client="6")
    decided(place, service, "refuse_order", "done")
    decided(place, service, "refuse_refund", "done")
    assert place.world.state.orders[order.id].status == "Cancelled"
