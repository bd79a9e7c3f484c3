"""Long alternations made fast: each alternative is tried only where it may match."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bridge.intake.text.sieve import Sieve


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


@dataclass(frozen=True)
class Phrases:
    """A set of phrases in lower case, written as one alternation; texts are compared in lower case."""

    pattern: str

    @cached_property
    def _sieve(self) -> Sieve[str]:
        return Sieve((re.compile(each, re.MULTILINE), each) for each in alternatives(self.pattern))

    def occur_in(self, text: str) -> bool:
        """At least one of them is there."""
        return any(finds.first() for _, finds in self._sieve.possible(text.lower()))

    def count_in(self, text: str) -> int:
        """How many different ones are there."""
        return len(self._sieve.found_in(text.lower()))
