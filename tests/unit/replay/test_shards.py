"""A replay divided among processors gives the same answers in the same order as one alone."""

from __future__ import annotations

import heapq
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from bridge.events import Event
from bridge.lines import Owners, as_number, parse_line, read_events
from bridge.policy.load import find_pack
from bridge.replay import Replay
from bridge.replay.recording import Entry, opened
from bridge.replay.shards import Share, play
from bridge.rules import Rules
from tests.benchmarks.replay_speed import Traffic

COUNT = 1_500


def _traffic() -> list[bytes]:
    """A host's events in one month, so that deadlines of many fall together, many instants shared."""
    lines = [orjson.loads(line) for line in Traffic(COUNT).lines()]
    draw = random.Random(1)
    for event in lines:
        event["at"] = f"2024-01-{draw.randrange(1, 28):02}T{draw.randrange(24):02}:00:00Z"
        if event["type"] == "service.observed":
            event["at"] = "2024-01-01T00:00:00Z"
        if event["type"] == "customer.replied" and draw.random() < 0.1:
            service, client = f"{draw.randrange(30)}", f"c{draw.randrange(20)}"
            event |= {"type": "service.observed", "service": service, "client": client}
        if event["type"] == "complaint.received" and draw.random() < 0.3:
            event["ips"] = [event.pop("ip"), "10.0.0.1", "10.0.0.2", "198.51.100.9"]
        if event["type"] == "customer.replied" and draw.random() < 0.3:
            event["case"] = f"nobody's {draw.randrange(9)}"
    return [orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE) for event in lines]


def _events() -> list[Event]:
    return sorted(read_events(_traffic(), "traffic"), key=lambda event: event.at)


def _entries() -> list[Entry]:
    said = [(as_number(parse_line(line).at), orjson.loads(line)) for line in _traffic()]
    return sorted(said, key=lambda entry: entry[0])


def _together(rules: Rules, shares: int, until: Any = None) -> list[dict[str, Any]]:
    owners = Owners()
    for event in _events():
        owners.note(event)
    together = owners.together()
    assert together
    told = (Share(rules, index, shares, together).placed(_entries(), until) for index in range(shares))
    return [answer for _, answers in heapq.merge(*told, key=lambda item: item[0]) for answer in answers]


@pytest.mark.parametrize("pack", ["klt-net", "dptgroup"])
@pytest.mark.parametrize("at_once", [True, False])
def test_the_shares_together_say_what_one_alone_says(pack: str, at_once: bool) -> None:
    rules = Rules(find_pack(pack), at_once=at_once, expire_after=timedelta(hours=72))
    alone = list(Replay(rules).run(_events(), None))
    assert len(alone) > COUNT
    assert _together(rules, 3) == alone


def test_the_shares_let_deadlines_fire_up_to_the_same_time() -> None:
    rules = Rules(find_pack("klt-net"), at_once=True)
    until = _events()[-1].at + timedelta(days=2)
    assert _together(rules, 2, until) == list(Replay(rules).run(_events(), until))


def test_processes_of_their_own_say_the_same_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"".join(_traffic()))
    rules = Rules(find_pack("klt-net"), at_once=True)
    with opened(str(path)) as recording:
        alone = b"".join(play(rules, recording, None, processors=1))
        divided = b"".join(play(rules, recording, None, processors=2, worth_dividing=1))
    assert divided == alone
    assert alone.count(b"\n") > COUNT
