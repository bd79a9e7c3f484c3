"""What can happen under a pack, as few events as its rules can tell apart.

Categories that no rule distinguishes stand for one another, and so do reporters; a fact that no rule on a category asks
for is not varied. What the pack's own examples show of other events is tried too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

import orjson

from bridge.categories import CATEGORIES
from bridge.events import CHARGES, EVENT_TYPES, REPORTER_KINDS
from bridge.policy.exploring.occasions import begun_for, occasions
from bridge.policy.exploring.world import CLIENT, IP, SERVICE, World
from bridge.policy.pack import Condition, Rule, Trigger, Verb, Version
from bridge.state import Charge

Json = Any
Fields = Mapping[str, Json]

COMPLAINT = "complaint.received"
MOST_COUNTED = 12
"""Strikes that are told apart; a rule that counts further is not lived through to its end."""

MOST_VARIANTS = 12
"""Of complaints of one kind; what more a pack distinguishes is found by its examples."""


def _nothing_more(world: World) -> Fields:
    return {}


@dataclass(frozen=True)
class Symbol:
    """One thing that can happen next.

    possible  where it could change anything
    here      what more it says where it happens: a case, an invoice
    """

    fields: Fields
    possible: Callable[[World], bool]
    category: str = ""
    here: Callable[[World], Fields] = _nothing_more

    @property
    def is_complaint(self) -> bool:
        return bool(self.category)

    @property
    def is_about_case(self) -> bool:
        """Whether it is nothing where every case is closed for good."""
        return self.is_complaint or self.fields["type"] in _ABOUT_CASES


_ABOUT_CASES = frozenset({"customer.replied", "evidence.provided", "finding.recorded"})


def _always(world: World) -> bool:
    return True


# ---- what the rules can tell apart ----


def every_condition(version: Version) -> Iterator[Condition]:
    for group in version.groups.values():
        yield from group.counts
    for rule in every_rule(version):
        yield from rule.conditions


def every_rule(version: Version) -> Iterator[Rule]:
    for clause in version.clauses.values():
        yield from clause.rules


def every_verb(version: Version) -> Iterator[Verb]:
    for rule in every_rule(version):
        yield from rule.verbs


def words(condition: Condition) -> list[str]:
    """What a condition on words names."""
    return condition.wanted.split(" or ")


def most_strikes(version: Version) -> int:
    """The highest number of strikes that any rule counts to; a second complaint is always worth a look."""
    return counted_to(every_condition(version))


def counted_to(conditions: Iterable[Condition]) -> int:
    """The highest number of strikes that any of these conditions asks for; two at least."""
    numbers = [
        int(number)
        for condition in conditions
        if condition.fact.startswith("strike")
        for number in re.findall(r"\d+(?=\+?(?:,|$))", condition.wanted)
    ]
    return max([2, *(min(number, MOST_COUNTED) for number in numbers)])


def most_refunds(version: Version) -> int:
    """The highest number of granted refunds that any rule asks for."""
    asked = [condition.wanted for condition in every_condition(version) if condition.fact == "refunds_granted"]
    return max([0, *(min(int(wanted.removesuffix("+")), MOST_COUNTED) for wanted in asked)])


def kinds_of_category(version: Version) -> dict[str, list[str]]:
    """Categories by one of their kind: those that no group and no condition of the pack tells apart."""
    patterns = [
        pattern
        for condition in every_condition(version)
        if condition.fact == "category"
        for pattern in words(condition)
    ]
    kinds: dict[tuple[Json, ...], list[str]] = {}
    for category in sorted(CATEGORIES):
        group = version.group_of(category)
        told = (group.name if group else None, *(fnmatchcase(category, pattern) for pattern in patterns))
        kinds.setdefault(told, []).append(category)
    return {members[0]: members for members in kinds.values()}


def may_concern(condition: Condition, version: Version, category: str) -> bool:
    """Whether a condition lets a category pass, as far as it speaks of categories at all."""
    if condition.fact == "group":
        group = version.group_of(category)
        return ((group.name if group else "") in words(condition)) is not condition.negated
    if condition.fact == "category":
        return any(fnmatchcase(category, pattern) for pattern in words(condition)) is not condition.negated
    return True


def concerns(rule: Rule, version: Version, category: str) -> bool:
    return all(may_concern(condition, version, category) for condition in rule.conditions)


# ---- complaints ----

_AGAIN: Fields = {"targets": ["http://again.example/"]}
_TRUTHS: Mapping[str, Mapping[str, Fields]] = {
    "deliberate": {"true": {"deliberate": True}, "false": {"deliberate": False}},
    "severity": {"severe": {"severity": "severe"}, "normal": {"severity": "severe"}},
    "new_target": {"true": {}, "false": _AGAIN},
}


def complaints(version: Version) -> list[Symbol]:
    """One complaint of each kind, varied in what the rules on it ask for."""
    found = []
    for category in kinds_of_category(version):
        for more in list(_variants(version, category))[:MOST_VARIANTS]:
            fields = {"type": COMPLAINT, "ip": IP, "category": category, **more}
            found.append(Symbol(fields, _always, category))
    return found


def _variants(version: Version, category: str) -> Iterator[Fields]:
    group = version.group_of(category)
    asked = list(group.counts) if group else []
    for rule in every_rule(version):
        if concerns(rule, version, category):
            asked += rule.conditions
    choices: list[list[Fields]] = [_reporters(asked), _joining(version)]
    for fact, told in _TRUTHS.items():
        mentioned = {word for condition in asked if condition.fact == fact for word in words(condition)}
        choices.append([{}, *(fields for word, fields in told.items() if word in mentioned and fields)])
    for combined in product(*choices):
        yield {name: value for fields in combined for name, value in fields.items()}


def _joining(version: Version) -> list[Fields]:
    """Where a rule is on every complaint, one that joins another; it comes first, for one that could is like it."""
    return [_AGAIN, {}] if Trigger("any_complaint") in version.by_trigger else [{}]


def _reporters(asked: Iterable[Condition]) -> list[Fields]:
    """One reporter of each kind that the conditions tell apart, first one that none of them names."""
    sets = [set(words(condition)) for condition in asked if condition.fact in ("reporter", "reported_by")]
    if not sets:
        return [{}]
    kinds: dict[tuple[bool, ...], str] = {}
    for kind in ("individual", *sorted(REPORTER_KINDS)):
        kinds.setdefault(tuple(kind in members for members in sets), kind)
    return [{"reporter": {"name": "a reporter", "kind": kind}} for kind in kinds.values()]


# ---- everything else ----


def others(version: Version) -> list[Symbol]:
    """Answers, findings, payments and questions that the pack or the common rules make something of."""
    found = [
        Symbol({"type": "customer.replied", "service": SERVICE}, _has_open_case),
        *(_finding(finding) for finding in _findings(version)),
    ]
    verbs = {verb.name for verb in every_verb(version)}
    if "request_evidence" in verbs:
        fields = {"type": "evidence.provided", "service": SERVICE, "kind": "other"}
        found.append(Symbol(fields, _has_open_case))
    found += [
        _payment(charge) for charge in sorted(CHARGES) if f"charge_{charge}" in verbs or f"hold_{charge}" in verbs
    ]
    ends = _ends(version)
    if "undertaking_signed" in ends:
        found.append(Symbol({"type": "undertaking.signed", "service": SERVICE, "by": "the customer"}, _always))
    if "listing_cleared" in ends:
        found.append(Symbol({"type": "listing.cleared", "ip": IP, "list": "a list"}, _has_holds))
    found += [_anything(fields) for fields in occasions(version)]
    return _unlike(found + _of_examples(version))


def _has_open_case(world: World) -> bool:
    return any(case.is_open for case in world.client.cases.values())


def _has_holds(world: World) -> bool:
    return bool(world.service.holds)


def _finding(finding: str) -> Symbol:
    fields = {"type": "finding.recorded", "service": SERVICE, "finding": finding, "by": "staff"}
    return Symbol(fields, _has_case)


def _findings(version: Version) -> list[str]:
    named = {
        str(trigger.argument) for rule in every_rule(version) for trigger in rule.triggers if trigger.name == "finding"
    }
    return sorted({"remediated", *named} | ({"not_culpable"} & _ends(version)))


def _payment(charge: str) -> Symbol:
    def is_asked(item: Charge) -> bool:
        return item.charge == charge and item.status == "open"

    def is_open(world: World) -> bool:
        return any(map(is_asked, world.client.charges.values()))

    def meant(world: World) -> Fields:
        """A charge of the client's alone is found by its invoice."""
        of_service = any(item.service and is_asked(item) for item in world.client.charges.values())
        if of_service:
            return {"service": SERVICE, "charge": charge}
        return {"invoice": next(item.invoice for item in world.client.charges.values() if is_asked(item))}

    return Symbol({"type": "invoice.paid"}, is_open, here=meant)


def _ends(version: Version) -> set[str]:
    """What holds of this pack wait for."""
    return {word for verb in every_verb(version) for group in verb.params.get("until", ()) for word in group}


_SAID_OTHERWISE = frozenset({"id", "at", "case", "text", "note"})
_ABOUT_OBJECTS = frozenset({"invoice"})


def _of_examples(version: Version) -> list[Symbol]:
    """Events that the pack's examples show, complaints and first sights aside, in place of a vocabulary of ours."""
    found = []
    for clause in version.clauses.values():
        for example in clause.examples:
            for event in example.events:
                if event["type"] in (COMPLAINT, "service.observed") or _ABOUT_OBJECTS & event.keys():
                    continue
                fields = {name: value for name, value in event.items() if name not in _SAID_OTHERWISE}
                if "by" in fields and event["type"] != "unsuspend.requested":
                    fields["by"] = "staff"
                found.append(_anything(about_the_service(fields)))
    return found


def _anything(fields: Fields) -> Symbol:
    """An event as it is said, wherever it could be; one that needs a case is about the newest."""
    names = EVENT_TYPES[fields["type"]].__dataclass_fields__
    if "case" in names and "service" not in names:
        return Symbol(fields, _has_case, here=_newest_case)
    return Symbol(fields, _always)


def _has_case(world: World) -> bool:
    return any(case.status != "dismissed" for case in world.client.cases.values())


REMEDIED = _finding("remediated")


def _newest_case(world: World) -> Fields:
    return {"case": [case.id for case in world.client.cases.values() if case.status != "dismissed"][-1]}


def about_the_service(fields: Fields) -> Fields:
    """The event as one about the service, or the client, that everything happens to."""
    names = EVENT_TYPES[fields["type"]].__dataclass_fields__
    about: dict[str, Json] = {}
    if "client" in fields or ("client" in names and "service" not in names):
        about["client"] = CLIENT
    if "service" in fields or ("service" in names and "client" not in fields):
        about["service"] = SERVICE
    return {**fields, **about}


def _unlike(symbols: Iterable[Symbol]) -> list[Symbol]:
    """Each once; an example that shows what is tried already adds nothing."""
    kept: dict[bytes, Symbol] = {}
    for symbol in symbols:
        kept.setdefault(orjson.dumps(symbol.fields, option=orjson.OPT_SORT_KEYS), symbol)
    return list(kept.values())


# ---- what the service and its client are ----


def beginnings(version: Version) -> list[tuple[Fields, Fields | None]]:
    """How it may begin: what more is seen of the service, and of the client where that matters."""
    found: list[tuple[Fields, Fields | None]] = [({}, None)]
    for condition in every_condition(version):
        found += begun_for(condition)
    for clause in version.clauses.values():
        for example in clause.examples:
            for event in example.events:
                if event["type"] == "service.observed":
                    more = {
                        name: value
                        for name, value in event.items()
                        if name not in ("id", "at", "type", "service", "client")
                    }
                    found.append((more, None))
    kept = {orjson.dumps(begun, option=orjson.OPT_SORT_KEYS): begun for begun in found}
    return list(kept.values())
