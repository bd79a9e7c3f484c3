"""Matching all rules at once finds what asking each rule by itself finds."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from bridge.policy.matching import MOST_VALUES, Matcher
from bridge.policy.pack import Condition, Rule, Trigger

Known = Mapping[str, Any]


def asks(fact: str, *wanted: Any, negated: bool = False, alone: bool = True) -> Condition:
    """Whether a fact is one of these; not `alone`: asked anew each time."""

    def value(known: Known) -> Any:
        return known[fact]

    return Condition(fact, str(wanted), lambda known: known[fact] in wanted, negated, value if alone else None)


def a_rule(clause: str, *conditions: Condition) -> Rule:
    return Rule(clause, (Trigger("strike"),), conditions, (), None, "It applies.", 1)


RULES = [
    a_rule("always"),
    a_rule("red", asks("colour", "red")),
    a_rule("not red", asks("colour", "red", negated=True)),
    a_rule("big and red or blue", asks("colour", "red", "blue"), asks("big", True)),
    a_rule("not known", asks("big", None)),
    a_rule("red and blue", asks("colour", "red"), asks("colour", "blue")),
    a_rule("asked anew", asks("number", 1, alone=False), asks("big", True, negated=True)),
]


def one_by_one(known: Known) -> list[Rule]:
    return [
        rule for rule in RULES if all(condition.test(known) is not condition.negated for condition in rule.conditions)
    ]


def test_every_rule_that_applies_is_found_in_the_order_of_the_file() -> None:
    matcher = Matcher(RULES)
    every = [
        {"colour": colour, "big": big, "number": number}
        for colour, big, number in product(("red", "blue", "green", None), (True, False, None), (0, 1))
    ]
    for known in every + every:
        assert matcher.match(known) == one_by_one(known)


def test_a_fact_of_many_values_is_not_remembered_without_end() -> None:
    matcher = Matcher([a_rule("even", asks("number", *range(0, 4 * MOST_VALUES, 2)))])
    found = [len(matcher.match({"number": number})) for number in range(3 * MOST_VALUES)]
    assert found == [1, 0] * (3 * MOST_VALUES // 2)


def test_a_fact_that_no_rule_left_asks_for_is_not_looked_at() -> None:
    matcher = Matcher([a_rule("1", asks("colour", "red"), asks("big", True)), a_rule("2", asks("colour", "blue"))])
    assert matcher.match({"colour": "green"}) == []


def test_no_rules_match_nothing() -> None:
    assert Matcher([]).match({}) == []
