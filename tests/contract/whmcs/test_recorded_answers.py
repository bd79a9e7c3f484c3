"""Answers as they were seen from real installations and in the documentation's samples."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
import responses

from adapters.whmcs.client import Credentials, Timeouts, WhmcsClient
from adapters.whmcs.panel import WhmcsPanel
from bridge.errors import NotSupported, PanelError, PanelRefused, PanelUnclear, PanelUnreachable

API = "https://billing.example/includes/api.php"


@pytest.fixture
def recorded() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def a_client(**options: Any) -> WhmcsClient:
    credentials = Credentials(identifier="the-id", secret="the-secret")
    return WhmcsClient(url="https://billing.example/", credentials=credentials, sleep=lambda _seconds: None, **options)


def a_panel(client: WhmcsClient | None = None) -> WhmcsPanel:
    return WhmcsPanel(
        client or a_client(),
        abuse_department="2",
        payment_method="banktransfer",
        admin_username="tipstaff",
        timezone=ZoneInfo("Europe/Berlin"),
    )


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (200, {"result": "error", "message": "Client ID Not Found"}, PanelRefused),
        (200, {"result": "error"}, PanelRefused),
        (200, {"result": "error", "message": "Service not assigned to a module"}, NotSupported),
        (400, {"result": "error", "message": "Invalid IP 203.0.113.9"}, PanelRefused),
        (400, {"result": "error", "message": "Empty action request"}, PanelRefused),
        (401, {"message": "Authentication Failed"}, PanelRefused),
        (403, {"result": "error", "message": "Invalid or missing credentials"}, PanelRefused),
        (403, {"result": "error", "message": 'Invalid Permissions: API action "x" is not allowed'}, PanelRefused),
        (403, {}, PanelUnclear),
        (429, {"result": "error", "message": "slow down"}, PanelUnclear),
        (500, {"result": "error", "message": "database"}, PanelUnclear),
        (503, {"result": "success"}, PanelUnclear),
        (302, {}, PanelUnclear),
        (307, {}, PanelUnclear),
        (404, {"result": "success"}, PanelUnclear),
        (200, {"result": "pending"}, PanelUnclear),
        (200, {"result": True}, PanelUnclear),
        (200, {}, PanelUnclear),
    ],
)
def test_what_the_caller_does_next_follows_from_the_answer(
    recorded: responses.RequestsMock, status: int, answer: dict[str, Any], error: type[PanelError]
) -> None:
    recorded.post(API, json=answer, status=status, headers={"Location": "https://billing.example/login.php"})
    with pytest.raises(error):
        a_client().write("AddClientNote", userid=1, notes="n")
    assert len(recorded.calls) == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>Login</html>",
        '{"result":"succ',
        "null",
        "[]",
        '"success"',
        '<br />Warning: x in y{"result":"success"}',
    ],
)
def test_a_body_that_is_no_answer_is_unclear(recorded: responses.RequestsMock, body: str) -> None:
    recorded.post(API, body=body)
    with pytest.raises(PanelUnclear):
        a_client().write("AddClientNote", userid=1, notes="n")


@pytest.mark.parametrize(
    "body",
    [b'\xef\xbb\xbf{"result":"success"}', b'{"result":"success","notes":"\xff\xfe"}', b'\n {"status":"success"}\n'],
)
def test_an_answer_with_a_byte_order_mark_odd_bytes_or_status_is_read(
    recorded: responses.RequestsMock, body: bytes
) -> None:
    recorded.post(API, body=body)
    assert "success" in a_client().write("AddClientNote", userid=1, notes="n").values()


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (requests.ConnectTimeout(), PanelUnreachable),
        (requests.ReadTimeout(), PanelUnclear),
        (requests.ConnectionError("Connection reset by peer"), PanelUnclear),
        (requests.exceptions.ChunkedEncodingError(), PanelUnclear),
        (requests.exceptions.SSLError(), PanelUnclear),
        (requests.exceptions.ProxyError(), PanelUnclear),
    ],
)
def test_a_broken_line_is_unclear_unless_nothing_was_sent(
    recorded: responses.RequestsMock, raised: Exception, error: type[PanelError]
) -> None:
    recorded.post(API, body=raised)
    with pytest.raises(error):
        a_client().write("AddClientNote", userid=1, notes="n")
    assert len(recorded.calls) == 1


def test_an_answer_without_end_is_given_up(recorded: responses.RequestsMock) -> None:
    recorded.post(API, body=b" " * 50_000)
    with pytest.raises(PanelUnclear, match="longer than 1000 bytes"):
        a_client(biggest_answer=1000).write("AddClientNote", userid=1, notes="n")


def test_an_answer_that_drips_is_given_up(recorded: responses.RequestsMock) -> None:
    recorded.post(API, json={"result": "success"})
    clock = iter((0.0, 100.0))
    with pytest.raises(PanelUnclear, match="longer than 90 s"):
        a_client(timeouts=Timeouts(), monotonic=lambda: next(clock)).write("AddClientNote", userid=1, notes="n")


@pytest.mark.parametrize(
    ("action", "parameters", "words"),
    [
        ("AddClientNote", {"userid": 1, "notes": "n", "colour": "red"}, "AddClientNote has no parameter colour"),
        ("AddClientNote", {"userid": 1}, "AddClientNote needs notes"),
        ("DeleteClient", {"clientid": 1}, "not among the documented actions"),
    ],
)
def test_what_is_not_documented_is_never_sent(
    recorded: responses.RequestsMock, action: str, parameters: dict[str, Any], words: str
) -> None:
    with pytest.raises(NotSupported, match=words):
        a_client().write(action, **parameters)
    assert len(recorded.calls) == 0


def test_the_documented_sample_of_credits_is_flat(recorded: responses.RequestsMock) -> None:
    recorded.post(
        API,
        json={
            "result": "success",
            "totalresults": "2",
            "clientid": "1",
            "credits[credit][0][id]": "1",
            "credits[credit][0][date]": "2016-01-01",
            "credits[credit][0][description]": "Credit for Invoice #1 &amp; more",
            "credits[credit][0][amount]": "10.00",
            "credits[credit][0][relid]": "0",
            "credits[credit][1][id]": "2",
            "credits[credit][1][date]": "0000-00-00",
            "credits[credit][1][description]": "Applied",
            "credits[credit][1][amount]": "-4.50",
            "credits[credit][1][relid]": "3",
        },
    )
    given, used = a_panel().credits("1")
    assert (given.description, given.amount) == ("Credit for Invoice #1 & more", Decimal("10.00"))
    assert (used.amount, used.booked) == (Decimal("-4.50"), None)


def test_a_list_that_repeats_itself_ends(recorded: responses.RequestsMock) -> None:
    row = {"id": 1, "firstname": "A", "lastname": "B", "email": "a@b.example", "groupid": 0, "status": "Active"}
    recorded.post(API, json={"result": "success", "totalresults": 500, "clients": {"client": [row]}})
    assert [client.id for client in a_panel().clients()] == ["1"]
    assert len(recorded.calls) == 2


def test_a_list_without_a_total_is_read_to_its_end(recorded: responses.RequestsMock) -> None:
    for numbers in ([1, 2], [3], []):
        rows = [{"id": number, "email": "a@b.example", "status": "Active"} for number in numbers]
        recorded.post(API, json={"result": "success", "clients": {"client": rows}})
    assert [client.id for client in a_panel().clients()] == ["1", "2", "3"]


def test_a_count_that_is_missing_is_unclear(recorded: responses.RequestsMock) -> None:
    recorded.post(API, json={"result": "success"})
    with pytest.raises(PanelUnclear, match="totalresults"):
        a_panel().client_count()


@pytest.mark.parametrize(
    "words", ["Client ID Not Found", "Client ID not found", "Client Not Found", "CLIENT NOT FOUND"]
)
def test_the_case_of_the_panels_words_does_not_matter(recorded: responses.RequestsMock, words: str) -> None:
    recorded.post(API, json={"result": "error", "message": words})
    assert a_panel().client("1") is None


def test_a_refusal_of_another_kind_is_not_taken_for_absence(recorded: responses.RequestsMock) -> None:
    recorded.post(API, status=403, json={"result": "error", "message": "Authentication Failed"})
    with pytest.raises(PanelRefused):
        a_panel().client("1")


def test_an_admin_list_without_a_result_is_accepted(recorded: responses.RequestsMock) -> None:
    recorded.post(API, json={"count": 1, "admin_users": [{"id": 1, "username": "tipstaff"}]})
    assert a_client().read("GetAdminUsers")["count"] == 1


def test_credentials_travel_in_the_body_alone(recorded: responses.RequestsMock) -> None:
    recorded.post(API, json={"result": "success"})
    a_client().write("AddClientNote", userid=1, notes="n", sticky=False)
    request = recorded.calls[0].request
    assert request.url == API
    assert (
        request.body == b"identifier=the-id&secret=the-secret&action=AddClientNote&responsetype=json&userid=1&notes=n"
    )
    assert "the-secret" not in str(request.headers)


def test_the_panels_words_are_short_plain_and_without_our_secrets(recorded: responses.RequestsMock) -> None:
    recorded.post(API, json={"result": "error", "message": "the-id/the-secret\x1b[31m\r\n" + "x" * 5000})
    with pytest.raises(PanelRefused) as caught:
        a_client().write("AddClientNote", userid=1, notes="n")
    assert caught.value.words.startswith("***/*** [31m xxx")
    assert len(caught.value.words) == 500
