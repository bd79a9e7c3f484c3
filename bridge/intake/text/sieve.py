"""Many patterns over one text: one pass tells which can match it at all, and only these are tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

from bridge.intake.text.signs import signs_of

T = TypeVar("T")


class Sieve(Generic[T]):
    """Things that are told by a pattern each; the automaton of their signs is made when it is first asked."""

    def __init__(self, told: Iterable[tuple[str, T]]) -> None:
        """Each pattern with what it tells. Those of which no sign is known are always possible."""
        self._told = tuple(told)

    @cached_property
    def _scan(self) -> tuple[AhoCorasick, tuple[tuple[int, ...], ...], tuple[int, ...]]:
        """The automaton, by the number of a sign the patterns it belongs to, and those without any."""
        places: dict[str, list[int]] = {}
        always: list[int] = []
        for place, (pattern, _) in enumerate(self._told):
            signs = signs_of(pattern)
            for sign in signs:
                places.setdefault(sign, []).append(place)
            if not signs:
                always.append(place)
        return AhoCorasick(places), tuple(map(tuple, places.values())), tuple(always)

    def signs_in(self, lowered: str) -> list[int]:
        """Where signs begin, in the order in which they end."""
        return [start for _, start, _ in _matches(self._scan[0], lowered)]

    def possible(self, lowered: str) -> list[T]:
        """In their order those that may match the text, which is given in lower case."""
        automaton, places, always = self._scan
        found = set(always)
        for sign in {each[0] for each in _matches(automaton, lowered)}:
            found.update(places[sign])
        told = self._told
        return [told[place][1] for place in sorted(found)]


def in_lower_case(text: str) -> str:
    """As long as the text itself: one letter, the Turkish capital I with its dot, would become two."""
    return text.replace("\u0130", "i").lower()


def _matches(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    try:
        return automaton.find_matches_as_indexes(text, overlapping=True)
    except UnicodeEncodeError:  # half a surrogate pair, as JSON can spell it
        return automaton.find_matches_as_indexes(text.encode("utf-8", "replace").decode(), overlapping=True)


class Sought:
    """One long pattern, in any case: searched for only where one of its signs stands."""

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._pattern = re.compile(pattern, re.IGNORECASE | flags)
        self._sieve = Sieve([(pattern, self._pattern)])

    def search(self, text: str) -> re.Match[str] | None:
        return self._pattern.search(text) if self._sieve.possible(text.lower()) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._pattern.finditer(text) if self._sieve.possible(text.lower()) else iter(())
