"""A file is validated in parts, by several processes at once, as it would be by one alone."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from bridge.errors import InvalidInput
from bridge.lines import Stretch, as_moment, as_number, parse_line, validated_stretches
from bridge.replay.recording import Recording
from tests.benchmarks.replay_speed import Traffic

WHOLE = {"product_kind": "vps", "status": "active"}


def _sight(number: int, at: str, **more: str) -> bytes:
    event = {"id": f"s{number}", "type": "service.observed", "at": at, "service": "1", "client": "c", **more}
    return orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE)


def _stretches(path: Path, lines: list[bytes], processors: int) -> list[Stretch]:
    path.write_bytes(b"".join(lines))
    with path.open("rb") as file:
        return list(validated_stretches(file, processors, worth_dividing=0))


def _recording(path: Path, lines: list[bytes]) -> Recording:
    path.write_bytes(b"".join(lines))
    with path.open("rb") as file:
        return Recording.of(file, "e", processors=3, worth_dividing=0)


def test_the_parts_together_are_the_whole_file(tmp_path: Path) -> None:
    lines = [b"\n", *Traffic(400).lines(), b"  \n", *Traffic(401).lines()]
    (whole,) = _stretches(tmp_path / "e", lines, 1)
    parts = _stretches(tmp_path / "e", lines, 3)
    assert len(parts) == 3
    for name in ("times", "places", "ids"):
        assert [item for part in parts for item in getattr(part, name)] == list(getattr(whole, name))
    assert sum(part.lines for part in parts) == whole.lines == len(lines)


def test_one_line_longer_than_all_others_is_in_one_part(tmp_path: Path) -> None:
    long = _sight(1, "2026-01-01T00:00:00Z", **WHOLE, region="x" * 50_000)
    parts = _stretches(tmp_path / "e", [long, *Traffic(20).lines()], 4)
    assert sum(len(part.times) for part in parts) == 21


def test_the_first_ill_formed_line_is_named_whichever_part_it_is_in(tmp_path: Path) -> None:
    lines = list(Traffic(300).lines())
    lines[250] = b"{}\n"
    lines[280] = b"[]\n"
    with pytest.raises(InvalidInput, match=r"e:251: type"):
        _recording(tmp_path / "e", lines)


def test_a_first_sight_that_lacks_something_is_told_from_what_other_parts_saw(tmp_path: Path) -> None:
    others = list(Traffic(300).lines())
    late = _sight(2, "2026-01-02T00:00:00Z")
    early = _sight(1, "2026-01-01T00:00:00Z", **WHOLE)
    others = [line for line in others if b'"service":"1"' not in line]
    assert len(_recording(tmp_path / "e", [late, *others, early])) == len(others) + 2
    with pytest.raises(InvalidInput, match=rf"e:{len(others) + 2}: product_kind"):
        _recording(
            tmp_path / "e", [_sight(2, "2026-01-02T00:00:00Z", **WHOLE), *others, _sight(1, "2026-01-01T00:00:00Z")],
        )  # fmt: skip


@pytest.mark.parametrize("at", ["2026-01-01T00:00:00Z", "2999-12-31T23:59:59.999999Z", "1969-07-20T20:17:40.5Z"])
def test_a_time_as_a_number_is_the_same_time(at: str) -> None:
    moment = parse_line(_sight(1, at, **WHOLE)).at
    assert as_moment(as_number(moment)) == moment
