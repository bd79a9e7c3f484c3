"""A service and a client: what stands against them, and differences between the panels that an admin puts right."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bridge import drift
from bridge.store.tables import rereads
from tests.contract.store.bureau import Bureau
from tests.unit.decide.scenario import a_complaint, a_service, seen
from tests.unit.pages.house import House, tags_of, text_of


def held(bureau: Bureau) -> None:
    """Service 1 is suspended by us and its fine is open."""
    bureau.accept(a_complaint())
    bureau.approve(str(bureau.action("charge_fine")["id"]))
    bureau.finish_all()


def drifted(bureau: Bureau, kind: str = drift.RELEASED) -> None:
    bureau.accept(seen(status="active"))
    says = {"billing": "active", "tipstaff": "held suspended"}
    bureau.store.write(lambda unit: drift.settle(unit.connection, {"1": {kind: says}}, bureau.clock.now()))


def test_a_service_shows_what_stands_against_it(house: House) -> None:
    held(house.bureau)
    said = text_of(house.get("/services/1"))
    for words in (
        "suspended by Tipstaff",
        "Hold stands 1a k1",
        "k1 · denial-of-service attack",
        "192.0.2.10",
        "Refunds as",
    ):
        assert words in said
    assert "Fine 20.00 USD open" in said


def test_the_no_refund_mark_is_shown_with_its_clause(house: House) -> None:
    house.bureau.accept(a_complaint("content/phishing"))
    house.bureau.approve(str(house.bureau.action("terminate_service")["id"]))
    house.bureau.finish_all()
    assert "No refunds for this service clause 4" in text_of(house.get("/services/1"))


def test_all_holds_of_a_service_are_lifted_with_a_reason(house: House) -> None:
    held(house.bureau)
    assert house.post("/services/1", do="lift", note="").status == 422
    answer = house.post("/services/1", do="lift", note="a mistake of ours")
    assert "The holds were lifted." in text_of(house.follow(answer))
    assert all(hold["ended"] for hold in house.bureau.enquiries.service("1")["holds"])


def test_a_service_released_by_hand_is_suspended_again_by_a_click(house: House) -> None:
    held(house.bureau)
    drifted(house.bureau)
    assert "The service is active although our hold stands." in text_of(house.get("/services/1"))
    house.post("/services/1", do="right", kind=drift.RELEASED)
    newest = house.bureau.actions(service="1")[0]
    assert (newest["action"], newest["state"], newest["clause"]) == ("suspend_service", "approved", "1a")
    house.post("/services/1", do="right", kind=drift.RELEASED)
    assert len(house.bureau.actions(state="approved")) == 1
    house.bureau.finish_all()
    assert len(house.bureau.enquiries.service("1")["holds"]) == 1
    assert house.bureau.faults() == []


def test_nothing_is_suspended_where_no_hold_stands_any_more(house: House) -> None:
    drifted(house.bureau)
    assert house.post("/services/1", do="right", kind=drift.RELEASED).status == 409


def test_other_differences_are_read_again(house: House) -> None:
    drifted(house.bureau, drift.ADDRESSES)
    assert "Read again" in text_of(house.get("/services/1"))
    house.post("/services/1", do="right", kind=drift.ADDRESSES)
    assert [(row.kind, row.id) for row in house.bureau.rows(select(rereads))] == [("service", "1")]


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/services/1", {"do": "right", "kind": "nonsense"}, 404),
        ("/services/none", {"do": "right", "kind": drift.RELEASED}, 404),
        ("/services/none", {"do": "lift", "note": "x"}, 404),
        ("/services/1", {"do": "dance"}, 422),
    ],
)
def test_what_cannot_be_done_is_said(house: House, path: str, form: dict[str, str], status: int) -> None:
    page = house.post(path, **form)
    assert page.status == status
    assert [tag for tag in tags_of(page, "p") if tag.get("role") == "alert"]


@pytest.mark.parametrize("path", ["/services/none", "/clients/none", "/services/", "/clients/", "/services"])
def test_who_is_not_known_is_404(house: House, path: str) -> None:
    assert house.get(path).status == 404


def test_a_client_shows_every_service_with_what_holds_it(house: House) -> None:
    house.bureau.accept(a_service("2", "-1d", ips=["192.0.2.77"]))
    held(house.bureau)
    said = text_of(house.get("/clients/c1"))
    assert "Services (2)" in said
    assert "service 1 suspended · VPS 192.0.2.10 1 holds: 1" in said
    assert "Fine 20.00 USD open" in said
    assert "k1" in said
