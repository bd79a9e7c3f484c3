"""A long replay, divided among the processors: each decides for its share of the clients.

No client's decisions rest on another's, so the shares need not speak to each other; their answers are put together
again in the order in which one alone would have given them.
"""

from __future__ import annotations

import heapq
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from fcntl import F_SETPIPE_SZ, fcntl
from multiprocessing.connection import Connection
from typing import Any
from zlib import crc32

import orjson

from bridge.events import Event, ListingCleared, ServiceObserved, identifier, parse_event
from bridge.lines import as_moment, as_number
from bridge.replay import Replay
from bridge.replay.hashes import Hashes
from bridge.replay.recording import Entry, Recording
from bridge.routing import Part, route
from bridge.rules import Rules

Json = Any
Place = tuple[Any, ...]
"""Where an answer stands among all: time, events before deadlines, then the order of events or of setting deadlines."""

WORTH_DIVIDING = 8_000
"""Fewer events are decided sooner than processes are started and their answers put together."""
MOST = 4
_BATCH = 200
"""Answers that are sent at once. A pipe should take several batches, so that no share waits for another's."""
_PIPE = 1 << 20
"""Bytes; the most that Linux grants without privilege."""


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
        context.Process(
            target=_work, args=(Share(rules, index, shares, recording.together), recording, until, sender), daemon=True
        )
        for index, (_, sender) in enumerate(pipes)
    ]
    for worker, (_, sender) in zip(workers, pipes, strict=True):
        with suppress(OSError):
            fcntl(sender.fileno(), F_SETPIPE_SZ, _PIPE)
        worker.start()
        sender.close()
    for _, lines in heapq.merge(*(_received(receiver) for receiver, _ in pipes)):
        yield lines
    for worker in workers:
        worker.join()


def _work(share: Share, recording: Recording, until: datetime | None, sender: Connection) -> None:
    batch: list[tuple[Place, bytes]] = []
    for place, answers in share.placed(recording.entries(), until):
        batch.append((place, b"".join([orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE) for answer in answers])))
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
    """The replay of the clients that fall to one of several; it sees every event to know who holds which address."""

    def __init__(self, rules: Rules, index: int, shares: int, together: Mapping[str, str]) -> None:
        """together  the client by whom another's share is told: between them a service moved"""
        super().__init__(rules)
        self._index = index
        self._shares = shares
        self._together = together
        self._here: Place = ()
        self._joined: set[str] = set()
        self._elsewhere = Hashes()
        self._own: dict[str, bool] = {}

    def placed(self, entries: Iterable[Entry], until: datetime | None) -> Iterator[tuple[Place, list[dict[str, Json]]]]:
        """Answers with their places, each place after the one before."""
        end = as_number(until) if until is not None else None
        last = end
        for number, (at, said) in enumerate(entries):
            if end is not None and at > end:
                break
            last = at if end is None else end
            if self._is_decided_elsewhere(said):
                continue
            event = parse_event(said)
            if self.waits_before(event.at):
                yield from self._placed_due(event.at, inclusive=False)
            for order, part in self._own_parts(event):
                self._here = (at, 0, (number, order))
                if answers := self.take_part(part):
                    yield self._here, answers
                self._joined.update(held.case for held in part.held if self.directory.client_of_case(held.case) is None)
        if last is not None:
            yield from self._placed_due(as_moment(last), inclusive=True)

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
                if self._answers_for_nobody(getattr(event, "case", None)):
                    yield number, part
            elif self._is_own(part.client):
                yield part.client if isinstance(event, ListingCleared) else number, part
            else:
                self._pass_over(event, part)

    def _is_own(self, client: str) -> bool:
        own = self._own.get(client)
        if own is None:
            known_by = self._together.get(client, client)
            own = self._own[client] = crc32(known_by.encode()) % self._shares == self._index
        return own

    def _pass_over(self, event: Event, part: Part) -> None:
        """What is decided elsewhere, but must be known here."""
        if isinstance(event, ServiceObserved):
            self.directory.inventory.observe(event)
        if self._index == 0:
            for held in part.held:
                self._elsewhere.add(held.case)

    def _answers_for_nobody(self, case: str | None) -> bool:
        """What concerns no client falls to the first share, but for a case of which only another one knows."""
        if case is not None and case in self._joined:
            return True
        return self._index == 0 and case not in self._elsewhere

    # ---- what need not be understood here ----

    def _is_decided_elsewhere(self, said: Json) -> bool:
        """Whether an event, by what it says, falls to another share for certain; if in doubt, it is looked at."""
        look = _LOOKS.get(said["type"])
        return look is not None and look(self, said)

    def is_of_other_client(self, said: Json) -> bool:
        client = said.get("client")
        if client is None:
            return self.is_of_other_service(said)
        return isinstance(client, str) and not self._is_own(client)

    def is_of_other_service(self, said: Json) -> bool:
        service = said.get("service")
        client = self.directory.client_of_service(service) if isinstance(service, str) else None
        return client is not None and not self._is_own(client)

    def is_of_other_case(self, said: Json) -> bool:
        case = said.get("case")
        if case is None:
            return self.is_of_other_service(said)
        if not isinstance(case, str) or self.directory.client_of_case(case) is not None:
            return False
        return not self._answers_for_nobody(case)

    def is_complaint_of_other(self, said: Json) -> bool:
        """One address without a time of its own was whose it is now: events come in the order of time."""
        ip = said.get("ip")
        if ip is None or any(said.get(name) is not None for name in ("service", "ips", "occurred_at")):
            return False
        service = self.directory.inventory.holds_now(ip)
        if service is None or not self.is_of_other_service({"service": service}):
            return False
        if self._index == 0:
            self._elsewhere.add(identifier(said["id"], "id"))
        return True


_LOOKS: Mapping[str, Callable[[Share, Json], bool]] = {
    "complaint.received": Share.is_complaint_of_other,
    **dict.fromkeys(
        (
            "client.observed", "client.refused", "terms.declined", "refund.granted", "payment.disputed", "order.placed",
            "order.verification_refused", "staff.abused",
        ),
        Share.is_of_other_client,
    ),
    **dict.fromkeys(
        (
            "undertaking.signed", "refund.requested", "unsuspend.requested", "ip_replacement.requested",
            "usage.observed", "sla_credit.requested", "service.expired",
        ),
        Share.is_of_other_service,
    ),
    **dict.fromkeys(
        (
            "customer.replied", "finding.recorded", "evidence.provided", "hold.lifted", "notification.released",
            "action.deferred",
        ),
        Share.is_of_other_case,
    ),
}  # fmt: skip
"""By the type of an event: how it is told to be another share's before it is understood, and before the deadlines due
by then have fired. An invoice may be made by a deadline, so whose it is cannot be told."""
