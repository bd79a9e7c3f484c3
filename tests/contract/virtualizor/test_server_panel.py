"""The ServerPanel port on Virtualizor: what each method promises, over real HTTP against the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.virtualizor.access import Access, Style
from adapters.virtualizor.client import VirtualizorClient
from adapters.virtualizor.panel import VirtualizorPanel
from adapters.virtualizor.sandbox import FaultKind, PastEnd, SeedMachine, Traits
from bridge.errors import InvalidInput, NotSupported, PanelRefused, PanelUnclear, PanelUnreachable
from bridge.ports import Cap, Capability, ServerPanel
from tests.contract.virtualizor.conftest import Lab, OpenLab


def test_the_adapter_is_a_server_panel(lab: Lab) -> None:
    port: ServerPanel = lab.panel
    assert port.capabilities == {
        Capability.CUT_NETWORK,
        Capability.FIREWALL_PLAN,
        Capability.REPLACE_IP,
        Capability.LIMIT_RESOURCE,
        Capability.MIGRATE,
    }


@pytest.mark.parametrize("style", list(Style))
def test_probe_says_where_the_panel_is_with_either_style_of_credentials(open_lab: OpenLab, style: Style) -> None:
    lab = open_lab(style=style)
    assert lab.panel.probe() == f"Virtualizor at {lab.url.removeprefix('http://').rstrip('/')}"


@pytest.mark.parametrize("style", list(Style))
def test_probe_refuses_wrong_credentials_without_following_the_redirect(open_lab: OpenLab, style: Style) -> None:
    lab = open_lab(style=style, api_password="wrong")
    with pytest.raises(PanelUnreachable, match="302"):
        lab.panel.probe()
    assert set(lab.calls()) == {"vs"}


def test_a_machine_is_shown_with_normalised_addresses_and_plain_flags(lab: Lab) -> None:
    machine = lab.panel.machine("12")
    assert machine is not None
    assert (machine.id, machine.uuid, machine.node, machine.hostname) == ("12", "uuid-12", "0", "mail.example")
    assert machine.ips == ("192.0.2.10", "2001:db8::10")
    assert (machine.suspended, machine.network_cut, machine.locked, machine.firewall_plan) == (
        False,
        False,
        False,
        None,
    )


def test_a_locked_machine_is_visible_and_says_so(lab: Lab) -> None:
    machine = lab.panel.machine("14")
    assert machine is not None
    assert machine.locked


@pytest.mark.parametrize("vpsid", ["999", "0", "", "v1012", "12 or 1=1", "-12", "1e3"])
def test_a_machine_that_is_not_there_is_none(lab: Lab, vpsid: str) -> None:
    assert lab.panel.machine(vpsid) is None


@pytest.mark.parametrize("past_end", list(PastEnd))
def test_every_machine_comes_once_whatever_lies_past_the_last_page(open_lab: OpenLab, past_end: PastEnd) -> None:
    many = tuple(
        SeedMachine(vpsid=number, hostname=f"h{number}", ips=(f"198.51.{number // 250}.{number % 250}",))
        for number in range(1, 1204)
    )
    lab = open_lab(machines=many, traits=Traits(past_end=past_end))
    assert [machine.id for machine in lab.panel.machines()] == [str(number) for number in range(1, 1204)]
    assert [sent["page"] for sent in lab.sent("vs")] == ["1", "2", "3", "4"]


def test_a_panel_without_machines_lists_none(open_lab: OpenLab) -> None:
    assert list(open_lab(machines=()).panel.machines()) == []


def test_the_holder_of_an_address_is_not_that_of_a_longer_one(lab: Lab) -> None:
    lab.panel.machine("12")
    holder = lab.panel.holder_of("192.0.2.10")
    assert holder is not None
    assert holder.id == "12"
    assert lab.panel.holder_of("192.0.2.1") is None


def test_a_partial_match_that_fills_pages_does_not_hide_the_holder(open_lab: OpenLab) -> None:
    decoys = tuple(
        SeedMachine(vpsid=number, hostname=f"h{number}", ips=tuple(f"10.{number}.{part}.111" for part in range(1, 3)))
        for number in range(1, 200)
    )
    lab = open_lab(machines=(*decoys, SeedMachine(vpsid=500, hostname="it", ips=("10.1.1.11",))))
    holder = lab.panel.holder_of("10.1.1.11")
    assert holder is not None
    assert holder.id == "500"


@pytest.mark.parametrize("ip", ["2001:db8::10", "2001:0DB8:0000:0000:0000:0000:0000:0010", "2001:db8:0:0::10"])
def test_the_holder_of_an_ipv6_address_is_found_however_it_is_spelled(lab: Lab, ip: str) -> None:
    holder = lab.panel.holder_of(ip)
    assert holder is not None
    assert holder.id == "12"


def test_two_holders_of_one_address_are_refused_and_not_guessed(lab: Lab) -> None:
    lab.machine(13).ipids.extend(lab.machine(12).ipids)
    with pytest.raises(PanelRefused, match="more than one VPS: 12, 13"):
        lab.panel.holder_of("192.0.2.10")


def test_no_holder_is_looked_for_where_there_is_no_address(lab: Lab) -> None:
    with pytest.raises(InvalidInput) as caught:
        lab.panel.holder_of("192.0.2.300")
    assert caught.value.field == "ip"
    assert lab.calls() == []


def test_the_network_is_cut_and_given_back_with_guard_and_without_callback(lab: Lab) -> None:
    lab.panel.cut_network("12", "uuid-12")
    assert lab.machine(12).network_cut
    assert lab.machine(12).running
    assert lab.sent("vs:suspend_net") == [{"suspend_net": "12", "suspend_net_uuid": "uuid-12", "skip_callback": "1"}]
    lab.panel.restore_network("12", "uuid-12")
    assert lab.machine(12).network_cut is None
    assert lab.sent("vs:unsuspend_net") == [
        {"unsuspend_net": "12", "unsuspend_net_uuid": "uuid-12", "skip_callback": "1"}
    ]


@pytest.mark.parametrize("repeats_are_errors", [True, False])
def test_cutting_twice_is_no_failure_whatever_the_panel_says(open_lab: OpenLab, repeats_are_errors: bool) -> None:
    lab = open_lab(traits=Traits(repeats_are_errors=repeats_are_errors))
    lab.panel.cut_network("12", "uuid-12")
    lab.panel.cut_network("12", "uuid-12")
    lab.panel.restore_network("12", "uuid-12")
    lab.panel.restore_network("12", "")
    assert lab.machine(12).network_cut is None


def test_an_id_that_has_come_to_mean_another_machine_is_refused_even_if_that_one_is_cut(lab: Lab) -> None:
    lab.machine(12).network_cut = "1"
    with pytest.raises(PanelRefused, match="uuid"):
        lab.panel.cut_network("12", "uuid-of-the-one-before")


def test_a_locked_machine_is_for_later(lab: Lab) -> None:
    attempts: tuple[Callable[[], None], ...] = (
        lambda: lab.panel.cut_network("14", "uuid-14"),
        lambda: lab.panel.set_firewall_plan("14", "7"),
        lambda: lab.panel.set_ips("14", ["192.0.2.20"]),
    )
    for attempt in attempts:
        with pytest.raises(PanelUnclear, match="VPS 14 is locked: The VPS is locked : backup"):
            attempt()
    assert lab.machine(14).network_cut is None


def test_what_is_asked_of_a_machine_that_is_gone_is_refused_in_the_panels_words(lab: Lab) -> None:
    with pytest.raises(PanelRefused, match="does not exist"):
        lab.panel.cut_network("999", "")
    with pytest.raises(PanelRefused, match="there is no VPS 999"):
        lab.panel.set_ips("999", ["192.0.2.20"])


@pytest.mark.parametrize("vpsid", ["", "0", "v12", "12;13"])
def test_what_is_no_vps_id_never_reaches_the_panel(lab: Lab, vpsid: str) -> None:
    with pytest.raises(PanelRefused, match="no VPS id"):
        lab.panel.cut_network(vpsid, "")
    assert lab.calls() == []


def test_a_firewall_plan_is_set_read_back_and_taken_away(lab: Lab) -> None:
    lab.panel.set_firewall_plan("12", "7", "uuid-12")
    assert lab.machine(12).settings["admin_fwid"] == "7"
    lab.panel.set_firewall_plan("12", None)
    assert lab.machine(12).settings["admin_fwid"] == "0"
    assert lab.sent("managevps") == [
        {"vpsid": "12", "vps_uuid": "uuid-12", "skip_callback": "1", "editvps": "1", "admin_fwid": "7"},
        {"vpsid": "12", "skip_callback": "1", "editvps": "1", "admin_fwid": "0"},
    ]


@pytest.mark.parametrize("traits", [Traits(keeps_firewall_plan=False), Traits(shows_newer_fields=False)], ids=repr)
def test_a_plan_that_does_not_stick_is_not_supported(open_lab: OpenLab, traits: Traits) -> None:
    lab = open_lab(traits=traits)
    with pytest.raises(NotSupported, match="did not keep the firewall plan 7"):
        lab.panel.set_firewall_plan("12", "7")


def test_an_unknown_firewall_plan_is_refused_and_what_is_no_plan_id_is_not_sent(lab: Lab) -> None:
    with pytest.raises(PanelRefused, match="does not exist"):
        lab.panel.set_firewall_plan("12", "99")
    before = lab.calls()
    for plan in ("0", "", "seven"):
        with pytest.raises(InvalidInput, match="plan"):
            lab.panel.set_firewall_plan("12", plan)
    assert lab.calls() == before


def test_a_plan_that_cannot_be_read_back_is_unclear(lab: Lab) -> None:
    lab.fail("vs", FaultKind.SERVER_ERROR, times=3)
    with pytest.raises(PanelUnclear, match="could not be read back"):
        lab.panel.set_firewall_plan("12", "7")


def test_free_addresses_are_those_of_the_node_unlocked_and_of_one_family(lab: Lab) -> None:
    assert lab.panel.free_ips("0", version=4) == ("192.0.2.20", "192.0.2.21")
    assert lab.panel.free_ips("0", version=6) == ("2001:db8::20",)
    assert lab.panel.free_ips("1", version=4) == ("192.0.2.30",)
    assert lab.panel.free_ips("1", version=6) == ()


def test_replacing_an_address_sends_the_whole_list_of_its_family_and_nothing_else(lab: Lab) -> None:
    lab.panel.set_ips("12", ["192.0.2.20", "192.0.2.10", "2001:db8::10"])
    machine = lab.panel.machine("12")
    assert machine is not None
    assert machine.ips == ("192.0.2.20", "192.0.2.10", "2001:db8::10")
    lab.panel.set_ips("12", ["192.0.2.20", "192.0.2.10", "2001:db8::20"])
    assert lab.sent("managevps") == [
        {"ips[0]": "192.0.2.20", "ips[1]": "192.0.2.10", **edit_of("12")},
        {"ips6[0]": "2001:db8::20", **edit_of("12")},
    ]
    assert lab.machine(12).disks == {"st12": "20"}


def edit_of(vpsid: str) -> dict[str, str]:
    return {"vpsid": vpsid, "vps_uuid": f"uuid-{vpsid}", "skip_callback": "1", "editvps": "1"}


def test_addresses_that_stand_already_are_not_written_again(lab: Lab) -> None:
    lab.panel.set_ips("12", ["192.0.2.10", "2001:db8:0::10", "192.0.2.10"])
    assert lab.sent("managevps") == []


def test_the_last_address_of_a_family_cannot_be_taken_away(lab: Lab) -> None:
    with pytest.raises(NotSupported, match="ips6"):
        lab.panel.set_ips("12", ["192.0.2.10"])
    assert lab.sent("managevps") == []


def test_an_address_of_somebody_else_is_refused_and_nothing_is_released(lab: Lab) -> None:
    with pytest.raises(PanelRefused, match="assigned to another VPS"):
        lab.panel.set_ips("12", ["192.0.2.14", "2001:db8::10"])
    machine = lab.panel.machine("12")
    assert machine is not None
    assert machine.ips == ("192.0.2.10", "2001:db8::10")


def test_addresses_that_we_cannot_read_are_not_released_by_an_edit(lab: Lab) -> None:
    lab.sandbox.estate.addresses[lab.machine(12).ipids[1]].ip = "2001:db8::/64::"
    with pytest.raises(PanelRefused, match="by hand"):
        lab.panel.set_ips("12", ["192.0.2.20"])


def test_what_is_no_address_names_its_place_in_the_list(lab: Lab) -> None:
    with pytest.raises(InvalidInput) as caught:
        lab.panel.set_ips("12", ["192.0.2.10", "mail.example"])
    assert caught.value.field == "ips[1]"
    assert lab.calls() == []


def test_the_log_of_an_address_names_its_holders_with_their_times(lab: Lab) -> None:
    lab.panel.set_ips("12", ["192.0.2.20", "2001:db8::10"])
    lab.panel.set_ips("13", ["192.0.2.30"])
    lab.panel.set_ips("15", ["192.0.2.10"])
    newest, oldest = lab.panel.holdings("192.0.2.10")
    assert (newest.vpsid, oldest.vpsid) == ("15", "12")
    assert newest.since is not None
    assert oldest.since is not None
    assert newest.since > oldest.since


def test_caps_are_set_alone_read_back_and_put_back(lab: Lab) -> None:
    before = lab.panel.caps("12")
    assert before[Cap.CPU] == 100
    lab.panel.set_caps("12", {Cap.CPU: 25, Cap.DOWNLOAD: 1250}, "uuid-12")
    assert lab.panel.caps("12") == {**before, Cap.CPU: 25, Cap.DOWNLOAD: 1250}
    assert lab.sent("managevps") == [{"cpu_percent": "25", "network_speed": "1250", **edit_of("12")}]
    lab.panel.set_caps("12", before)
    assert lab.panel.caps("12") == before
    assert lab.panel.caps("999") == {}


def test_caps_are_refused_in_the_panels_words_and_wait_for_a_lock(lab: Lab) -> None:
    lab.fail("managevps", FaultKind.ERROR)
    with pytest.raises(PanelRefused, match="An error occurred"):
        lab.panel.set_caps("12", {Cap.CPU: 25})
    with pytest.raises(PanelUnclear, match="locked"):
        lab.panel.set_caps("14", {Cap.CPU: 25})


def test_an_address_rests_while_it_is_locked(lab: Lab) -> None:
    lab.panel.lock_address("192.0.2.20", "listed")
    assert lab.panel.free_ips("0", version=4) == ("192.0.2.21",)
    lab.panel.unlock_address("192.0.2.20")
    assert lab.panel.free_ips("0", version=4) == ("192.0.2.20", "192.0.2.21")
    with pytest.raises(PanelRefused, match="not in the panel"):
        lab.panel.lock_address("203.0.113.1", "listed")


def test_many_threads_may_share_a_panel(lab: Lab) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lab.panel.machine, ["12", "13", "14", "15"] * 10))
    assert [machine.id for machine in found if machine] == ["12", "13", "14", "15"] * 10


def test_a_panel_that_is_not_there_is_unreachable_for_reads_and_writes() -> None:
    access = Access(url="http://127.0.0.1:9/", api_key="key", api_password="password")
    panel = VirtualizorPanel(VirtualizorClient(access, sleep=lambda _: None))
    with pytest.raises(PanelUnreachable):
        panel.machine("12")
    with pytest.raises(PanelUnreachable):
        panel.cut_network("12", "uuid-12")
