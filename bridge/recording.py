"""Events in a file, one JSON object a line: validated as a whole, then read in the order of time (interface 5).

A file may hold more events than memory does. It is read twice: once to validate every line and to note when and where
each event stands, and once more to hand the events out, the same for one reader or for several at once.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import BinaryIO

import orjson

from bridge.errors import InvalidInput
from bridge.events import Event, ServiceObserved, parse_event

MAX_LINE = 1_000_000
_MICROSECONDS = 1_000_000


def read_events(lines: Iterable[bytes], file: str) -> list[Event]:
    """Every line an event; raises InvalidInput naming file, line and field. Empty lines are passed over."""
    sights = _FirstSights()
    events = []
    for number, event in _validated(lines, file):
        sights.note(number, event)
        events.append(event)
    sights.check(file)
    return events


def parse_line(line: bytes) -> Event:
    """One event from one line of JSON; raises InvalidInput."""
    if len(line) > MAX_LINE:
        raise InvalidInput("", f"the line is longer than {MAX_LINE} bytes")
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as trouble:
        raise InvalidInput("", f"not JSON: {trouble}") from trouble
    return parse_event(raw)


def check_first_sight(event: ServiceObserved) -> None:
    """A service seen for the first time must say what it is and how it stands; raises InvalidInput."""
    for name in ("product_kind", "status"):
        if getattr(event, name) is None:
            raise InvalidInput(name, "service.observed needs it at the first sight of a service")


def as_number(moment: datetime) -> int:
    """Microseconds since 1970: a time that is small to keep and quick to compare."""
    return round(moment.timestamp() * _MICROSECONDS)


@dataclass
class Recording:
    """A validated file of events.

    times, places  when each event happened (as_number) and at which byte its line begins, in the order of the file
    doubtful       hashes that more than one id has: only these ids need to be remembered to tell repeats
    """

    file: BinaryIO
    times: array[int] = field(default_factory=lambda: array("q"))
    places: array[int] = field(default_factory=lambda: array("Q"))
    doubtful: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.times)

    @classmethod
    def of(cls, file: BinaryIO, name: str) -> Recording:
        """Validate a seekable file; raises InvalidInput naming file, line and field."""
        recording = cls(file)
        sights = _FirstSights()
        ids = array("q")
        for number, event in _validated(recording._lines(), name):
            sights.note(number, event)
            recording.times.append(as_number(event.at))
            ids.append(hash(event.id))
        sights.check(name)
        recording.doubtful = frozenset(_repeated(ids))
        return recording

    def _lines(self) -> Iterator[bytes]:
        """Every line, noting where those begin that say something."""
        self.file.seek(0)
        place = 0
        for line in self.file:
            if line.strip():
                self.places.append(place)
            place += len(line)
            yield line

    def events(self) -> Iterator[Event]:
        """Each event once, by time and then by line. Opens the file anew, so that several may read at once."""
        seen: set[str] = set()
        with open(f"/dev/fd/{self.file.fileno()}", "rb") as file:
            for line in self._ordered(file):
                event = parse_line(line)
                if hash(event.id) in self.doubtful:
                    if event.id in seen:
                        continue
                    seen.add(event.id)
                yield event

    def _ordered(self, file: BinaryIO) -> Iterator[bytes]:
        times = self.times
        if all(one <= other for one, other in pairwise(times)):
            yield from (line for line in file if line.strip())
            return
        for place in sorted(range(len(times)), key=times.__getitem__):
            file.seek(self.places[place])
            yield file.readline()


@contextmanager
def opened(name: str) -> Iterator[Recording]:
    """The validated events of a file, `-` for standard input; raises InvalidInput naming file, line and field."""
    if name == "-":
        with _copied(sys.stdin.buffer) as copy:
            yield Recording.of(copy, "standard input")
        return
    with ExitStack() as stack:
        try:
            file: BinaryIO = stack.enter_context(open(name, "rb"))
        except OSError as trouble:
            raise InvalidInput(name, f"cannot be read: {trouble.strerror}") from trouble
        if not file.seekable():
            file = stack.enter_context(_copied(file))
        yield Recording.of(file, name)


@contextmanager
def _copied(stream: BinaryIO) -> Iterator[BinaryIO]:
    """What can be read only once, in a file that can be read twice."""
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy)
        copy.flush()
        yield copy


def _validated(lines: Iterable[bytes], file: str) -> Iterator[tuple[int, Event]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, parse_line(line)
        except InvalidInput as refusal:
            raise InvalidInput(f"{file}:{number}", str(refusal)) from refusal


def _repeated(hashes: array[int]) -> Iterator[int]:
    ordered = sorted(hashes)
    return (one for one, other in pairwise(ordered) if one == other)


class _FirstSights:
    """What each service showed when it was first seen, in the order of time."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[datetime, int, ServiceObserved | None]] = {}

    def note(self, line: int, event: Event) -> None:
        if not isinstance(event, ServiceObserved):
            return
        known = self._first.get(event.service)
        if known is None or event.at < known[0]:
            whole = event.product_kind is not None and event.status is not None
            self._first[event.service] = (event.at, line, None if whole else event)

    def check(self, file: str) -> None:
        """Raises InvalidInput about the earliest first sight that lacks something."""
        lacking = [(at, line, event) for at, line, event in self._first.values() if event is not None]
        for _, line, event in sorted(lacking, key=lambda sight: sight[:2])[:1]:
            try:
                check_first_sight(event)
            except InvalidInput as refusal:
                raise InvalidInput(f"{file}:{line}", str(refusal)) from refusal
