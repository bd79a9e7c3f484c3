"""A long replay, divided among the processors: each decides for its share of the clients.

No client's decisions rest on another's, so the shares need not speak to each other; their answers are put together
again in the order in which one alone would have given them.
"""

from __future__ import annotations

import heapq
import multiprocessing
from collections.abc import Iterable, Iterator
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any
from zlib import crc32

import orjson

from bridge.events import Event, ListingCleared, ServiceObserved
from bridge.recording import Recording, as_number
from bridge.replay import Replay
from bridge.routing import Part, route
from bridge.rules import Rules

Json = Any
Place = tuple[Any, ...]
"""Where an answer stands among all: time, events before deadlines, then the order of events or of setting deadlines."""

WORTH_DIVIDING = 20_000
"""Fewer events are decided sooner than processes are started and their answers put together."""
MOST = 4
_BATCH = 2_000


def play(
    rules: Rules,
    recording: Recording,
    until: datetime | None,
    *,
    processors: int,
    worth_dividing: int = WORTH_DIVIDING,
) -> Iterator[bytes]:
    """The answers of a replay as JSON lines, in the order of time."""
    shares = min(processors, MOST) if len(recording) >= worth_dividing else 1
    if shares == 1:
        for answer in Replay(rules).play(recording.events(), until):
            yield orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE)
        return
    context = multiprocessing.get_context("fork")
    pipes = [context.Pipe(duplex=False) for _ in range(shares)]
    workers = [
        context.Process(target=_work, args=(Share(rules, index, shares), recording, until, sender), daemon=True)
        for index, (_, sender) in enumerate(pipes)
    ]
    for worker, (_, sender) in zip(workers, pipes, strict=True):
        worker.start()
        sender.close()
    for _, lines in heapq.merge(*(_received(receiver) for receiver, _ in pipes)):
        yield lines
    for worker in workers:
        worker.join()


def _work(share: Share, recording: Recording, until: datetime | None, sender: Connection) -> None:
    batch: list[tuple[Place, bytes]] = []
    for place, answers in share.placed(recording.events(), until):
        batch.append((place, b"".join(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE) for answer in answers)))
        if len(batch) == _BATCH:
            sender.send(batch)
            batch = []
    sender.send(batch)
    sender.send(None)


def _received(receiver: Connection) -> Iterator[tuple[Place, bytes]]:
    """What one share has to say, until it says that this was all; raises EOFError where it ended without saying so."""
    while (batch := receiver.recv()) is not None:
        yield from batch


class Share(Replay):
    """The replay of the clients that fall to one of several; it reads every event to know who holds which address."""

    def __init__(self, rules: Rules, index: int, shares: int) -> None:
        super().__init__(rules)
        self._index = index
        self._shares = shares
        self._here: Place = ()
        self._joined: set[str] = set()
        self._elsewhere: set[str] = set()

    def placed(self, events: Iterable[Event], until: datetime | None) -> Iterator[tuple[Place, list[dict[str, Json]]]]:
        """Answers with their places, each place after the one before."""
        last = until
        for number, event in enumerate(events):
            if until is not None and event.at > until:
                break
            yield from self._placed_due(event.at, inclusive=False)
            for order, part in self._own_parts(event):
                self._here = (as_number(event.at), 0, (number, order))
                if answers := self.take_part(part):
                    yield self._here, answers
                self._joined.update(held.case for held in part.held if self.directory.client_of_case(held.case) is None)
            last = event.at if until is None else until
        if last is not None:
            yield from self._placed_due(last, inclusive=True)

    def _placed_due(self, moment: datetime, *, inclusive: bool) -> Iterator[tuple[Place, list[dict[str, Json]]]]:
        for at, order, event in self.due(moment, inclusive=inclusive):
            self._here = (as_number(at), 1, order)
            if answers := self.take(event):
                yield self._here, answers

    def next_order(self) -> Place:
        """A deadline's order among those of the same instant: as what set it, then as it was set."""
        return (self._here, super().next_order())

    def _own_parts(self, event: Event) -> Iterator[tuple[int | str, Part]]:
        for number, part in enumerate(route(self.directory, event)):
            if part.client is None:
                if self._answers_for_nobody(event):
                    yield number, part
            elif crc32(part.client.encode()) % self._shares == self._index:
                yield part.client if isinstance(event, ListingCleared) else number, part
            else:
                self._pass_over(event, part)

    def _pass_over(self, event: Event, part: Part) -> None:
        """What is decided elsewhere, but must be known here."""
        if isinstance(event, ServiceObserved):
            self.directory.inventory.observe(event)
        if self._index == 0:
            self._elsewhere.update(held.case for held in part.held)

    def _answers_for_nobody(self, event: Event) -> bool:
        """What concerns no client falls to the first share, but for a case of which only another one knows."""
        case = getattr(event, "case", None)
        if case is not None and case in self._joined:
            return True
        return self._index == 0 and case not in self._elsewhere
