"""Signed pages for the panel, and the same pages open on loopback."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bridge.web.pages.page import Attached, PageAnswer, PageRequest
from tests.web.conftest import Build, Web, expect_problem
from tests.web.fake_desk import FakeDesk, a_case, an_action

BASE = "addonmodules.php?module=tipstaff"
HOSTILE = "\"'><script>alert(1)</script>&lt;{{7*7}}"


@pytest.fixture
def web(build: Build) -> Web:
    desk = FakeDesk()
    desk.known_actions = {
        "a1": an_action("a1"),
        "a2": an_action("a2", state="failed", error=HOSTILE),
        "a3": an_action("a3", state="manual", instructions="Hand over the data."),
    }
    desk.known_cases = {
        "c1": a_case("c1", deadlines=[{"for": "reply", "due": "2026-03-02T12:00:00Z", "state": "open"}]),
        "c2": a_case("c2", client="4"),
    }
    return build(desk)


def an_admin(**more: Any) -> dict[str, Any]:
    return {
        "viewer": {"id": 5, "name": "Ada", "role": "admin"},
        "method": "GET",
        "path": "/",
        "query": {},
        "form": {},
        "base": BASE,
        **more,
    }


def a_client(**more: Any) -> dict[str, Any]:
    return {
        **an_admin(),
        "viewer": {"id": "3", "name": "Carl", "role": "client"},
        "base": "index.php?m=tipstaff",
        **more,
    }


def expect_page(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    said: dict[str, Any] = answer.get_json()
    assert set(said) >= {"status", "title", "html"}
    return said


@pytest.mark.parametrize("path", ["/", "/actions"])
def test_an_admin_sees_the_pages(web: Web, path: str) -> None:
    page = expect_page(web.signed("/panel", an_admin(path=path)))
    assert page["status"] == 200
    assert page["title"]
    assert "location" not in page
    links = re.findall(r'href="([^"]*)"', page["html"])
    assert links
    assert all(link.startswith("addonmodules.php?module=tipstaff&amp;path=") for link in links)


def test_forms_lead_to_the_base_and_carry_path_and_the_panels_own_fields(web: Web) -> None:
    page = expect_page(web.signed("/panel", an_admin(path="/actions", hidden={"token": "t0k"})))
    assert set(re.findall(r'<form method="post" action="([^"]*)"', page["html"])) == {BASE}
    assert '<input type="hidden" name="path" value="/actions">' in page["html"]
    assert '<input type="hidden" name="token" value="t0k">' in page["html"]


def test_a_proposal_is_approved_from_the_page_by_the_viewers_id(web: Web) -> None:
    form = {"path": "/actions", "action": "a1", "do": "approve", "reason": "it is right"}
    page = expect_page(web.signed("/panel", an_admin(method="POST", path="/actions", form=form)))
    assert (page["status"], page["location"]) == (303, f"{BASE}&path=%2Factions")
    assert web.desk.known_actions["a1"]["state"] == "approved"
    assert (web.desk.said_by[-1].by, web.desk.said_by[-1].verified) == ("5", True)


@pytest.mark.parametrize(("do", "action", "state"), [("reject", "a1", "rejected"), ("retry", "a2", "approved")])
def test_other_decisions_are_made_from_the_page(web: Web, do: str, action: str, state: str) -> None:
    form = {"action": action, "do": do}
    expect_page(web.signed("/panel", an_admin(method="POST", path="/actions", form=form)))
    assert web.desk.known_actions[action]["state"] == state


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"action": "none", "do": "approve"}, 404),
        ({"action": "a2", "do": "approve"}, 409),
        ({"action": "a1", "do": "dance"}, 422),
        ({"action": "a1"}, 422),
        ({}, 422),
    ],
)
def test_what_cannot_be_decided_is_said_on_the_page(web: Web, form: dict[str, str], status: int) -> None:
    page = expect_page(web.signed("/panel", an_admin(method="POST", path="/actions", form=form)))
    assert page["status"] == status
    assert 'role="alert"' in page["html"]


def test_a_repeated_page_request_gets_its_first_answer_and_decides_nothing_twice(web: Web) -> None:
    asked = an_admin(method="POST", path="/actions", form={"action": "a1", "do": "approve"})
    first = web.signed("/panel", asked, delivery="p1")
    again = web.signed("/panel", asked, delivery="p1")
    assert first.get_data() == again.get_data()
    assert len(web.desk.said_by) == 1


def test_what_strangers_wrote_is_shown_as_text(web: Web) -> None:
    web.desk.known_actions["a1"]["because"] = HOSTILE
    page = expect_page(web.signed("/panel", an_admin(path="/actions", hidden={"x": HOSTILE})))
    assert "<script" not in page["html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page["html"]
    assert "{{7*7}}" in page["html"]


@pytest.mark.parametrize("path", ["/nothing", "/actions/", "/../etc", "actions", HOSTILE])
def test_an_unknown_page_is_404_in_its_own_status(web: Web, path: str) -> None:
    page = expect_page(web.signed("/panel", an_admin(path=path)))
    assert page["status"] == 404
    assert "<script" not in page["html"]


# ---- clients ----


def test_a_client_sees_own_cases_alone(web: Web) -> None:
    page = expect_page(web.signed("/client", a_client(), delivery="1"))
    assert "c1" in page["html"]
    assert "c2" not in page["html"]
    own = expect_page(web.signed("/client", a_client(path="/cases/c1"), delivery="2"))
    assert own["status"] == 200
    assert "2026-03-02T12:00:00Z" in own["html"]


@pytest.mark.parametrize("path", ["/cases/c2", "/cases/none", "/actions", "/services/7"])
def test_what_is_not_the_clients_is_404(web: Web, path: str) -> None:
    assert expect_page(web.signed("/client", a_client(path=path)))["status"] == 404


def test_a_client_decides_nothing(web: Web) -> None:
    asked = a_client(method="POST", path="/actions", form={"action": "a1", "do": "approve"})
    assert expect_page(web.signed("/client", asked))["status"] == 405
    assert web.desk.known_actions["a1"]["state"] == "proposed"


# ---- who may ask ----


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/panel", a_client()),
        ("/client", an_admin()),
        ("/panel", an_admin(viewer={"id": "1", "role": "root"})),
        ("/client", an_admin(viewer={"id": "1", "role": ""})),
    ],
)
def test_a_viewer_of_another_role_is_403(web: Web, path: str, asked: dict[str, Any]) -> None:
    expect_problem(web.signed(path, asked), 403)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"viewer": None}, "viewer"),
        ({"viewer": {"name": "Ada", "role": "admin"}}, "viewer.id"),
        ({"viewer": {"id": "", "role": "admin"}}, "viewer.id"),
        ({"viewer": {"id": {}, "role": "admin"}}, "viewer.id"),
        ({"viewer": {"id": "1"}}, "viewer.role"),
        ({"method": "DELETE"}, "method"),
        ({"path": ""}, "path"),
        ({"path": "/a\nb"}, "path"),
        ({"query": "x"}, "query"),
        ({"form": {"a": {"b": "c"}}}, "form.a"),
        ({"files": {"a": [{"name": "a", "content": "%%"}]}}, "files.a.value[0].content"),
        ({"base": "javascript:alert(1)"}, "base"),
        ({"base": "//evil.example/"}, "base"),
        ({"base": 'x" onclick="y'}, "base"),
        ({"base": None}, "base"),
    ],
)
def test_a_bad_field_of_a_page_request_is_422_and_named(web: Web, change: dict[str, Any], field: str) -> None:
    assert expect_problem(web.signed("/panel", an_admin(**change)), 422)["field"] == field


class Keeps:
    """Pages that keep what they were asked and hand out a file."""

    def __init__(self) -> None:
        self.asked: list[PageRequest] = []

    def render(self, request: PageRequest) -> PageAnswer:
        self.asked.append(request)
        return PageAnswer(
            status=200, title="t", html="", download=Attached(name="e.txt", type="text/plain", content=b"x")
        )


def test_uploads_reach_the_pages_and_files_are_handed_out(build: Build) -> None:
    pages = Keeps()
    web = build(pages=pages)
    asked = an_admin(
        viewer={"id": 5, "role": "admin", "locale": "german"},
        files={"evidence": [{"name": "a.txt", "type": "text/plain", "content": "aGk="}]},
    )
    page = expect_page(web.signed("/panel", asked))
    assert page["download"] == {"name": "e.txt", "type": "text/plain", "content": "eA=="}
    assert pages.asked[0].files["evidence"] == [Attached(name="a.txt", type="text/plain", content=b"hi")]
    assert (pages.asked[0].viewer.id, pages.asked[0].viewer.locale) == ("5", "german")


def test_php_may_write_empty_and_repeated_fields_its_own_way(web: Web) -> None:
    asked = an_admin(
        query=[], form={"do": ["approve"], "n": 5, "empty": None}, base="https://billing.example/admin/x.php"
    )
    assert expect_page(web.signed("/panel", asked))["status"] == 200


@pytest.mark.parametrize("path", ["/panel", "/client"])
def test_pages_need_a_signature_and_no_token_replaces_it(web: Web, path: str) -> None:
    expect_problem(web.post(path, json=an_admin()), 401)
    expect_problem(web.signed(path, an_admin(), **{"webhook-signature": "v1,AAAA"}), 401)
    expect_problem(web.signed(path, an_admin(), **{"webhook-timestamp": "1"}), 401)


# ---- open pages ----

HERE = {"environ_base": {"REMOTE_ADDR": "127.0.0.1"}, "token": None}


def test_without_open_pages_there_is_no_page(web: Web) -> None:
    expect_problem(web.get("/", **HERE), 404)


@pytest.fixture
def opened(build: Build) -> Web:
    return build(FakeDesk(known_actions={"a1": an_action("a1")}), open_pages=True)


def token_in(answer: TestResponse) -> str:
    found = re.search(r'name="token" value="([^"]+)"', answer.get_data(as_text=True))
    assert found is not None
    return found[1]


def test_open_pages_are_shown_and_decided_on_this_machine(opened: Web) -> None:
    page = opened.get("/?path=/actions", **HERE)
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert "script" not in page.headers["Content-Security-Policy"]
    form = {"path": "/actions", "action": "a1", "do": "approve", "token": token_in(page)}
    answer = opened.post("/", data=form, **HERE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?path=%2Factions")
    assert opened.desk.known_actions["a1"]["state"] == "approved"
    assert opened.desk.said_by[-1].verified is False


@pytest.mark.parametrize("peer", ["192.0.2.1", "10.0.0.1", "", "::2"])
def test_open_pages_are_403_from_elsewhere(opened: Web, peer: str) -> None:
    expect_problem(opened.get("/", token=None, environ_base={"REMOTE_ADDR": peer}), 403)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "192.0.2.1"])
def test_open_pages_are_403_under_a_foreign_name(opened: Web, host: str) -> None:
    expect_problem(opened.get("/", headers={"Host": host}, **HERE), 403)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8765", "[::1]:8765"])
def test_open_pages_answer_to_loopback_names(opened: Web, host: str) -> None:
    assert opened.get("/", headers={"Host": host}, **HERE).status_code == 200


@pytest.mark.parametrize("token", [None, "", "guessed", "ä"])
def test_a_form_without_the_token_decides_nothing(opened: Web, token: str | None) -> None:
    form = {"path": "/actions", "action": "a1", "do": "approve", **({} if token is None else {"token": token})}
    expect_problem(opened.post("/", data=form, **HERE), 403)
    assert opened.desk.known_actions["a1"]["state"] == "proposed"


def test_the_token_is_another_with_every_start(build: Build, opened: Web) -> None:
    other = build(FakeDesk(known_actions={"a1": an_action("a1")}), open_pages=True)
    assert token_in(opened.get("/?path=/actions", **HERE)) != token_in(other.get("/?path=/actions", **HERE))


def test_a_signature_is_checked_against_the_wall_clock(web: Web) -> None:
    body = an_admin()
    stamp = str(int(web.clock.wall().timestamp()))
    web.clock.move(timedelta(minutes=6))
    expect_problem(web.signed("/panel", body, **{"webhook-timestamp": stamp}), 401)
