"""The search itself: breadth first, so that the first way found to anything is a shortest one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bridge.errors import InvalidInput
from bridge.events import parse_event
from bridge.policy.exploring.alphabet import REMEDIED, Fields, Symbol, most_refunds, most_strikes
from bridge.policy.exploring.likeness import likeness
from bridge.policy.exploring.world import Folded, HoldKind, World, first_sight, seen_again
from bridge.policy.facts import Facts
from bridge.policy.offsets import placed
from bridge.policy.pack import Pack, Trigger, Version
from bridge.policy.watching import watched
from bridge.rules import Rules
from bridge.timeformat import format_time

Json = Any

BETWEEN = timedelta(minutes=1)
"""From one event to the next: less than any deadline."""

_MOST_DEADLINES = 8
"""That are waited for after the last complaint of many: as many as a notice sets, and those of charges."""


@dataclass(frozen=True)
class Place:
    """A point of the search: what was folded on the way there, and the events that lead to it."""

    history: tuple[Folded, ...]
    events: tuple[Mapping[str, Json], ...]
    now: datetime
    complaints: int = 0
    waited: bool = False
    """Whether the last step was only waiting; then an event has to say that the time has come."""

    def written(self) -> list[Mapping[str, Json]]:
        """The events as `replay` takes them."""
        return [*self.events, seen_again(self.now)] if self.waited else list(self.events)


@dataclass(frozen=True)
class Step:
    """One step of the search: where it came from, where it led, what was decided in it and what held before it."""

    before: Place
    after: Place
    world: World
    folded: Sequence[Folded]
    held: Mapping[str, HoldKind]


Witness = Callable[[Step], bool]
"""Looks at a step; whether there was anything new to see in it."""


@dataclass(frozen=True)
class Bounds:
    """How far a search goes.

    steps       at most so many altogether
    patience    and so many without anything new to be seen
    complaints  on one way
    depth       steps on one way
    """

    steps: int
    patience: int
    complaints: int
    depth: int


class Search:
    """Searches one version of a pack; `asked` hears of every trigger, `witness` of every step."""

    def __init__(
        self,
        pack: Pack,
        version: Version,
        asked: Callable[[Trigger, Facts], None],
        witness: Witness,
        *,
        at_once: bool,
        spares: bool = False,
    ) -> None:
        self.version = version
        self.spares = spares
        self.rules = Rules(watched(replace(pack, versions=(version,)), asked), at_once=at_once)
        self.witness = witness
        self.start = version.effective + timedelta(days=1)
        self.most, self.refunds = most_strikes(version), most_refunds(version)
        self.steps = 0

    def beginning(self, more: Fields, client: Fields | None) -> Place:
        """The place where the service was first seen."""
        seen = [placed(first_sight(self.start, more), self.start)]
        if client is not None:
            seen.append({"id": "client", "at": format_time(self.start), **client})
        world = self._world()
        for event in seen:
            world.live(parse_event(event))
        return Place(tuple(world.history), tuple(seen), self.start)

    def _world(self, place: Place | None = None) -> World:
        return World(self.rules, place.history if place is not None else (), spares=self.spares)

    def run(self, beginnings: Sequence[Place], alphabet: Sequence[Symbol], bounds: Bounds, *, idle: bool) -> None:
        """Every place that can be reached within the bounds, each kind of place once."""
        known = {self._likeness(self._world(place), place.now) for place in beginnings}
        queue = deque((place, 0) for place in beginnings)
        allowed, last = self.steps + bounds.steps, self.steps
        while queue and self.steps < min(allowed, last + bounds.patience):
            place, depth = queue.popleft()
            for step in self._steps(place, alphabet, bounds, idle=idle):
                if self.witness(step):
                    last = self.steps
                alike = self._likeness(step.world, step.after.now)
                if alike not in known and depth + 1 < bounds.depth:
                    known.add(alike)
                    queue.append((step.after, depth + 1))

    def follow(self, events: Sequence[Mapping[str, Json]], until: datetime | None) -> None:
        """One given way, step by step: an example of the pack."""
        place = Place((), (), self.start)
        for event in events:
            typed = parse_event(dict(event))
            due = self._world(place).next_due()
            while due is not None and due < typed.at:
                place = self._witnessed(self._wait(place, due))
                due = self._world(place).next_due()
            place = self._witnessed(self._happen(place, dict(event)))
        due = self._world(place).next_due()
        while until is not None and due is not None and due <= until:
            place = self._witnessed(self._wait(place, due))
            due = self._world(place).next_due()

    def repeat(self, place: Place, complaint: Symbol, times: int) -> None:
        """The same complaint again and again, each remedied at once but the last, whose deadlines pass."""
        for number in range(1, times + 1):
            made = self._tried(place, complaint, {})
            if made is None:
                return
            place = self._witnessed(made)
            if number < times:
                remedied = self._tried(place, REMEDIED, {})
                place = self._witnessed(remedied) if remedied is not None else place
                place = self._witnessed(self._wait(place, place.now + self.version.consolidate + timedelta(hours=1)))
        for _ in range(_MOST_DEADLINES):
            due = self._world(place).next_due()
            if due is None:
                return
            place = self._witnessed(self._wait(place, due))

    def _witnessed(self, step: Step) -> Place:
        self.witness(step)
        return step.after

    def _likeness(self, world: World, now: datetime) -> tuple[Json, ...]:
        return likeness(world.client, now, most=self.most, refunds=self.refunds, window=self.version.consolidate)

    def _steps(self, place: Place, alphabet: Sequence[Symbol], bounds: Bounds, *, idle: bool) -> Iterator[Step]:
        here = self._world(place)
        over = here.service.terminated and not any(case.is_open for case in here.client.cases.values())
        for symbol in alphabet:
            if symbol.is_complaint and place.complaints >= bounds.complaints:
                continue
            if symbol.possible(here) and not (over and symbol.is_about_case):
                step = self._tried(place, symbol, symbol.here(here))
                if step is not None:
                    yield step
        due = here.next_due()
        if due is not None:
            yield self._wait(place, due)
        if idle and (place.complaints or place.events[-1]["type"] == "usage.observed"):
            yield self._wait(place, place.now + self.version.consolidate + timedelta(hours=1))

    def _tried(self, place: Place, symbol: Symbol, here: Fields) -> Step | None:
        number = len(place.events)
        at = place.now + BETWEEN
        event = placed({"id": f"e{number}", "at": format_time(at), **symbol.fields, **here}, at)
        if symbol.is_complaint and "targets" not in event:
            event["targets"] = [f"http://{number}.example/"]
        try:
            return self._happen(place, event)
        except InvalidInput:
            return None

    def _happen(self, place: Place, event: Mapping[str, Json]) -> Step:
        typed = parse_event(dict(event))
        complaints = place.complaints + (typed.type == "complaint.received")
        after = replace(
            place, events=(*place.events, event), now=max(typed.at, place.now), complaints=complaints, waited=False
        )
        world = self._world(place)
        held = world.held()
        world.live(typed)
        return self._made(place, after, world, held)

    def _wait(self, place: Place, moment: datetime) -> Step:
        world = self._world(place)
        held = world.held()
        world.pass_to(moment)
        return self._made(place, replace(place, now=moment, waited=True), world, held)

    def _made(self, before: Place, after: Place, world: World, held: Mapping[str, HoldKind]) -> Step:
        self.steps += 1
        folded = world.history[len(before.history) :]
        return Step(before, replace(after, history=tuple(world.history)), world, folded, held)
