"""Messages that a person has to look at, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Build, Web, expect_problem
from tests.web.fake_desk import FakeDesk


@pytest.fixture
def web(build: Build) -> Web:
    desk = FakeDesk()
    desk.known_reviews = {name: {"id": name, "state": "open", "seen": []} for name in ("r1", "r2")}
    return build(desk)


def test_reviews_are_listed_and_narrowed_by_state(web: Web) -> None:
    assert [item["id"] for item in web.get("/reviews?state=open", token="read").get_json()["items"]] == ["r1", "r2"]
    assert expect_problem(web.get("/reviews?state=proposed", token="read"), 422)["field"] == "state"


def test_one_review_or_none(web: Web) -> None:
    assert web.get("/reviews/r1", token="read").get_json()["state"] == "open"
    assert web.get("/reviews/r9", token="read").status_code == 404


@pytest.mark.parametrize(
    ("given", "corrections"),
    [
        ({}, []),
        ({"correction": {"ips": ["192.0.2.7"]}}, [{"ips": ["192.0.2.7"]}]),
        ({"corrections": [{"service": "7"}, {"service": "8"}]}, [{"service": "7"}, {"service": "8"}]),
    ],
)
def test_a_resolution_reaches_the_desk(web: Web, given: dict[str, Any], corrections: list[dict[str, Any]]) -> None:
    body = {"resolution": "accepted", "by": "anna", "note": "seen", **given}
    answer = web.post("/reviews/r1/resolve", token="decide", json=body)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "accepted")
    assert web.desk.resolutions == [("r1", "accepted", corrections, "seen")]
    assert web.desk.said_by[-1].by == "anna"
    assert web.post("/reviews/r1/resolve", token="decide", json=body).status_code == 409


def test_what_cannot_be_a_resolution_is_refused(web: Web) -> None:
    assert expect_problem(web.post("/reviews/r1/resolve", json={"resolution": "perhaps"}), 422)["field"] == "resolution"
    both = {"resolution": "accepted", "correction": {}, "corrections": [{}]}
    assert expect_problem(web.post("/reviews/r1/resolve", json=both), 422)["field"] == "correction"
    assert web.post("/reviews/r1/resolve", token="read", json={"resolution": "accepted"}).status_code == 403
