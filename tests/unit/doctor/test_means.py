"""What a host's panels can do for which of its services, out of its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.config import load_config
from bridge.doctor.means import means_of
from bridge.doctor.policy import manual_actions
from bridge.policy.load import load_pack
from bridge.ports import Capability
from tests.unit.doctor.test_checks import WHOLE

SERVERS = frozenset({Capability.CUT_NETWORK, Capability.FIREWALL_PLAN, Capability.LIMIT_RESOURCE, Capability.MIGRATE})
BILLING = frozenset({Capability.SUSPEND, Capability.TICKET, Capability.INVOICE})

PACK = """\
pack: small
title: A small policy
currency: USD
versions:
  - version: "1"
    effective: 2026-01-01
    groups:
      other: {categories: ["*"]}
    clauses:
      "1":
        says: Anything has consequences.
        rules:
          - on: strike
            then: [{block_network: {scope: all}}, {charge_fine: {amount: 1.00, due: 24h}}]
            because: "Because."
          - on: strike
            when: {product_kind: shared}
            then: [{block_network: {scope: ports, ports: [25]}}]
            because: "Because."
"""
PANELS = WHOLE[WHOLE.index("[whmcs]") :].replace(
    'api_password = "Yt5Rf2Vb8"', 'api_password = "Yt5Rf2Vb8"\nport_block_plan = 7'
)
KINDS = '[mapping]\nproduct_kind = {{ "12" = "{}" }}\n'
ROUTED = '[[route]]\npolicy = "small.yaml"\n'
ALL_HERE = 'policy = "small.yaml"\n'
ELSEWHERE = 'policy = "klt-net"\n'
CUT = "block_network is done by hand{}: no panel here can: cut_network"
PORTS = "block_network is done by hand: no panel here can: firewall_plan"
OTHER_PANEL = """\
[[virtualizor]]
url = "https://other.example:4085/"
servers = [2]
api_key = "q7Wm3Zx9"
api_password = "Yt5Rf2Vb8"
"""

HOSTS = {
    "machines alone": (ALL_HERE + PANELS, []),
    "machines and another kind": (
        ALL_HERE + PANELS + KINDS.format("shared"), [CUT.format(" for shared services"), PORTS],
    ),
    "what no rule asks for": (ALL_HERE + PANELS + KINDS.format("dedicated"), [CUT.format(" for dedicated services")]),
    "another policy answers for that kind": (
        ALL_HERE + PANELS + KINDS.format("shared") + '[[route]]\npolicy = "klt-net"\nproduct_kind = "shared"\n', [],
    ),
    "routed by kind": (ELSEWHERE + PANELS + ROUTED + 'product_kind = "dedicated"\n', [CUT.format("")]),
    "routed by product": (
        ELSEWHERE + PANELS + KINDS.format("shared") + ROUTED + 'product = ["12"]\n', [CUT.format(""), PORTS],
    ),
    "routed by region": (ELSEWHERE + PANELS + ROUTED + 'region = "moon"\n', []),
    "no server panel": (ALL_HERE + PANELS.replace("[virtualizor]", "[[virtualizor]]").split("[[virtualizor]]")[0],
                        [CUT.format("")]),
    "a server panel without a server": (ALL_HERE + PANELS.replace("servers = [1]\n", ""), [
        "block_network is done by hand: servers is missing in [virtualizor] https://vps.example:4085/",
    ]),
    "no gateway for invoices": (ALL_HERE + PANELS.replace('payment_method = "banktransfer"\n', ""), [
        "charge_fine is done by hand: whmcs.payment_method is missing",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_what_is_done_by_hand_is_said_of_the_services_it_is_about(host: str, tmp_path: Path) -> None:
    written, expected = HOSTS[host]
    assert by_hand(written, PACK, tmp_path) == expected


def test_a_migration_lacks_the_node_to_go_to(tmp_path: Path) -> None:
    begin, end = PACK.index("          - on: strike"), PACK.index("          - on: strike\n            when")
    rule = "- on: incident_declared\n            then: [migrate_service]\n            because: Because.\n"
    pack = f"{PACK[:begin]}          {rule}{PACK[end:]}"
    said = "migrate_service is done by hand: migrate_to is missing in [virtualizor] https://vps.example:4085/"
    assert by_hand(ALL_HERE + PANELS, pack, tmp_path) == [said]
    named = PANELS.replace("port_block_plan = 7", "port_block_plan = 7\nmigrate_to = 2\nmigrate_storage = [5]")
    assert by_hand(ALL_HERE + named, pack, tmp_path) == []


def test_of_two_server_panels_the_one_without_a_plan_is_named(tmp_path: Path) -> None:
    panels = PANELS.replace("[virtualizor]", "[[virtualizor]]") + OTHER_PANEL
    pack = PACK.replace("            when: {product_kind: shared}\n", "")
    other = "the machines of https://other.example:4085/"
    assert by_hand(ALL_HERE + panels, pack, tmp_path) == [
        f"block_network is done by hand for {other}: port_block_plan names no firewall plan"
    ]


def by_hand(written: str, pack: str, folder: Path) -> list[str]:
    """The sentences of a configuration and a policy beside it."""
    file = folder / "tipstaff.toml"
    file.write_text(written)
    (folder / "small.yaml").write_text(pack)
    read = load_pack(folder / "small.yaml")
    means = means_of(load_config(file, {}), read, billing=BILLING, servers=SERVERS)
    return [manual.sentence for manual in manual_actions(read.newest, means)]
