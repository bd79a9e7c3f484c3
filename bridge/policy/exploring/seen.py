"""What a search has seen: which rules applied, what was placed and ended, which deadlines had consequences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.events import DeadlineDue, Event, FindingRecorded, HoldLifted
from bridge.model import AUTO, ActionRecord, DeadlineEnded, DeadlineRecord, HoldRecord, Record
from bridge.policy.exploring.search import Place, Step
from bridge.policy.exploring.world import HoldKind
from bridge.policy.facts import Facts
from bridge.policy.pack import Trigger
from bridge.policy.verbs import NEVER_AUTO
from bridge.policy.watching import Answered, answered, rules_on

Json = Any

DeadlineKind = tuple[str, str, int]
"""clause, what for, stage in seconds (0 for a payment)"""

RuleKind = tuple[int, Trigger]
"""A rule by its line, and the trigger that makes it be looked at."""

_DISMISSING = frozenset({"unfounded", "authorized", "lawful"})


@dataclass(frozen=True)
class Miss:
    """How near a rule came to applying: the conditions that failed, and the place before the step it was asked in."""

    failed: tuple[Answered, ...]
    place: Place


@dataclass
class Seen:
    """Collects; `applied`, `placed` … keep the first place, which is a nearest one.

    masked  rows on a question that were not asked, for the clause named answered first
    """

    applied: dict[RuleKind, Place] = field(default_factory=dict)
    misses: dict[RuleKind, Miss] = field(default_factory=dict)
    fined: dict[frozenset[str], Place] = field(default_factory=dict)
    placed: dict[HoldKind, Place] = field(default_factory=dict)
    ended: set[HoldKind] = field(default_factory=set)
    deadlines: dict[DeadlineKind, Place] = field(default_factory=dict)
    passed: dict[DeadlineKind, Place] = field(default_factory=dict)
    followed: set[DeadlineKind] = field(default_factory=set)
    unasked: dict[tuple[str, str], Place] = field(default_factory=dict)
    unheard: dict[str, Place] = field(default_factory=dict)
    masked: dict[RuleKind, str] = field(default_factory=dict)
    first: Place | None = None
    _asked: list[tuple[RuleKind, tuple[Answered, ...]]] = field(default_factory=list)

    # ---- while a step is decided ----

    def asked(self, trigger: Trigger, facts: Facts) -> None:
        """A trigger happened: judge each rule on it by itself, as the decision does."""
        gone = facts.service is not None and facts.service.terminated
        first = ""
        for rule in rules_on(facts.version, trigger):
            key = (rule.line, trigger)
            if first:
                if key not in self.masked and all(condition.holds(facts) for condition in rule.conditions):
                    self.masked[key] = first
            elif rule.verdict is not None or (key not in self.applied and not gone):
                answers = answered(rule, facts)
                self._asked.append((key, answers))
                if rule.verdict is not None and all(item.held for item in answers):
                    first = rule.clause

    # ---- after a step ----

    def witness(self, step: Step) -> bool:
        """Note what is new in a step; whether anything is."""
        known = self._known()
        self.first = self.first or step.after
        self._rules(step)
        for part, records in step.folded:
            self._decision(step, part.event, records)
        for case in step.world.client.cases.values():
            fined = frozenset(case.fined)
            if len(fined) > 1:
                self.fined.setdefault(fined, step.after)
        return self._known() > known

    def _known(self) -> int:
        found = (
            self.applied, self.fined, self.placed, self.ended, self.deadlines, self.passed, self.followed, self.unasked,
            self.unheard,
        )  # fmt: skip
        return sum(len(things) for things in found)

    def _rules(self, step: Step) -> None:
        for key, answers in self._asked:
            failed = tuple(item for item in answers if not item.held)
            if not failed:
                self.applied.setdefault(key, step.after)
            elif key not in self.misses or len(failed) < len(self.misses[key].failed):
                self.misses[key] = Miss(failed, step.after)
        self._asked.clear()

    def _decision(self, step: Step, event: Event, records: Sequence[Record]) -> None:
        for record in records:
            if isinstance(record, HoldRecord):
                self._hold(step, event, record)
            elif isinstance(record, DeadlineRecord):
                self.deadlines.setdefault(_deadline_kind(record), step.after)
            elif isinstance(record, ActionRecord):
                self._action(step, record)
        if isinstance(event, DeadlineDue):
            self._fired(step, event, records)

    def _hold(self, step: Step, event: Event, record: HoldRecord) -> None:
        if record.status == "placed" and record.proposal is None:
            kind = (record.basis.clause, record.scope, record.irrevocable, record.until)
            self.placed.setdefault(kind, step.after)
        elif record.status == "ended" and not _is_mercy(event):
            hold = step.held.get(record.id) or _placed_within(step, record.id)
            if hold is not None:
                self.ended.add(hold)

    def _action(self, step: Step, record: ActionRecord) -> None:
        if record.action in NEVER_AUTO and record.approval == AUTO:
            self.unasked.setdefault((record.basis.clause, record.action), step.after)
        if record.action == "suspend_service" and not _was_told(step, record):
            self.unheard.setdefault(record.basis.clause, step.after)

    def _fired(self, step: Step, event: DeadlineDue, records: Sequence[Record]) -> None:
        kind = _kind_of_fired(step, event)
        if kind is None:
            return
        self.passed.setdefault(kind, step.after)
        if any(not isinstance(record, DeadlineRecord | DeadlineEnded) for record in records):
            self.followed.add(kind)


def _is_mercy(event: Event) -> bool:
    """What may end any hold whatever the pack says: the complaint was none, or an admin lifts it."""
    return isinstance(event, HoldLifted) or (isinstance(event, FindingRecorded) and event.finding in _DISMISSING)


def _placed_within(step: Step, hold: str) -> HoldKind | None:
    for _, records in step.folded:
        for record in records:
            if isinstance(record, HoldRecord) and record.id == hold and record.status == "placed":
                return (record.basis.clause, record.scope, record.irrevocable, record.until)
    return None


def _deadline_kind(record: DeadlineRecord) -> DeadlineKind:
    return (record.basis.clause, record.for_, record.stage)


def _kind_of_fired(step: Step, event: DeadlineDue) -> DeadlineKind | None:
    for _, records in reversed(step.world.history):
        for record in records:
            if isinstance(record, DeadlineRecord) and record.id == event.deadline:
                return _deadline_kind(record)
    return None


_TELLING = frozenset({"notify_customer", "request_evidence"})


def _was_told(step: Step, suspension: ActionRecord) -> bool:
    """Whether the customer has a notice of this case, or where there is no case of this service, by the step's end."""
    for _, records in step.world.history:
        for record in records:
            if not isinstance(record, ActionRecord) or record.action not in _TELLING:
                continue
            if record.case == suspension.case and record.service == suspension.service:
                return True
    return False
