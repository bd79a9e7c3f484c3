"""Messages that a person has to look at: listed, shown as plain text, accepted with corrections or filed away."""

from __future__ import annotations

from base64 import b64encode

import pytest

from bridge.reception import Reception
from bridge.views import Source
from tests.unit.decide.scenario import IP
from tests.unit.pages.house import HOSTILE, House, expect_harmless, tags_of, text_of

DOUBTFUL = f"From: x@stranger.example\nSubject: hello {HOSTILE}\n\nSomething is odd with your server. {HOSTILE}\n"


@pytest.fixture
def review(house: House) -> str:
    """The id of a message that was not read with confidence."""
    reception = Reception(house.bureau.desk, (), {})
    reception.take_complaints(DOUBTFUL.encode(), "message/rfc822", Source(name="mail-gateway"))
    page = house.get("/reviews")
    (link,) = [link["href"] for link in tags_of(page, "a") if "%2Freviews%2F" in link["href"]]
    return str(link).partition("%2Freviews%2F")[2]


def test_what_is_to_be_read_is_listed_and_shown_as_text(house: House, review: str) -> None:
    listed, one = house.get("/reviews"), house.get(f"/reviews/{review}")
    assert "Messages: 1" in text_of(listed)
    assert "Something is odd with your server." in text_of(one)
    expect_harmless(listed)
    expect_harmless(one)


def test_it_is_accepted_as_what_the_person_says(house: House, review: str) -> None:
    form = {"do": "accepted", "ips": f" {IP} ", "category": "connection/ddos", "note": "a bot"}
    answer = house.post(f"/reviews/{review}", **form)
    assert "Accepted as a complaint." in text_of(house.follow(answer))
    (case,) = house.bureau.cases()
    assert (case["category"], case["service"]) == ("connection/ddos", "1")
    assert "a bot" in text_of(house.get(f"/reviews/{review}"))
    assert house.post(f"/reviews/{review}", do="accepted").status == 409


def test_it_is_filed_as_no_complaint(house: House, review: str) -> None:
    house.post(f"/reviews/{review}", do="not_a_complaint")
    assert house.bureau.cases() == []
    assert "Nothing is to be read." in text_of(house.get("/reviews"))
    assert "Messages: 1" in text_of(house.get("/reviews", state="not_a_complaint"))


def test_what_it_says_is_shown_decoded_and_how_sure_its_time_is(house: House) -> None:
    body = b64encode(f"Somebody at {IP} was odd on 2024-02-28 12:30.\n".encode()).decode()
    mail = f"From: x@stranger.example\nSubject: hello\nContent-Transfer-Encoding: base64\n\n{body}\n"
    reception = Reception(house.bureau.desk, (), {})
    reception.take_complaints(mail.encode(), "message/rfc822", Source(name="mail-gateway"))
    (link,) = [link["href"] for link in tags_of(house.get("/reviews"), "a") if "%2Freviews%2F" in link["href"]]
    path = f"/reviews/{str(link).partition('%2Freviews%2F')[2]}"
    text = text_of(house.get(path))
    assert f"Somebody at {IP} was odd" in text
    assert "time uncertain 2024-02-28 12:30" in text
    house.post(path, do="accepted", category="connection/ddos", occurred_at="2024-02-29 23:00")
    (case,) = house.bureau.cases()
    shown = text_of(house.get(f"/cases/{case['id']}"))
    assert "2024-02-29 23:00" in shown
    assert "time uncertain" not in shown


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"do": "dance"}, 422),
        ({"do": "accepted", "ips": HOSTILE}, 422),
        ({"do": "accepted", "category": "x/y"}, 422),
        ({"do": "accepted", "ips": IP, "occurred_at": HOSTILE}, 422),
    ],
)
def test_what_cannot_be_taken_is_said(house: House, review: str, form: dict[str, str], status: int) -> None:
    page = house.post(f"/reviews/{review}", **form)
    assert page.status == status
    expect_harmless(page)


@pytest.mark.parametrize("query", [{"cursor": HOSTILE}, {"state": HOSTILE}])
def test_a_list_is_asked_for_by_strange_words(house: House, query: dict[str, str]) -> None:
    page = house.get("/reviews", **query)
    assert page.status in (200, 422)
    expect_harmless(page)


def test_who_is_not_there_is_404(house: House) -> None:
    assert house.get("/reviews/none").status == 404
