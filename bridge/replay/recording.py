"""Events in a file, one JSON object a line: validated as a whole, then read in the order of time (interface 5).

A file may hold more events than memory does. It is read twice: once to validate every line and to note when and where
each event stands, and once more to hand the events out, the same for one reader or for several at once.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from array import array
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from operator import gt
from typing import Any, BinaryIO

import orjson

from bridge.errors import InvalidInput
from bridge.events import Event, identifier, parse_event
from bridge.lines import WORTH_DIVIDING, FirstSights, Owners, validated_stretches

Json = Any
Entry = tuple[int, Json]
"""When an event happened, as_number, and the JSON object that says so, known to be valid."""
_MARKS = 16
"""For each event: where ids are marked by their hash, so few of them fall on the same mark by chance."""


@dataclass
class Recording:
    """A validated file of events.

    times     when each event happened (as_number), in the order of the file
    order     the events' numbers by time and then by line; None: the file is in that order
    places    where it is not: at which byte the line of each event begins
    doubtful  hashes that more than one id has: only these ids need to be remembered to tell repeats
    together  of clients between whom a service moved: the one by whom all of them are known
    """

    file: BinaryIO
    times: array[int] = field(default_factory=lambda: array("q"))
    places: array[int] = field(default_factory=lambda: array("Q"))
    order: array[int] | None = None
    doubtful: frozenset[int] = frozenset()
    together: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.times)

    @classmethod
    def of(cls, file: BinaryIO, name: str, *, processors: int = 1, worth_dividing: int = WORTH_DIVIDING) -> Recording:
        """Validate a seekable file, each processor a part of it; raises InvalidInput naming file, line and field."""
        recording = cls(file)
        ids, sights, owners, lines = array("q"), FirstSights(), Owners(), 0
        for stretch in validated_stretches(file, processors, worth_dividing=worth_dividing):
            if stretch.refusal is not None:
                raise InvalidInput(f"{name}:{lines + stretch.lines}", stretch.refusal)
            recording.times.extend(stretch.times)
            recording.places.extend(stretch.places)
            ids.extend(stretch.ids)
            sights.join(stretch.sights, lines)
            owners.join(stretch.owners)
            lines += stretch.lines
        sights.check(name)
        recording.order = _order(recording.times)
        if recording.order is None:
            recording.places = array("Q")
        recording.doubtful = frozenset(_repeated(ids))
        recording.together = owners.together()
        return recording

    def events(self) -> Iterator[Event]:
        """Each event once, by time and then by line. Opens the file anew, so that several may read at once."""
        return (parse_event(said) for _, said in self.entries())

    def entries(self) -> Iterator[Entry]:
        """The same as JSON, for a reader who need not understand them all."""
        seen: set[str] = set()
        with open(f"/dev/fd/{self.file.fileno()}", "rb") as file:
            for at, line in self._ordered(file):
                said = orjson.loads(line)
                if self.doubtful:
                    id_ = identifier(said["id"], "id")
                    if hash(id_) in self.doubtful:
                        if id_ in seen:
                            continue
                        seen.add(id_)
                yield at, said

    def _ordered(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        if self.order is None:
            yield from zip(self.times, (line for line in file if line.strip()), strict=False)
            return
        for number in self.order:
            file.seek(self.places[number])
            yield self.times[number], file.readline()


@contextmanager
def opened(name: str, *, processors: int = 1) -> Iterator[Recording]:
    """The validated events of a file, `-` for standard input; raises InvalidInput naming file, line and field."""
    if name == "-":
        with _copied(sys.stdin.buffer) as copy:
            yield Recording.of(copy, "standard input", processors=processors)
        return
    with ExitStack() as stack:
        try:
            file: BinaryIO = stack.enter_context(open(name, "rb"))
        except OSError as trouble:
            raise InvalidInput(name, f"cannot be read: {trouble.strerror}") from trouble
        if not file.seekable():
            file = stack.enter_context(_copied(file))
        yield Recording.of(file, name, processors=processors)


@contextmanager
def _copied(stream: BinaryIO) -> Iterator[BinaryIO]:
    """What can be read only once, in a file that can be read twice."""
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy)
        copy.flush()
        yield copy


def _order(times: array[int]) -> array[int] | None:
    if not any(map(gt, times, islice(times, 1, None))):
        return None
    return array("Q", sorted(range(len(times)), key=times.__getitem__))


def _repeated(hashes: array[int]) -> set[int]:
    """Those that stand there more than once. Marks find the few suspects first, and only these are compared."""
    size = _MARKS * len(hashes)
    marks = bytearray(size)
    suspects = set()
    for one in hashes:
        place = one % size
        if marks[place]:
            suspects.add(place)
        marks[place] = 1
    seen: set[int] = set()
    repeated: set[int] = set()
    for one in hashes:
        if one % size in suspects:
            (repeated if one in seen else seen).add(one)
    return repeated
