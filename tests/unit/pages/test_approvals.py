"""Approvals: what waits is shown with all that a person needs, and answered one by one or several at once."""

from __future__ import annotations

import pytest

from bridge.staff import Staff
from bridge.views import Source
from tests.contract.store.bureau import Bureau
from tests.unit.decide.scenario import a_complaint, a_finding, a_service
from tests.unit.pages.conftest import Opening
from tests.unit.pages.house import BASE, HOSTILE, House, expect_harmless, house_of, tags_of, text_of


def proposed(bureau: Bureau, action: str = "charge_fine") -> str:
    """A DDoS complaint: its fine waits for one admin."""
    bureau.accept(a_complaint(reporter={"name": "A list", "kind": "blocklist"}, targets=["http://bad.example/x"]))
    return str(bureau.action(action)["id"])


def state_of(bureau: Bureau, action: str) -> str:
    return str(bureau.enquiries.action(action)["state"])


def test_a_card_says_what_who_why_and_what_it_will_do(house: House) -> None:
    proposed(house.bureau)
    page = house.get("/actions")
    said = text_of(page)
    assert page.status == 200
    assert "Charge a fine · service 1 · client c1" in said
    assert "20.00 USD" in said
    assert "First security complaint about service 1 (denial-of-service attack): 20 dollars per complained IP." in said
    assert "klt-net 2022-06-07, clause 1a" in said
    assert "Billing panel · CreateInvoice" in said
    assert "20.00 USD Fine" in said
    assert "http://bad.example/x" in said
    assert "a complaint (A list)" in said
    assert "It can be undone by: Waive a charge" in said


def test_a_proposal_is_approved_in_the_viewers_name_and_the_page_says_so(house: House) -> None:
    action = proposed(house.bureau)
    answer = house.post("/actions", action=action, do="approve", reason="seen in the log")
    assert (answer.status, answer.location) == (303, f"{BASE}&path=%2Factions&did=approve&n=1")
    (approval,) = house.bureau.enquiries.action(action)["approvals"]
    assert (approval["by"], approval["reason"], approval["verified"]) == ("5", "seen in the log", True)
    assert "Approved: 1." in text_of(house.follow(answer))


def test_a_proposal_is_rejected_with_a_reason(house: House) -> None:
    action = proposed(house.bureau)
    house.post("/actions", action=action, do="reject", reason="not ours")
    assert state_of(house.bureau, action) == "rejected"


def test_the_second_approval_is_another_admins(open_house: Opening) -> None:
    house = open_house(approvals={"terminate_service": 2})
    action = terminated(house.bureau)
    house.post("/actions", action=action, do="approve", by="5")
    own = text_of(house.get("/actions", kind="terminate_service", by="5"))
    assert "1 of 2 approvals" in own
    assert "Approved by Admin 5 (5), you" in own
    assert "another admin must agree" in own
    assert house.post("/actions", action=action, do="approve", by="5").status == 403
    house.post("/actions", action=action, do="approve", by="6")
    assert state_of(house.bureau, action) == "approved"


def terminated(bureau: Bureau) -> str:
    """A termination that waits."""
    bureau.accept(a_complaint("content/phishing"))
    return str(bureau.action("terminate_service")["id"])


def test_admins_are_called_by_the_name_that_the_panel_last_said(open_house: Opening) -> None:
    house = open_house(approvals={"terminate_service": 2})
    action = terminated(house.bureau)
    house.post("/actions", action=action, do="approve", by="6")
    assert "Approved by Admin 6 (6), now" in text_of(house.get("/actions", by="5"))
    Staff(house.bureau.store).meet("6", f"Grace {HOSTILE}")
    page = house_of(house.bureau).get("/actions", by="5")
    assert f"Approved by Grace {HOSTILE}"[:70] in text_of(page)
    expect_harmless(page)


def test_a_name_that_nobody_proved_is_no_admins(house: House) -> None:
    Staff(house.bureau.store).meet("anna", "Anna Admin")
    unproved = Source(name="token", by="anna", verified=False)
    house.bureau.accept(a_complaint(), a_finding("culpable", "0h"), source=unproved)
    said = text_of(house.get("/cases/k1"))
    assert "admin anna (not verified)" in said
    assert "Anna Admin" not in said


def test_what_cannot_be_undone_is_said(house: House) -> None:
    terminated(house.bureau)
    page = house.get("/actions", kind="terminate_service")
    assert "This cannot be undone. The machine and everything on it will be gone." in text_of(page)
    assert "final" in [name for card in tags_of(page, "article") for name in card["class"].split()]


def test_a_failed_action_shows_the_panels_words_and_is_tried_again(house: House) -> None:
    action = proposed(house.bureau, "notify_customer")
    while (work := house.bureau.claim()) is not None:
        failed = work.action == "notify_customer"
        house.bureau.finish(work, "failed" if failed else "done", error="Department <b>not</b> found" if failed else "")
    page = house.get("/actions", state="failed")
    assert "The panel said: Department <b>not</b> found" in text_of(page)
    house.post("/actions", action=action, do="retry")
    assert state_of(house.bureau, action) == "approved"


def test_a_task_shows_its_instructions_and_is_confirmed(house: House) -> None:
    action = proposed(house.bureau, "notify_customer")
    while (work := house.bureau.claim()) is not None:
        is_task = work.action == "notify_customer"
        house.bureau.finish(work, "manual" if is_task else "done", instructions="Write a letter." if is_task else "")
    assert "By hand: Write a letter." in text_of(house.get("/actions", state="manual"))
    house.post("/actions", action=action, do="confirm")
    assert state_of(house.bureau, action) == "done"


def test_a_charge_made_by_hand_is_confirmed_with_the_number_of_its_invoice(house: House) -> None:
    action = proposed(house.bureau, "charge_fine")
    house.bureau.approve(action)
    while (work := house.bureau.claim()) is not None:
        house.bureau.finish(work, "manual" if work.id == action else "done", instructions="Make an invoice.")
    assert 'name="invoice"' in house.get("/actions", state="manual").html
    house.post("/actions", action=action, do="confirm", invoice="77")
    assert [charge["invoice"] for charge in house.bureau.enquiries.service("1")["charges"]] == ["77"]


def many(bureau: Bureau, number: int) -> list[str]:
    """So many services with a fine each to approve; the ids of the fines."""
    for place in range(number):
        ip = f"198.51.{100 + place // 250}.{place % 250}"
        bureau.accept(a_service(f"m{place}", "-1d", client=f"m{place}", ips=[ip]))
        bureau.accept(a_complaint(ip=ip, name=f"k{place}"))
    return [str(action["id"]) for action in bureau.actions(state="proposed")]


def test_several_are_approved_at_once_and_what_was_decided_meanwhile_is_counted(house: House) -> None:
    first, second, third = many(house.bureau, 3)
    house.bureau.reject(third)
    answer = house.post("/actions", action=[first, second, third], do="approve", kind="charge_fine")
    assert [state_of(house.bureau, action) for action in (first, second)] == ["approved", "approved"]
    assert "Approved: 2. Not possible for 1;" in text_of(house.follow(answer))


def test_all_of_a_kind_that_the_page_shows_are_approved_by_one_button(house: House) -> None:
    shown = many(house.bureau, 3)
    page = house.get("/actions", kind="charge_fine")
    listed = [field["value"] for field in tags_of(page, "input") if field.get("name") == "shown"]
    assert sorted(listed) == sorted(shown)
    answer = house.post("/actions", shown=listed, all="approve", kind="charge_fine")
    assert {state_of(house.bureau, action) for action in shown} == {"approved"}
    assert "Approved: 3." in text_of(house.follow(answer))


def test_what_is_never_undone_is_ticked_one_by_one(house: House) -> None:
    for place in range(2):
        house.bureau.accept(a_service(f"m{place}", "-1d", client=f"m{place}", ips=[f"198.51.100.{place}"]))
        house.bureau.accept(a_complaint("content/phishing", ip=f"198.51.100.{place}", name=f"k{place}"))
    page = house.get("/actions", kind="terminate_service")
    assert len([field for field in tags_of(page, "input") if field.get("type") == "checkbox"]) == 2
    assert "all" not in {button.get("name") for button in tags_of(page, "button")}


def test_with_several_of_a_kind_each_card_has_a_box_of_that_kinds_form(house: House) -> None:
    many(house.bureau, 2)
    page = house.get("/actions")
    boxes = [field for field in tags_of(page, "input") if field.get("type") == "checkbox"]
    assert [box["form"] for box in boxes] == ["many-charge_fine"] * 2
    assert "many-charge_fine" in [form.get("id") for form in tags_of(page, "form")]


def test_a_long_list_is_shown_a_page_at_a_time(house: House) -> None:
    many(house.bureau, 28)
    first, last = house.get("/actions", kind="charge_fine"), house.get("/actions", kind="charge_fine", page="2")
    assert (len(tags_of(first, "article")), len(tags_of(last, "article"))) == (25, 3)
    assert "page 1 of 2" in text_of(first)
    assert len(tags_of(house.get("/actions", page="99999999999999999999"), "article")) == 25


def test_nothing_waiting_is_said(house: House) -> None:
    assert "Nothing waits." in text_of(house.get("/actions"))


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"action": "none", "do": "approve"}, 404),
        ({"action": "none", "do": "dance"}, 422),
        ({"action": "none"}, 422),
        ({"do": "approve"}, 422),
        ({"action": "none", "do": "defer"}, 404),
        ({"action": "\x00\ud800" + "x" * 5000, "do": "reject"}, 404),
    ],
)
def test_what_cannot_be_decided_is_said_on_the_page(house: House, form: dict[str, str], status: int) -> None:
    page = house.post("/actions", **form)
    assert page.status == status
    assert [tag for tag in tags_of(page, "p") if tag.get("role") == "alert"]


def test_what_strangers_wrote_is_shown_as_text(house: House) -> None:
    house.bureau.accept(
        a_complaint(name="k'\">x", reporter={"name": HOSTILE, "kind": "operator"}, targets=[HOSTILE], report_id=HOSTILE)
    )
    page = house.get("/actions", state=HOSTILE, kind=HOSTILE, did=HOSTILE, n=HOSTILE)
    expect_harmless(page)
    expect_harmless(house.get("/actions"))
    assert HOSTILE in text_of(house.get("/actions"))
    expect_harmless(house.post("/actions", action=HOSTILE, do=HOSTILE, reason=HOSTILE))


def test_links_and_forms_lead_to_the_base_with_the_panels_own_fields(house: House) -> None:
    proposed(house.bureau)
    page = house.get("/actions")
    assert {form["action"] for form in tags_of(page, "form")} == {BASE}
    assert all(link["href"].startswith(f"{BASE}&path=") for link in tags_of(page, "a"))
    fields = [(field["name"], field["value"]) for field in tags_of(page, "input") if field.get("type") == "hidden"]
    assert ("path", "/actions") in fields
    assert ("token", "t0k") in fields


@pytest.mark.parametrize(("locale", "words"), [("de", "Strafe berechnen"), ("ru", "Взять штраф"), ("zh", "收取罚款")])
def test_the_page_speaks_the_viewers_language(house: House, locale: str, words: str) -> None:
    proposed(house.bureau)
    page = house.get("/actions", locale=locale)
    assert words in text_of(page)
    assert f'lang="{locale}"' in page.html


@pytest.mark.parametrize("path", ["/nothing", "/actions/", "/../etc", "actions", "", HOSTILE])
def test_an_unknown_page_is_404_in_its_own_status(house: House, path: str) -> None:
    page = house.get(path)
    assert page.status == 404
    expect_harmless(page)


def test_nothing_is_sent_to_a_page_that_only_shows(house: House) -> None:
    assert house.post("/", do="approve").status == 405


# ---- clients ----


def test_a_client_sees_own_cases_alone(house: House) -> None:
    house.bureau.accept(a_service("2", "-1d", client="c2", ips=["192.0.2.99"]))
    house.bureau.accept(a_complaint(name="own"), a_complaint(ip="192.0.2.99", name="other"))
    assert "own" in text_of(house.client("/"))
    assert "other" not in text_of(house.client("/"))
    assert house.client("/cases/own").status == 200


@pytest.mark.parametrize("path", ["/cases/other", "/cases/none", "/cases/", "/actions", "/services/1"])
def test_what_is_not_the_clients_is_404(house: House, path: str) -> None:
    house.bureau.accept(a_service("2", "-1d", client="c2", ips=["192.0.2.99"]))
    house.bureau.accept(a_complaint(ip="192.0.2.99", name="other"))
    assert house.client(path).status == 404
