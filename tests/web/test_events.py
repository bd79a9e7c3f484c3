"""`POST /events` and `POST /complaints`: who may send what, and what is answered."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from bridge.events import EVENT_TYPES
from tests.web.conftest import AT, Web, expect_problem

NDJSON = "application/x-ndjson"


def a_complaint(id_: str = "e1", **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "complaint.received",
        "at": AT,
        "ip": "192.0.2.7",
        "category": "connection/ddos",
        **more,
    }


def a_finding(id_: str = "f1", **more: Any) -> dict[str, Any]:
    return {"id": id_, "type": "finding.recorded", "at": AT, "case": "c1", "finding": "unfounded", "by": "bob", **more}


def lines(*events: dict[str, Any] | str) -> bytes:
    return b"\n".join(one.encode() if isinstance(one, str) else orjson.dumps(one) for one in events)


def test_an_event_is_accepted_with_its_records(web: Web) -> None:
    answer = web.post("/events", json=a_complaint())
    assert answer.status_code == 202
    assert answer.get_json() == {"event": "e1", "records": [{"record": "case", "case": "e1"}]}


def test_a_repeated_id_is_accepted_and_decides_nothing(web: Web) -> None:
    web.post("/events", json=a_complaint())
    answer = web.post("/events", json=a_complaint())
    assert answer.status_code == 202
    assert answer.get_json() == {"event": "e1", "records": [], "duplicate": True}


def test_unknown_extra_fields_reach_the_desk(web: Web) -> None:
    web.post("/events", json=a_complaint(colour="blue"))
    assert web.desk.events["e1"]["colour"] == "blue"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ip": "300.1.1.1"}, "ip"),
        ({"category": "connection/unheard"}, "category"),
        ({"at": "yesterday"}, "at"),
        ({"type": "no.such"}, "type"),
        ({"type": "action.done"}, "type"),
        ({"type": 5}, "type"),
        ({"id": ""}, "id"),
        ({"ips": ["192.0.2.1", "x"]}, "ips[1]"),
    ],
)
def test_a_bad_field_is_422_and_named(web: Web, change: dict[str, Any], field: str) -> None:
    said = expect_problem(web.post("/events", json=a_complaint(**change)), 422)
    assert said["field"] == field
    assert field in said["detail"]
    assert web.desk.events == {}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"5", b'"x"', b"null", b"\xff", b'{"a": NaN}', b'{"id": "\\ud800"}', b"[" * 100_000]
)
def test_what_is_no_json_object_is_422(web: Web, body: bytes) -> None:
    expect_problem(web.post("/events", data=body, content_type="application/json"), 422)


def test_json_nested_too_deep_is_422_and_named(web: Web) -> None:
    deep: Any = 1
    for _ in range(100):
        deep = [deep]
    said = expect_problem(web.post("/events", json=a_complaint(deep=deep)), 422)
    assert said["field"] == "deep"


def test_many_brackets_side_by_side_are_not_deep(web: Web) -> None:
    assert web.post("/events", json=a_complaint(wide=[[1] for _ in range(500)])).status_code == 202


def test_a_nul_in_a_text_is_422_and_named_but_its_escaped_spelling_is_text(web: Web) -> None:
    assert expect_problem(web.post("/events", json=a_complaint(report_id="a\x00b")), 422)["field"] == "report_id"
    assert web.post("/events", json=a_complaint(report_id="a\\u0000b")).status_code == 202


@pytest.mark.parametrize("content_type", ["text/html", "application/xml", "multipart/form-data; boundary=x", ""])
def test_another_media_type_is_415(web: Web, content_type: str) -> None:
    expect_problem(web.post("/events", data=b"{}", content_type=content_type), 415)


def test_json_may_say_that_it_is_utf8_and_nothing_else(web: Web) -> None:
    body = orjson.dumps(a_complaint())
    assert web.post("/events", data=body, content_type="application/json; charset=UTF-8").status_code == 202
    expect_problem(web.post("/events", data=body, content_type="application/json; charset=latin-1"), 415)


# ---- scopes ----

INTAKE_TYPES = {"complaint.received", "service.observed", "client.observed", "usage.observed"}
EXTERNAL = sorted(name for name, cls in EVENT_TYPES.items() if not cls.internal)


@pytest.mark.parametrize("event_type", EXTERNAL)
def test_intake_may_send_complaints_and_observations_and_decide_all_else(web: Web, event_type: str) -> None:
    event = {"id": "e1", "type": event_type, "at": AT}
    of_intake = event_type in INTAKE_TYPES
    assert (web.post("/events", json=event, token="intake").status_code == 403) is not of_intake
    assert (web.post("/events", json=event, token="decide").status_code == 403) is of_intake
    assert web.post("/events", json=event, token="admin").status_code != 403


def test_a_token_that_only_reads_sends_nothing(web: Web) -> None:
    expect_problem(web.post("/events", json=a_complaint(), token="read"), 403)
    expect_problem(web.post("/complaints", data=b"x", content_type="text/plain", token="read"), 403)


def test_only_intake_sends_complaints(web: Web) -> None:
    expect_problem(web.post("/complaints", data=b"x", content_type="text/plain", token="decide"), 403)
    assert web.post("/complaints", data=b"x", content_type="text/plain", token="intake").status_code == 202


@pytest.mark.parametrize("path", ["/events", "/complaints", "/cases/x/findings", "/actions/x/approve"])
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "admin-token"])
def test_no_or_an_unknown_token_is_401(web: Web, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = web.post(path, token=None, headers=headers, json={})
    expect_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_scheme_is_read_in_any_case(web: Web) -> None:
    answer = web.post("/events", token=None, headers={"Authorization": "bearer admin-token"}, json=a_complaint())
    assert answer.status_code == 202


# ---- in whose name ----


def test_a_token_with_an_admin_speaks_in_that_name_whatever_the_body_says(web: Web) -> None:
    web.post("/events", json=a_finding(by="mallory"), token="alice")
    assert web.desk.events["f1"]["by"] == "alice"
    assert (web.desk.said_by[-1].by, web.desk.said_by[-1].verified) == ("alice", True)


def test_a_token_with_an_admin_need_not_be_told_who(web: Web) -> None:
    event = {name: value for name, value in a_finding().items() if name != "by"}
    assert web.post("/events", json=event, token="alice").status_code == 202


def test_without_one_by_is_taken_as_said_and_unverified(web: Web) -> None:
    web.post("/events", json=a_finding(), token="decide")
    assert web.desk.events["f1"]["by"] == "bob"
    assert (web.desk.said_by[-1].by, web.desk.said_by[-1].verified) == ("bob", False)


def test_by_of_an_event_that_names_no_admin_is_left_alone(web: Web) -> None:
    event = {"id": "u1", "type": "unsuspend.requested", "at": AT, "service": "7", "by": "automation"}
    web.post("/events", json=event, token="alice")
    assert web.desk.events["u1"]["by"] == "automation"


def test_the_name_of_an_admin_also_goes_into_every_line(web: Web) -> None:
    spelled = '{"id": "f2", "type": "finding.recorded", "at": "%s", "case": "c", "finding": "lawful", "\\u0062y": "m"}'
    body = lines(a_finding(by="mallory"), spelled % AT)
    assert web.post("/events", data=body, content_type=NDJSON, token="alice").status_code == 202
    assert [web.desk.events[id_]["by"] for id_ in ("f1", "f2")] == ["alice", "alice"]


# ---- many ----


def test_many_events_are_counted(web: Web) -> None:
    body = lines(a_complaint("a"), "", a_complaint("b"), a_complaint("a"), "")
    answer = web.post("/events", data=body, content_type=NDJSON)
    assert answer.status_code == 202
    assert answer.get_json() == {"accepted": 2, "duplicates": 1}


@pytest.mark.parametrize("content_type", [NDJSON, f"{NDJSON}; charset=utf-8", "application/jsonl"])
def test_lines_are_known_by_their_media_type(web: Web, content_type: str) -> None:
    assert web.post("/events", data=lines(a_complaint()), content_type=content_type).status_code == 202


def test_a_bad_line_is_422_names_the_line_and_keeps_what_came_before(web: Web) -> None:
    body = lines(a_complaint("a"), a_complaint("b", ip="x"), a_complaint("c"))
    said = expect_problem(web.post("/events", data=body, content_type=NDJSON), 422)
    assert (said["line"], said["field"], said["accepted"]) == (2, "ip", 1)
    assert "line 2" in said["detail"]
    assert set(web.desk.events) == {"a"}


@pytest.mark.parametrize(
    "line", ["{", "[1]", '{"deep": ' + "[" * 200 + "]" * 200 + "}", '{"id": "x\\u0000y"}', "\x00", '"text"']
)
def test_a_line_that_is_no_event_is_422_and_keeps_what_came_before(web: Web, line: str) -> None:
    said = expect_problem(web.post("/events", data=lines(a_complaint("a"), line), content_type=NDJSON), 422)
    assert said["line"] == 2
    assert set(web.desk.events) == {"a"}


def test_a_line_the_token_may_not_send_is_403_likewise(web: Web) -> None:
    body = lines(a_complaint("a"), a_finding(), a_complaint("c"))
    said = expect_problem(web.post("/events", data=body, content_type=NDJSON, token="intake"), 403)
    assert (said["line"], said["accepted"]) == (2, 1)
    assert set(web.desk.events) == {"a"}


# ---- complaints ----


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("message/rfc822", b"Subject: abuse\n\nfrom 192.0.2.1"),
        ("application/json", b'{"xarf_version": "4.0.0"}'),
        ("application/x-ndjson", b'{"xarf_version": "4.0.0"}\n{}\n'),
        ("text/plain", b"spam from 192.0.2.1"),
        ("text/plain; charset=iso-8859-1", b"Stra\xdfe"),
    ],
)
def test_a_complaint_is_taken_in_each_form(web: Web, content_type: str, body: bytes) -> None:
    answer = web.post("/complaints", data=body, content_type=content_type)
    assert answer.status_code == 202
    assert answer.get_json() == {"complaints": [{"id": "c1", "status": "accepted", "case": "c1"}]}
    assert web.desk.complaints == [(body, content_type)]


@pytest.mark.parametrize("content_type", ["", "image/png", "application/xml", "application/x-www-form-urlencoded"])
def test_a_complaint_in_another_form_is_415(web: Web, content_type: str) -> None:
    expect_problem(web.post("/complaints", data=b"x", content_type=content_type), 415)


@pytest.mark.parametrize(
    ("content_type", "body", "named"),
    [
        ("application/json", b"{", None),
        ("application/x-ndjson", b"{}\n{", "line 2"),
        ("text/plain", b" \n", None),
        ("message/rfc822", b"", None),
    ],
)
def test_a_complaint_that_cannot_be_read_is_422(web: Web, content_type: str, body: bytes, named: str | None) -> None:
    said = expect_problem(web.post("/complaints", data=body, content_type=content_type), 422)
    assert said.get("field") == named
    assert web.desk.complaints == []


def test_a_feed_is_handed_on_with_its_name_and_told_by_counts(web: Web) -> None:
    headers = {"Content-Disposition": 'attachment; filename="2024-scan_dns.csv"'}
    answer = web.post("/complaints", token="intake", data=b"ip,tag\n", content_type="text/csv", headers=headers)
    assert (answer.status_code, answer.get_json()["counts"]) == (202, {"accepted": 1})
    assert web.desk.complaints == [(b"ip,tag\n", "2024-scan_dns.csv")]
