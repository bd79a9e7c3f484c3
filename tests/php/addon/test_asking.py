"""Hooks that ask: the bridge's word, and while it cannot be asked, the holds it last told of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.php.addon.bridge import Bridge, Call, accepted
from tests.php.addon.conftest import TIMEOUT_MS
from tests.php.addon.whmcs import Whmcs

UNSUSPEND = ("PreModuleUnsuspend", {"params": {"serviceid": 12, "userid": 7}})
CREATE = ("PreModuleCreate", {"params": {"serviceid": 12, "userid": 7}})
CHECKOUT = ("ShoppingCartValidateCheckout", {"clientId": 7})
STOP = {"abortcmd": True}


def saying(outcome: object, reason: object = "Because.", clause: object = "4.2") -> Any:
    def reply(call: Call) -> tuple[int, Any]:
        if call.path != "/hooks/whmcs":
            return accepted(call)
        return 200, {"outcome": outcome, "reason": reason, "clause": clause}

    return reply


def holding(*holds: dict[str, Any]) -> Any:
    """A bridge with these holds, told once."""

    def reply(call: Call) -> tuple[int, Any]:
        if call.path != "/hooks/holds":
            return accepted(call)
        return 200, {"holds": list(holds) if call.query["since"] != ["9"] else [], "cursor": "9"}

    return reply


HOLD = {"service": "12", "clause": "4.2", "bar": False, "status": "placed"}
BAR = {"service": "12", "clause": "6.1", "bar": True, "status": "placed"}


@pytest.mark.parametrize("question", [UNSUSPEND, CREATE, CHECKOUT], ids=lambda question: question[0])
def test_what_the_bridge_allows_goes_on(whmcs: Whmcs, bridge: Bridge, question: tuple[str, Any]) -> None:
    bridge.reply = saying("allow")
    assert whmcs.fire(*question) is None
    assert bridge.hooks[0].said["hook"] == question[0]
    assert whmcs.rows("SELECT * FROM mod_tipstaff_outbox") == []


@pytest.mark.parametrize("outcome", ["refuse", "hold"])
@pytest.mark.parametrize("question", [UNSUSPEND, CREATE], ids=lambda question: question[0])
def test_what_it_refuses_or_holds_is_not_run_and_is_logged_with_its_clause(
    whmcs: Whmcs, bridge: Bridge, question: tuple[str, Any], outcome: str
) -> None:
    bridge.reply = saying(outcome)
    assert whmcs.fire(*question, admin=3) == STOP
    (entry,) = whmcs.log("activity")
    assert entry["client"] == 7
    assert "service 12 refused: Because. (clause 4.2)" in entry["text"]


def test_a_refused_checkout_shows_the_reason_escaped(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.reply = saying("refuse", reason='No <script>alert("x")</script>')
    assert whmcs.fire(*CHECKOUT) == "No &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"


def test_a_refused_checkout_without_a_reason_still_says_something(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.reply = saying("refuse", reason=None, clause=None)
    (step,) = whmcs.run(
        {"do": "hook", "name": CHECKOUT[0], "vars": CHECKOUT[1]},
        session={"Language": "german"},
        constants=("CLIENTAREA",),
    )
    assert step.answer == ["Diese Bestellung kann nicht angenommen werden. Bitte wenden Sie sich an den Support."]


def test_a_question_is_asked_under_a_new_id_each_time(whmcs: Whmcs, bridge: Bridge) -> None:
    whmcs.fire(*UNSUSPEND)
    whmcs.fire(*UNSUSPEND)
    first, second = bridge.hooks
    assert first.delivery != second.delivery


# ---- while the bridge cannot be asked ----


@pytest.mark.parametrize(
    ("holds", "admin", "expected"),
    [
        ((), None, None),
        ((HOLD,), None, STOP),
        ((HOLD,), 3, None),
        ((BAR,), None, STOP),
        ((BAR,), 3, STOP),
        ((HOLD, BAR), 3, STOP),
        (({**BAR, "service": "13"},), None, None),
        ((HOLD, {**HOLD, "status": "ended"}), None, None),
        ((BAR, {**BAR, "status": "ended"}, HOLD), 3, None),
        (({**HOLD, "service": 12},), None, STOP),
        (({**HOLD, "id": "a"}, {**HOLD, "id": "b"}, {**HOLD, "id": "a", "status": "ended"}), None, STOP),
    ],
)
def test_a_bridge_that_is_down_releases_nobody(
    whmcs: Whmcs, bridge: Bridge, holds: tuple[Any, ...], admin: int | None, expected: Any
) -> None:
    bridge.reply = holding(*holds)
    whmcs.cron()
    bridge.stop()
    assert whmcs.fire(*UNSUSPEND, admin=admin) == expected


def test_cron_is_automation_whoever_is_logged_in(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.reply = holding(HOLD)
    whmcs.cron()
    bridge.stop()
    assert whmcs.fire(*UNSUSPEND, admin=3, constants=("IN_CRON",)) == STOP


@pytest.mark.parametrize("question", [CREATE, CHECKOUT], ids=lambda question: question[0])
def test_provisioning_goes_on_or_waits_as_the_setting_says(
    whmcs: Whmcs, bridge: Bridge, question: tuple[str, Any]
) -> None:
    bridge.reply = holding(BAR)
    whmcs.cron()
    bridge.stop()
    assert whmcs.fire(*question) is None
    whmcs.run({"do": "sql", "query": "UPDATE tbladdonmodules SET value = 'refuse' WHERE setting = 'when_unreachable'"})
    answer = whmcs.fire(*question)
    assert answer == (
        STOP if question is CREATE else "This cannot be checked right now. Please try again in a few minutes."
    )


@pytest.mark.parametrize(
    ("status", "raw"),
    [
        (200, b"<html>log in</html>"), (200, b'{"outcome": "perhaps"}'), (200, b'{"outcome": ["allow"]}'), (200, b"[]"),
        (202, b'{"event": "x"}'), (302, b'{"outcome": "allow"}'), (500, b'{"outcome": "allow"}'), (401, b"{}"),
        (200, b'{"outcome": "all'), (200, b'"allow"'),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_counts_as_no_answer(whmcs: Whmcs, bridge: Bridge, status: int, raw: bytes) -> None:
    bridge.reply = holding(HOLD)
    whmcs.cron()
    bridge.reply, bridge.raw = (lambda call: (status, None)), raw
    assert whmcs.fire(*UNSUSPEND) == STOP
    assert whmcs.fire(*UNSUSPEND, admin=3) is None
    assert whmcs.fire(*CREATE) is None


@pytest.mark.parametrize("question", [UNSUSPEND, CREATE, CHECKOUT], ids=lambda question: question[0])
def test_a_bridge_that_hangs_keeps_nobody_longer_than_the_setting(
    whmcs: Whmcs, bridge: Bridge, question: tuple[str, Any]
) -> None:
    bridge.delay = 30.0
    (step,) = whmcs.run({"do": "hook", "name": question[0], "vars": question[1]})
    assert TIMEOUT_MS * 0.8 < step.ms < TIMEOUT_MS + 700


def test_cron_asks_a_bridge_that_hangs_once_and_not_for_every_service(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.delay = 30.0
    steps = [{"do": "hook", "name": "PreModuleUnsuspend", "vars": {"params": {"serviceid": n + 1}}} for n in range(10)]
    took = sum(step.ms for step in whmcs.run(*steps, constants=("IN_CRON",)))
    assert took < TIMEOUT_MS + 1000
    assert len(bridge.hooks) == 1


def test_a_slow_bridge_that_answers_is_asked_about_every_service(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.reply, bridge.delay = saying("refuse"), 0.3
    steps = [{"do": "hook", "name": "PreModuleUnsuspend", "vars": {"params": {"serviceid": n + 1}}} for n in range(5)]
    assert [step.answer for step in whmcs.run(*steps)] == [[STOP]] * 5


def test_without_bridge_and_table_automation_releases_nobody_and_an_admin_may(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.stop()
    whmcs.run({"do": "sql", "query": "DROP TABLE mod_tipstaff_holds"})
    assert whmcs.fire(*UNSUSPEND) == STOP
    assert whmcs.fire(*UNSUSPEND, admin=3) is None


# ---- holds ----


def test_holds_are_read_page_by_page_from_where_the_last_round_ended(whmcs: Whmcs, bridge: Bridge) -> None:
    pages = {"": ("1", [HOLD]), "1": ("2", [{**BAR, "service": "13"}]), "2": ("2", [])}

    def reply(call: Call) -> tuple[int, Any]:
        cursor, holds = pages[call.query["since"][0]]
        return 200, {"holds": holds, "cursor": cursor}

    bridge.reply = reply
    whmcs.cron()
    whmcs.cron("PreCronJob")
    assert [call.query["since"] for call in bridge.calls] == [[""], ["1"], ["2"], ["2"]]
    held = whmcs.rows("SELECT service, clause, bar FROM mod_tipstaff_holds ORDER BY service")
    assert held == [{"service": "12", "clause": "4.2", "bar": 0}, {"service": "13", "clause": "6.1", "bar": 1}]


def test_a_bridge_that_pages_without_end_is_left(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.reply = lambda call: (200, {"holds": [HOLD], "cursor": str(len(bridge.calls))})
    whmcs.cron()
    assert len(bridge.calls) < 500


@pytest.mark.parametrize(
    "raw", [b"[]", b"{}", b'{"holds": 5, "cursor": 1}', b'{"holds": [5, {"service": []}], "cursor": {}}']
)
def test_holds_that_are_none_change_nothing(whmcs: Whmcs, bridge: Bridge, raw: bytes) -> None:
    bridge.reply = holding(HOLD)
    whmcs.cron()
    bridge.reply, bridge.raw = (lambda call: (200, None)), raw
    whmcs.cron()
    assert len(whmcs.rows("SELECT * FROM mod_tipstaff_holds")) == 1


def test_a_cursor_the_bridge_no_longer_knows_makes_all_holds_be_read_again(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.reply = holding(HOLD)
    whmcs.cron()

    def reply(call: Call) -> tuple[int, Any]:
        if call.query.get("since") == ["9"]:
            return 422, {"detail": "since: is not a cursor"}
        return 200, {"holds": [{**BAR, "service": "14"}] if call.query["since"] == [""] else [], "cursor": "3"}

    bridge.reply = reply
    whmcs.cron()
    assert [row["service"] for row in whmcs.rows("SELECT service FROM mod_tipstaff_holds")] == ["14"]


def test_once_a_day_all_holds_are_read_again(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.reply = holding(HOLD)
    whmcs.cron()
    bridge.reply = lambda call: (200, {"holds": [], "cursor": "9"})
    whmcs.cron()
    assert len(whmcs.rows("SELECT * FROM mod_tipstaff_holds")) == 1
    whmcs.cron("DailyCronJob")
    assert whmcs.rows("SELECT * FROM mod_tipstaff_holds") == []
