"""Watching a pack at work: who asks it what, with which facts, while the real decision runs.

A watched pack decides what the pack decides. It has one more rule for each trigger, which never applies: asked for its
condition it tells the watcher. So nothing in `bridge.decide` has to know that somebody looks on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bridge.policy.facts import Facts
from bridge.policy.pack import Clause, Condition, Pack, Rule, Trigger, Version
from bridge.policy.vocabulary import FACTS

Look = Callable[[Trigger, Facts], None]

WATCHING = "\x00watching"
"""The number of the clause that only looks on; no pack can have it, for its text is not printable."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One condition as it was answered: what the fact was, and whether the condition held."""

    condition: Condition
    value: Any
    held: bool


def watched(pack: Pack, look: Look) -> Pack:
    """The pack, telling `look` of every trigger that happens, with the facts it is judged by."""
    return replace(pack, versions=tuple(_watched_version(version, look) for version in pack.versions))


def rules_on(version: Version, trigger: Trigger) -> tuple[Rule, ...]:
    """The pack's own rules on a trigger, in the order of the file."""
    return tuple(rule for rule in version.by_trigger.get(trigger, ()) if rule.clause != WATCHING)


def own_clauses(version: Version) -> tuple[Clause, ...]:
    return tuple(clause for clause in version.clauses.values() if clause.number != WATCHING)


def answered(rule: Rule, facts: Facts) -> tuple[Answered, ...]:
    """Every condition of a rule, each asked for itself."""
    return tuple(answer(condition, facts) for condition in rule.conditions)


def answer(condition: Condition, facts: Facts) -> Answered:
    return Answered(condition, FACTS[condition.fact].value(facts), condition.holds(facts))


def _watched_version(version: Version, look: Look) -> Version:
    first: dict[Trigger, Rule] = {}
    for clause in version.clauses.values():
        for rule in clause.rules:
            for trigger in rule.triggers:
                first.setdefault(trigger, rule)
    if not first:
        return version
    # Every complaint is seen, also one that counts no strike and that no rule is asked about.
    first.setdefault(Trigger("complaint"), next(iter(first.values())))
    rules = tuple(_watching_rule(rule, trigger, look) for trigger, rule in first.items())
    like = next(iter(version.clauses.values()))
    watching = replace(like, number=WATCHING, says="", reading="", rules=rules, examples=())
    return replace(version, clauses={**version.clauses, WATCHING: watching})


def _watching_rule(like: Rule, trigger: Trigger, look: Look) -> Rule:
    def tell(facts: Facts) -> bool:
        look(trigger, facts)
        return False

    return replace(
        like, clause=WATCHING, triggers=(trigger,), conditions=(Condition(WATCHING, "", tell),), verbs=(), verdict=None
    )
