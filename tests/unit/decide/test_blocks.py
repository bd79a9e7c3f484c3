"""Blocks of the network: what is blocked is not blocked again, and what another case blocks stays blocked."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.decide.blocks import uncovered
from bridge.policy.load import find_pack
from tests.unit.decide.scenario import IP, OTHER_IP, Answers, a_complaint, a_finding, a_service, an_event, at, replayed


def ips(*addresses: str) -> dict[str, Any]:
    return {"scope": "ip", "ips": list(addresses)}


OUTBOUND = {"scope": "outbound"}
PORTS = {"scope": "ports", "ports": [25, 465]}


@pytest.mark.parametrize(
    ("block", "others", "left"),
    [
        (OUTBOUND, [], OUTBOUND),
        (OUTBOUND, [PORTS, ips(IP)], OUTBOUND),
        (OUTBOUND, [OUTBOUND], None),
        (PORTS, [{"scope": "ports", "ports": [25]}], {"scope": "ports", "ports": [465]}),
        (PORTS, [PORTS], None),
        (ips(IP, OTHER_IP), [ips(IP)], ips(OTHER_IP)),
        (ips(IP), [ips(IP, OTHER_IP)], None),
        (ips(IP), [ips(OTHER_IP)], ips(IP)),
    ],
)
def test_only_what_no_other_blocks_is_left(
    block: dict[str, Any], others: list[dict[str, Any]], left: dict[str, Any] | None
) -> None:
    assert uncovered(block, others) == left


def severe(when: str, name: str, *addresses: str) -> dict[str, Any]:
    return a_complaint(when=when, name=name, ips=list(addresses), severity="severe")


def run(*events: dict[str, Any]) -> Answers:
    return replayed(a_service(ips=[IP, OTHER_IP]), *events, pack=find_pack("atlex"))


def test_only_the_address_that_is_not_blocked_yet_is_blocked() -> None:
    answers = run(severe("0h", "k1", IP), severe("48h", "k2", IP, OTHER_IP))
    assert [item["ips"] for item in answers.where(action="block_network")] == [[IP], [OTHER_IP]]
    assert [item["case"] for item in answers.where(record="hold", clause="1.2")] == ["k1", "k2"]


def test_an_address_is_unblocked_when_the_last_case_that_blocks_it_ends() -> None:
    blocks = [severe("0h", "k1", IP), severe("48h", "k2", IP, OTHER_IP)]
    first = run(*blocks, a_finding("remediated", "50h", "k1"), a_finding("remediated", "51h", "k2"))
    assert [(item["at"], item["ips"]) for item in first.where(action="unblock_network")] == [
        (at("51h"), [IP, OTHER_IP])
    ]
    second = run(*blocks, a_finding("remediated", "50h", "k2"), a_finding("remediated", "51h", "k1"))
    assert [item["ips"] for item in second.where(action="unblock_network")] == [[OTHER_IP], [IP]]


def test_what_ends_together_is_unblocked_once() -> None:
    lifted = an_event("hold.lifted", "50h", service="1", by="anna", reason="agreed")
    answers = run(severe("0h", "k1", IP), severe("48h", "k2", IP, OTHER_IP), lifted)
    assert sorted(ip for item in answers.where(action="unblock_network") for ip in item["ips"]) == [IP, OTHER_IP]


def test_a_complaint_that_names_no_address_blocks_all_of_the_service() -> None:
    answers = run(a_complaint(service="1", severity="severe"))
    assert answers.expect_one(action="block_network")["ips"] == [IP, OTHER_IP]
