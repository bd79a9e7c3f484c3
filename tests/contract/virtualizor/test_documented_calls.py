"""The table of documented calls, and every call of the adapter held against it."""

from __future__ import annotations

import pytest

from adapters.virtualizor.sandbox.reading import READING
from adapters.virtualizor.sandbox.writing import WRITING
from adapters.virtualizor.table import bare_name, call_name, calls
from tests.contract.virtualizor.conftest import OpenLab

USED = {"vs", "ips", "iplogs", "vs:suspend_net", "vs:unsuspend_net", "managevps", "editips"}


def test_every_call_of_the_adapter_is_documented_to_the_letter(open_lab: OpenLab) -> None:
    lab = open_lab()
    panel = lab.panel
    panel.probe()
    list(panel.machines())
    panel.machine("12")
    panel.holder_of("192.0.2.10")
    panel.cut_network("12", "uuid-12")
    panel.restore_network("12", "uuid-12")
    panel.set_firewall_plan("12", "8", "uuid-12")
    panel.set_ips("12", [*panel.free_ips("0", version=4), "2001:db8::10"])
    list(panel.holdings("192.0.2.10"))
    panel.lock_address("192.0.2.10", "listed")
    assert set(lab.calls()) == USED
    assert lab.sandbox.journal.violations() == []


def test_whatever_the_sandbox_does_is_in_the_table() -> None:
    assert {*READING, *WRITING} <= set(calls())


@pytest.mark.parametrize(
    ("method", "query", "form", "problem"),
    [
        ("GET", [("reason", "x")], [], "reason is not documented in the query"),
        ("GET", [("vpsid", "twelve")], [], "vpsid is not int"),
        ("GET", [("vsstatus", "x")], [], "vsstatus is not s|u"),
        ("POST", [], [], "POST is not documented"),
        ("GET", [("skip_callback", "yes")], [], "skip_callback is not 1"),
    ],
    ids=repr,
)
def test_what_is_not_in_the_table_is_told(
    method: str, query: list[tuple[str, str]], form: list[tuple[str, str]], problem: str
) -> None:
    assert problem in list(calls()["vs"].violations(method, [("act", "vs"), ("api", "json"), *query], form))


def test_a_parameter_in_the_wrong_place_and_a_missing_one_are_told() -> None:
    query = [("act", "managevps"), ("api", "json"), ("ips[]", "192.0.2.1")]
    assert list(calls()["managevps"].violations("POST", query, [("editvps", "1")])) == [
        "ips[] is not documented in the query",
        "vpsid is missing in the query",
    ]


def test_field_numbers_do_not_matter_and_operations_are_told_by_their_parameter() -> None:
    assert [bare_name(name) for name in ("ips[0]", "ips[]", "space[12][size]", "act")] == [
        "ips[]",
        "ips[]",
        "space[n][size]",
        "act",
    ]
    assert call_name("vs", {"suspend_net": "1", "suspend_net_uuid": "u"}, {}) == "vs:suspend_net"
    assert call_name("vs", {"action": "start", "vpsid": "1"}, {}) == "vs:action=start"
    assert call_name("users", {}, {"suspend": "1"}) == "users:suspend"
    assert call_name("vs", {"vpsid": "1"}, {}) == "vs"
