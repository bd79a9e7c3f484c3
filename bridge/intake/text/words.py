"""Long alternations made fast: each alternative is tried only where a literal part of it occurs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_QUANTIFIER = frozenset("?*{")


def alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern at its top level."""
    pieces: list[str] = []
    depth, start = 0, 0
    for at, char in enumerate(pattern):
        escaped = at > 0 and pattern[at - 1] == "\\"
        depth += 0 if escaped else (char in "([") - (char in ")]")
        if char == "|" and depth == 0 and not escaped:
            pieces.append(pattern[start:at])
            start = at + 1
    return [piece for piece in (*pieces, pattern[start:]) if piece]


def literal_of(alternative: str) -> str:
    """The longest run of plain characters outside groups that every match must contain."""
    runs: list[str] = []
    run, depth, at = "", 0, 0
    while at < len(alternative):
        char = alternative[at]
        step = 2 if char == "\\" else 1
        depth += (char in "([") - (char in ")]")
        plain = depth == 0 and char not in "\\()[]^$.+?*{}|" and alternative[at + 1 : at + 2] not in _QUANTIFIER
        if plain:
            run += char
        else:
            runs.append(run)
            run = ""
        if char == "{":
            at = alternative.index("}", at)
        at += step
    return max((*runs, run), key=len)


@dataclass(frozen=True)
class Phrases:
    """A set of phrases in lower case, written as one alternation; texts are compared in lower case."""

    pattern: str

    @cached_property
    def _compiled(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((literal_of(each), re.compile(each, re.MULTILINE)) for each in alternatives(self.pattern))

    def occur_in(self, text: str) -> bool:
        """At least one of them is there."""
        lowered = text.lower()
        return any(literal in lowered and pattern.search(lowered) for literal, pattern in self._compiled)

    def count_in(self, text: str) -> int:
        """How many different ones are there."""
        lowered = text.lower()
        return sum(literal in lowered and pattern.search(lowered) is not None for literal, pattern in self._compiled)
