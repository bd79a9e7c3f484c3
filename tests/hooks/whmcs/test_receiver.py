"""`POST /hooks/whmcs` and `GET /hooks/holds` as the addon meets them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.views import HookNews, HookOwn
from hooks.signature import sign
from hooks.whmcs.translate import HOOKS
from tests.web.conftest import AT, SECRET, Web, expect_problem

SERVICE = {"params": {"serviceid": 7, "userid": 3}}


def test_a_hook_that_tells_is_202_with_its_event(web: Web) -> None:
    web.desk.lookup.invoices = {"41"}
    answer = web.hook("InvoicePaid", {"invoiceid": 41})
    assert answer.status_code == 202
    assert answer.get_json() == {"event": "whmcs.invoice.41.paid"}


def test_a_hook_that_asks_is_200_with_a_verdict(web: Web) -> None:
    answer = web.hook("PreModuleUnsuspend", SERVICE)
    assert answer.status_code == 200
    assert answer.get_json() == {"outcome": "refuse", "reason": "held", "clause": "1a"}


@pytest.mark.parametrize(
    ("name", "variables"),
    [("PreModuleCreate", {"params": {"serviceid": 7}}), ("ShoppingCartValidateCheckout", {"clientId": 3})],
)
def test_a_question_nothing_stands_against_is_allowed(web: Web, name: str, variables: dict[str, Any]) -> None:
    answer = web.hook(name, variables)
    assert answer.status_code == 200
    assert answer.get_json()["outcome"] == "allow"
    assert set(answer.get_json()) == {"outcome", "reason", "clause"}
    assert web.hook(name, variables).get_data() == answer.get_data()


def test_our_own_command_is_allowed_and_decides_nothing(web: Web) -> None:
    web.desk.lookup.own = {("7", "ModuleUnsuspend")}
    answer = web.hook("PreModuleUnsuspend", SERVICE)
    assert (answer.status_code, answer.get_json()["outcome"], answer.get_json()["clause"]) == (200, "allow", "3")
    assert web.desk.meanings == [HookOwn(clause="3")]


@pytest.mark.parametrize("name", ["ClientLogin", "PreModuleSuspend", "no such hook", "<script>"])
def test_a_hook_nobody_uses_is_202_and_ignored(web: Web, name: str) -> None:
    answer = web.hook(name, {"anything": 1})
    assert answer.status_code == 202
    assert answer.get_json()["ignored"] is True


def test_a_repeated_id_gets_its_first_answer_whatever_it_now_says(web: Web) -> None:
    first = web.hook("PreModuleUnsuspend", SERVICE, delivery="m1")
    web.desk.verdict = "allow"
    for again in (
        web.hook("PreModuleUnsuspend", SERVICE, delivery="m1"),
        web.hook("InvoicePaid", {"invoiceid": 1}, delivery="m1"),
        web.signed("/hooks/whmcs", b"{ no json", delivery="m1"),
    ):
        assert (again.status_code, again.get_data()) == (first.status_code, first.get_data())
    assert len(web.desk.meanings) == 1


# ---- signatures ----


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-id": "other"},
        {"webhook-id": ""},
        {"webhook-timestamp": "0"},
        {"webhook-timestamp": "soon"},
    ],
)
def test_a_bad_signature_is_401_and_does_nothing(web: Web, headers: dict[str, str]) -> None:
    body = {"hook": "PreModuleUnsuspend", "vars": SERVICE, "at": AT}
    expect_problem(web.signed("/hooks/whmcs", body, **headers), 401)
    assert web.desk.meanings == []


@pytest.mark.parametrize("path", ["/hooks/whmcs", "/hooks/virtualizor"])
def test_a_token_does_not_replace_the_signature(web: Web, path: str) -> None:
    expect_problem(web.post(path, json={"hook": "InvoicePaid", "vars": {}, "at": AT}), 401)


@pytest.mark.parametrize(("minutes", "status"), [(5, 202), (-5, 202), (6, 401), (-6, 401)])
def test_five_minutes_either_way_are_tolerated(web: Web, minutes: int, status: int) -> None:
    body = orjson.dumps({"hook": "ClientLogin", "vars": {}, "at": AT})
    stamp = int((web.clock.wall() - timedelta(minutes=minutes)).timestamp())
    headers = {"webhook-timestamp": str(stamp), "webhook-signature": sign(SECRET, "m", stamp, body)}
    assert web.signed("/hooks/whmcs", body, delivery="m", **headers).status_code == status


# ---- fields ----


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"vars": {}, "at": AT}, "hook"),
        ({"hook": 5, "vars": {}, "at": AT}, "hook"),
        ({"hook": "x" * 101, "vars": {}, "at": AT}, "hook"),
        ({"hook": "InvoicePaid", "at": AT}, "vars"),
        ({"hook": "InvoicePaid", "vars": "x", "at": AT}, "vars"),
        ({"hook": "InvoicePaid", "vars": [1], "at": AT}, "vars"),
        ({"hook": "InvoicePaid", "vars": {}}, "at"),
        ({"hook": "InvoicePaid", "vars": {}, "at": "2026-03-01 12:00"}, "at"),
        ({"hook": "InvoicePaid", "vars": {}, "at": 1772366400}, "at"),
        ({"hook": "InvoicePaid", "vars": {}, "at": AT, "by": "cron"}, "by"),
        ({"hook": "InvoicePaid", "vars": {}, "at": AT, "by": ["admin"]}, "by"),
        ({"hook": "InvoicePaid", "vars": {}, "at": AT, "admin": {}}, "admin"),
        ({"hook": "InvoicePaid", "vars": {}, "at": AT}, "vars.invoiceid"),
        ({"hook": "InvoicePaid", "vars": {"invoiceid": 1.5}, "at": AT}, "vars.invoiceid"),
        ({"hook": "InvoicePaid", "vars": {"invoiceid": True}, "at": AT}, "vars.invoiceid"),
        ({"hook": "InvoicePaid", "vars": {"invoiceid": "1\n2"}, "at": AT}, "vars.invoiceid"),
        ({"hook": "InvoicePaid", "vars": {"invoiceid": 10**40}, "at": AT}, "vars.invoiceid"),
        ({"hook": "PreModuleUnsuspend", "vars": {}, "at": AT}, "vars.params"),
        ({"hook": "PreModuleUnsuspend", "vars": {"params": []}, "at": AT}, "vars.params"),
        ({"hook": "PreModuleUnsuspend", "vars": {"params": {}}, "at": AT}, "vars.params.serviceid"),
        ({"hook": "PreModuleCreate", "vars": {"params": {"serviceid": {}}}, "at": AT}, "vars.params.serviceid"),
        ({"hook": "ShoppingCartValidateCheckout", "vars": {"clientId": []}, "at": AT}, "vars.clientId"),
        ({"hook": "AfterModuleCreate", "vars": {}, "at": AT}, "vars.params"),
        ({"hook": "AfterShoppingCartCheckout", "vars": {"ServiceIDs": 7}, "at": AT}, "vars.ServiceIDs"),
        ({"hook": "AfterShoppingCartCheckout", "vars": {"ServiceIDs": [7, {}]}, "at": AT}, "vars.ServiceIDs[1]"),
        ({"hook": "TicketOpen", "vars": {"ticketid": 1, "deptid": 2, "message": 5}, "at": AT}, "vars.message"),
    ],
)
def test_a_bad_field_is_422_and_named(web: Web, body: dict[str, Any], field: str) -> None:
    data = orjson.dumps(body) if "10000000000" not in str(body) else str(body).replace("'", '"').encode()
    assert expect_problem(web.signed("/hooks/whmcs", data), 422)["field"] == field


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"hook": "' + b"[" * 5000])
def test_what_is_no_json_object_is_422(web: Web, body: bytes) -> None:
    expect_problem(web.signed("/hooks/whmcs", body), 422)


def test_a_very_long_reply_is_cut_and_a_nul_in_it_dropped(web: Web) -> None:
    web.desk.lookup.tickets = {"17": "c1"}
    assert web.hook("TicketUserReply", {"ticketid": 17, "message": "a\x00b" + "x" * 200_000}).status_code == 202
    news = web.desk.meanings[0]
    assert isinstance(news, HookNews)
    assert news.events[0]["text"].startswith("abx")
    assert len(news.events[0]["text"]) == 100_000


def test_the_longest_delivery_id_still_makes_an_event_id(web: Web) -> None:
    web.desk.lookup.tickets = {"7": "c1"}
    variables = {"ticketid": 7, "message": "no reply id"}
    answers = [web.hook("TicketUserReply", variables, delivery="m" * 254 + end) for end in "ab"]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].get_json() != answers[1].get_json()


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=30) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    "params serviceid userid clientId client_id ServiceIDs invoiceid ticketid deptid subject message orderid".split()
)
variables = st.dictionaries(names, values | st.dictionaries(names, values, max_size=4), max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([*HOOKS, "AfterModuleCustom", "Unheard"]),
    variables | values,
    st.just(AT) | values,
    st.sampled_from([None, "admin", "automation"]) | values,
    st.uuids(),
)
def test_whatever_a_panel_sends_is_answered_and_never_500(
    web: Web, name: str, told: Any, at: Any, by: Any, delivery: Any
) -> None:
    web.desk.lookup.refused = {"3", "0"}
    body = {"hook": name, "vars": told, "at": at, "by": by}
    answer = web.signed("/hooks/whmcs", body, delivery=str(delivery))
    assert answer.status_code in (200, 202, 422), answer.get_data(as_text=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.uuids())
def test_whatever_bytes_a_panel_sends_are_422(web: Web, body: bytes, delivery: Any) -> None:
    expect_problem(web.signed("/hooks/whmcs", body, delivery=str(delivery)), 422)


# ---- holds ----


def test_holds_are_answered_with_a_cursor_to_go_on_from(web: Web) -> None:
    answer = web.signed("/hooks/holds?since=3", b"", method="GET")
    assert answer.status_code == 200
    assert answer.get_json() == {
        "holds": [{"service": "7", "clause": "1a", "bar": False, "status": "placed"}],
        "cursor": "5",
    }
    assert web.desk.cursors == ["3"]


@pytest.mark.parametrize("path", ["/hooks/holds", "/hooks/holds?since="])
def test_without_a_cursor_all_holds_are_asked_for(web: Web, path: str) -> None:
    assert web.signed(path, b"", method="GET").status_code == 200
    assert web.desk.cursors == [None]


def test_holds_need_the_signature_of_an_empty_body(web: Web) -> None:
    expect_problem(web.get("/hooks/holds"), 401)
    expect_problem(web.signed("/hooks/holds", b"", method="GET", **{"webhook-signature": "v1,AAAA"}), 401)
