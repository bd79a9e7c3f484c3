"""A file of events is validated as a whole and then read in the order of time."""

from __future__ import annotations

import io
from pathlib import Path

import orjson
import pytest

from bridge.errors import InvalidInput
from bridge.events import parse_event
from bridge.lines import Owners
from bridge.replay.recording import Recording, opened


def _line(id_: str, minute: int, **more: str) -> bytes:
    event = {
        "id": id_,
        "type": "listing.cleared",
        "at": f"2026-01-01T00:{minute:02}:00Z",
        "ip": "192.0.2.1",
        "list": "l",
    }
    return orjson.dumps({**event, **more}, option=orjson.OPT_APPEND_NEWLINE)


def _sight(id_: str, minute: int, **more: str) -> bytes:
    event = {
        "id": id_,
        "type": "service.observed",
        "at": f"2026-01-01T00:{minute:02}:00Z",
        "service": "1",
        "client": "c",
    }
    return orjson.dumps({**event, **more}, option=orjson.OPT_APPEND_NEWLINE)


def _ids(path: Path, *lines: bytes) -> list[str]:
    path.write_bytes(b"".join(lines))
    with opened(str(path)) as recording:
        return [event.id for event in recording.events()]


def test_events_come_by_time_and_then_by_line(tmp_path: Path) -> None:
    assert _ids(tmp_path / "e", _line("c", 5), b"\n", _line("a", 1), _line("d", 5), _line("b", 1)) == list("abcd")


def test_a_repeated_id_comes_once_and_with_its_earliest_event(tmp_path: Path) -> None:
    assert _ids(tmp_path / "e", _line("b", 2), _line("a", 1), _line("b", 3), _line("a", 4)) == ["a", "b"]


def test_a_recording_may_be_read_by_several_at_once(tmp_path: Path) -> None:
    path = tmp_path / "e"
    path.write_bytes(_line("a", 1) + _line("b", 2))
    with opened(str(path)) as recording:
        one, other = recording.events(), recording.events()
        assert [next(one).id, next(other).id, next(one).id, next(other).id] == ["a", "a", "b", "b"]


def test_a_last_line_needs_no_end(tmp_path: Path) -> None:
    assert _ids(tmp_path / "e", _line("b", 2), _line("a", 1).rstrip()) == ["a", "b"]


def test_an_ill_formed_line_is_named_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"e:3: .*ip"):
        _ids(tmp_path / "e", _line("a", 1), b"\n", _line("b", 2, ip="none"))


def test_the_earliest_first_sight_that_lacks_something_is_named(tmp_path: Path) -> None:
    whole = {"product_kind": "vps", "status": "active"}
    with pytest.raises(InvalidInput, match=r"e:2: product_kind"):
        _ids(tmp_path / "e", _sight("later", 9, **whole), _sight("first", 1))


def test_later_sights_may_leave_things_out(tmp_path: Path) -> None:
    whole = {"product_kind": "vps", "status": "active"}
    assert _ids(tmp_path / "e", _sight("later", 9), _sight("first", 1, **whole)) == ["first", "later"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"), opened(str(tmp_path / "none")):
        pass


def test_an_empty_recording_holds_nothing(tmp_path: Path) -> None:
    assert _ids(tmp_path / "e") == []
    assert len(Recording(io.BytesIO())) == 0


def test_clients_between_whom_a_service_moved_belong_together_wherever_in_the_file_it_did() -> None:
    first, later = Owners(), Owners()
    for owners, service, client in ((first, "1", "a"), (first, "2", "b"), (later, "1", "b"), (later, "3", "c")):
        owners.note(parse_event({
            "id": f"{service}{client}", "type": "service.observed", "at": "2024-01-01T00:00:00Z", "service": service,
            "client": client,
        }))  # fmt: skip
    first.join(later)
    together = first.together()
    assert together.get("a", "a") == together.get("b", "b") != together.get("c", "c")
