"""A queue in memory, as strict about leases and intents as a store has to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bridge.errors import Conflict
from bridge.queue import Outcome, StepState, Work

Json = Any

_ENDED = frozenset({"done", "failed", "manual", "cancelled"})


class MemoryQueue:
    """Actions in order; `outcomes` is what became of each, the newest last. Survives the worker, as a database does."""

    def __init__(self) -> None:
        self.works: dict[str, Work] = {}
        self.steps: dict[str, dict[int, StepState]] = {}
        self.commands: list[tuple[str, str]] = []
        self.outcomes: dict[str, list[Outcome]] = {}
        self._state: dict[str, str] = {}
        self._due: dict[str, datetime] = {}
        self._leased: dict[str, datetime] = {}
        self._claims = 0

    def add(self, work: Work) -> None:
        self.works[work.id] = work
        self.steps[work.id] = {}
        self.outcomes[work.id] = []
        self._state[work.id] = "approved"

    def withdraw(self, work_id: str) -> None:
        """Its reason has ended; it is settled at once."""
        self.works[work_id] = replace(self.works[work_id], withdrawn=True)
        self._due.pop(work_id, None)

    def retry(self, work_id: str) -> None:
        """An admin wants a failed one tried again."""
        self._state[work_id] = "approved"

    def state(self, work_id: str) -> str:
        return self._state[work_id]

    def last(self, work_id: str) -> Outcome:
        return self.outcomes[work_id][-1]

    def claim(self, worker: str, now: datetime, lease: timedelta) -> Work | None:
        for work_id, work in self.works.items():
            leased = self._leased.get(work_id)
            if self._state[work_id] in _ENDED or (leased is not None and leased > now):
                continue
            if self._due.get(work_id, now) > now:
                continue
            self._claims += 1
            self._leased[work_id] = now + lease
            claimed = replace(
                work,
                claim=str(self._claims),
                attempts=work.attempts + 1,
                steps=tuple(self.steps[work_id][place] for place in sorted(self.steps[work_id])),
            )
            self.works[work_id] = replace(work, claim=claimed.claim, attempts=claimed.attempts)
            return claimed
        return None

    def intend(
        self, work: Work, place: int, name: str, command: str, now: datetime, service: str | None = None
    ) -> StepState:
        self._insist_on_lease(work)
        self.commands.append((name, command))
        known = self.steps[work.id].get(place)
        if known is not None:
            assert known.name == name
            assert known.state != "done"
        first = known.intent_at if known is not None else now
        state = StepState(place=place, name=name, state="intended", intent_at=first, tried_at=now)
        self.steps[work.id][place] = state
        return state

    def renew(self, work: Work, now: datetime) -> None:
        self._insist_on_lease(work)

    def step_done(self, work: Work, place: int, result: Mapping[str, Json], now: datetime) -> None:
        self._insist_on_lease(work)
        self.steps[work.id][place] = replace(self.steps[work.id][place], state="done", result=dict(result))

    def step_failed(self, work: Work, place: int, words: str, now: datetime) -> None:
        self._insist_on_lease(work)
        self.steps[work.id][place] = replace(self.steps[work.id][place], state="failed")

    def finish(self, work: Work, outcome: Outcome, now: datetime) -> None:
        self._insist_on_lease(work)
        self.outcomes[work.id].append(outcome)
        self._state[work.id] = outcome.state
        self._leased.pop(work.id)
        if outcome.retry_at is not None:
            self._due[work.id] = outcome.retry_at

    def next_due(self, now: datetime) -> datetime | None:
        waiting = [
            max(self._due.get(work_id, now), self._leased.get(work_id, now))
            for work_id in self.works
            if self._state[work_id] not in _ENDED
        ]
        return min(waiting, default=None)

    def _insist_on_lease(self, work: Work) -> None:
        if self.works[work.id].claim != work.claim or work.id not in self._leased:
            raise Conflict("the lease was lost")
