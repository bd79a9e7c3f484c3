"""Many patterns over one text: one pass tells where which can match, and only there they are tried.

Where a pattern's matches begin with its signs, it is tried there alone; where they begin a line, at the beginnings of
the lines in which its signs stand; else all over a text in which a sign of it stands.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from bridge.intake.text.signs import alternatives, in_lower_case, signs_of

T = TypeVar("T")
_BREAK = "\n"
"""Stands in front of every line, the first one included, when a text is searched for signs."""


@dataclass(frozen=True)
class Phrase:
    """A pattern that is compiled when it is first tried: of thousands, a mail holds signs of few."""

    pattern: str
    flags: re.RegexFlag = re.NOFLAG

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self.flags)


class Finds(NamedTuple):
    """Where one pattern may match a text: at `starts`, or anywhere where these are None."""

    pattern: re.Pattern[str]
    text: str
    starts: Sequence[int] | None

    def first(self, begin: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """What `search` finds in that part of the text."""
        if self.starts is None:
            return self.pattern.search(self.text, begin, end)
        match, text = self.pattern.match, self.text
        for start in self.starts:
            if begin <= start < end and (found := match(text, start, end)):
                return found
        return None

    def each(self) -> Iterator[re.Match[str]]:
        """What `finditer` finds."""
        if self.starts is None:
            yield from self.pattern.finditer(self.text)
            return
        match, text, end = self.pattern.match, self.text, 0
        for start in self.starts:
            if start >= end and (found := match(text, start)):
                end = found.end()
                yield found


class _Scan(NamedTuple):
    """What one pass tells.

    owners    of each sign how far before its place in the text with the break in front a match or its line begins, and
              the places of the patterns that it belongs to
    leading   the patterns whose matches begin with their signs
    by_line   those of the others whose matches begin the line in which their sign stands
    unsigned  those of which no sign is known
    """

    automaton: AhoCorasick
    owners: tuple[tuple[int, tuple[int, ...]], ...]
    leading: frozenset[int]
    by_line: frozenset[int]
    unsigned: tuple[int, ...]


class Sieve(Generic[T]):
    """Things that are told by a pattern each; the automaton of their signs is made when it is first asked.

    lowered   the texts are given in lower case (see `in_lower_case`), for which the patterns are made
    """

    def __init__(self, told: Iterable[tuple[re.Pattern[str] | Phrase, T]], *, lowered: bool = False) -> None:
        self._told = tuple(told)
        self._lowered = lowered

    @cached_property
    def _scan(self) -> _Scan:
        places: dict[str, tuple[bool, list[int]]] = {}
        leading, by_line, unsigned = set[int](), set[int](), list[int]()
        for place, (pattern, _) in enumerate(self._told):
            of_line = _begins_lines(pattern)
            signs = signs_of(pattern.pattern, in_first_line=of_line)
            at_break = of_line and signs.leading
            for sign in signs.strings:
                places.setdefault(_BREAK * at_break + sign, (not at_break, []))[1].append(place)
            if signs.leading:
                leading.add(place)
            elif of_line and signs.strings:
                by_line.add(place)
            if not signs.strings:
                unsigned.append(place)
        owners = tuple((len(_BREAK) * shifted, tuple(each)) for shifted, each in places.values())
        return _Scan(AhoCorasick(places), owners, frozenset(leading), frozenset(by_line), tuple(unsigned))

    def signs_in(self, lowered: str) -> list[int]:
        """Where signs begin, in the order in which they end."""
        return [start for _, start, _ in _matches(self._scan.automaton, lowered)]

    def possible(self, text: str) -> list[tuple[T, Finds]]:
        """In their order the things whose patterns may match the text, and where."""
        scan = self._scan
        found = _matches(scan.automaton, _BREAK + (text if self._lowered else in_lower_case(text)))
        if not found and not scan.unsigned:
            return []
        starts: dict[int, list[int]] = {place: [] for place in scan.unsigned}
        owners = scan.owners
        for sign, start, _ in found:
            shift, places = owners[sign]
            for place in places:
                if place in starts:
                    starts[place].append(start - shift)
                else:
                    starts[place] = [start - shift]
        return [self._finds(place, text, starts[place]) for place in sorted(starts)]

    def _finds(self, place: int, text: str, starts: list[int]) -> tuple[T, Finds]:
        told, thing = self._told[place]
        pattern = told.compiled if isinstance(told, Phrase) else told
        if place in self._scan.leading:
            starts.sort()
            return thing, Finds(pattern, text, starts)
        return thing, Finds(pattern, text, _line_starts(text, starts) if place in self._scan.by_line else None)

    def cut_from(self, text: str) -> str:
        """The text with a space in the place of each find."""
        spans = sorted(found.span() for _, finds in self.possible(text) for found in finds.each())
        pieces, at = list[str](), 0
        for start, end in spans:
            if start >= at:
                pieces.append(text[at:start])
            at = max(at, end)
        return " ".join([*pieces, text[at:]])

    def found_in(self, text: str) -> list[T]:
        """In their order the things whose patterns match the text."""
        return [thing for thing, finds in self.possible(text) if finds.first()]


class Heard(Generic[T]):
    """A text that was searched once for all that a sieve tells, to be asked about any part of it."""

    def __init__(self, sieve: Sieve[T], text: str) -> None:
        self._finds: dict[T, list[Finds]] = {}
        for thing, finds in sieve.possible(text):
            self._finds.setdefault(thing, []).append(finds)

    def says(self, thing: T, begin: int = 0, end: int = sys.maxsize) -> bool:
        """A pattern that tells it matches there."""
        return any(finds.first(begin, end) for finds in self._finds.get(thing, ()))

    def place_of(self, thing: T, begin: int = 0, end: int = sys.maxsize) -> int | None:
        """Where the first match there begins of any pattern that tells it."""
        found = (finds.first(begin, end) for finds in self._finds.get(thing, ()))
        return min((match.start() for match in found if match), default=None)

    def times(self, thing: T, begin: int = 0, end: int = sys.maxsize) -> int:
        """How many of the patterns that tell it match there."""
        return sum(finds.first(begin, end) is not None for finds in self._finds.get(thing, ()))


def _begins_lines(pattern: re.Pattern[str] | Phrase) -> bool:
    if not pattern.flags & re.MULTILINE or pattern.flags & re.DOTALL:
        return False
    return all(each.startswith("^") for each in alternatives(pattern.pattern))


def _line_starts(text: str, places: Iterable[int]) -> list[int]:
    """Where the lines begin in which the places are."""
    return sorted({text.rfind("\n", 0, place) + 1 for place in places})


def _matches(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    try:
        return automaton.find_matches_as_indexes(text, overlapping=True)
    except UnicodeEncodeError:  # half a surrogate pair, as JSON can spell it
        return automaton.find_matches_as_indexes(text.encode("utf-8", "replace").decode(), overlapping=True)


class Sought:
    """One long pattern, in any case: tried only where one of its signs stands."""

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self.pattern = Phrase(pattern, re.IGNORECASE | flags)
        self._sieve = Sieve([(self.pattern, self)])

    def search(self, text: str) -> re.Match[str] | None:
        possible = self._sieve.possible(text)
        return possible[0][1].first() if possible else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        possible = self._sieve.possible(text)
        return possible[0][1].each() if possible else iter(())

    def cut_from(self, text: str) -> str:
        """The text with a space in the place of each find."""
        return self._sieve.cut_from(text)
