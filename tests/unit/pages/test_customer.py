"""The customer's own page: what happened and what to do, nobody else's, nothing that leads to a person or to harm."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bridge.store.tables import events
from bridge.web.pages.page import CLIENT, PageAnswer
from tests.contract.store.bureau import Bureau
from tests.unit.decide.scenario import OTHER_IP, a_complaint, a_service, an_event, at, seen
from tests.unit.pages.conftest import Opening
from tests.unit.pages.house import HOSTILE, House, expect_harmless, text_of

LIST = {"name": "A blocklist", "kind": "blocklist"}
PERSON = {"name": "Erika Muster", "kind": "individual"}


def send(house: House, path: str, client: str = "c1", **form: str) -> PageAnswer:
    return house.post(path, by=client, role=CLIENT, **form)


def struck(bureau: Bureau, reporter: dict[str, str] = LIST, **more: Any) -> None:
    """Service 1 is suspended and fined, and its customer was told."""
    bureau.accept(a_complaint(reporter=reporter, **more))
    bureau.approve(str(bureau.action("charge_fine")["id"]))
    bureau.finish_all()


def alarm(page: PageAnswer) -> bool:
    return 'role="alert"' in page.html


def replies(bureau: Bureau) -> list[str]:
    wanted = select(events.c.body).where(events.c.type == "customer.replied").order_by(events.c.seq)
    return [str(row.body) for row in bureau.rows(wanted)]


def test_a_case_says_what_happened_what_was_decided_and_what_to_do(house: House) -> None:
    struck(house.bureau, targets=["http://shop.example/login"])
    page = house.client("/cases/k1")
    assert page.status == 200
    for words in (
        "A blocklist", "192.0.2.10", "hxxp://shop[.]example/login", "Suspend the service", "Clause 1a",
        "followed from the policy, automatically", "decided by a person", "Fine 20.00 USD", "Reply by",
    ):  # fmt: skip
        assert words in text_of(page), words
    assert "k1" in text_of(house.client("/"))
    expect_harmless(page)


def test_nobody_sees_or_answers_anothers_case(house: House) -> None:
    house.bureau.accept(a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
    struck(house.bureau)
    assert house.client("/cases/k1", client="c2").status == 404
    assert send(house, "/cases/k1", "c2", do="reply", claims="other", text="x").status == 404
    assert send(house, "/cases/k1", "c2", do="appeal", text="x").status == 404
    assert send(house, "/", "c2", do="refund", service="1").status == 404
    assert "k1" not in text_of(house.client("/", client="c2"))
    assert replies(house.bureau) == []


def test_people_who_complain_and_authorities_stay_unnamed(house: House) -> None:
    struck(house.bureau, PERSON, targets=["erika@example.net", "javascript:alert(1)"])
    house.bureau.accept(a_complaint(name="k1b", reporter={"name": "Police", "kind": "law_enforcement"}))
    said = text_of(house.client("/cases/k1"))
    assert "individual" in said
    for hidden in ("Erika", "erika@", "Police", "law enforcement"):
        assert hidden not in said


def test_a_case_is_shown_as_soon_as_the_customer_is_to_be_told(house: House) -> None:
    house.bureau.accept(a_complaint())
    assert house.client("/cases/k1").status == 200


@pytest.mark.parametrize("category", ["content/csam", "content/csem"])
def test_a_case_about_child_abuse_is_shown_once_its_notice_went_out_and_no_place_then(
    house: House, category: str
) -> None:
    house.bureau.accept(a_complaint(category, targets=["http://hidden.example/a"], reporter=LIST))
    assert house.client("/cases/k1").status == 404
    assert "k1" not in text_of(house.client("/"))
    house.bureau.finish_all()
    page = house.client("/cases/k1")
    assert page.status == 200
    assert "hidden.example" not in page.html
    assert "sha256" not in page.html


def test_what_is_kept_from_the_customer_is_not_there(open_house: Opening) -> None:
    house = open_house(policy="dptgroup")
    house.bureau.accept(a_complaint("content/csam"))
    house.bureau.finish_all()
    assert house.client("/cases/k1").status == 404
    assert "k1" not in text_of(house.client("/"))
    house.bureau.accept(an_event("notification.released", "0h", case="k1", by="anna"))
    house.bureau.finish_all()
    assert house.client("/cases/k1").status == 200


def test_a_reply_says_what_was_done_and_what_prevents_it_again(house: House) -> None:
    struck(house.bureau)
    missing = send(house, "/cases/k1", do="reply", claims="remediated", text="Cleaned.")
    assert (missing.status, alarm(missing), replies(house.bureau)) == (422, True, [])
    form = {"claims": "remediated", "text": "Cleaned.", "prevents": "Updates every night."}
    assert send(house, "/cases/k1", do="reply", **form).status == 303
    assert house.bureau.enquiries.case("k1")["status"] == "awaiting_staff"
    assert '"claims":"remediated"' in replies(house.bureau)[0]
    assert "Updates every night." in text_of(house.client("/cases/k1"))


@pytest.mark.parametrize(
    "form",
    [
        {"do": "reply", "claims": "evidence", "text": "x"},
        {"do": "reply", "claims": "disputes", "text": ""},
        {"do": "reply", "claims": "other", "text": "x" * 10_001},
        {"do": "appeal", "text": " "},
        {"do": "dance"},
        {},
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(house: House, form: dict[str, str]) -> None:
    struck(house.bureau)
    page = send(house, "/cases/k1", **form)
    assert (page.status, alarm(page), replies(house.bureau)) == (422, True, [])


def test_what_a_customer_writes_does_no_harm(house: House) -> None:
    struck(house.bureau, {"name": HOSTILE, "kind": "blocklist"}, targets=[HOSTILE])
    send(house, "/cases/k1", do="reply", claims="disputes", text=HOSTILE + "\x00\ud800")
    expect_harmless(house.client("/cases/k1"))
    expect_harmless(house.get("/cases/k1"))
    expect_harmless(send(house, "/cases/k1", do="reply", claims=HOSTILE, text=HOSTILE))


def test_an_appeal_is_decided_by_an_admin_who_had_no_part_in_the_decision(house: House) -> None:
    struck(house.bureau)
    house.bureau.wait(minutes=1)
    assert send(house, "/cases/k1", do="appeal", text="It was not me.").status == 303
    assert send(house, "/cases/k1", do="appeal", text="Again.").status == 409
    assert "You have appealed" in text_of(house.client("/cases/k1"))
    assert "appeal: decided by an admin who had no part in it" in text_of(house.get("/cases/k1"))
    assert house.post("/cases/k1", by="Anna", do="finding", finding="culpable").status == 403
    assert house.post("/cases/k1", by="bert", do="finding", finding="not_culpable").status == 303


def test_without_an_appeal_whoever_approved_may_find(house: House) -> None:
    struck(house.bureau)
    send(house, "/cases/k1", do="reply", claims="disputes", text="No.")
    assert house.post("/cases/k1", by="anna", do="finding", finding="culpable").status == 303


def test_the_undertaking_is_signed_where_it_is_asked_for(open_house: Opening) -> None:
    house = open_house(policy="lanmang")
    house.bureau.accept(a_complaint("content/illegal"))
    house.bureau.finish_all()
    assert "Sign the undertaking" in text_of(house.client("/cases/k1"))
    assert send(house, "/cases/k1", do="sign", name="Carl").status == 422
    assert send(house, "/cases/k1", do="sign", name=" ", agree="yes").status == 422
    assert send(house, "/cases/k1", do="sign", name="Carl Customer", agree="yes").status == 303
    signed = house.bureau.rows(select(events.c.body, events.c.by).where(events.c.type == "undertaking.signed"))
    assert [("Carl Customer" in row.body, row.by) for row in signed] == [(True, "client c1")]
    assert send(house, "/cases/k1", do="sign", name="Carl Customer", agree="yes").status == 409


def test_nothing_is_signed_where_nothing_is_asked(house: House) -> None:
    struck(house.bureau)
    assert send(house, "/cases/k1", do="sign", name="Carl", agree="yes").status == 409


def test_a_refund_is_asked_for_once_a_day_and_its_verdict_shown_with_the_clause(open_house: Opening) -> None:
    house = open_house(policy="ipcats")
    house.bureau.accept(seen(paid_at=at("-2d")))
    for _ in range(2):
        assert send(house, "/", do="refund", service="1").status == 303
    said = text_of(house.client("/"))
    assert said.count("refused · clause refund-none") == 1
    assert send(house, "/", do="refund", service="9").status == 404
    assert send(house, "/", do="dance", service="1").status == 422
