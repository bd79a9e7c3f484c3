"""Answers as panels of several versions gave them, raw and through the vendor's SDK."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import responses

from adapters.virtualizor.access import Access
from adapters.virtualizor.client import VirtualizorClient
from adapters.virtualizor.panel import VirtualizorPanel
from bridge.errors import PanelRefused, PanelUnreachable

URL = "https://vps.example:4085/index.php"
ROW: dict[str, Any] = {
    "vpsid": "7",
    "vps_name": "v1007",
    "uuid": "4iikypstyk8gn6cu",
    "serid": "2",
    "uid": "3",
    "hostname": "h.example",
    "ips": {"19": "198.51.100.7", "21": "2001:DB8::7"},
    "suspended": "0",
    "suspend_reason": None,
    "nw_suspended": None,
    "locked": "",
    "admin_fwid": "0",
}


@pytest.fixture
def recorded() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def panel() -> VirtualizorPanel:
    access = Access(url="https://vps.example:4085/", api_key="key-of-ours", api_password="password-of-ours")
    return VirtualizorPanel(VirtualizorClient(access, name="vps.example", sleep=lambda _: None))


def answered(recorded: responses.RequestsMock, answer: object, *, status: int = 200) -> None:
    recorded.get(URL, json=answer, status=status)


def test_a_raw_row_of_strings_and_nulls_is_understood(
    recorded: responses.RequestsMock, panel: VirtualizorPanel
) -> None:
    answered(recorded, {"title": "Virtual Servers", "vs": {"7": ROW}, "timenow": 1772366400})
    machine = panel.machine("7")
    assert machine is not None
    assert (machine.id, machine.node, machine.ips) == ("7", "2", ("198.51.100.7", "2001:db8::7"))
    assert machine.suspend_reason == ""


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("suspended", "1", {"suspended": True}),
        ("suspended", 1, {"suspended": True}),
        ("suspended", True, {"suspended": True}),
        ("suspended", None, {"suspended": False}),
        ("machine_status", "2", {"suspended": False}),
        ("suspend_reason", "TS-ABC", {"suspend_reason": "TS-ABC"}),
        ("nw_suspended", "1", {"network_cut": True}),
        ("nw_suspended", "by admin", {"network_cut": True}),
        ("nw_suspended", "0", {"network_cut": False}),
        ("nw_suspended", "", {"network_cut": False}),
        ("nw_suspended", [], {"network_cut": False}),
        ("locked", "migration in progress", {"locked": True}),
        ("locked", None, {"locked": False}),
        ("admin_fwid", "8", {"firewall_plan": "8"}),
        ("admin_fwid", 8, {"firewall_plan": "8"}),
        ("admin_fwid", None, {"firewall_plan": None}),
        ("serid", 0, {"node": "0"}),
        ("ips", [], {"ips": ()}),
        ("ips", None, {"ips": ()}),
        ("ips", ["198.51.100.9"], {"ips": ("198.51.100.9",)}),
        ("ips", {"1": {"ip": "198.51.100.9", "vpsid": "7"}}, {"ips": ("198.51.100.9",)}),
        ("ips", {"1": "2001:db8:1::/64"}, {"ips": ("2001:db8:1::/64",)}),
        ("ips", {"1": "not an address", "2": None}, {"ips": ()}),
        ("hostname", "a\nb\x00c", {"hostname": "a b c"}),
        ("hostname", {"odd": 1}, {"hostname": ""}),
    ],
    ids=repr,
)
def test_every_spelling_of_a_field_is_read(
    recorded: responses.RequestsMock, panel: VirtualizorPanel, field: str, value: object, shown: dict[str, object]
) -> None:
    answered(recorded, {"vs": {"7": {**ROW, field: value}}})
    machine = panel.machine("7")
    assert machine is not None
    assert {name: getattr(machine, name) for name in shown} == shown


def test_a_suspension_is_seen_by_the_newer_field_alone(
    recorded: responses.RequestsMock, panel: VirtualizorPanel
) -> None:
    row = {name: value for name, value in ROW.items() if name != "suspended"}
    answered(recorded, {"vs": {"7": {**row, "machine_status": "2"}}})
    machine = panel.machine("7")
    assert machine is not None
    assert machine.suspended


def test_an_unknown_value_of_a_flag_is_an_error_that_shows_it(
    recorded: responses.RequestsMock, panel: VirtualizorPanel
) -> None:
    answered(recorded, {"vs": {"7": {**ROW, "suspended": "perhaps"}}})
    with pytest.raises(PanelRefused, match="VPS 7 has an unknown value of suspended: 'perhaps'"):
        panel.machine("7")


@pytest.mark.parametrize("empty", [[], {}, None], ids=repr)
def test_an_empty_container_in_any_shape_is_no_machine(
    recorded: responses.RequestsMock, panel: VirtualizorPanel, empty: object
) -> None:
    answered(recorded, {"title": "Virtual Servers", "vs": empty})
    assert panel.machine("7") is None


def test_a_list_of_rows_without_keys_is_paged_by_their_ids(
    recorded: responses.RequestsMock, panel: VirtualizorPanel
) -> None:
    answered(recorded, {"vs": [{**ROW, "vpsid": 1}, {**ROW, "vpsid": 2}]})
    answered(recorded, {"vs": [{**ROW, "vpsid": 3}]})
    answered(recorded, {"vs": [{**ROW, "vpsid": 3}]})
    assert [machine.id for machine in panel.machines()] == ["1", "2", "3"]


def test_a_row_of_another_machine_is_not_taken_for_the_one_asked_for(
    recorded: responses.RequestsMock, panel: VirtualizorPanel
) -> None:
    answered(recorded, {"vs": {"77": {**ROW, "vpsid": "77"}}})
    assert panel.machine("7") is None


@pytest.mark.parametrize(
    "done", [1, True, "1", "true", 5, {"done": True}, {"done": {"done": "1"}}, {"range": {"3": "192.0.2.1"}}], ids=repr
)
def test_every_shape_of_done_is_success(
    recorded: responses.RequestsMock, panel: VirtualizorPanel, done: object
) -> None:
    answered(recorded, {"done": done, "error": [], "title": "Virtual Servers"})
    panel.cut_network("7", "")
    assert len(recorded.calls) == 1


@pytest.mark.parametrize("done", [0, False, "0", "", None, [], {}, {"done": False}, {"done": "0"}], ids=repr)
def test_no_shape_of_not_done_is_success(
    recorded: responses.RequestsMock, panel: VirtualizorPanel, done: object
) -> None:
    answered(recorded, {"done": done})
    answered(recorded, {"vs": {"7": ROW}})
    with pytest.raises(PanelRefused, match="without done"):
        panel.cut_network("7", "")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"error": ["VPS is busy"]}, "VPS is busy"),
        ({"error": ["one", "two", "one"]}, "one; two"),
        ({"error": {"vps_locked": "The VPS is locked"}}, "The VPS is locked"),
        ({"error": {"vps_locked": True}}, "True"),
        ({"error": {"vps_locked": ""}}, "vps_locked"),
        ({"error": {"a": {"b": ["deep"]}}}, "deep"),
        ({"error": "plain text"}, "plain text"),
        ({"error": [""]}, "an error without words"),
        ({"error": [], "error_msg": "cannot delete"}, "cannot delete"),
        ({"fatal_error_heading": "Fatal", "fatal_error_text": "No licence"}, "Fatal; No licence"),
        ({"error": ["line\none\x1b[31m"]}, r"line one \[31m"),
        ({"error": ["x" * 10_000]}, "x{400}"),
        ({"error": ["the password is password-of-ours"]}, "the password is •••"),
    ],
    ids=repr,
)
def test_an_error_in_any_shape_outweighs_done_and_keeps_its_words(
    recorded: responses.RequestsMock, panel: VirtualizorPanel, answer: dict[str, object], words: str
) -> None:
    answered(recorded, {"done": 1, **answer})
    answered(recorded, {"vs": {"7": ROW}})
    with pytest.raises(PanelRefused, match=words) as caught:
        panel.cut_network("7", "")
    assert caught.value.panel == "vps.example"
    assert len(caught.value.words) <= 500


@pytest.mark.parametrize("fine", [[], {}, None, "", 0, "0", False], ids=repr)
def test_an_empty_error_is_none(recorded: responses.RequestsMock, panel: VirtualizorPanel, fine: object) -> None:
    answered(recorded, {"done": 1, "error": fine})
    panel.cut_network("7", "")
    assert len(recorded.calls) == 1


def test_an_empty_list_on_the_dashboard_is_not_an_empty_panel(
    recorded: responses.RequestsMock, panel: VirtualizorPanel
) -> None:
    answered(recorded, {"title": "Admin Panel", "vs": []})
    with pytest.raises(PanelRefused, match="dashboard"):
        list(panel.machines())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b'{"vs": {',
        b"\xff\xfe{",
        b"[" * 100_000,
        b'{"vs": NaN',
        b"PHP Notice: x {}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_that_is_no_json_object_is_no_answer(
    recorded: responses.RequestsMock, panel: VirtualizorPanel, body: bytes
) -> None:
    recorded.get(URL, body=body)
    with pytest.raises(PanelUnreachable):
        panel.machine("7")


@pytest.mark.parametrize("body", [b"<!DOCTYPE html>", b"\n\n  <br />Warning: {}", b"\xef\xbb\xbf<html>"])
def test_a_body_that_starts_as_a_web_page_is_no_answer(
    recorded: responses.RequestsMock, panel: VirtualizorPanel, body: bytes
) -> None:
    recorded.get(URL, body=body)
    with pytest.raises(PanelUnreachable, match="web page"):
        panel.machine("7")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 401, 403, 404])
def test_a_status_that_turns_us_away_is_no_answer_and_is_not_followed(
    recorded: responses.RequestsMock, panel: VirtualizorPanel, status: int
) -> None:
    recorded.get(URL, status=status, headers={"Location": "https://elsewhere.example/"})
    with pytest.raises(PanelUnreachable, match=str(status)):
        panel.machine("7")


def test_a_lone_surrogate_in_a_name_does_not_reach_the_program(
    recorded: responses.RequestsMock, panel: VirtualizorPanel
) -> None:
    recorded.get(URL, body=b'{"vs": {"7": {"vpsid": "7", "hostname": "a\\ud800b", "suspended": "0"}}}')
    machine = panel.machine("7")
    assert machine is not None
    assert machine.hostname == "a b"
