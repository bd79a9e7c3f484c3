"""The customer's own page: what happened and what to do, nobody else's, nothing that leads to a person or to harm."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bridge.audit import export
from bridge.customers import Customers
from bridge.errors import NotAllowed
from bridge.exhibits import exhibit
from bridge.store.tables import case_exhibits, events, exhibits
from bridge.web.pages.page import CLIENT, PageAnswer
from tests.contract.store.bureau import Bureau
from tests.unit.decide.scenario import OTHER_IP, a_complaint, a_finding, a_service, an_event, at, seen
from tests.unit.pages.conftest import Opening
from tests.unit.pages.house import HOSTILE, House, expect_harmless, tags_of, text_of

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
        "A blocklist", "192.0.2.10", "hxxp://shop[.]example/login", "The service was suspended", "Clause 1a",
        "denial-of-service attack", "followed from the policy, automatically", "decided by a person", "Fine 20.00 USD",
        "Reply by",
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
    for said_after in ("did=refund", "did=refund_again"):
        answer = send(house, "/", do="refund", service="1")
        assert (answer.status, (answer.location or "").rpartition("&")[2]) == (303, said_after)
    said = text_of(house.client("/"))
    assert said.count("service 1: refused") == 1
    assert "Clause refund-none: " in said
    assert send(house, "/", do="refund", service="9").status == 404
    assert send(house, "/", do="dance", service="1").status == 422


PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def give(house: House, *files: tuple[str, bytes], case: str = "k1", client: str = "c1", **form: str) -> PageAnswer:
    said = {"do": "evidence", "kind": "not_culpable", **form}
    return house.give(f"/cases/{case}", client, files, said)


def changed(bureau: Bureau, statement: Any) -> None:
    """Behind the program's back."""
    bureau.store.write(lambda unit: unit.connection.execute(statement))


def given(bureau: Bureau) -> list[dict[str, Any]]:
    wanted = select(events.c.body).where(events.c.type == "evidence.provided").order_by(events.c.seq)
    return [orjson.loads(row.body) for row in bureau.rows(wanted)]


def test_evidence_is_kept_by_digest_and_handed_to_admins_to_save_under_a_safe_name(house: House) -> None:
    struck(house.bureau)
    log = b"Feb 29 sshd: break-in from 203.0.113.9\n"
    page = give(house, ("../../auth.log.php", log), (f"{HOSTILE}.html", PNG), text="See the log.")
    assert page.status == 303
    told = given(house.bureau)[0]
    assert (told["case"], told["kind"], told["text"]) == ("k1", "not_culpable", "See the log.")
    assert [(one["kind"], one["size"]) for one in told["files"]] == [("txt", len(log)), ("png", len(PNG))]
    assert house.bureau.enquiries.case("k1")["status"] == "awaiting_staff"
    shown = house.client("/cases/k1")
    assert "auth.log.php" in text_of(shown)
    expect_harmless(shown)
    desk = house.get("/cases/k1")
    expect_harmless(desk)
    links = [link["href"] for link in tags_of(desk, "a") if "exhibits" in link["href"]]
    files = [house.get(f"/exhibits/{told['id']}/{place}").download for place in range(len(links))]
    assert [(file.type, file.content) for file in files if file] == [
        ("application/octet-stream", log), ("application/octet-stream", PNG)
    ]  # fmt: skip
    digest = hashlib.sha256(log).hexdigest()
    assert [file.name.rpartition(".")[2] for file in files if file] == ["txt", "png"]
    assert next(file.name for file in files if file) == f"evidence-{digest[:12]}-auth-log.txt"
    assert house.bureau.faults() == []
    exhibit = export(house.bureau.store, "k1")["exhibits"][0]
    assert (exhibit["sha256"], base64.b64decode(exhibit["content"])) == (digest, log)


@pytest.mark.parametrize(
    ("files", "form", "status"),
    [
        ([], {}, 422),
        ([("a.txt", b"")], {}, 422),
        ([("a.zip", b"PK\x03\x04\x00\x00")], {}, 422),
        ([("a.exe", b"MZ\x90\x00")], {}, 422),
        ([("a.txt", b"x" * (3 * 1024 * 1024 + 1))], {}, 422),
        ([("a.txt", b"x")], {"kind": "dance"}, 422),
        ([("a.txt", b"x")], {"text": "x" * 10_001}, 422),
        ([(f"{n}.txt", b"x") for n in range(11)], {}, 409),
        ([(f"{n}.txt", bytes([97 + n]) * 2_500_000) for n in range(3)], {}, 409),
    ],
    ids=["none", "empty", "archive", "program", "large", "kind", "words", "many", "together"],
)
def test_files_that_are_not_taken_leave_nothing_behind(
    house: House, files: list[tuple[str, bytes]], form: dict[str, str], status: int
) -> None:
    struck(house.bureau)
    page = give(house, *files, **form)
    assert (page.status, alarm(page), given(house.bureau)) == (status, True, [])
    assert house.bureau.counts()["exhibits"] == 0


def test_a_case_takes_only_so_many_files(house: House) -> None:
    struck(house.bureau)
    for number in range(10):
        assert give(house, (f"{number}.log", b"the same")).status == 303
    assert give(house, ("11.log", b"another")).status == 409
    assert (house.bureau.counts()["case_exhibits"], house.bureau.counts()["exhibits"]) == (10, 1)
    assert house.bureau.faults() == []


def test_nobody_gives_evidence_in_anothers_case_nor_fetches_any(house: House) -> None:
    house.bureau.accept(a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
    struck(house.bureau)
    assert give(house, ("a.log", b"x"), client="c2").status == 404
    give(house, ("a.log", b"x"))
    path = f"/exhibits/{given(house.bureau)[0]['id']}/0"
    assert {house.client(path, client=who).status for who in ("c1", "c2")} == {404}
    assert [house.get(f"/exhibits/{other}").status for other in ("none/0", "x", "/0", f"{HOSTILE}/9")] == [404] * 4


def test_no_file_is_taken_in_a_case_about_child_abuse(house: House) -> None:
    house.bureau.accept(a_complaint("content/csam", reporter=LIST))
    house.bureau.finish_all()
    assert "No files are taken in this case" in text_of(house.client("/cases/k1"))
    assert give(house, ("a.png", PNG)).status == 403
    assert house.bureau.counts()["exhibits"] == 0
    with pytest.raises(NotAllowed):
        Customers(house.bureau.desk).give_evidence("c1", "k1", "other", "", [exhibit("a.png", PNG)])


def test_a_file_that_was_changed_or_removed_is_found_by_the_audit(house: House) -> None:
    struck(house.bureau)
    give(house, ("a.log", b"one"), ("b.log", b"two"))
    changed(house.bureau, exhibits.update().where(exhibits.c.body == b"one").values(body=b"won"))
    assert [fault.split(":")[0] for fault in house.bureau.faults()] == ["exhibits"]
    changed(house.bureau, case_exhibits.delete())
    assert [fault.split(":")[0] for fault in house.bureau.faults()] == ["exhibits", "case_exhibits", "case_exhibits"]


def test_a_file_of_a_preserved_case_cannot_be_removed(open_house: Opening) -> None:
    house = open_house(policy="lanmang")
    house.bureau.accept(a_complaint("content/illegal"))
    house.bureau.finish_all()
    give(house, ("a.log", b"before"))
    house.bureau.accept(a_finding("culpable", "0h"))
    house.bureau.finish_all()
    give(house, ("b.log", b"after"))
    for name in (b"before", b"after"):
        with pytest.raises(SQLAlchemyError, match="preserved"):
            changed(house.bureau, exhibits.delete().where(exhibits.c.body == name))


def test_times_are_said_in_the_panels_zone_or_the_one_chosen_with_what_is_left(house: House) -> None:
    struck(house.bureau)
    assert "Reply by 2024-03-01 06:00 UTC ( in 6 h" in text_of(house.client("/cases/k1"))
    there = house.ask("GET", "/cases/k1", "c1", CLIENT, "en", timezone="Asia/Kolkata")
    assert "Reply by 2024-03-01 11:30 UTC+05:30 ( in 6 h" in text_of(there)
    chosen = house.client("/cases/k1", zone="America/New_York")
    assert "Reply by 2024-03-01 01:00 UTC-05:00" in text_of(chosen)
    kept = [field for field in tags_of(chosen, "input") if field.get("name") == "zone"]
    assert {field["value"] for field in kept} == {"America/New_York"}
    answered = send(house, "/cases/k1", do="reply", claims="other", text="x", zone="America/New_York")
    assert "zone=America%2FNew_York" in str(answered.location)
    for odd in ("../../etc/passwd", HOSTILE, "Mars/Phobos", "x" * 900):
        page = house.client("/cases/k1", zone=odd)
        assert "opened 2024-03-01 00:00 UTC ·" in text_of(page)
        expect_harmless(page)


def test_a_clause_is_told_in_the_readers_language_else_the_original_is_marked(house: House) -> None:
    struck(house.bureau)
    german = house.ask("GET", "/cases/k1", "c1", CLIENT, "de")
    assert "Überlastungsangriff (DDoS)" in text_of(german)
    assert "Klausel 1a: Die erste Beschwerde über Angriffe" in text_of(german)
    assert "suspended at once. auf Englisch" in text_of(german), "why it was decided, in the policy's own language"
    assert {"lang": "en"} in tags_of(german, "span")
    english = house.client("/cases/k1")
    assert not [span for span in tags_of(english, "span") if "lang" in span]


def test_an_open_charge_leads_to_its_own_invoice_in_the_panel(house: House) -> None:
    house.bureau.accept(a_service("2", "-1d", client="c2", ips=[OTHER_IP]), a_complaint())
    house.bureau.approve(str(house.bureau.action("charge_fine")["id"]))
    while (work := house.bureau.claim()) is not None:
        house.bureau.finish(work, invoice="4711" if work.action == "charge_fine" else None)
    for path in ("/", "/cases/k1"):
        page = house.client(path)
        assert "See and pay invoice 4711" in text_of(page)
        expect_harmless(page)
    there = house.client("/invoices/4711")
    assert (there.status, there.location) == (303, "viewinvoice.php?id=4711")
    assert house.client("/invoices/4711", client="c2").status == 404
    assert [house.client(f"/invoices/{other}").status for other in ("1", "4711&x=1", HOSTILE, "", "../x")] == [404] * 5
    house.bureau.accept(an_event("invoice.paid", "0h", invoice="4711"))
    assert "Fine 20.00 USD paid See invoice 4711" in text_of(house.client("/cases/k1"))


def test_nothing_is_appealed_in_a_case_that_was_dismissed(house: House) -> None:
    struck(house.bureau)
    house.bureau.accept(a_finding("unfounded", "0h"))
    assert "nothing of it stands against you" in text_of(house.client("/cases/k1"))
    assert send(house, "/cases/k1", do="appeal", text="Again.").status == 409


def test_a_case_is_called_by_what_it_is_about_and_its_id_stands_below(house: House) -> None:
    struck(house.bureau)
    page = house.client("/cases/k1")
    assert page.title == "denial-of-service attack · service 1"
    assert "Case k1" in text_of(page)
