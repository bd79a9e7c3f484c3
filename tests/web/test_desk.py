"""Cases, actions, services: lists, one at a time, and what admins decide."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.errors import Conflict, NotAllowed
from bridge.events import FINDINGS
from tests.web.conftest import Build, Web, expect_problem
from tests.web.fake_desk import FakeDesk, a_case, an_action


@pytest.fixture
def web(build: Build) -> Web:
    desk = FakeDesk()
    desk.known_cases = {"c1": a_case("c1"), "a/b": a_case("a/b", client="4")}
    desk.known_actions = {
        "a1": an_action("a1"),
        "a2": an_action("a2", state="failed", error="no such service"),
        "a3": an_action("a3", state="manual"),
        "a4": an_action("a4", approval=2),
    }
    return build(desk)


# ---- lists ----


@pytest.mark.parametrize("path", ["/cases", "/actions"])
def test_a_list_answers_items_total_and_next(web: Web, path: str) -> None:
    answer = web.get(path, token="read")
    assert answer.status_code == 200
    said = answer.get_json()
    assert set(said) == {"items", "total", "next"}
    assert said["total"] == len(said["items"])
    assert said["next"] is None


def test_a_list_longer_than_its_limit_has_a_cursor(web: Web) -> None:
    assert web.get("/cases?limit=1", token="read").get_json()["next"] == "after"
    assert web.get("/cases?limit=1&cursor=after", token="read").status_code == 200


@pytest.mark.parametrize("path", ["/cases", "/actions"])
def test_every_filter_reaches_the_desk(web: Web, path: str) -> None:
    query = "status=opened&state=proposed&service=7&client=3&case=c1&category=connection/ddos&limit=500"
    assert web.get(f"{path}?{query}", token="read").status_code == 200
    wanted, limit, cursor = web.desk.filters[-1]
    assert (wanted.status, wanted.state, wanted.service, wanted.client) == ("opened", "proposed", "7", "3")
    assert (wanted.case, wanted.category, limit, cursor) == ("c1", "connection/ddos", 500, None)


@pytest.mark.parametrize("path", ["/cases", "/actions"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=unheard", "status"),
        ("state=waiting", "state"),
        ("category=connection/*", "category"),
        ("limit=501", "limit"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("limit=1e3", "limit"),
        ("cursor=bent", "cursor"),
        ("cursor=", "cursor"),
        ("service=%00", "service"),
        ("sate=proposed", "sate"),
        ("limit=5&limit=6", "limit"),
    ],
)
def test_a_bad_parameter_is_422_and_named(web: Web, path: str, query: str, field: str) -> None:
    assert expect_problem(web.get(f"{path}?{query}", token="read"), 422)["field"] == field


def test_an_unknown_client_is_an_empty_list(web: Web) -> None:
    assert web.get("/cases?client=nobody", token="read").get_json() == {"items": [], "total": 0, "next": None}


@pytest.mark.parametrize("path", ["/cases", "/actions", "/cases/c1", "/actions/a1", "/services/7"])
def test_reading_needs_the_scope_read(web: Web, path: str) -> None:
    assert web.get(path, token="read").status_code == 200
    assert web.get(path, token="admin").status_code == 200
    expect_problem(web.get(path, token="intake"), 403)
    expect_problem(web.get(path, token="decide"), 403)
    expect_problem(web.get(path, token=None), 401)


# ---- one ----


def test_a_case_an_action_and_a_service_are_shown_whole(web: Web) -> None:
    assert web.get("/cases/c1", token="read").get_json() == web.desk.known_cases["c1"]
    assert web.get("/actions/a2", token="read").get_json()["error"] == "no such service"
    assert set(web.get("/services/7", token="read").get_json()) >= {
        "holds",
        "bars",
        "strikes",
        "charges",
        "refund",
        "ips",
    }


def test_an_id_may_hold_a_slash(web: Web) -> None:
    assert web.get("/cases/a/b", token="read").get_json()["id"] == "a/b"
    assert web.get("/cases/a%2Fb", token="read").get_json()["id"] == "a/b"
    assert web.post("/cases/a%2Fb/findings", token="alice", json={"finding": "lawful"}).status_code == 202
    assert web.desk.findings == [("a/b", "lawful", None)]


@pytest.mark.parametrize("path", ["/cases/x", "/actions/x", "/services/x", "/cases/%00", "/cases/" + "x" * 300])
def test_what_is_not_there_is_404(web: Web, path: str) -> None:
    expect_problem(web.get(path, token="read"), 404)


# ---- findings ----


@pytest.mark.parametrize("finding", sorted(FINDINGS))
def test_a_finding_is_recorded(web: Web, finding: str) -> None:
    body = {"finding": finding, "by": "bob", "note": "seen", "colour": "blue"}
    answer = web.post("/cases/c1/findings", token="decide", json=body)
    assert answer.status_code == 202
    assert answer.get_json() == {"event": "finding-1", "records": [{"record": "case", "case": "c1"}]}
    assert web.desk.findings == [("c1", finding, "seen")]
    assert (web.desk.said_by[-1].by, web.desk.said_by[-1].verified) == ("bob", False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"by": "bob"}, "finding"),
        ({"finding": "guilty", "by": "bob"}, "finding"),
        ({"finding": ["lawful"], "by": "bob"}, "finding"),
        ({"finding": "lawful"}, "by"),
        ({"finding": "lawful", "by": ""}, "by"),
        ({"finding": "lawful", "by": 5}, "by"),
        ({"finding": "lawful", "by": "a\nb"}, "by"),
        ({"finding": "lawful", "by": "x" * 257}, "by"),
        ({"finding": "lawful", "by": "bob", "note": 5}, "note"),
        ({"finding": "lawful", "by": "bob", "note": "a\x00b"}, "note"),
    ],
)
def test_a_bad_finding_is_422_and_named(web: Web, body: dict[str, Any], field: str) -> None:
    assert expect_problem(web.post("/cases/c1/findings", token="decide", json=body), 422)["field"] == field


def test_a_finding_about_no_case_is_404(web: Web) -> None:
    expect_problem(web.post("/cases/x/findings", token="alice", json={"finding": "lawful"}), 404)


# ---- decisions ----


@pytest.mark.parametrize(
    ("action", "verb", "state"),
    [
        ("a1", "approve", "approved"),
        ("a1", "reject", "rejected"),
        ("a2", "retry", "approved"),
        ("a3", "confirm", "done"),
    ],
)
def test_a_decision_answers_the_action_as_it_is_now(web: Web, action: str, verb: str, state: str) -> None:
    answer = web.post(f"/actions/{action}/{verb}", token="decide", json={"by": "bob", "reason": "it is right"})
    assert answer.status_code == 200
    assert (answer.get_json()["id"], answer.get_json()["state"]) == (action, state)
    assert (web.desk.said_by[-1].by, web.desk.said_by[-1].verified) == ("bob", False)


def test_whoever_made_an_invoice_by_hand_says_which(web: Web) -> None:
    answer = web.post("/actions/a3/confirm", token="alice", json={"invoice": "77"})
    assert answer.get_json()["invoice"] == "77"
    refused = web.post("/actions/a3/confirm", token="alice", json={"invoice": 77})
    assert expect_problem(refused, 422)["field"] == "invoice"


@pytest.mark.parametrize("verb", ["approve", "reject", "retry", "confirm"])
def test_what_is_no_longer_so_is_409_and_what_is_not_there_404(web: Web, verb: str) -> None:
    web.desk.known_actions["a9"] = an_action("a9", state="done")
    expect_problem(web.post(f"/actions/a9/{verb}", token="alice"), 409)
    expect_problem(web.post(f"/actions/none/{verb}", token="alice"), 404)


def test_a_second_approval_by_the_same_admin_is_403_and_by_another_counts(web: Web) -> None:
    assert web.post("/actions/a4/approve", token="decide", json={"by": "bob"}).get_json()["state"] == "proposed"
    expect_problem(web.post("/actions/a4/approve", token="decide", json={"by": "bob"}), 403)
    assert web.post("/actions/a4/approve", token="decide", json={"by": "eve"}).get_json()["state"] == "approved"
    expect_problem(web.post("/actions/a4/approve", token="decide", json={"by": "eve"}), 409)


def test_rejecting_what_may_only_be_deferred_is_403(web: Web) -> None:
    web.desk.breaks = NotAllowed("terminate_service may not be rejected, only deferred with a reason")
    expect_problem(web.post("/actions/a1/reject", token="alice", json={"reason": "no"}), 403)


def test_a_token_with_an_admin_needs_no_body_and_its_admin_wins(web: Web) -> None:
    assert web.post("/actions/a1/approve", token="alice").status_code == 200
    assert web.post("/actions/a4/approve", token="alice", json={"by": "mallory"}).status_code == 200
    assert [(source.by, source.verified) for source in web.desk.said_by] == [("alice", True), ("alice", True)]


@pytest.mark.parametrize("verb", ["approve", "reject", "retry", "confirm"])
def test_a_token_without_one_must_say_who(web: Web, verb: str) -> None:
    assert expect_problem(web.post(f"/actions/a1/{verb}", token="decide"), 422)["field"] == "by"
    assert expect_problem(web.post(f"/actions/a1/{verb}", token="decide", json={"reason": "x"}), 422)["field"] == "by"


@pytest.mark.parametrize("path", ["/actions/a1/approve", "/actions/a1/reject", "/cases/c1/findings"])
def test_deciding_needs_the_scope_decide(web: Web, path: str) -> None:
    for token in ("read", "intake"):
        expect_problem(web.post(path, token=token, json={"by": "bob"}), 403)
    assert web.desk.said_by == []


def test_a_decision_in_another_media_type_is_415(web: Web) -> None:
    expect_problem(web.post("/actions/a1/approve", token="decide", data=b"by=bob", content_type="text/plain"), 415)


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe"])
def test_a_decision_that_is_no_json_object_is_422(web: Web, body: bytes) -> None:
    answer = web.post("/actions/a1/approve", token="decide", data=body, content_type="application/json")
    expect_problem(answer, 422)


def test_a_conflict_says_why(web: Web) -> None:
    web.desk.breaks = Conflict("a1 is withdrawn")
    assert expect_problem(web.post("/actions/a1/approve", token="alice"), 409)["detail"] == "a1 is withdrawn"
