"""Cases: found by what is known of them, told as one story, and worked on from their page."""

from __future__ import annotations

import orjson
import pytest

from bridge.actions import ACTIONS
from bridge.decide.undoing import CAN_BE_UNDONE
from bridge.enquiries import CASE_STATUSES
from bridge.events import FINDINGS
from bridge.web.pages.cases import FINDINGS as OFFERED
from bridge.web.pages.cases import STATUSES
from bridge.web.pages.press import spelt
from tests.contract.store.bureau import Bureau, admin
from tests.unit.decide.scenario import IP, OTHER_IP, a_complaint, a_finding, a_reply, a_service, seen, spam
from tests.unit.pages.house import BASE, HOSTILE, House, expect_harmless, tags_of, text_of


def two_cases(bureau: Bureau) -> None:
    """k1 of client c1, about a DDoS; k2 of client c2, about spam."""
    bureau.accept(a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
    bureau.accept(seen(domains=["shop.example"]))
    bureau.accept(a_complaint(reporter={"name": "Noc", "kind": "operator"}), spam(name="k2", ips=[OTHER_IP]))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"k1", "k2"}),
        ({"q": "k1"}, {"k1"}),
        ({"q": "k"}, {"k1", "k2"}),
        ({"q": "c2"}, {"k2"}),
        ({"q": "2"}, {"k2"}),
        ({"q": IP}, {"k1"}),
        ({"q": "Shop.Example"}, {"k1"}),
        ({"q": "nothing"}, set()),
        ({"category": "messaging"}, {"k2"}),
        ({"category": "connection/ddos"}, {"k1"}),
        ({"status": "open"}, {"k1", "k2"}),
        ({"status": "dismissed"}, set()),
        ({"status": "overdue"}, set()),
        ({"q": HOSTILE}, set()),
    ],
)
def test_cases_are_found_by_what_is_known_of_them(house: House, query: dict[str, str], shown: set[str]) -> None:
    two_cases(house.bureau)
    page = house.get("/cases", **query)
    links = {link["href"] for link in tags_of(page, "a")}
    assert {id_ for id_ in ("k1", "k2") if f"{BASE}&path=%2Fcases%2F{id_}" in links} == shown
    expect_harmless(page)


def test_a_service_is_shown_with_the_name_that_people_call_it_by(house: House) -> None:
    two_cases(house.bureau)
    for path in ("/cases", "/cases/k1", "/actions", "/clients/c1"):
        assert "1 (shop.example)" in text_of(house.get(path))
    assert "shop.example" in text_of(house.get("/services/1"))


def test_cases_with_a_deadline_that_passed_are_found(house: House) -> None:
    two_cases(house.bureau)
    house.bureau.finish_all()
    assert "0 Deadlines overdue 2 Deadlines within 12 h" in text_of(house.get("/"))
    assert "Cases: 2" in text_of(house.get("/cases", status="urgent"))
    house.bureau.wait(hours=7)
    assert "No case fits." in text_of(house.get("/cases", status="urgent"))
    assert "2 Deadlines overdue" in text_of(house.get("/"))
    assert "Cases: 2" in text_of(house.get("/cases", status="overdue"))


def test_every_status_and_every_finding_is_offered() -> None:
    assert set(STATUSES) == {*CASE_STATUSES, "open", "overdue", "urgent"}
    assert set(OFFERED) == set(FINDINGS)


def test_a_long_list_of_cases_is_turned_page_by_page(house: House) -> None:
    for number in range(53):
        house.bureau.accept(a_complaint(name=f"k{number:02}", category="messaging/spam", ip=IP, report_id=str(number)))
        house.bureau.wait(hours=30)
    first, last = house.get("/cases", status="open"), house.get("/cases", status="open", page="2")
    assert "page 1 of" in text_of(first) or len(tags_of(first, "tr")) <= 51
    assert last.status == 200


def lived(bureau: Bureau) -> None:
    """A complaint, another that joins, the suspension with its call, a reply."""
    bureau.accept(a_complaint(reporter={"name": "Noc", "kind": "operator"}))
    bureau.accept(a_complaint(name="k1b", reporter={"name": "A list", "kind": "blocklist"}))
    work = bureau.claimed()
    bureau.queue.intend(work, 0, "suspend", "ModuleSuspend", bureau.clock.wall())
    bureau.queue.step_done(work, 0, {}, bureau.clock.wall())
    bureau.finish(work)
    bureau.accept(a_reply("0h", text="We cleaned it.", claims="remediated"))


def test_a_case_tells_its_story(house: House) -> None:
    lived(house.bureau)
    said = text_of(house.get("/cases/k1"))
    for words in (
        "Complaint · 2024-03-01 00:00 UTC · Noc (network operator)",
        "Further complaints joined: 1",
        "Suspend the service done",
        "ModuleSuspend",
        "Hold placed · clause 1a",
        "The customer replied says it is fixed",
        "We cleaned it.",
    ):
        assert words in said


def test_a_case_tells_who_said_no_and_why(house: House) -> None:
    house.bureau.accept(a_complaint(reporter={"name": "Noc", "kind": "operator"}))
    house.bureau.desk.reject(str(house.bureau.action("charge_fine")["id"]), HOSTILE, admin("anna", verified=False))
    page = house.get("/cases/k1")
    assert "Rejected by admin anna (not verified)" in text_of(page)
    expect_harmless(page)


def test_the_hundredth_repeat_of_a_day_is_a_number_in_one_line(house: House) -> None:
    fail2ban = {"name": "Fail2Ban", "kind": "automated"}
    for number in range(55):
        house.bureau.accept(a_complaint(name=f"k{number + 1}", reporter=fail2ban))
    said = text_of(house.get("/cases/k1"))
    assert said.count("Further complaints joined") == 1
    assert "Further complaints joined: 54" in said


def test_deadlines_count_down(house: House) -> None:
    house.bureau.accept(a_complaint())
    house.bureau.finish_all()
    assert "reply: in 6 h" in text_of(house.get("/cases/k1"))
    house.bureau.wait(hours=4)
    assert "reply: in 2 h" in text_of(house.get("/cases/k1"))


def test_a_finding_is_recorded_with_its_note(house: House) -> None:
    lived(house.bureau)
    answer = house.post("/cases/k1", do="finding", finding="unfounded", note="the log shows nothing")
    assert answer.location == f"{BASE}&path=%2Fcases%2Fk1&did=finding"
    said = text_of(house.follow(answer))
    assert "The finding was recorded." in said
    assert "Finding: Unfounded · 2024-03-01 00:00 UTC · Admin 5 (5), you" in said
    assert "the log shows nothing" in said
    assert house.bureau.enquiries.case("k1")["status"] == "dismissed"


def test_a_note_is_kept_in_the_chain_and_told(house: House) -> None:
    lived(house.bureau)
    house.post("/cases/k1", do="note", note="called the customer\nat noon")
    said = text_of(house.get("/cases/k1"))
    assert "Note · 2024-03-01 00:00 UTC · Admin 5 (5), you called the customer at noon" in said
    assert house.bureau.faults() == []


def test_holds_are_lifted_with_a_reason(house: House) -> None:
    lived(house.bureau)
    assert house.post("/cases/k1", do="lift", note=" ").status == 422
    house.post("/cases/k1", do="lift", note="agreed with the customer")
    assert [hold["ended"] is None for hold in house.bureau.enquiries.service("1")["holds"]] == [False]
    said = text_of(house.get("/cases/k1"))
    assert "Holds were lifted" in said
    assert "agreed with the customer" in said
    assert "Lift the holds of this case" not in said


def test_the_evidence_file_is_handed_out(house: House) -> None:
    lived(house.bureau)
    answer = house.get("/cases/k1", download="evidence")
    assert answer.download is not None
    assert (answer.download.name, answer.download.type) == ("evidence-k1.json", "application/json")
    assert orjson.loads(answer.download.content)["case"] == "k1"


def test_what_waits_in_a_case_is_answered_there(house: House) -> None:
    lived(house.bureau)
    fine = str(house.bureau.action("charge_fine")["id"])
    answer = house.post("/actions", action=fine, do="approve", case="k1")
    assert answer.location == f"{BASE}&path=%2Fcases%2Fk1&did=approve"


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/cases/none", {"do": "finding", "finding": "unfounded"}, 404),
        ("/cases/none", {"do": "note", "note": "x"}, 404),
        ("/cases/none", {"do": "lift", "note": "x"}, 404),
        ("/cases/k1", {"do": "finding", "finding": "guilty"}, 422),
        ("/cases/k1", {"do": "note", "note": ""}, 422),
        ("/cases/k1", {"do": "dance"}, 422),
        ("/cases/k1", {}, 422),
    ],
)
def test_what_cannot_be_done_is_said(house: House, path: str, form: dict[str, str], status: int) -> None:
    lived(house.bureau)
    page = house.post(path, **form)
    assert page.status == status
    assert [tag for tag in tags_of(page, "p") if tag.get("role") == "alert"]


def test_strangers_write_what_they_like_into_a_case(house: House) -> None:
    case = "k'\">/<b>x"
    house.bureau.accept(
        a_complaint(name=case, reporter={"name": HOSTILE, "kind": "operator"}, targets=[HOSTILE], report_id=HOSTILE),
        a_reply("0h", case=case, text=HOSTILE),
        a_finding("not_remediated", "0h", case=case, note=HOSTILE),
    )
    house.post(f"/cases/{case}", do="note", note=HOSTILE)
    page = house.get(f"/cases/{case}")
    assert page.status == 200
    expect_harmless(page)
    assert text_of(page).count("<script>alert(1)</script>") >= 5
    for path in ("/cases", "/services/1", "/clients/c1"):
        expect_harmless(house.get(path))


def test_about_child_abuse_no_message_is_shown(house: House) -> None:
    house.bureau.accept(a_complaint("content/csam"))
    assert "The message as it came" not in text_of(house.get("/cases/k1"))


# ---- taking one action back ----


def undo_forms(house: House, case: str = "k1") -> list[str]:
    """The actions that the page of a case offers to take back."""
    page = house.get(f"/cases/{case}")
    ids = [field["value"] for field in tags_of(page, "input") if field.get("name") == "action"]
    done = {str(action["id"]): str(action["action"]) for action in house.bureau.actions(state="done")}
    return [done[id_] for id_ in ids if id_ in done]


def test_a_suspension_is_taken_back_and_nothing_else_of_its_case(house: House) -> None:
    house.bureau.accept(a_complaint())
    house.bureau.approve(str(house.bureau.action("charge_fine")["id"]))
    house.bureau.finish_all()
    assert undo_forms(house) == ["suspend_service", "charge_fine"]
    suspension = str(house.bureau.action("suspend_service")["id"])
    answer = house.post("/cases/k1", do="undo", action=suspension, note="the wrong machine")
    said = text_of(house.follow(answer))
    assert "It is being taken back" in said
    assert (
        "An action was taken back · 2024-03-01 00:00 UTC · Admin 5 (5), you Suspend the service the wrong machine"
        in said
    )
    assert "Hold ended" in said
    assert house.bureau.action("unsuspend_service")["because"]
    assert undo_forms(house) == ["charge_fine"]
    assert house.post("/cases/k1", do="undo", action=suspension, note="again").status == 303


def test_a_fine_is_taken_back_by_waiving_it_once(house: House) -> None:
    house.bureau.accept(a_complaint())
    fine = str(house.bureau.action("charge_fine")["id"])
    house.bureau.approve(fine)
    house.bureau.finish_all()
    house.post("/cases/k1", do="undo", action=fine, note="goodwill")
    waiver = house.bureau.action("waive_charge")
    assert (waiver["amount"], waiver["charge"]) == ("20.00", "fine")
    assert undo_forms(house) == ["suspend_service"]
    house.post("/cases/k1", do="undo", action=fine, note="goodwill")
    assert len([one for one in house.bureau.actions() if one["action"] == "waive_charge"]) == 1


@pytest.mark.parametrize(("note", "status"), [("", 422), ("why", 409)])
def test_what_did_nothing_is_not_taken_back_nor_anything_without_a_reason(house: House, note: str, status: int) -> None:
    house.bureau.accept(a_complaint())
    waiting = str(house.bureau.action("charge_fine")["id"])
    assert house.post("/cases/k1", do="undo", action=waiting, note=note).status == status
    assert house.post("/cases/k1", do="undo", action=HOSTILE, note="why").status == 404


def test_what_can_be_taken_back_says_so_in_its_own_class() -> None:
    assert {name for name in CAN_BE_UNDONE if ACTIONS[name].undo is None} == set()


def test_a_sentence_names_categories_as_people_say_them_and_leaves_other_words_alone() -> None:
    assert spelt("First complaint (connection/port_scan), 24/7 and/or a/b.") == (
        "First complaint (port scan), 24/7 and/or a/b."
    )


def test_a_release_says_that_the_last_reason_has_ended_and_not_why_there_was_one(house: House) -> None:
    house.bureau.accept(a_complaint())
    house.bureau.finish_all()
    house.bureau.accept(a_finding("remediated", "0h"))
    said = text_of(house.get("/actions", kind="unsuspend_service"))
    assert "The last reason to hold service 1 has ended." in said
    assert "suspended at once" not in said
    assert said.count("The last reason to hold service 1 has ended.") == 1
    assert "The last reason to hold service 1 has ended." in text_of(house.get("/cases/k1"))


def test_what_a_customer_gave_is_said_to_be_the_customers(house: House) -> None:
    house.bureau.accept(a_complaint())
    house.bureau.finish_all()
    given = {"do": "evidence", "kind": "not_culpable", "text": "I was hacked."}
    assert house.give("/cases/k1", "c1", [("log.txt", b"a line")], given).status == 303
    said = text_of(house.get("/cases/k1"))
    assert "client c1" in said.partition("Evidence was provided")[2][:80]
    assert "admin client" not in said + text_of(house.get("/audit"))


def test_the_note_of_a_finding_that_is_refused_is_still_there_to_be_sent_by_another_way(house: House) -> None:
    house.bureau.accept(a_complaint())
    refused = house.post("/cases/k1", do="finding", finding="nonsense", note="half an hour of <work>")
    assert refused.status == 422
    assert "half an hour of <work>" in text_of(refused)


def test_a_suspended_service_is_not_called_active(house: House) -> None:
    house.bureau.accept(a_complaint())
    house.bureau.finish_all()
    said = text_of(house.get("/services/1"))
    assert "suspended by Tipstaff" in said
    assert "active" not in said.partition("Holds and bars")[0]
    assert "connection/ddos" not in said
