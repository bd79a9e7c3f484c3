"""Events through a pack in virtual time: the live decision without panels and without a database (interface 5)."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from bridge.decide import decide, has_effect
from bridge.errors import InvalidInput
from bridge.events import (
    ActionApproved,
    ActionDone,
    ActionExpired,
    DeadlineDue,
    Event,
    ServiceObserved,
    parse_event,
)
from bridge.evolve import evolve, is_remembered
from bridge.inventory import Inventory
from bridge.model import ActionRecord, CaseRecord, ChargeRecord, DeadlineRecord, HoldRecord, Record, to_answer
from bridge.policy.verbs import ACTIONS, NEVER_LAPSE
from bridge.routing import Part, route
from bridge.rules import Rules
from bridge.state import Client

Json = Any

MAX_LINE = 1_000_000

_SETTLED = frozenset(action for action in ACTIONS if not has_effect(action) and not is_remembered(action))
"""Actions whose being done decides nothing and changes nothing that a later decision rests on."""


class MemoryDirectory:
    """What routing needs to know, folded from the records as they are decided."""

    def __init__(self) -> None:
        self.inventory = Inventory()
        self._cases: dict[str, str] = {}
        self._invoices: dict[str, str] = {}
        self._barred: dict[str, set[str]] = {}
        self.holder = self.inventory.holder
        self.client_of_service = self.inventory.client_of_service
        self.client_of_case = self._cases.get
        self.client_of_invoice = self._invoices.get

    def clients_barred_for(self, ip: str) -> Iterable[str]:
        return self._barred.get(ip, ())

    def note_case(self, record: CaseRecord) -> None:
        if record.case and record.client is not None:
            self._cases[record.case] = record.client

    def note_charge(self, record: ChargeRecord) -> None:
        if record.client is not None:
            self._invoices[record.invoice] = record.client

    def note_hold(self, record: HoldRecord) -> None:
        if record.irrevocable and record.ip and record.client is not None:
            self._barred.setdefault(record.ip, set()).add(record.client)


class Replay:
    """One run. `rules.at_once` says whether proposals are approved and carried out in the same instant."""

    def __init__(self, rules: Rules) -> None:
        self.rules = replace(rules, settled=_SETTLED)
        self.directory = MemoryDirectory()
        self.states: dict[str | None, Client] = {}
        self._timers: list[tuple[datetime, int, Event]] = []
        self._seen: set[str] = set()
        self._count = 0
        self._watches: Mapping[type[Record], Callable[[Any], None]] = {
            CaseRecord: self.directory.note_case,
            ChargeRecord: self.directory.note_charge,
            HoldRecord: self.directory.note_hold,
            DeadlineRecord: self._set_deadline,
        }

    def run(self, events: Sequence[Event], until: datetime | None) -> Iterator[dict[str, Json]]:
        """Answers in the order of time. `events` need not be sorted."""
        for event in sorted(events, key=lambda event: event.at):
            if until is not None and event.at > until:
                break
            yield from self._fire(event.at, inclusive=False)
            if event.id not in self._seen:
                self._seen.add(event.id)
                yield from self.take(event)
        last = until if until is not None else max((event.at for event in events), default=None)
        if last is not None:
            yield from self._fire(last, inclusive=True)

    def take(self, event: Event) -> list[dict[str, Json]]:
        """Decide one event, and everything that follows from it in the same instant."""
        queue: deque[Event] = deque((event,))
        answers: list[dict[str, Json]] = []
        waiting: dict[str, dict[str, Json]] = {}
        while queue:
            event = queue.popleft()
            if isinstance(event, ActionDone):
                if not self._is_wanted(event):
                    continue
                if event.action in waiting:
                    waiting[event.action]["state"] = "done"
            for part in route(self.directory, event):
                for record in self._decide(part):
                    if record.internal or not record.is_shown():
                        continue
                    answer = to_answer(record)
                    answers.append(answer)
                    if isinstance(record, ActionRecord) and (record.state != "done" or record.simulated):
                        waiting[record.id] = answer
                        self._follow(record, queue)
            if isinstance(event, ActionApproved):
                queue.appendleft(_done(event))
        return answers

    def _is_wanted(self, event: ActionDone) -> bool:
        pending = self.states[event.client].pending.get(event.action)
        return pending is not None and not pending.withdrawn

    def _decide(self, part: Part) -> tuple[Record, ...]:
        state = self.states.get(part.client)
        if state is None:
            state = self.states[part.client] = Client(id=part.client)
        records = decide(state, part, self.rules)
        self._fold(state, part, records)
        return records

    def _fold(self, state: Client, part: Part, records: tuple[Record, ...]) -> None:
        """Fold one decision into what the next ones rest on."""
        evolve(state, part, records)
        if isinstance(part.event, ServiceObserved):
            self.directory.inventory.observe(part.event)
        for record in records:
            watch = self._watches.get(type(record))
            if watch is not None:
                watch(record)

    def _set_deadline(self, record: DeadlineRecord) -> None:
        self._set(DeadlineDue(id=f"{record.id}.due", at=record.due, deadline=record.id, client=record.client))

    def _follow(self, record: ActionRecord, queue: deque[Event]) -> None:
        """What needs no approval, and what is approved, counts as carried out at once."""
        if record.state == "proposed":
            if not self.rules.at_once:
                self._set_expiry(record)
                return
            queue.append(
                ActionApproved(id=f"{record.id}.approved", at=record.at, action=record.id, client=record.client)
            )
            return
        queue.append(_done(record))

    def _set_expiry(self, record: ActionRecord) -> None:
        lapse = self.rules.expire_after
        if lapse is not None and record.action not in NEVER_LAPSE:
            self._set(
                ActionExpired(id=f"{record.id}.expired", at=record.at + lapse, action=record.id, client=record.client)
            )

    def _set(self, event: Event) -> None:
        self._count += 1
        heapq.heappush(self._timers, (event.at, self._count, event))

    def _fire(self, moment: datetime, *, inclusive: bool) -> Iterator[dict[str, Json]]:
        """Deadlines due before `moment`, or up to and at it."""
        while self._timers and (self._timers[0][0] < moment or (inclusive and self._timers[0][0] == moment)):
            event = heapq.heappop(self._timers)[2]
            if self._still_waits(event):
                yield from self.take(event)

    def _still_waits(self, event: Event) -> bool:
        if isinstance(event, DeadlineDue):
            return event.deadline in self.states[event.client].timers
        return isinstance(event, ActionExpired) and event.action in self.states[event.client].pending


def _done(of: ActionRecord | ActionApproved) -> ActionDone:
    action = of.id if isinstance(of, ActionRecord) else of.action
    return ActionDone(id=f"{action}.done", at=of.at, action=action, client=of.client)


def read_events(lines: Iterable[bytes], file: str) -> list[Event]:
    """Every line an event; raises InvalidInput naming file, line and field. Empty lines are passed over."""
    numbered: list[tuple[int, Event]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            numbered.append((number, parse_line(line)))
        except InvalidInput as refusal:
            raise InvalidInput(f"{file}:{number}", str(refusal)) from refusal
    _check_first_sights(numbered, file)
    return [event for _, event in numbered]


def parse_line(line: bytes) -> Event:
    """One event from one line of JSON; raises InvalidInput."""
    if len(line) > MAX_LINE:
        raise InvalidInput("", f"the line is longer than {MAX_LINE} bytes")
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as trouble:
        raise InvalidInput("", f"not JSON: {trouble}") from trouble
    return parse_event(raw)


def _check_first_sights(numbered: Iterable[tuple[int, Event]], file: str) -> None:
    """What is needed at the first sight of a service, in the order of time."""
    sights = [(number, event) for number, event in numbered if isinstance(event, ServiceObserved)]
    seen: set[str] = set()
    for number, event in sorted(sights, key=lambda sight: sight[1].at):
        if event.service in seen:
            continue
        seen.add(event.service)
        try:
            check_first_sight(event)
        except InvalidInput as refusal:
            raise InvalidInput(f"{file}:{number}", str(refusal)) from refusal


def check_first_sight(event: ServiceObserved) -> None:
    """A service seen for the first time must say what it is and how it stands; raises InvalidInput."""
    for name in ("product_kind", "status"):
        if getattr(event, name) is None:
            raise InvalidInput(name, "service.observed needs it at the first sight of a service")
