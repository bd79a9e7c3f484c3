"""What the pages read comes alike from both databases."""

from __future__ import annotations

import pytest

from bridge.reception import Reception
from tests.contract.store.bureau import EVERYONE, Bureau
from tests.unit.decide.scenario import IP, a_complaint, a_finding, a_reply, a_service, spam
from tests.unit.pages.house import House, house_of, text_of

LETTER = b"From: x@stranger.example\nSubject: hello\n\nSomething is odd with your server.\n"


@pytest.fixture
def house(bureau: Bureau) -> House:
    """A case with all that a case can have, a proposal approved, a message to be read."""
    bureau.accept(a_service(when="-1d"), spam(name="k0"), a_complaint(), a_reply("0h", text="We cleaned it."))
    Reception(bureau.desk, (), {}).take_complaints(LETTER, "message/rfc822", EVERYONE)
    bureau.finish_all()
    bureau.approve(str(bureau.action("charge_fine")["id"]))
    bureau.accept(a_finding("not_remediated", "0h", note="it goes on"))
    made = house_of(bureau)
    made.post("/cases/k1", do="note", note="called the customer")
    return made


PAGES = {
    "/": "03-01: Messaging 1",
    "/actions": "Waiting for approval",
    "/cases": "Cases: 2",
    "/cases/k1": "called the customer",
    "/services/1": "Hold stands",
    "/clients/c1": "Services (1)",
    "/reviews": "Messages: 1",
    "/policy": "Clause 1a",
    "/audit": "entries are whole",
}


def test_every_page_is_shown(house: House) -> None:
    assert {path: words in text_of(house.get(path)) for path, words in PAGES.items()} == dict.fromkeys(PAGES, True)


def test_cases_are_found_by_what_is_known_of_them(house: House) -> None:
    found = {words: text_of(house.get("/cases", q=words)) for words in ("k1", "c1", IP, "nothing")}
    assert [("k1" in said) for said in found.values()] == [True, True, True, False]
    assert "messaging/spam" not in text_of(house.get("/cases", category="connection", status="open"))


def test_the_log_is_searched(house: House) -> None:
    assert "finding.recorded" in text_of(house.get("/audit", type="finding.recorded", client="c1"))
    assert "No entry fits." in text_of(house.get("/audit", q="nothing"))
