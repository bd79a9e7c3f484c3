"""Feed files taken in, by upload, by path or out of a watched folder: each row of ours a complaint of its own."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from threading import Event
from typing import IO

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bridge.config.sources import FeedConfig
from bridge.errors import InvalidInput
from bridge.intake.context import Context
from bridge.intake.feed import FeedRow, read_feed
from bridge.intake.model import Incident, Kind, Networks, Reading, Reporter, ReporterKind
from bridge.intake.reporters import suggested_kind
from bridge.intake.text.times import TimeFrame
from bridge.ports import Clock
from bridge.reception import BATCH, Reception
from bridge.reviews import event_id
from bridge.store.sources import note_failure, note_success
from bridge.store.store import Store
from bridge.views import FEED, Source, TakenComplaint

_log = structlog.get_logger(__name__)

SHOWN = 1000
"""Complaints of one feed that are told one by one; all are counted."""
AT_ONCE = 500
"""Files of a folder that are taken in one round."""
STILL = 5
"""Seconds since a file was last written to: before, somebody may be at it."""
TYPES = {".eml": "message/rfc822", ".json": "application/json"}
"""Files of a folder that are no feed."""
KEPT = 1024 * 1024
"""Bytes of what could not be read that are put before a person."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is no feed."""
DONE, FAILED = "done", "failed"


@dataclass(frozen=True)
class Taken:
    """What became of a feed: how many rows of ours by status, and the first of them."""

    counts: Counter[str]
    complaints: list[TakenComplaint]


@dataclass
class _Doubtful:
    """Rows that a person has to look at, all of a file together."""

    text: bytearray = field(default_factory=bytearray)
    incidents: list[Incident] = field(default_factory=list)

    def add(self, row: FeedRow) -> None:
        if len(self.text) < KEPT:
            self.text += row.text
            self.incidents.append(row.incident)


class Feeds:
    """Takes feed files in."""

    def __init__(
        self, reception: Reception, own: Networks, reporters: Mapping[str, ReporterKind], clock: Clock
    ) -> None:
        self._reception = reception
        self._own = own
        self._reporters = reporters
        self._clock = clock

    def take(self, stream: IO[bytes], name: str, source: Source) -> Taken:
        """Every row about our own networks, a batch at a time. Raises InvalidInput; what came before it is kept."""
        if not self._own:
            raise InvalidInput("networks.own", "is empty: which rows of a feed are about us cannot be told")
        now = self._clock.now()
        context = Context(now, self._own, self._reporters, times=TimeFrame(now.astimezone(UTC)))
        context = replace(context, sender=_reporter(source.name, name))
        taken, doubtful = Taken(Counter(), []), _Doubtful()
        for batch in _batches(read_feed(stream, name, context)):
            rows = [(event_id(_sha(row.text), row.place), _reading(row), row.text) for row in batch]
            for row, one in zip(batch, self._reception.take_rows(rows, source), strict=True):
                taken.counts[one.status] += 1
                if one.status == "incomplete":
                    doubtful.add(row)
                if len(taken.complaints) < SHOWN:
                    taken.complaints.append(one)
        if doubtful.text:
            reason = (
                f"rows of {name[:100]} that do not say plainly what happened, or where: {taken.counts['incomplete']}"
            )
            self._reception.keep(bytes(doubtful.text), "text/plain", source, reason, doubtful.incidents)
        else:
            self._reception.arrived(source)
        return taken

    def take_bytes(self, data: bytes, name: str, source: Source) -> Taken:
        return self.take(BytesIO(data), name, source)


def _reporter(source: str, file: str) -> Reporter:
    """Who reports is whoever the feed comes from; its name or the file's may tell the kind. Never a person."""
    kind = suggested_kind(f"{source} {file}", "")
    return Reporter(name=source, kind=ReporterKind.AUTOMATED if kind is ReporterKind.INDIVIDUAL else kind)


def _bounded(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise InvalidInput("", f"is larger than {LARGEST} bytes")
    return path.read_bytes()


def _sha(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _reading(row: FeedRow) -> Reading:
    return Reading(kind=Kind.COMPLAINT, digest=_sha(row.text), incidents=(row.incident,))


def _batches(rows: Iterable[FeedRow]) -> Iterator[list[FeedRow]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _state(path: Path) -> tuple[int, int]:
    seen = path.stat()
    return seen.st_size, seen.st_mtime_ns


def _words(path: Path, trouble: OSError) -> str:
    return f"{path.name}: {trouble.strerror or type(trouble).__name__}"


class FolderWatch:
    """Takes what somebody puts into a folder, and moves it to `done` or `failed` in it."""

    def __init__(self, config: FeedConfig, feeds: Feeds, reception: Reception, store: Store, clock: Clock) -> None:
        self.name = config.name
        self._config = config
        self._feeds = feeds
        self._reception = reception
        self._store = store
        self._clock = clock
        self._source = Source(name=config.name, kind=FEED)

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            self.round(stop)
            stop.wait(self._config.every.total_seconds())

    def round(self, stop: Event) -> None:
        """Take every file that lies still. A folder that cannot be read is a failing source, and so is one with a file
        that cannot be read or moved; the files behind it are taken."""
        wall = self._clock.wall
        try:
            words = self._taken(self._waiting(wall()), stop)
        except OSError as trouble:
            words = _words(self._config.folder, trouble)
        except SQLAlchemyError as trouble:
            _log.warning("a folder waits for the database", source=self.name, error=type(trouble).__name__)
            return
        if words:
            _log.warning("a folder cannot be read", source=self.name, error=words)
            self._store.write(lambda unit: note_failure(unit, self.name, FEED, wall(), words))
        else:
            self._store.write(lambda unit: note_success(unit, self.name, FEED, wall()))

    def _taken(self, paths: Sequence[Path], stop: Event) -> str:
        """What went wrong with the last file that could not be read or moved; empty for none."""
        words = ""
        for path in paths:
            if stop.is_set():
                break
            try:
                self._one(path)
            except OSError as trouble:
                words = _words(path, trouble)
        return words

    def _waiting(self, now: datetime) -> list[Path]:
        with os.scandir(self._config.folder) as entries:
            files = [
                Path(entry.path)
                for entry in entries
                if not entry.name.startswith(".")
                and stat.S_ISREG((seen := entry.stat(follow_symlinks=False)).st_mode)
                and now.timestamp() - seen.st_mtime >= STILL
            ]
        return sorted(files)[:AT_ONCE]

    def _one(self, path: Path) -> None:
        """A file that somebody writes to meanwhile, or takes away, is left for the next round."""
        refused: InvalidInput | None = None
        try:
            before = _state(path)
            try:
                self._take(path)
            except InvalidInput as refusal:
                refused = refusal
            if _state(path) != before:
                return
        except FileNotFoundError:
            return
        if refused is None:
            self._move(path, DONE)
            return
        _log.warning("a file cannot be read", source=self.name, file=path.name, error=str(refused))
        with path.open("rb") as stream:
            self._reception.keep(stream.read(KEPT), "text/plain", self._source, f"{path.name[:100]}: {refused}")
        self._move(path, FAILED)

    def _take(self, path: Path) -> None:
        kind = TYPES.get(path.suffix.lower())
        if kind is None:
            with path.open("rb") as stream:
                self._feeds.take(stream, path.name, self._source)
        else:
            self._reception.take_complaints(_bounded(path), kind, self._source)

    def _move(self, path: Path, folder: str) -> None:
        """Never over another file of that name."""
        target = path.parent / folder
        target.mkdir(exist_ok=True)
        place = target / path.name
        if place.exists():
            place = target / f"{path.stem}-{self._clock.wall():%Y%m%dT%H%M%S%f}{path.suffix}"
        path.rename(place)
