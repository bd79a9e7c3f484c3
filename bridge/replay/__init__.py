"""Events through a pack in virtual time: the live decision without panels and without a database (interface 5)."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bridge.decide import decide, has_effect, is_felt_approved
from bridge.decide.moving import arriving
from bridge.events import (
    ActionApproved,
    ActionDone,
    ActionExpired,
    DeadlineDue,
    Event,
    ServiceObserved,
)
from bridge.evolve import evolve, is_remembered
from bridge.inventory import Inventory
from bridge.model import (
    ActionRecord,
    CaseRecord,
    ChargeRecord,
    DeadlineRecord,
    HoldRecord,
    MovedRecord,
    Record,
    to_answer,
)
from bridge.policy.verbs import ACTIONS, NEVER_LAPSE
from bridge.routing import Part, route
from bridge.rules import Rules
from bridge.state import THEIRS, Client

Json = Any
Timer = tuple[datetime, Any, DeadlineDue | ActionExpired]
"""When a deadline is due, its order among those of the same instant, and what happens then."""

_SETTLED = frozenset(action for action in ACTIONS if not has_effect(action) and not is_remembered(action))
"""Actions whose being done decides nothing and changes nothing that a later decision rests on."""


class MemoryDirectory:
    """What routing needs to know, folded from the records as they are decided."""

    def __init__(self) -> None:
        self.inventory = Inventory()
        self._cases: dict[str, str] = {}
        self._invoices: dict[str, str] = {}
        self._barred: dict[str, set[str]] = {}
        self._moved: dict[str, str] = {}
        self.holder = self.inventory.holder
        self.client_of_service = self.inventory.client_of_service
        self.client_of_case = self._cases.get
        self.client_of_invoice = self._invoices.get

    def clients_barred_for(self, ip: str) -> Iterable[str]:
        return self._barred.get(ip, ())

    def moved_to(self, case: str) -> str | None:
        now = self.client_of_service(self._moved[case]) if case in self._moved else None
        return now if now != self.client_of_case(case) else None

    def note_move(self, record: MovedRecord) -> None:
        self._moved.update(dict.fromkeys(record.stays["cases"], record.service or ""))

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
        self._timers: list[Timer] = []
        self._moved: list[Record] = []
        self._count = 0
        self._watches: Mapping[type[Record], Callable[[Any], None]] = {
            CaseRecord: self.directory.note_case,
            ChargeRecord: self.directory.note_charge,
            HoldRecord: self.directory.note_hold,
            DeadlineRecord: self._set_deadline,
            MovedRecord: self._note_move,
        }

    def run(
        self, events: Iterable[Event], until: datetime | None, each: Callable[[], None] | None = None
    ) -> Iterator[dict[str, Json]]:
        """Answers in the order of time. `events` need not be sorted; a repeated id gives nothing.

        each  called before every event that is played
        """
        once: dict[str, Event] = {}
        for event in sorted(events, key=lambda event: event.at):
            once.setdefault(event.id, event)
        return self.play(once.values() if each is None else _announced(once.values(), each), until)

    def play(self, events: Iterable[Event], until: datetime | None) -> Iterator[dict[str, Json]]:
        """Answers to events that come in the order of time, each id once. Later ones than `until` are not read."""
        last = until
        for event in events:
            if until is not None and event.at > until:
                break
            if self.waits_before(event.at):
                yield from self._fire(event.at, inclusive=False)
            yield from self.take(event)
            last = event.at if until is None else until
        if last is not None:
            yield from self._fire(last, inclusive=True)

    def take(self, event: Event) -> list[dict[str, Json]]:
        """Decide one event, and everything that follows from it in the same instant."""
        parts = route(self.directory, event)
        if len(parts) == 1:
            return self.take_part(parts[0])
        return [answer for part in parts for answer in self.take_part(part)]

    def take_part(self, part: Part) -> list[dict[str, Json]]:
        """Decide one client's part of an event, and everything that follows from it in the same instant."""
        queue: deque[Part] = deque((part,))
        answers: list[dict[str, Json]] = []
        waiting: dict[str, dict[str, Json]] = {}
        while queue:
            part = queue.popleft()
            event = part.event
            if isinstance(event, ActionDone):
                done = self._as_seen(event)
                if done is None:
                    continue
                if done is not event:
                    part = part._replace(event=done)
                if event.action in waiting:
                    waiting[event.action]["state"] = "done"
            for record in self._decide(part):
                if record.internal or not record.is_shown():
                    continue
                answer = to_answer(record)
                answers.append(answer)
                if isinstance(record, ActionRecord) and (record.state != "done" or record.simulated):
                    waiting[record.id] = answer
                    follows = self._follow(record)
                    if follows is not None:
                        queue.append(Part(follows, record.client))
            if isinstance(event, ActionApproved):
                queue.appendleft(Part(_done(event), event.client))
        return answers

    def _as_seen(self, event: ActionDone) -> ActionDone | None:
        """The event as a look at the panel would tell it; None where the action is no longer wanted."""
        state = self.states[event.client]
        pending = state.pending.get(event.action)
        if pending is None or pending.withdrawn:
            return None
        if pending.action == "suspend_service" and state.services[pending.service or ""].suspension == THEIRS:
            return replace(event, theirs=True)
        return event

    def _decide(self, part: Part) -> tuple[Record, ...]:
        state = self.states.get(part.client)
        if state is None:
            state = self.states[part.client] = Client(id=part.client)
        if self._moved:
            part = arriving(part, self._moved)
            if part.stays is not None:
                self._moved.clear()
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

    def _note_move(self, record: MovedRecord) -> None:
        """What stays on the service is decided upon with the part of whom it came to, which comes next."""
        self._moved.append(record)
        self.directory.note_move(record)

    def _set_deadline(self, record: DeadlineRecord) -> None:
        self._set(DeadlineDue(id=f"{record.id}.due", at=record.due, deadline=record.id, client=record.client))

    def _follow(self, record: ActionRecord) -> Event | None:
        """What needs no approval, and what is approved, counts as carried out at once."""
        if record.state != "proposed":
            return _done(record)
        if not self.rules.at_once:
            self._set_expiry(record)
            return None
        if not is_felt_approved(record.action):
            return _done(record)
        return ActionApproved(id=f"{record.id}.approved", at=record.at, action=record.id, client=record.client)

    def _set_expiry(self, record: ActionRecord) -> None:
        lapse = self.rules.expire_after
        if lapse is not None and record.action not in NEVER_LAPSE:
            self._set(
                ActionExpired(id=f"{record.id}.expired", at=record.at + lapse, action=record.id, client=record.client)
            )

    def _set(self, event: DeadlineDue | ActionExpired) -> None:
        heapq.heappush(self._timers, (event.at, self.next_order(), event))

    def next_order(self) -> Any:
        """What tells deadlines of the same instant apart: the order in which they were set."""
        self._count += 1
        return self._count

    def waits_before(self, moment: datetime) -> bool:
        """Whether any deadline was set for a time before `moment`; it may have ended since."""
        return bool(self._timers) and self._timers[0][0] < moment

    def due(self, moment: datetime, *, inclusive: bool) -> Iterator[Timer]:
        """Deadlines that still wait and are due before `moment`, or up to and at it."""
        while self._timers and (self._timers[0][0] < moment or (inclusive and self._timers[0][0] == moment)):
            timer = heapq.heappop(self._timers)
            if self._still_waits(timer[2]):
                yield timer

    def _fire(self, moment: datetime, *, inclusive: bool) -> Iterator[dict[str, Json]]:
        for _, _, event in self.due(moment, inclusive=inclusive):
            yield from self.take(event)

    def _still_waits(self, event: DeadlineDue | ActionExpired) -> bool:
        state = self.states[event.client]
        return event.deadline in state.timers if isinstance(event, DeadlineDue) else event.action in state.pending


def _announced(events: Iterable[Event], each: Callable[[], None]) -> Iterator[Event]:
    for event in events:
        each()
        yield event


def _done(of: ActionRecord | ActionApproved) -> ActionDone:
    action = of.id if isinstance(of, ActionRecord) else of.action
    return ActionDone(id=f"{action}.done", at=of.at, action=action, client=of.client)
