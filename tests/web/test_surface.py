"""Errors, limits, health, metrics, log and description of the whole application."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest
from sqlalchemy.exc import OperationalError

from bridge.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    PanelUnclear,
    TipstaffError,
    Unauthorized,
)
from tests.web.conftest import AT, Build, Web, expect_problem
from tests.web.fake_desk import FakeDesk, a_case

MIB = 1024 * 1024


# ---- errors ----


@pytest.mark.parametrize("path", ["/", "/nothing", "/events/x", "//cases", "/hooks", "/admin.php"])
def test_an_unknown_path_is_404_for_everybody(web: Web, path: str) -> None:
    expect_problem(web.get(path), 404)
    expect_problem(web.get(path, token=None), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/events", "POST"),
        ("DELETE", "/cases", "GET"),
        ("PUT", "/hooks/whmcs", "POST"),
        ("POST", "/healthz", "GET"),
    ],
)
def test_another_method_is_405_and_says_which(web: Web, method: str, path: str, allowed: str) -> None:
    answer = web.call(method, path)
    expect_problem(answer, 405)
    assert allowed in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("ip", "is odd"), 422),
        (Unauthorized("who?"), 401),
        (NotAllowed("no"), 403),
        (NotFound("none"), 404),
        (Conflict("gone"), 409),
        (PanelUnclear("whmcs", "<html>"), 502),
        (TipstaffError("odd"), 500),
        (OperationalError("SELECT secret", {}, Exception("disk I/O error")), 503),
    ],
)
def test_each_error_has_its_status(web: Web, error: Exception, status: int) -> None:
    web.desk.breaks = error
    said = expect_problem(web.get("/cases/c1"), status)
    assert "SELECT" not in said["detail"]


def test_what_nobody_foresaw_is_500_without_its_words_and_leaves_its_place_in_the_log(web: Web) -> None:
    web.desk.breaks = RuntimeError("the letter said: my password is hunter2")
    answer = web.post("/events", json={"id": "e", "type": "staff.abused", "at": AT, "client": "secret-client"})
    expect_problem(answer, 500)
    log = web.log.getvalue()
    assert "RuntimeError" in log
    assert "fake_desk.py" in log
    for word in ("hunter2", "secret-client"):
        assert word not in log
        assert word not in answer.get_data(as_text=True)


# ---- limits ----


@pytest.mark.parametrize("path", ["/events", "/complaints", "/actions/a/approve", "/cases/c/findings"])
def test_a_body_over_ten_mebibytes_is_413(web: Web, path: str) -> None:
    body = b" " * (10 * MIB + 1)
    expect_problem(web.post(path, data=body, content_type="application/json"), 413)


def test_a_signed_body_over_ten_mebibytes_is_413(web: Web) -> None:
    expect_problem(web.signed("/hooks/whmcs", b" " * (10 * MIB + 1)), 413)
    expect_problem(web.signed("/panel", b" " * (10 * MIB + 1)), 413)


def test_a_body_that_does_not_announce_its_size_is_413_as_well(web: Web) -> None:
    stream = io.BytesIO(b" " * (10 * MIB + 1))
    environ = {"wsgi.input_terminated": True, "REMOTE_ADDR": "192.0.2.9"}
    answer = web.post("/complaints", input_stream=stream, content_type="text/plain", environ_base=environ)
    expect_problem(answer, 413)
    assert web.desk.complaints == []


def test_a_body_of_exactly_ten_mebibytes_is_read(web: Web) -> None:
    answer = web.post("/complaints", data=b"x" * (10 * MIB), content_type="text/plain")
    assert answer.status_code == 202
    assert len(web.desk.complaints[0][0]) == 10 * MIB


# ---- health ----


def test_health_needs_no_token(web: Web) -> None:
    assert web.get("/healthz", token=None).get_json() == {"status": "ok"}
    assert web.get("/readyz", token=None).get_json()["status"] == "ready"


def test_readyz_is_503_and_says_why_until_all_is_ready(web: Web) -> None:
    web.desk.problems = ["worker: not seen for a minute"]
    said = expect_problem(web.get("/readyz", token=None), 503)
    assert said["problems"] == ["worker: not seen for a minute"]
    assert web.get("/healthz", token=None).status_code == 200


# ---- metrics ----


def test_metrics_show_the_desks_gauges_and_count_requests(web: Web) -> None:
    web.get("/cases", token="read")
    web.get("/cases/secret", token="read")
    web.get("/some/stranger/typed/this", token=None)
    answer = web.get("/metrics", token="read")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/plain"
    assert 'tipstaff_actions{state="proposed"} 2.0' in text
    assert "tipstaff_log_length 5.0" in text
    assert 'tipstaff_http_requests_total{method="GET",route="/cases/<id:case>",status="404"} 1.0' in text
    assert 'route="none",status="404"' in text
    assert "stranger" not in text
    assert 'tipstaff_http_seconds_count{route="/cases"} 1.0' in text


def test_metrics_are_for_the_scope_read_or_for_the_addresses_named(web: Web) -> None:
    expect_problem(web.get("/metrics", token=None), 401)
    expect_problem(web.get("/metrics", token="intake"), 403)
    web.peer = "198.51.100.7"
    assert web.get("/metrics", token=None).status_code == 200
    web.peer = "::ffff:198.51.100.7"
    assert web.get("/metrics", token=None).status_code == 200
    web.peer = "203.0.113.1"
    answer = web.get("/metrics", token=None, headers={"X-Forwarded-For": "198.51.100.7"})
    expect_problem(answer, 401)


def test_two_applications_do_not_share_their_counts(build: Build) -> None:
    first, second = build(), build()
    first.get("/cases", token="read")
    assert 'route="/cases"' not in second.get("/metrics", token="read").get_data(as_text=True)


# ---- log ----


def test_each_request_leaves_one_line_without_query_headers_or_body(web: Web) -> None:
    web.post("/complaints?key=querysecret", data=b"lettersecret", content_type="text/plain", token="intake")
    (line,) = web.log.getvalue().splitlines()
    said: dict[str, Any] = orjson.loads(line)
    assert (said["method"], said["path"], said["status"], said["caller"]) == ("POST", "/complaints", 202, "intake")
    assert said["ms"] >= 0
    for word in ("querysecret", "lettersecret", "intake-token"):
        assert word not in line


def test_a_path_cannot_forge_a_line_of_the_log(web: Web) -> None:
    web.get('/x%0A{"status": 200}', token=None)
    assert len(web.log.getvalue().splitlines()) == 1


# ---- description ----


def test_openapi_describes_every_call_with_its_security_and_errors(web: Web) -> None:
    answer = web.get("/openapi.json", token=None)
    assert answer.status_code == 200
    said = answer.get_json()
    assert said["openapi"].startswith("3.")
    calls = {
        f"{method.upper()} {path}"
        for path, methods in said["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert calls == {
        "POST /events",
        "POST /complaints",
        "GET /cases",
        "GET /cases/{case}",
        "POST /cases/{case}/findings",
        "GET /actions",
        "GET /actions/{action}",
        "POST /actions/{action}/approve",
        "POST /actions/{action}/reject",
        "POST /actions/{action}/retry",
        "POST /actions/{action}/confirm",
        "GET /reviews",
        "GET /reviews/{review}",
        "POST /reviews/{review}/resolve",
        "GET /services/{service}",
        "GET /sources",
        "GET /listings",
        "POST /hooks/whmcs",
        "POST /hooks/virtualizor",
        "GET /hooks/holds",
        "POST /panel",
        "POST /client",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /report",
        "POST /report",
        "GET /report/{reference}.json",
    }
    open_to_all = ("/healthz", "/readyz", "/report", "/report/{reference}.json")
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            if method != "parameters" and path not in open_to_all:
                assert operation["security"], operation
                assert "401" in operation["responses"]
    unauthorized = said["components"]["responses"]["UNAUTHORIZED"]
    assert list(unauthorized["content"]) == ["application/problem+json"]
    complaint = said["paths"]["/complaints"]["post"]["requestBody"]["content"]
    feeds = {"text/csv", "application/zip", "application/gzip"}
    assert set(complaint) == {"message/rfc822", "application/json", "application/x-ndjson", "text/plain"} | feeds


def test_every_answer_forbids_guessing_its_type(build: Build) -> None:
    web = build(FakeDesk(known_cases={"c1": a_case("c1")}))
    for path in ("/cases/c1", "/nothing", "/healthz"):
        assert web.get(path).headers["X-Content-Type-Options"] == "nosniff"
