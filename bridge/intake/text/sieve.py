"""Many patterns over one text: one pass tells where which can match, and only there they are tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from bridge.intake.text.signs import signs_of

T = TypeVar("T")


class Finds(NamedTuple):
    """Where one pattern may match a text: at `starts`, or anywhere where these are None."""

    pattern: re.Pattern[str]
    text: str
    starts: Sequence[int] | None

    def first(self) -> re.Match[str] | None:
        """What `search` finds."""
        if self.starts is None:
            return self.pattern.search(self.text)
        match, text = self.pattern.match, self.text
        for start in self.starts:
            if found := match(text, start):
                return found
        return None

    def each(self) -> Iterator[re.Match[str]]:
        """What `finditer` finds."""
        if self.starts is None:
            yield from self.pattern.finditer(self.text)
            return
        end = 0
        for start in self.starts:
            found = self.pattern.match(self.text, start) if start >= end else None
            if found:
                end = found.end()
                yield found


class Sieve(Generic[T]):
    """Things that are told by a pattern each; the automaton of their signs is made when it is first asked."""

    def __init__(self, told: Iterable[tuple[re.Pattern[str], T]]) -> None:
        self._told = tuple(told)

    @cached_property
    def _scan(self) -> tuple[AhoCorasick, tuple[tuple[int, ...], ...], frozenset[int], tuple[int, ...]]:
        """The automaton, by the number of a sign the patterns it belongs to, the patterns whose matches begin with
        their signs, and those of which no sign is known."""
        places: dict[str, list[int]] = {}
        leading, always = set[int](), list[int]()
        for place, (pattern, _) in enumerate(self._told):
            signs = signs_of(pattern.pattern)
            for sign in signs.strings:
                places.setdefault(sign, []).append(place)
            if signs.leading:
                leading.add(place)
            if not signs.strings:
                always.append(place)
        return AhoCorasick(places), tuple(map(tuple, places.values())), frozenset(leading), tuple(always)

    def signs_in(self, lowered: str) -> list[int]:
        """Where signs begin, in the order in which they end."""
        return [start for _, start, _ in _matches(self._scan[0], lowered)]

    def possible(self, text: str) -> Iterator[tuple[T, Finds]]:
        """In their order the things whose patterns may match the text, and where."""
        automaton, places, leading, always = self._scan
        starts: dict[int, list[int]] = {place: [] for place in always}
        for sign, start, _ in _matches(automaton, in_lower_case(text)):
            for place in places[sign]:
                starts.setdefault(place, []).append(start)
        for place in sorted(starts):
            pattern, thing = self._told[place]
            yield thing, Finds(pattern, text, sorted(starts[place]) if place in leading else None)

    def found_in(self, text: str) -> list[T]:
        """In their order the things whose patterns match the text."""
        return [thing for thing, finds in self.possible(text) if finds.first()]


def in_lower_case(text: str) -> str:
    """As long as the text itself: one letter, the Turkish capital I with its dot, would become two."""
    return text.replace("\u0130", "i").lower()


def _matches(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    try:
        return automaton.find_matches_as_indexes(text, overlapping=True)
    except UnicodeEncodeError:  # half a surrogate pair, as JSON can spell it
        return automaton.find_matches_as_indexes(text.encode("utf-8", "replace").decode(), overlapping=True)


class Sought:
    """One long pattern, in any case: tried only where one of its signs stands."""

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self.pattern = re.compile(pattern, re.IGNORECASE | flags)
        self._sieve = Sieve([(self.pattern, self)])

    def search(self, text: str) -> re.Match[str] | None:
        return next((finds.first() for _, finds in self._sieve.possible(text)), None)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        for _, finds in self._sieve.possible(text):
            yield from finds.each()
