"""Blocks of the network: what is blocked is not blocked again, and what another case blocks stays blocked."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.decide import decide
from bridge.decide.blocks import uncovered
from bridge.events import ActionDone
from bridge.model import to_answer
from bridge.policy.load import find_pack
from bridge.routing import Part
from tests.unit.decide.scenario import (
    IP,
    OTHER_IP,
    START,
    Answers,
    Story,
    a_complaint,
    a_finding,
    a_service,
    an_event,
    at,
    hours,
    replayed,
    seen,
)


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


def told(when: str, name: str, *addresses: str) -> Story:
    """A block whose end waits for approval, and then another complaint about these addresses."""
    story = Story(a_service(ips=[IP, OTHER_IP]), pack=find_pack("atlex"))
    for event in story.take(severe("0h", "k1", IP, OTHER_IP)).where(action="block_network"):
        assert event["state"] == "done"
    story.take(a_finding("remediated", "1h"))
    assert story.last.expect_one(action="unblock_network")["state"] == "proposed"
    story.take(severe(when, name, *addresses))
    return story


def test_what_still_waits_to_be_unblocked_stays_blocked_where_a_case_asks_for_it() -> None:
    story = told("48h", "k2", IP, OTHER_IP)
    story.last.expect_none(action="block_network")
    assert story.last.expect_one(record="hold", clause="1.2")["case"] == "k2"
    assert not [item for item in story.replay.states["c1"].pending.values() if item.action == "unblock_network"]


def test_the_rest_of_it_still_waits() -> None:
    story = told("48h", "k2", IP)
    story.last.expect_none(action="block_network")
    assert story.last.expect_one(action="unblock_network")["ips"] == [OTHER_IP]


def test_what_was_unblocked_meanwhile_is_blocked_again() -> None:
    story = Story(a_service(ips=[IP, OTHER_IP]), pack=find_pack("atlex"))
    story.take(severe("0h", "k1", IP))
    freed = story.take(a_finding("remediated", "1h")).expect_one(action="unblock_network")
    state = story.replay.states["c1"]
    state.pending[freed["id"]].state = "approved"
    story.take(severe("48h", "k2", IP)).expect_none(action="block_network")
    done = ActionDone(id="done", at=START + hours(49), action=freed["id"], client="c1")
    [again] = decide(state, Part(done, "c1"), story.replay.rules)
    answer = to_answer(again)
    assert (answer["action"], answer["ips"], answer["case"]) == ("block_network", [IP], "k2")


def test_a_complaint_that_names_no_address_blocks_all_of_the_service() -> None:
    answers = run(a_complaint(service="1", severity="severe"))
    assert answers.expect_one(action="block_network")["ips"] == [IP, OTHER_IP]


def test_a_terminated_service_is_not_unblocked() -> None:
    answers = run(severe("0h", "k1", IP), seen(when="1h", status="terminated"), a_finding("unfounded", "2h", "k1"))
    answers.expect_one(record="hold", status="ended", at="2h")
    answers.expect_none(action="unblock_network")
