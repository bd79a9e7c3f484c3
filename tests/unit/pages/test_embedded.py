"""The pieces beside the panel's own pages: short, harmless, and silent where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.store.tables import tickets
from tests.contract.store.bureau import Bureau
from tests.unit.decide.scenario import a_complaint, a_service, an_event
from tests.unit.packs import DISPUTES
from tests.unit.pages.house import HOSTILE, House, expect_harmless, tags_of, text_of


def held(bureau: Bureau) -> str:
    """Service 1 is suspended by us, told of it in ticket 77, and its fine is open; the fine's invoice."""
    bureau.accept(a_complaint())
    bureau.approve(str(bureau.action("charge_fine")["id"]))
    bureau.finish_all()
    opened = {"ticket": "77", "case": "k1", "action": bureau.action("notify_customer")["id"]}
    bureau.store.write(lambda unit: unit.connection.execute(tickets.insert(), opened))
    return str(bureau.enquiries.service("1")["charges"][0]["invoice"])


def test_the_home_page_says_how_many_approvals_wait(house: House) -> None:
    assert "0 Waiting for approval" in text_of(house.get("/embed/home"))
    house.bureau.accept(a_complaint())
    page = house.get("/embed/home")
    assert (page.status, "1 Waiting for approval" in text_of(page)) == (200, True)
    expect_harmless(page)


@pytest.mark.parametrize(
    "path",
    [
        "/embed/clients/c1", "/embed/clients/none", "/embed/services/1", "/embed/services/none", "/embed/tickets/5",
        "/embed/invoices/5", f"/embed/tickets/{HOSTILE}", "/embed/other", "/embed/clients/", "/embed",
    ],
)  # fmt: skip
def test_where_there_is_nothing_to_say_it_is_404(house: House, path: str) -> None:
    page = house.get(path)
    assert page.status == 404
    expect_harmless(page)


def test_a_client_and_a_service_show_strikes_holds_and_charges(house: House) -> None:
    held(house.bureau)
    client, service = house.get("/embed/clients/c1"), house.get("/embed/services/1")
    assert (client.status, service.status) == (200, 200)
    for words in ("service 1 strike 1 holds: 1", "Fine 20.00 USD open", "k1 "):
        assert words in text_of(client)
    for words in (
        "Hold · clause 1a",
        "Strikes: k1 ( denial-of-service attack )",
        "suspended by Tipstaff",
        "Fine 20.00 USD open",
    ):
        assert words in text_of(service)
    expect_harmless(client)
    expect_harmless(service)


def test_a_client_shows_which_services_are_refused_refunds(house: House) -> None:
    house.bureau.accept(a_service("2", "-1d", ips=["192.0.2.77"]), a_complaint("content/phishing"))
    house.bureau.finish_all()
    assert "No refunds for this service service 1 · clause 4" in text_of(house.get("/embed/clients/c1"))
    assert "No refunds for this service clause 4" in text_of(house.get("/embed/services/1"))


def test_a_ticket_has_its_case_beside_it_with_findings_as_buttons(house: House) -> None:
    held(house.bureau)
    page = house.get("/embed/tickets/77")
    assert page.status == 200
    assert "case k1" in text_of(page)
    findings = [button["value"] for button in tags_of(page, "button") if button.get("name") == "finding"]
    assert "remediated" in findings
    sent = {field["name"]: field.get("value") for field in tags_of(page, "input") if field["type"] == "hidden"}
    assert (sent["path"], sent["do"], sent["token"]) == ("/cases/k1", "finding", "t0k")
    assert house.post(str(sent["path"]), do="finding", finding="remediated").status == 303
    assert house.bureau.enquiries.case("k1")["findings"][0]["finding"] == "remediated"


def test_an_invoice_of_ours_says_what_it_is_for_and_how_refunds_stand(house: House) -> None:
    page = house.get(f"/embed/invoices/{held(house.bureau)}")
    assert page.status == 200
    for words in ("Fine 20.00 USD open", "clause 1a", "case k1", "Refunds as the policy says"):
        assert words in text_of(page)


def test_a_fee_that_is_the_clients_alone_names_its_clause_and_stands_on_the_clients_page(
    open_house: Callable[..., House], tmp_path: Path
) -> None:
    file = tmp_path / "disputes.yaml"
    file.write_text(DISPUTES)
    house = open_house(policy=str(file))
    house.bureau.accept(an_event("payment.disputed", "0h", client="c1", contacted_support=True))
    fee = str(house.bureau.action("charge_fee")["id"])
    house.bureau.approve(fee)
    house.bureau.finish_all()
    page = house.get(f"/embed/invoices/i-{fee}")
    assert page.status == 200
    assert "Fee 35.00 EUR open · clause 1 · Due" in text_of(page)
    assert "Fee 35.00 EUR open" in text_of(house.get("/clients/c1"))


def test_the_pieces_are_for_admins_alone(house: House) -> None:
    held(house.bureau)
    assert {house.client(path).status for path in ("/embed/home", "/embed/clients/c1", "/embed/tickets/77")} == {404}


def test_beside_an_order_stands_why_it_is_held(house: House) -> None:
    refused = an_event("client.refused", "0h", client="c1", by="anna")
    placed = an_event("order.placed", "0h", order="31", client="c1", service="1", product_kind="vps")
    house.bureau.accept(refused, placed)
    page = house.get("/embed/orders/31", client="c1")
    said = text_of(page)
    assert "Order 31 · client c1 Hold an order" in said
    assert "Client c1 is refused service: the order is held." in said
    assert "clause G15" in said
    expect_harmless(page)
    for other in ({"client": "c2"}, {"client": HOSTILE}, {}):
        assert house.get("/embed/orders/31", **other).status == 404
    assert house.get("/embed/orders/32", client="c1").status == 404
