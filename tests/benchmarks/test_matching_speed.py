"""Which of 60 rules over 30 facts apply: ours beside the fastest foreign rule engine known to us, in the same run.

The foreign engine gets every chance: all rules compiled into one expression, and the facts ready as a flat dictionary,
while ours takes each from the client's state when a condition asks for it. Both must give the same answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import orjson
import pytest
import zen

from bridge.decide.consequences import matching
from bridge.events import ComplaintReceived, Reporter
from bridge.policy.facts import Facts, Word
from bridge.policy.load import load_pack
from bridge.policy.pack import Condition, Rule, Trigger, Version
from bridge.policy.vocabulary import FACTS
from bridge.state import Case, Client, Opening, Service

pytestmark = pytest.mark.bench

RULES, EVENTS, ROUNDS, SECONDS = 60, 200, 8, 0.4
TIMES_AS_FAST = 2
NOW = datetime(2026, 1, 31, tzinfo=UTC)
STRIKE = Trigger("strike")
GROUPS = ("attacks", "spam", "fraud", "works", "other")
CATEGORIES = ("connection/ddos", "messaging/spam", "content/phishing", "copyright/copyright", "vulnerability/cve")
COUNTED = ("strike", "strike_of_group", "strike_of_category")
TRUTHS = (
    "deliberate", "new_target", "counts", "fined", "mail_port_open", "exclusive_bandwidth", "suspended", "deposit_held",
    "client_refused", "staff_abused", "held", "refund_refused", "address_blocked", "contacted_support",
)  # fmt: skip
WORDED = (
    "group", "category", "reporter", "severity", "product_kind", "client_kind", "cause", "charged_for", "sla_kind",
    "fraud", "refund_reason", "order_kind", "reported_by",
)  # fmt: skip
USED = (*COUNTED, *TRUTHS, *WORDED)


def written(fact: str, number: int) -> Any:
    """What rule `number` asks of a fact."""
    if fact in COUNTED:
        return f"{number % 3 + 1}+"
    if fact in TRUTHS:
        return number % 2 == 0
    known = FACTS[fact]
    words = GROUPS if fact == "group" else CATEGORIES if fact == "category" else sorted(_words(known))
    return list(dict.fromkeys(islice(cycle(words), number % len(words), number % len(words) + 2)))


def _words(fact: Any) -> frozenset[str]:
    return fact.allowed if isinstance(fact, Word) else frozenset()


def the_version(folder: Path) -> Version:
    """A pack of 60 rules, each with three conditions, in which all 30 facts are asked for."""
    groups = {name: {"categories": [category]} for name, category in zip(GROUPS, CATEGORIES, strict=True)}
    rules = [
        {
            "on": "strike",
            "when": {fact: written(fact, number + place) for place, fact in enumerate(_facts_of(number))},
            "then": ["refuse_refund"],
            "because": "It applies.",
        }
        for number in range(RULES)
    ]
    clauses = {str(number): {"says": "A rule.", "rules": [rule]} for number, rule in enumerate(rules)}
    version = {"version": "1", "effective": "2026-01-01", "groups": groups, "clauses": clauses}
    file = folder / "sixty.yaml"
    file.write_bytes(orjson.dumps({"pack": "sixty", "title": "Sixty", "currency": "EUR", "versions": [version]}))
    return load_pack(file).newest


def _facts_of(number: int) -> list[str]:
    return [USED[(number * 7 + step * 11) % len(USED)] for step in range(3)]


def what_is_known(version: Version, number: int) -> Facts:
    """The facts of one complaint; they differ from one to the next in all that a complaint can say."""
    kinds = sorted(_words(FACTS["reporter"]))
    category = CATEGORIES[number % 5]
    service = Service(
        id="1",
        product_kind=("vps", "dedicated", "shared")[number % 3],
        exclusive_bandwidth=number % 4 == 0,
        attributes={"mail_port_open": number % 3 == 0},
        suspension="ours" if number % 5 == 0 else "",
    )
    opening = Opening(
        category, GROUPS[number % 5], "", "1", severity=("normal", "severe")[number % 2],
        deliberate=(None, True, False)[number % 3], complete=True, new_target=number % 2 == 1, counts=True,
    )  # fmt: skip
    case = Case(
        id="c", service="1", opening=opening, status="opened", strike=number % 4 + 1,
        strike_of_group=number % 3 + 1, strike_of_category=number % 2 + 1, opened_at=NOW, counted_at=NOW,
        reporter=Reporter("a reporter", kinds[number % len(kinds)]), ips=("192.0.2.1",), targets=(),
        fined=("1",) if number % 7 == 0 else (),
    )  # fmt: skip
    client = Client(id="1", kind=("customer", "reseller")[number % 2], services={"1": service}, cases={"c": case})
    event = ComplaintReceived(id="c", at=NOW, category=category, ips=("192.0.2.1",), reporter=case.reporter)
    return Facts(event=event, client=client, service=service, version=version, case=case)


def as_expression(condition: Condition) -> str:
    """A condition in the other engine's language."""
    if condition.fact in COUNTED:
        return f"{condition.fact} >= {condition.wanted.removesuffix('+')}"
    if condition.fact in TRUTHS:
        return f"{condition.fact} == {condition.wanted}"
    return f"{condition.fact} in {orjson.dumps(condition.wanted.split(' or ')).decode()}"


def foreign(rules: Sequence[Rule]) -> Callable[[dict[str, Any]], list[int]]:
    whole = ", ".join(f"({' and '.join(as_expression(condition) for condition in rule.conditions)})" for rule in rules)
    compiled = zen.compile_expression(f"[{whole}]")
    return lambda known: [number for number, applies in enumerate(compiled.evaluate(known)) if applies]


def a_second(decide: Callable[[Any], object], items: Sequence[Any]) -> float:
    """How many decisions a second, in one round; the best of several is the one that nothing else disturbed."""
    done, started = 0, time.perf_counter()
    while (passed := time.perf_counter() - started) < SECONDS:
        for item in items:
            decide(item)
        done += len(items)
    return done / passed


def test_rules_are_matched_twice_as_fast_as_by_the_fastest_foreign_engine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = the_version(tmp_path)
    rules = [rule for clause in version.clauses.values() for rule in clause.rules]
    assert len(rules) == RULES
    assert len({condition.fact for rule in rules for condition in rule.conditions}) == len(USED) == 30
    events = [what_is_known(version, number) for number in range(EVENTS)]
    flat = [{name: FACTS[name].value(known) for name in USED} for known in events]
    theirs = foreign(rules)
    for known, values in zip(events, flat, strict=True):
        assert [int(rule.clause) for rule in matching(known, STRIKE)] == theirs(values)
    rounds = [(a_second(lambda known: matching(known, STRIKE), events), a_second(theirs, flat)) for _ in range(ROUNDS)]
    ours_a_second, theirs_a_second = (max(rates) for rates in zip(*rounds, strict=True))
    with capsys.disabled():
        print(f"\n60 rules, 30 facts: ours {ours_a_second:,.0f}/s, zen-engine {theirs_a_second:,.0f}/s")
    assert ours_a_second >= TIMES_AS_FAST * theirs_a_second
