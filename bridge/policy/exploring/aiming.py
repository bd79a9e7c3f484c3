"""Aiming at one rule, or at a pair: what is likeliest to make them apply, tried before everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from bridge.decide.consequences import NOT_ANY_MORE
from bridge.policy.exploring.alphabet import Fields, Symbol, concerns, every_verb, kinds_of_category, words
from bridge.policy.exploring.occasions import Beginning, begun_for, brought_by, made_so
from bridge.policy.exploring.seen import WAITED_FOR, sets_deadline
from bridge.policy.pack import Condition, Rule, Trigger, Version
from bridge.policy.verbs import CHARGED_BY

Json = Any


def complaints_for(rules: Sequence[Rule], version: Version, among: Iterable[Symbol]) -> list[Symbol]:
    """Complaints of the categories that all of them speak of, those first that meet most of their conditions."""
    own = [symbol for symbol in among if all(concerns(rule, version, symbol.category) for rule in rules)]
    asked = [condition for rule in rules for condition in rule.conditions]
    return sorted(own, key=lambda symbol: -sum(_meets(condition, symbol) for condition in asked))


def _meets(condition: Condition, symbol: Symbol) -> bool:
    """Whether the complaint itself says what the condition asks for."""
    if condition.fact == "category":
        return any(fnmatchcase(symbol.category, pattern) for pattern in words(condition)) is not condition.negated
    said = _said(condition.fact, symbol.fields)
    return (said in words(condition)) is not condition.negated


def _said(fact: str, fields: Mapping[str, Json]) -> str:
    if fact in ("reporter", "reported_by"):
        return str(fields.get("reporter", {}).get("kind", ""))
    if fact == "severity":
        return str(fields.get("severity", "normal"))
    said = fields.get(fact)
    return str(said).lower() if isinstance(said, bool) else ""


def others_for(rules: Sequence[Rule], among: Iterable[Symbol]) -> list[Symbol]:
    """What brings their triggers about, and what they ask for, where that is known without trying."""
    types = {type_ for rule in rules for trigger in rule.triggers for type_ in brought_by(trigger)}
    types |= {type_ for rule in rules for condition in rule.conditions for type_ in made_so(condition)}
    return [symbol for symbol in among if symbol.fields["type"] in types]


def beginnings_for(rules: Sequence[Rule]) -> list[Beginning]:
    """How it may begin so that all that they ask of service and client is so from the first."""
    service: Fields = {}
    client: Fields | None = None
    for condition in (condition for rule in rules for condition in rule.conditions):
        found: Sequence[Beginning] = list(begun_for(condition)) if not condition.negated else ()
        for more, told in found[-1:]:
            service = {**service, **more}
            client = {**(client or {}), **told} if told is not None else client
    return [(service, client)] if service or client else []


def is_hopeless(rule: Rule, version: Version) -> bool:
    """Whether the pack's own words show that a rule never applies, so that there is nothing to look for."""
    about_complaints = any(item.fact in ("group", "category") and not item.negated for item in rule.conditions)
    if about_complaints and not any(concerns(rule, version, category) for category in kinds_of_category(version)):
        return True
    wants_gone = any(item.fact == "terminated_by_policy" and _wants_true(item) for item in rule.conditions)
    if wants_gone and rule.verdict is None and all(verb.name in NOT_ANY_MORE for verb in rule.verbs):
        return True
    return all(_never_comes(trigger, version) or _is_preceded(rule, trigger, version) for trigger in rule.triggers)


def _wants_true(condition: Condition) -> bool:
    return (condition.wanted == "true") is not condition.negated


def _never_comes(trigger: Trigger, version: Version) -> bool:
    """Whether no line sets the deadline, or asks for the charge, that it is about."""
    verbs = list(every_verb(version))
    if trigger.name in ("unpaid", "paid"):
        return CHARGED_BY[str(trigger.argument)] not in {verb.name for verb in verbs}
    if trigger.name in WAITED_FOR:
        return not any(sets_deadline(verb, WAITED_FOR[trigger.name], trigger.argument) for verb in verbs)
    return False


def _is_preceded(rule: Rule, trigger: Trigger, version: Version) -> bool:
    """Whether a row above answers the question wherever this one could."""
    if rule.verdict is None:
        return False
    rows = version.by_trigger[trigger]
    return any(set(row.conditions) <= set(rule.conditions) for row in rows[: rows.index(rule)])
