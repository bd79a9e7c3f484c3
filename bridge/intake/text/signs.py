"""The signs of a pattern: plain strings of which at least one stands in whatever the pattern matches.

They are read off the pattern itself, so that nobody keeps them by hand. A text without any needs no closer look, and
where every match begins with one, nothing else needs it either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

_QUANTIFIER = re.compile(r"(?:(?P<mark>[?*+])|\{(?P<least>\d{0,4})(?P<more>,(?P<most>\d{0,4}))?\})[?+]?")
_PLAIN = re.compile(r"[\w '\"/:;,<>=&%~#@!-]+(?![?*+{])")
"""Characters that stand for themselves, and once."""
_GROUP_HEAD = re.compile(r"\?(?:(?P<look><?[=!])|P<\w+>|P=(?P<again>\w+)|[a-z]*(?:-[a-z]+)?:)")
_LIKE = (("\u0130", "i"), ("\u0131", "i"), ("\u017f", "s"))
_NOWHERE = frozenset("bBAZ")
"""Escapes that stand between characters."""
_CLASSES = frozenset("dDsSwW0123456789")
_BREAKING = frozenset("sDW")
"""Classes of characters that hold the line break."""
_WHITE = {"n": "\n", "t": "\t", "r": "\r"}
_CODE_POINT = {"x": 2, "u": 4, "U": 8}
_MOST_CHARACTERS, _MOST_STRINGS = 5, 150
_LONG_ENOUGH = 5
_SELDOM = "#%"
"""Single characters that few lines hold."""
_NONE: frozenset[str] = frozenset()
_BLANK = frozenset({""})


@dataclass(frozen=True)
class _Piece:
    """Part of a pattern.

    exact   all strings that it matches, where these are few; None where they are not
    signs   strings of which each of its matches holds one; empty where nothing is certain
    starts  strings with one of which each of its matches begins; likewise
    """

    exact: frozenset[str] | None = None
    signs: frozenset[str] = _NONE
    starts: frozenset[str] = _NONE

    def certain(self) -> frozenset[str]:
        return self.signs if self.exact is None or "" in self.exact else self.exact

    def beginnings(self) -> frozenset[str]:
        return self.starts if self.exact is None or "" in self.exact else self.exact


_ANYTHING, _NOTHING = _Piece(), _Piece(_BLANK)


@dataclass(frozen=True)
class Signs:
    """In lower case; none where nothing is certain, or what is certain is a single character that stands everywhere.

    leading  every match begins with one of them
    """

    strings: frozenset[str]
    leading: bool


def signs_of(pattern: str, *, in_first_line: bool = False) -> Signs:
    """Those that matches begin with, where there are such; else those that stand anywhere in them.

    in_first_line   only those before which no line break can come in a match (`.` is none)
    """
    piece = _Parser(pattern, in_first_line=in_first_line).alternatives()
    beginnings = piece.beginnings()
    if beginnings and _are_telling(beginnings):
        return Signs(_first_of_each(beginnings), leading=True)
    signs = _shortest(piece.certain())
    return Signs(signs if _are_telling(signs) else _NONE, leading=False)


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


def in_lower_case(text: str) -> str:
    """As long as the text itself, and alike where patterns in any case take letters for alike: the Turkish i with its
    dot and without are i."""
    return text.lower() if text.isascii() else _beyond_ascii_in_lower_case(text)


@lru_cache(maxsize=8)
def _beyond_ascii_in_lower_case(text: str) -> str:
    """Slow, and asked for one text after the other of the same mail."""
    for letter, plain in _LIKE:
        text = text.replace(letter, plain)
    return text.lower()


def _are_telling(strings: frozenset[str]) -> bool:
    return all(len(each) > 1 or each in _SELDOM or not each.isascii() for each in strings)


def _first_of_each(strings: frozenset[str]) -> frozenset[str]:
    """Without those that begin with another: where they stand, that one does."""
    kept: list[str] = []
    for each in sorted(strings):
        if not (kept and each.startswith(kept[-1])):
            kept.append(each)
    return frozenset(kept)


def _shortest(strings: frozenset[str]) -> frozenset[str]:
    """Without those that hold another: where they stand, that one does."""
    return frozenset(each for each in strings if not any(other in each for other in strings if other != each))


def _worth(signs: frozenset[str]) -> tuple[int, int]:
    """How seldom they stand where the pattern does not match: long ones do, and few."""
    return min(_LONG_ENOUGH, *(len(sign.encode()) for sign in signs)), -len(signs)


def _either(pieces: list[_Piece]) -> _Piece:
    if len(pieces) == 1:
        return pieces[0]
    exact = [piece.exact for piece in pieces if piece.exact is not None]
    together = frozenset().union(*exact) if len(exact) == len(pieces) else None
    signs = [piece.certain() for piece in pieces]
    starts = [piece.beginnings() for piece in pieces]
    return _Piece(
        together,
        frozenset().union(*signs) if all(signs) else _NONE,
        frozenset().union(*starts) if all(starts) else _NONE,
    )


def _joined(pieces: Iterable[_Piece]) -> _Piece:
    """One after the other: neighbours of few strings grow together, of the rest the best signs are kept."""
    best, run, whole, starts = _NONE, _BLANK, True, _NONE
    for piece in pieces:
        if piece.exact is not None and len(run) * len(piece.exact) <= _MOST_STRINGS:
            run = frozenset(map("".join, product(run, piece.exact)))
            continue
        if whole:
            starts = piece.beginnings() if run == _BLANK else _Piece(run).beginnings()
        best = _better(best, _Piece(run).certain())
        best = _better(best, piece.certain())
        run, whole = piece.exact or _BLANK, False
    best = _better(best, _Piece(run).certain())
    return _Piece(run if whole else None, best, starts)


def _many(piece: _Piece, least: int) -> _Piece:
    """The piece so often at least; of a single string that is a longer one."""
    if piece.exact is not None and len(piece.exact) == 1:
        run = frozenset(each * min(least, _LONG_ENOUGH) for each in piece.exact)
        return _Piece(None, run, run)
    return _Piece(None, piece.certain(), piece.beginnings())


def _better(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    return other if other and (not one or _worth(other) > _worth(one)) else one


class _Parser:
    """Reads a regular expression as far as the ones of this program go; what it does not know could be anything.

    in_first_line   so could what follows a possible line break
    """

    def __init__(self, pattern: str, *, in_first_line: bool = False) -> None:
        self._pattern = pattern
        self._at = 0
        self._in_first_line = in_first_line
        self._broken = False

    def alternatives(self) -> _Piece:
        before, pieces = self._broken, [self._sequence()]
        after = self._broken
        while self._take("|"):
            self._broken = before
            pieces.append(self._sequence())
            after = after or self._broken
        self._broken = after
        return _either(pieces)

    def _sequence(self) -> _Piece:
        pieces: list[_Piece] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            is_beyond = self._broken and self._in_first_line
            plain = self._plain()
            piece = _Piece(frozenset({in_lower_case(plain)})) if plain else self._repeated(self._atom())
            pieces.append(_ANYTHING if is_beyond else piece)
        return _joined(pieces)

    def _plain(self) -> str:
        found = _PLAIN.match(self._pattern, self._at)
        self._at = found.end() if found else self._at
        return found.group() if found else ""

    def _take(self, char: str) -> bool:
        if self._pattern[self._at : self._at + 1] != char:
            return False
        self._at += 1
        return True

    def _next(self) -> str:
        self._at += 1
        return self._pattern[self._at - 1]

    def _atom(self) -> _Piece:
        match char := self._next():
            case "(":
                return self._group()
            case "[":
                return self._one_of()
            case "\\":
                return self._escaped()
            case "^" | "$":
                return _NOTHING
            case ".":
                return _ANYTHING
            case _:
                self._broken = self._broken or char == "\n"
                return _Piece(frozenset({in_lower_case(char)}))

    def _group(self) -> _Piece:
        head = _GROUP_HEAD.match(self._pattern, self._at)
        self._at = head.end() if head else self._at
        again = head is not None and head.group("again") is not None
        self._broken = self._broken or again
        piece = _ANYTHING if again else self.alternatives()
        self._take(")")
        return _NOTHING if head and head.group("look") else piece

    def _one_of(self) -> _Piece:
        """A set of characters: few plain ones are as many strings."""
        but = self._take("^")
        plain = not but
        chars = {"]"} if self._take("]") else set[str]()
        while not self._take("]"):
            char = self._next()
            if char == "\\":
                char = _WHITE.get(escaped := self._next(), escaped)
                chars.update("\n" if escaped in _BREAKING else "")
                plain = plain and not char.isalnum()
            elif char == "-" and chars and self._pattern[self._at] != "]":
                plain = False
            chars.add(in_lower_case(char))
        self._broken = self._broken or ("\n" in chars) != but
        return _Piece(frozenset(chars)) if plain and len(chars) <= _MOST_CHARACTERS else _ANYTHING

    def _escaped(self) -> _Piece:
        char = self._next()
        if char in _NOWHERE:
            return _NOTHING
        if char in _CODE_POINT:
            digits = self._pattern[self._at : self._at + _CODE_POINT[char]]
            self._at += len(digits)
            return _Piece(frozenset({in_lower_case(chr(int(digits, 16)))}))
        char = _WHITE.get(char, char)
        self._broken = self._broken or char == "\n" or char in _BREAKING
        return _ANYTHING if char in _CLASSES or char.isalpha() else _Piece(frozenset({char}))

    def _repeated(self, piece: _Piece) -> _Piece:
        found = _QUANTIFIER.match(self._pattern, self._at)
        if not found or found.group() == "{}":
            return piece
        self._at = found.end()
        least = 1 if found.group("mark") == "+" else int(found.group("least") or 0)
        if least:
            once = found.group("least") == "1" and not found.group("more")
            return piece if once else _many(piece, least)
        optional = found.group("mark") == "?" or found.group("most") == "1"
        return _Piece(piece.exact | _BLANK) if optional and piece.exact is not None else _ANYTHING
