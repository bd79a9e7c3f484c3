"""Signed pages for the panel, and the same pages open on loopback."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bridge.views import Source
from bridge.web.pages.page import Attached
from tests.web.conftest import Build, Web, expect_problem
from tests.web.fake_desk import BarePages

BASE = "addonmodules.php?module=tipstaff"


@pytest.fixture
def pages() -> BarePages:
    return BarePages()


@pytest.fixture
def web(build: Build, pages: BarePages) -> Web:
    return build(pages=pages)


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


def test_the_panel_says_who_looks_at_what_and_gets_the_page(web: Web, pages: BarePages) -> None:
    page = expect_page(web.signed("/panel", an_admin(path="/actions", query={"page": "2"}, hidden={"token": "t0k"})))
    assert (page["status"], page["title"]) == (200, "t")
    assert '<input type="hidden" name="token" value="t0k">' in page["html"]
    (asked,) = pages.asked
    assert (asked.viewer.id, asked.viewer.role, asked.path, asked.asked("page")) == ("5", "admin", "/actions", "2")
    assert asked.source == Source(name="panel", by="5", verified=True)


def test_a_repeated_page_request_gets_its_first_answer_and_decides_nothing_twice(web: Web, pages: BarePages) -> None:
    asked = an_admin(method="POST", path="/actions", form={"action": "a1", "do": "approve"})
    first = web.signed("/panel", asked, delivery="p1")
    again = web.signed("/panel", asked, delivery="p1")
    assert first.get_data() == again.get_data()
    assert len(pages.asked) == 1


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


def test_uploads_reach_the_pages_and_files_are_handed_out(web: Web, pages: BarePages) -> None:
    asked = an_admin(
        path="/file",
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
def opened(build: Build, pages: BarePages) -> Web:
    return build(pages=pages, open_pages=True)


def token_in(answer: TestResponse) -> str:
    found = re.search(r'name="token" value="([^"]+)"', answer.get_data(as_text=True))
    assert found is not None
    return found[1]


def test_open_pages_are_shown_and_decided_on_this_machine(opened: Web, pages: BarePages) -> None:
    page = opened.get("/?path=/actions", headers={"Accept-Language": "de"}, **HERE)
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert "script" not in page.headers["Content-Security-Policy"]
    form = {"path": "/actions", "action": "a1", "do": "approve", "token": token_in(page)}
    answer = opened.post("/", data=form, **HERE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?path=%2F")
    assert [asked.method for asked in pages.asked] == ["GET", "POST"]
    assert pages.asked[0].languages == "de"
    assert (pages.asked[1].filled("do"), pages.asked[1].source.verified) == ("approve", False)


def test_open_pages_hand_out_files(opened: Web) -> None:
    answer = opened.get("/?path=/file", **HERE)
    assert answer.get_data() == b"x"
    assert answer.headers["Content-Disposition"] == "attachment; filename=e.txt"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


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
def test_a_form_without_the_token_decides_nothing(opened: Web, pages: BarePages, token: str | None) -> None:
    form = {"path": "/actions", "action": "a1", "do": "approve", **({} if token is None else {"token": token})}
    expect_problem(opened.post("/", data=form, **HERE), 403)
    assert pages.asked == []


def test_the_token_is_another_with_every_start(build: Build, opened: Web) -> None:
    other = build(open_pages=True)
    assert token_in(opened.get("/?path=/actions", **HERE)) != token_in(other.get("/?path=/actions", **HERE))


def test_a_signature_is_checked_against_the_wall_clock(web: Web) -> None:
    body = an_admin()
    stamp = str(int(web.clock.wall().timestamp()))
    web.clock.move(timedelta(minutes=6))
    expect_problem(web.signed("/panel", body, **{"webhook-timestamp": stamp}), 401)
