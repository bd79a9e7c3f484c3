"""Why a clause applied to an event, and for every other clause which condition failed with which value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bridge.errors import NotFound
from bridge.events import DeadlineDue, Event
from bridge.policy.facts import Facts
from bridge.policy.pack import Clause, Rule, Trigger, Version
from bridge.policy.spelling import spelled_condition, spelled_trigger, spelled_value
from bridge.policy.watching import Answered, answer, answered, own_clauses, rules_on, watched
from bridge.replay import Replay
from bridge.rules import Rules
from bridge.timeformat import format_time

Json = Any


@dataclass(frozen=True)
class ToldRule:
    """One rule of a clause: what it is asked on, and how each of its conditions was answered.

    on          the triggers it is looked at on, as the pack writes them
    asked       whether one of them happened
    conditions  as they were answered; empty where it was not asked
    masked_by   the clause whose row answered a question before this one was asked
    """

    rule: Rule
    on: tuple[str, ...]
    asked: bool
    conditions: tuple[Answered, ...]
    masked_by: str = ""

    @property
    def applies(self) -> bool:
        return self.asked and not self.masked_by and all(item.held for item in self.conditions)

    def why_not(self) -> str:
        """One sentence of a rule that does not apply."""
        if not self.asked:
            return f"asked only on {' or '.join(self.on)}, which did not happen"
        failed = [
            f"{spelled_condition(item.condition)} fails: {item.condition.fact} is {spelled_value(item.value)}"
            for item in self.conditions
            if not item.held
        ]
        return "; ".join(failed) if failed else f"clause {self.masked_by} answers first"


@dataclass(frozen=True)
class ToldClause:
    clause: Clause
    rules: tuple[ToldRule, ...]

    @property
    def applies(self) -> bool:
        return any(rule.applies for rule in self.rules)


@dataclass(frozen=True)
class Explanation:
    """What one event led to.

    counted  the conditions under which the incident's group counts a strike, as answered; empty where it has none
    records  what was decided, as `replay` prints it
    """

    event: Event
    policy: str
    version: str
    clauses: tuple[ToldClause, ...]
    counted: tuple[Answered, ...]
    records: tuple[Mapping[str, Json], ...]

    def to_json(self) -> dict[str, Json]:
        return {
            "event": {"id": self.event.id, "type": self.event.type, "at": format_time(self.event.at)},
            "policy": self.policy,
            "version": self.version,
            "applies": [told.clause.number for told in self.clauses if told.applies],
            "counts": [_condition_json(item) for item in self.counted],
            "clauses": [_clause_json(told) for told in self.clauses],
            "records": list(self.records),
        }


def explain(rules: Rules, events: Sequence[Event], wanted: str | None, until: datetime | None) -> Explanation:
    """Replay the events and explain one: the one of that id, else the last thing that happened, be it a deadline.

    Raises NotFound where nothing of that id happened, or nothing at all.
    """
    run = _Explained(rules, wanted)
    for _ in run.run(events, until):
        pass
    if run.found is None:
        raise NotFound(f"no event {wanted!r} happened in this run" if wanted else "no event to explain")
    return run.explanation()


class _Explained(Replay):
    """A replay that keeps what was asked while the wanted event was decided, else while the last one was."""

    def __init__(self, rules: Rules, wanted: str | None) -> None:
        routes = tuple(replace(route, pack=watched(route.pack, self._look)) for route in rules.routes)
        super().__init__(replace(rules, pack=watched(rules.pack, self._look), routes=routes))
        self.wanted = wanted
        self.found: Event | None = None
        self._asked: list[tuple[Trigger, Version, Mapping[int, tuple[Answered, ...]], tuple[Answered, ...]]] = []
        self._kept = self._asked
        self._records: list[dict[str, Json]] = []

    def _look(self, trigger: Trigger, facts: Facts) -> None:
        answers = {rule.line: answered(rule, facts) for rule in rules_on(facts.version, trigger)}
        group = facts.version.groups.get(facts.case.group) if facts.case else None
        counted = tuple(answer(condition, facts) for condition in group.counts) if group else ()
        self._asked.append((trigger, facts.version, answers, counted))

    def take(self, event: Event) -> list[dict[str, Json]]:
        self._asked = []
        answers = super().take(event)
        if self.wanted is None or event.id == self.wanted:
            self.found, self._kept, self._records = event, self._asked, answers
        return answers

    def _fire(self, moment: datetime, *, inclusive: bool) -> Iterator[dict[str, Json]]:
        """A deadline is an event like any other, which may be the one to explain."""
        for _, _, event in self.due(moment, inclusive=inclusive):
            yield from self.take(event)

    def explanation(self) -> Explanation:
        if self.found is None:
            raise NotFound("no event to explain")
        version = self._kept[0][1] if self._kept else self.rules.pack.version_at(self.found.at)
        return Explanation(
            event=self.found,
            policy=version.policy,
            version=version.number,
            clauses=tuple(
                ToldClause(clause, tuple(self._told(rule) for rule in clause.rules)) for clause in own_clauses(version)
            ),
            counted=next((counted for _, _, _, counted in self._kept if counted), ()),
            records=tuple(self._records),
        )

    def _told(self, rule: Rule) -> ToldRule:
        on = tuple(map(spelled_trigger, rule.triggers))
        tries = [
            ToldRule(rule, on, True, answers[rule.line], _first_answer(rule, trigger, version, answers))
            for trigger, version, answers, _ in self._kept
            if rule.line in answers
        ]
        applying = [told for told in tries if told.applies]
        return (applying or tries or [ToldRule(rule, on, False, ())])[0]


def _first_answer(rule: Rule, trigger: Trigger, version: Version, answers: Mapping[int, tuple[Answered, ...]]) -> str:
    """On a question the first row that applies answers; the clause of it where that is an earlier one."""
    if rule.verdict is None:
        return ""
    for earlier in rules_on(version, trigger):
        if earlier.line == rule.line:
            return ""
        if all(item.held for item in answers[earlier.line]):
            return earlier.clause
    return ""


def what_happened(event: Event) -> str:
    """The event in a few words."""
    return "a deadline came due" if isinstance(event, DeadlineDue) else event.type


def _clause_json(told: ToldClause) -> dict[str, Json]:
    rules = [
        {
            "line": rule.rule.line,
            "on": list(rule.on),
            "asked": rule.asked,
            "applies": rule.applies,
            "conditions": [_condition_json(item) for item in rule.conditions],
            "then": [verb.name for verb in rule.rule.verbs],
            "verdict": rule.rule.verdict,
            "why_not": None if rule.applies else rule.why_not(),
        }
        for rule in told.rules
    ]
    return {"clause": told.clause.number, "says": told.clause.says, "applies": told.applies, "rules": rules}


def _condition_json(item: Answered) -> dict[str, Json]:
    value = item.value
    plain = value if value is None or isinstance(value, str | bool | int) else spelled_value(value)
    return {
        "condition": spelled_condition(item.condition), "fact": item.condition.fact, "wanted": item.condition.wanted,
        "unless": item.condition.negated, "value": plain, "holds": item.held,
    }  # fmt: skip
