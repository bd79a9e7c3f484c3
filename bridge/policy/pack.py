"""A pack: a published abuse policy as typed data. Made by `bridge.policy.load`, read by `bridge.decide`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, NamedTuple

from bridge.errors import NotFound
from bridge.policy.matching import Matcher
from bridge.wording import Wording

Json = Any

Test = Callable[[Any], bool]

GLOBAL_RULES = "G"


class Trigger(NamedTuple):
    """What makes a rule be looked at: a word, and where the word takes one an argument (`no_reply` after 6 h)."""

    name: str
    argument: str | int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of `when:` or `unless:`; two are equal that are written alike.

    fact     its name in the vocabulary
    wanted   as the pack writes it, for `explain`
    test     whether the facts of an event meet it
    negated  from `unless:`
    value    the fact's own value, where the test rests on that alone: then no value is tested twice
    """

    fact: str
    wanted: str
    test: Test = field(compare=False)
    negated: bool = False
    value: Callable[[Any], Any] | None = field(default=None, compare=False)

    def holds(self, facts: Any) -> bool:
        return self.test(facts) is not self.negated


@dataclass(frozen=True, slots=True)
class Verb:
    """One line of `then:`: an action with its parameters, and the approval this row demands (None: the common rule)."""

    name: str
    params: Mapping[str, Any]
    approval: str | int | None
    line: int


@dataclass(frozen=True)
class Rule:
    """When one of `triggers` happens and every condition holds, `verbs` are decided under `clause`.

    accepted  oddities of this very rule that are meant so, each with the reason
    """

    clause: str
    triggers: tuple[Trigger, ...]
    conditions: tuple[Condition, ...]
    verbs: tuple[Verb, ...]
    verdict: str | None
    because: str
    line: int
    accepted: Mapping[str, str] = field(default_factory=dict, compare=False)

    @cached_property
    def terminates(self) -> bool:
        return "terminate_service" in [verb.name for verb in self.verbs]

    @cached_property
    def names_category(self) -> bool:
        """Whether it speaks of what the complaint is about, and not only of who complains or how often."""
        return any(condition.fact in ("group", "category") and not condition.negated for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Group:
    """Categories that a policy treats alike. `counts` says when a complaint is a strike; None: always."""

    name: str
    patterns: tuple[str, ...]
    counts: tuple[Condition, ...]
    remedies: tuple[str, ...]
    advice: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Example:
    """An example of a clause that `policy test` runs through replay."""

    name: str
    clause: str
    approve: str
    until: timedelta | None
    events: tuple[Mapping[str, Json], ...]
    expect: tuple[Mapping[str, Json], ...]
    never: tuple[Mapping[str, Json], ...]
    line: int


@dataclass(frozen=True)
class Clause:
    """A numbered part of the policy: what it says in one sentence, and how an open text was read.

    says_in   translations of what it says, by language
    releases  conditions of release that it sets: an unsuspension that they bring bears its number
    accepted  oddities that `policy check` would report and that are meant so, each with the reason
    """

    number: str
    says: str
    reading: str
    rules: tuple[Rule, ...]
    examples: tuple[Example, ...]
    line: int
    releases: tuple[tuple[str, ...], ...] = ()
    accepted: Mapping[str, str] = field(default_factory=dict)
    says_in: Mapping[str, str] = field(default_factory=dict)


def specificity(pattern: str) -> tuple[int, int]:
    """A category by name before a glob, a longer glob before a shorter one (G13)."""
    return ("*" not in pattern, len(pattern))


LONGEST_CONSOLIDATION = timedelta(days=31)
"""How far apart complaints about one incident may be in any pack: earlier incidents are not kept in mind for longer."""


@dataclass(frozen=True)
class Version:
    """A pack as it is in force from `effective` on; `policy` is the pack's name, `language` that of its sentences."""

    policy: str
    number: str
    effective: datetime
    groups: Mapping[str, Group]
    clauses: Mapping[str, Clause]
    consolidate: timedelta
    currency: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"

    def wording(self, number: str) -> Wording:
        """What a clause says; nothing where there is none, as of the common rules."""
        clause = self.clauses.get(number)
        return Wording(clause.says, self.language, clause.says_in) if clause else Wording(language=self.language)

    @cached_property
    def matchers(self) -> Mapping[Trigger, Matcher]:
        """The rules of each trigger, ready to be matched."""
        return {trigger: Matcher(rules) for trigger, rules in self.by_trigger.items()}

    @cached_property
    def by_trigger(self) -> Mapping[Trigger, tuple[Rule, ...]]:
        """Rules in the order of the file, by what makes them be looked at."""
        index: dict[Trigger, list[Rule]] = {}
        for clause in self.clauses.values():
            for rule in clause.rules:
                for trigger in rule.triggers:
                    index.setdefault(trigger, []).append(rule)
        return {trigger: tuple(rules) for trigger, rules in index.items()}

    @cached_property
    def releases(self) -> Mapping[tuple[str, ...], str]:
        """The clause that sets these conditions of release."""
        return {conditions: clause.number for clause in self.clauses.values() for conditions in clause.releases}

    @cached_property
    def _group_of(self) -> dict[str, Group | None]:
        return {}

    def group_of(self, category: str) -> Group | None:
        """The one group a category belongs to: the most specific pattern wins; None where no row names it."""
        known = self._group_of
        if category not in known:
            matches = [
                (specificity(pattern), group)
                for group in self.groups.values()
                for pattern in group.patterns
                if fnmatchcase(category, pattern)
            ]
            known[category] = max(matches, key=lambda match: match[0])[1] if matches else None
        return known[category]


@dataclass(frozen=True)
class Pack:
    """A policy with all its versions, the oldest first."""

    name: str
    title: str
    versions: tuple[Version, ...]
    file: str

    def version_at(self, moment: datetime) -> Version:
        """The version in force then (G8); before the first one took effect, the first."""
        if len(self.versions) == 1:
            return self.versions[0]
        place = bisect_right(self.versions, moment, key=lambda version: version.effective)
        return self.versions[max(place - 1, 0)]

    def version(self, number: str) -> Version:
        """The version of that number; where a changed file no longer has it, the newest."""
        return self._by_number.get(number, self.versions[-1])

    def only(self, number: str) -> Pack:
        """The pack as if it had never had another version; raises NotFound."""
        if number not in self._by_number:
            raise NotFound(f"policy: {self.name} has no version {number!r}; it has {', '.join(self._by_number)}")
        return replace(self, versions=(self._by_number[number],))

    @cached_property
    def _by_number(self) -> dict[str, Version]:
        return {version.number: version for version in self.versions}

    @property
    def newest(self) -> Version:
        return self.versions[-1]


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
