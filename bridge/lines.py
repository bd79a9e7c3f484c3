"""Lines that each say an event, validated: a few in memory, or a whole file with every processor at a part of it."""

from __future__ import annotations

import multiprocessing
import os
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing.connection import Connection
from typing import BinaryIO

from bridge.errors import InvalidInput
from bridge.events import Event, ServiceObserved, parse_event
from bridge.jsontext import decoded

MAX_LINE = 1_000_000
WORTH_DIVIDING = 2_000_000
"""Smaller files, in bytes, are validated sooner than processes are started."""
_MICROSECONDS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_events(lines: Iterable[bytes], file: str) -> list[Event]:
    """Every line an event; raises InvalidInput naming file, line and field. Empty lines are passed over."""
    sights = FirstSights()
    events = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event = parse_line(line)
        except InvalidInput as refusal:
            raise InvalidInput(f"{file}:{number}", str(refusal)) from refusal
        sights.note(number, event)
        events.append(event)
    sights.check(file)
    return events


def parse_line(line: bytes) -> Event:
    """One event from one line of JSON; raises InvalidInput."""
    if len(line) > MAX_LINE:
        raise InvalidInput("", f"the line is longer than {MAX_LINE} bytes")
    return parse_event(decoded(line))


def as_number(moment: datetime) -> int:
    """Microseconds since 1970: a time that is small to keep and quick to compare."""
    passed = moment - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * _MICROSECONDS + passed.microseconds


def as_moment(number: int) -> datetime:
    """The time of which `as_number` made the number."""
    return _EPOCH + timedelta(microseconds=number)


# ---- what must hold between lines ----


def check_first_sight(event: ServiceObserved) -> None:
    """A service seen for the first time must say what it is and how it stands; raises InvalidInput."""
    for name in ("product_kind", "status"):
        if getattr(event, name) is None:
            raise InvalidInput(name, "service.observed needs it at the first sight of a service")


class FirstSights:
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

    def join(self, later: FirstSights, lines: int) -> None:
        """Take in what was seen further on in the file, where its lines are counted from 1 after the first `lines`."""
        for service, (at, line, event) in later._first.items():
            known = self._first.get(service)
            if known is None or at < known[0]:
                self._first[service] = (at, lines + line, event)

    def check(self, file: str) -> None:
        """Raises InvalidInput about the earliest first sight that lacks something."""
        lacking = [(at, line, event) for at, line, event in self._first.values() if event is not None]
        for _, line, event in sorted(lacking, key=lambda sight: sight[:2])[:1]:
            try:
                check_first_sight(event)
            except InvalidInput as refusal:
                raise InvalidInput(f"{file}:{line}", str(refusal)) from refusal


class Owners:
    """Who had each service; whoever had the same one belongs together, since what stood on it went along."""

    def __init__(self) -> None:
        self._client: dict[str, str] = {}
        self._known_by: dict[str, str] = {}

    def note(self, event: Event) -> None:
        if isinstance(event, ServiceObserved):
            self._had(event.service, event.client)

    def _had(self, service: str, client: str) -> None:
        before = self._client.get(service)
        if before != client:
            self._client[service] = client
            if before is not None:
                self._known_by[self._root(before)] = self._root(client)

    def _root(self, client: str) -> str:
        while (other := self._known_by.get(client, client)) != client:
            client = other
        return client

    def join(self, later: Owners) -> None:
        """Take in what was seen further on in the file."""
        for one, other in later._known_by.items():
            self._known_by[self._root(one)] = self._root(other)
        for service, client in later._client.items():
            self._had(service, client)

    def together(self) -> dict[str, str]:
        """Of clients between whom a service moved: the one by whom all of them are known."""
        return {client: self._root(client) for client in self._known_by}


# ---- a file ----


@dataclass
class Stretch:
    """What validating a part of a file has found.

    lines         how many it has, empty ones too; up to the refused one where there is a refusal
    times, places when each event happened (as_number), and at which byte of the file its line begins
    ids           hashes of the events' ids
    refusal       what is wrong with the last of `lines`
    """

    lines: int = 0
    times: array[int] = field(default_factory=lambda: array("q"))
    places: array[int] = field(default_factory=lambda: array("Q"))
    ids: array[int] = field(default_factory=lambda: array("q"))
    sights: FirstSights = field(default_factory=FirstSights)
    owners: Owners = field(default_factory=Owners)
    refusal: str | None = None


def validated_stretches(file: BinaryIO, processors: int, *, worth_dividing: int = WORTH_DIVIDING) -> Iterator[Stretch]:
    """The parts of a seekable file in order, validated at once by as many processes as there are processors."""
    length = file.seek(0, os.SEEK_END)
    bounds = _bounds(file, length, processors if length >= worth_dividing else 1)
    if len(bounds) == 2:
        yield _validated(file, 0, length)
        return
    context = multiprocessing.get_context("fork")
    receivers = []
    for start, end in pairwise(bounds):
        receiver, sender = context.Pipe(duplex=False)
        receivers.append(receiver)
        context.Process(target=_work, args=(file.fileno(), start, end, sender), daemon=True).start()
        sender.close()
    for receiver in receivers:
        yield receiver.recv()


def _bounds(file: BinaryIO, length: int, parts: int) -> list[int]:
    """Where each part begins, always with a line, and where the last one ends."""
    bounds = [0]
    for part in range(1, parts):
        file.seek(length * part // parts)
        file.readline()
        bounds.append(file.tell())
    return [*bounds, length]


def _work(descriptor: int, start: int, end: int, sender: Connection) -> None:
    with open(f"/dev/fd/{descriptor}", "rb") as file:
        sender.send(_validated(file, start, end))


def _validated(file: BinaryIO, start: int, end: int) -> Stretch:
    stretch = Stretch()
    file.seek(start)
    place = start
    while place < end:
        line = file.readline()
        stretch.lines += 1
        if line.strip():
            try:
                event = parse_line(line)
            except InvalidInput as refusal:
                stretch.refusal = str(refusal)
                break
            stretch.sights.note(stretch.lines, event)
            stretch.owners.note(event)
            stretch.times.append(as_number(event.at))
            stretch.places.append(place)
            stretch.ids.append(hash(event.id))
        place += len(line)
    return stretch
