"""Which rules apply: all rules of a trigger at once, a fact looked at once for all of them.

A condition that rests on the value of one fact alone need not be asked again for a value that was seen before. So for
each fact a table is kept, from its value to the rules that the value leaves possible, one bit for each rule; what
applies is what all the tables leave. Conditions that rest on more than one value are asked one by one, for the rules
that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

MOST_VALUES = 1_000
"""Values of one fact that are remembered; then the table begins anew."""


class Asking(Protocol):
    """A condition: `test` answers it, `value` is the fact it rests on alone, None where it rests on more."""

    @property
    def fact(self) -> str: ...
    @property
    def test(self) -> Callable[[Any], bool]: ...
    @property
    def negated(self) -> bool: ...
    @property
    def value(self) -> Callable[[Any], Any] | None: ...


class Conditional(Protocol):
    """A rule."""

    @property
    def conditions(self) -> Sequence[Asking]: ...


class _Column:
    """The conditions of all rules on one fact: the bits of the rules that have any, and what each value leaves."""

    __slots__ = ("concerned", "conditions", "known", "value")

    def __init__(self, value: Callable[[Any], Any]) -> None:
        self.value = value
        self.concerned = 0
        self.conditions: list[tuple[int, Asking]] = []
        self.known: dict[Any, int] = {}

    def add(self, bit: int, condition: Asking) -> None:
        self.concerned |= bit
        self.conditions.append((bit, condition))

    def learn(self, seen: Any, facts: Any, every: int) -> int:
        """The bits that this value leaves; remembered for the next time."""
        left = every
        for bit, condition in self.conditions:
            if condition.test(facts) is condition.negated:
                left &= ~bit
        if len(self.known) >= MOST_VALUES:
            self.known.clear()
        self.known[seen] = left
        return left


class Matcher:
    """The rules of one trigger, ready to be matched; `rules` in the order of the file."""

    def __init__(self, rules: Sequence[Any]) -> None:
        self._rules = tuple(rules)
        self._every = (1 << len(self._rules)) - 1
        self._rest: list[tuple[Asking, ...]] = []
        columns: dict[str, _Column] = {}
        for place, rule in enumerate(self._rules):
            rest = []
            for condition in rule.conditions:
                if condition.value is None:
                    rest.append(condition)
                else:
                    columns.setdefault(condition.fact, _Column(condition.value)).add(1 << place, condition)
            self._rest.append(tuple(rest))
        # The facts that most rules ask for come first: they leave the fewest to look further at.
        ordered = sorted(columns.values(), key=lambda column: -column.concerned.bit_count())
        self._columns = [(column.value, column.concerned, column.known.get, column) for column in ordered]

    def match(self, facts: Any) -> list[Any]:
        """The rules that apply, in the order of the file."""
        left = self._every
        for value, concerned, known, column in self._columns:
            if left & concerned:
                seen = value(facts)
                possible = known(seen)
                left &= column.learn(seen, facts, self._every) if possible is None else possible
        found = []
        while left:
            place = (left & -left).bit_length() - 1
            left &= left - 1
            for condition in self._rest[place]:
                if condition.test(facts) is condition.negated:
                    break
            else:
                found.append(self._rules[place])
        return found
