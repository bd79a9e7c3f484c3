"""Long alternations made fast: each alternative is tried only where it may match."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bridge.intake.text.sieve import Sieve
from bridge.intake.text.signs import alternatives


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

    def cut_from(self, text: str) -> str:
        """The text, which is given in lower case, with a space in the place of each."""
        return self._sieve.cut_from(text)
