"""Long alternations made fast: each alternative is tried only where it may match."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bridge.intake.text.sieve import Phrase, Sieve
from bridge.intake.text.signs import alternatives, in_lower_case


@dataclass(frozen=True)
class Phrases:
    """A set of phrases in lower case, written as one alternation; texts are compared in lower case."""

    pattern: str

    @cached_property
    def patterns(self) -> tuple[Phrase, ...]:
        """Each phrase of its own."""
        return tuple(Phrase(each, re.MULTILINE) for each in alternatives(self.pattern))

    @cached_property
    def _sieve(self) -> Sieve[str]:
        return Sieve(((each, each.pattern) for each in self.patterns), lowered=True)

    def occur_in(self, text: str) -> bool:
        """At least one of them is there."""
        return any(finds.first() for _, finds in self._sieve.possible(in_lower_case(text)))

    def cut_from(self, text: str) -> str:
        """The text, which is given in lower case, with a space in the place of each."""
        return self._sieve.cut_from(text)
