"""Hooks that tell: written down, sent signed and in order, never lost, never in a page's way, without secrets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hooks.whmcs.translate import ASKING, HOOKS
from tests.php.addon.bridge import SECRET, Bridge, Call, accepted
from tests.php.addon.conftest import TIMEOUT_MS
from tests.php.addon.whmcs import Whmcs

A_FEW_MS = 700
"""What PHP and SQLite may take beside the bridge on a busy machine."""


def waiting(whmcs: Whmcs) -> int:
    (row,) = whmcs.rows("SELECT COUNT(*) AS n FROM mod_tipstaff_outbox WHERE refused = 0")
    return int(row["n"])


def test_every_hook_that_is_translated_is_forwarded_and_asked_where_whmcs_lets_one_refuse(whmcs: Whmcs) -> None:
    source = (whmcs.root / "modules/addons/tipstaff/hooks.php").read_text()
    (step,) = whmcs.run({"do": "hooks"})
    assert set(HOOKS) <= set(step.answer)
    assert {name for name in step.answer if f"'{name}' => 'ask'" in source} == ASKING


def test_a_hook_is_sent_at_once_as_the_bridge_reads_it(whmcs: Whmcs, bridge: Bridge) -> None:
    whmcs.fire("InvoicePaid", {"invoiceid": 5, "invoice": {"__object": "model"}}, admin=3)
    (call,) = bridge.hooks
    assert call.said == {
        "hook": "InvoicePaid",
        "vars": {"invoiceid": 5},
        "at": call.said["at"],
        "by": "admin",
        "admin": "3",
    }
    assert abs(datetime.now(UTC) - datetime.fromisoformat(call.said["at"])).total_seconds() < 30
    assert waiting(whmcs) == 0


@pytest.mark.parametrize(
    ("session", "constants", "script"),
    [
        ({}, (), "/whmcs/admin/clientsservices.php"),
        ({"adminid": 3}, ("IN_CRON",), "/whmcs/admin/cron.php"),
        ({"adminid": 3}, (), "/whmcs/includes/api.php"),
        ({"adminid": 3}, (), "/whmcs/modules/gateways/callback/paypal.php"),
        ({"adminid": 3, "uid": 7}, ("CLIENTAREA",), "/whmcs/viewinvoice.php"),
        ({"adminid": "0"}, (), "/whmcs/admin/index.php"),
    ],
    ids=["nobody", "cron", "api", "gateway", "client area", "admin 0"],
)
def test_what_no_admin_does_is_automation(
    whmcs: Whmcs, bridge: Bridge, session: dict[str, Any], constants: tuple[str, ...], script: str
) -> None:
    hook = {"do": "hook", "name": "ServiceEdit", "vars": {"serviceid": 12, "userid": 7}}
    whmcs.run(hook, session=session, constants=constants, script=script)
    (call,) = bridge.hooks
    assert call.said["by"] == "automation"
    assert "admin" not in call.said


def test_passwords_cards_and_keys_are_neither_sent_nor_kept_nor_logged(whmcs: Whmcs, bridge: Bridge) -> None:
    params = {
        "serviceid": 12, "userid": 7, "pid": 2, "domain": "vps.example", "username": "root",
        "password": "hunter2", "serverpassword": "hunter2", "serveraccesshash": "hunter2", "serverusername": "hunter2",
        "configoption1": "hunter2", "customfields": {"Root Password": "hunter2"},
        "clientsdetails": {"notes": "hunter2"},
        "model": {"__object": "model"},
    }  # fmt: skip
    checkout = {
        "clientId": 7, "firstname": "Cleo", "ccnumber": "hunter2", "cccvv": "hunter2", "ccinfo": "hunter2",
        "cardnum": "hunter2", "loginpassword": "hunter2", "password2": "hunter2", "securityqans": "hunter2",
        "customfield": {"4": "hunter2"}, "nested": {"Api_Key": "hunter2", "kept": "yes"},
    }  # fmt: skip
    bridge.stop()
    whmcs.fire("AfterModuleCreate", {"params": params})
    whmcs.fire("ShoppingCartValidateCheckout", checkout)
    kept = json.dumps(whmcs.rows("SELECT * FROM mod_tipstaff_outbox"))
    bridge.start()
    whmcs.cron()
    whmcs.fire("ShoppingCartValidateCheckout", checkout)
    first, second = bridge.hooks
    assert first.said["vars"] == {"params": {"serviceid": 12, "userid": 7, "pid": 2, "domain": "vps.example"}}
    assert second.said["vars"] == {"clientId": 7, "firstname": "Cleo", "nested": {"kept": "yes"}}
    logged = json.dumps([whmcs.log("module"), whmcs.log("activity")])
    assert "hunter2" not in kept + logged
    assert "inside an object" not in kept + logged


def test_the_module_log_is_given_the_secret_to_replace_and_holds_it_nowhere_else(whmcs: Whmcs, bridge: Bridge) -> None:
    message = "a customer's own words"
    whmcs.fire("TicketUserReply", {"ticketid": 4, "userid": 7, "message": message})
    (entry,) = whmcs.log("module")
    replaced = entry.pop("replace")
    assert SECRET in replaced
    assert SECRET.removeprefix("whsec_") in replaced
    assert SECRET.removeprefix("whsec_").rstrip("=") not in json.dumps(entry)
    assert message not in json.dumps(entry)
    assert bridge.hooks[0].said["vars"]["message"] == message


HOSTILE = [
    pytest.param({"message": {"__object": "bytes", "hex": "fffe00c328"}}, id="no UTF-8"),
    pytest.param({"message": "\x00\u202e<script>&quot;' OR 1=1 --\U0001f600"}, id="odd text"),
    pytest.param({"message": "x" * 6_000_000}, id="too long"),
    pytest.param({"rows": ["y" * 200_000] * 100}, id="too much"),
    pytest.param({"amount": {"__object": "nan"}}, id="not a number"),
    pytest.param({"deep": {"__object": "endless"}}, id="too deep"),
    pytest.param({"callback": {"__object": "closure"}, "file": {"__object": "resource"}}, id="no data"),
    pytest.param({"ticketid": {"ticketid": [1]}}, id="a list for an id"),
    pytest.param({"ticketid": "1' OR '1'='1"}, id="SQL for an id"),
]


@pytest.mark.parametrize("variables", HOSTILE)
def test_hostile_values_arrive_as_json_the_bridge_can_read(
    whmcs: Whmcs, bridge: Bridge, variables: dict[str, Any]
) -> None:
    whmcs.fire("TicketOpen", {"ticketid": 4, **variables})
    (call,) = bridge.hooks
    assert isinstance(call.said["vars"], dict)
    assert len(call.body) < 5_000_000
    assert call.body.isascii()
    assert waiting(whmcs) == 0


def test_text_of_any_script_arrives_unchanged(whmcs: Whmcs, bridge: Bridge) -> None:
    message = "Grüße, Привет, 你好 \U0001f600 & <b>"
    whmcs.fire("TicketOpen", {"ticketid": 4, "message": message})
    assert bridge.hooks[0].said["vars"]["message"] == message


def test_a_bridge_that_was_down_for_two_hundred_hooks_gets_each_once_and_in_order(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.stop()
    steps = [
        {"do": "hook", "name": "ServiceEdit", "vars": {"serviceid": number % 7 + 1, "n": number}}
        for number in range(200)
    ]
    whmcs.run(*steps[:100], session={"adminid": 3})
    whmcs.run(*steps[100:], session={"adminid": 3})
    assert waiting(whmcs) == 200
    whmcs.cron()
    assert waiting(whmcs) == 200

    bridge.start()
    whmcs.cron()
    assert waiting(whmcs) == 0
    assert [call.said["vars"]["n"] for call in bridge.hooks] == list(range(200))
    assert len({call.delivery for call in bridge.hooks}) == 200


def test_a_message_whose_answer_was_lost_goes_again_under_the_same_id_and_before_its_successors(
    whmcs: Whmcs, bridge: Bridge
) -> None:
    bridge.delay = 1.5
    whmcs.fire("ServiceEdit", {"serviceid": 1, "n": 1})
    bridge.delay = 0.0
    whmcs.fire("ServiceEdit", {"serviceid": 1, "n": 2})
    whmcs.cron()
    lost, again, next_ = bridge.hooks
    assert lost.delivery == again.delivery
    assert lost.body == again.body
    assert [again.said["vars"]["n"], next_.said["vars"]["n"]] == [1, 2]
    assert waiting(whmcs) == 0


def test_a_page_with_many_hooks_waits_no_longer_than_the_setting_in_all(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.delay = 30.0
    steps = [{"do": "hook", "name": "ServiceEdit", "vars": {"serviceid": number + 1}} for number in range(20)]
    steps.append({"do": "hook", "name": "PreModuleUnsuspend", "vars": {"params": {"serviceid": 1}}})
    took = sum(step.ms for step in whmcs.run(*steps, session={"adminid": 3}))
    assert took < TIMEOUT_MS + A_FEW_MS
    assert waiting(whmcs) == 20


def test_pages_leave_a_bridge_alone_that_just_did_not_answer(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.delay = 30.0
    whmcs.fire("ServiceEdit", {"serviceid": 1})
    (step,) = whmcs.run({"do": "hook", "name": "ServiceEdit", "vars": {"serviceid": 2}})
    assert step.ms < A_FEW_MS
    assert waiting(whmcs) == 2


def test_cron_stops_at_the_first_message_that_gets_no_answer(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.reply = lambda call: (200, {"holds": [], "cursor": "1"}) if call.path == "/hooks/holds" else (503, {})
    for number in (1, 2, 3):
        whmcs.fire("ServiceEdit", {"serviceid": number})
    bridge.calls.clear()
    whmcs.cron()
    assert len(bridge.hooks) == 1
    assert waiting(whmcs) == 3


def test_a_message_in_trouble_holds_up_its_own_service_only(whmcs: Whmcs, bridge: Bridge) -> None:
    def trouble(call: Call) -> tuple[int, Any]:
        is_bad = call.path == "/hooks/whmcs" and call.said["vars"].get("n") == 1
        return (500, {"detail": "broken"}) if is_bad else accepted(call)

    bridge.reply = trouble
    for service, number in ((1, 1), (1, 2), (2, 3)):
        whmcs.fire("ServiceEdit", {"serviceid": service, "n": number})
    whmcs.cron()
    assert [row["lane"] for row in whmcs.rows("SELECT lane FROM mod_tipstaff_outbox")] == ["service 1", "service 1"]
    assert 2 not in [call.said["vars"]["n"] for call in bridge.hooks]

    for _ in range(4):
        whmcs.cron()
    sent = len(bridge.hooks)
    whmcs.cron()
    assert len(bridge.hooks) == sent, "after some attempts it waits longer between them"
    bridge.reply = accepted
    whmcs.run({"do": "sql", "query": "UPDATE mod_tipstaff_outbox SET next = 0"})
    whmcs.cron()
    assert [call.said["vars"]["n"] for call in bridge.hooks][-2:] == [1, 2]
    assert waiting(whmcs) == 0


def test_what_the_bridge_will_never_take_is_kept_for_an_admin_and_holds_nothing_up(
    whmcs: Whmcs, bridge: Bridge
) -> None:
    def refuse_the_first(call: Call) -> tuple[int, Any]:
        is_bad = call.path == "/hooks/whmcs" and call.said["vars"].get("n") == 1
        return (422, {"title": "Invalid", "detail": "vars.n: must be 2"}) if is_bad else accepted(call)

    bridge.reply = refuse_the_first
    whmcs.fire("ServiceEdit", {"serviceid": 1, "n": 1})
    whmcs.fire("ServiceEdit", {"serviceid": 1, "n": 2})
    whmcs.cron()
    assert [call.said["vars"]["n"] for call in bridge.hooks] == [1, 2]
    (row,) = whmcs.rows("SELECT * FROM mod_tipstaff_outbox")
    assert row["refused"] > 0
    assert row["error"] == "HTTP 422 vars.n: must be 2"
    assert "vars.n: must be 2" in whmcs.log("activity")[0]["text"]


@pytest.mark.parametrize("status", [301, 401, 403, 404, 429, 500, 502, 503])
def test_no_other_answer_loses_a_message(whmcs: Whmcs, bridge: Bridge, status: int) -> None:
    bridge.reply = lambda call: (status, {})
    whmcs.fire("ServiceEdit", {"serviceid": 1})
    whmcs.cron()
    assert waiting(whmcs) == 1
    bridge.reply = accepted
    whmcs.cron()
    assert waiting(whmcs) == 0


def test_a_module_that_is_not_set_up_keeps_what_happens_until_it_is(whmcs: Whmcs, bridge: Bridge) -> None:
    whmcs.set(bridge_url="", secret="")
    whmcs.fire("ServiceEdit", {"serviceid": 1})
    whmcs.cron()
    assert bridge.calls == []
    whmcs.set(bridge_url=bridge.url, secret=SECRET)
    whmcs.cron()
    assert len(bridge.hooks) == 1


@pytest.mark.parametrize("secret", ["whsec_", "whsec_no base64!", "", SECRET[:-3] + "AAA"])
def test_a_wrong_secret_loses_nothing_and_is_not_shown(whmcs: Whmcs, bridge: Bridge, secret: str) -> None:
    bridge.reply = lambda call: (401, {})
    whmcs.set(bridge_url=bridge.url.replace("127.0.0.1", "127.0.0.1"), secret=secret)
    bridge.stop()
    whmcs.fire("ServiceEdit", {"serviceid": 1})
    whmcs.cron()
    assert waiting(whmcs) == 1
    assert not secret or secret not in json.dumps(whmcs.log("activity"))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://127.0.0.1:1/x", "127.0.0.1", "http://", "javascript:0"]
)
def test_only_an_http_address_is_called(whmcs: Whmcs, bridge: Bridge, url: str) -> None:
    whmcs.set(bridge_url=url, secret=SECRET)
    whmcs.fire("ServiceEdit", {"serviceid": 1})
    whmcs.cron()
    assert waiting(whmcs) == 1
    assert bridge.calls == []


def test_a_page_goes_on_where_the_modules_tables_are_gone(whmcs: Whmcs, bridge: Bridge) -> None:
    for table in ("outbox", "holds", "state"):
        whmcs.run({"do": "sql", "query": f"DROP TABLE mod_tipstaff_{table}"})
    assert whmcs.fire("ServiceEdit", {"serviceid": 1}) is None
    assert len(bridge.hooks) == 1, "it is sent all the same"
    assert "QueryException" in whmcs.log("activity")[0]["text"]


def test_loading_the_hooks_reads_nothing_and_calls_nobody(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.stop()
    whmcs.run({"do": "sql", "query": "DROP TABLE mod_tipstaff_outbox"})
    (step,) = whmcs.run({"do": "hooks"})
    assert "InvoicePaid" in step.answer
    assert whmcs.log("activity") == []
