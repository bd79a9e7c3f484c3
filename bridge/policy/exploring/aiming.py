"""Aiming at one rule, or at a pair: what is likeliest to make them apply, tried before everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from bridge.policy.exploring.alphabet import Fields, Symbol, concerns, words
from bridge.policy.exploring.occasions import Beginning, begun_for, brought_by
from bridge.policy.pack import Condition, Rule, Version

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
    """What brings their triggers about, where that is known without trying."""
    types = {type_ for rule in rules for trigger in rule.triggers for type_ in brought_by(trigger)}
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
