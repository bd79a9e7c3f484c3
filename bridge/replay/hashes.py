"""A set of texts that keeps no text: eight bytes for each, and as much again to find it."""

from __future__ import annotations

from array import array

_FIRST = 1024


class Hashes:
    """Texts known by their hash alone, of 64 bits.

    Two of the same hash are taken for one, of a million texts in one run of ten million.
    """

    def __init__(self) -> None:
        self._slots = _empty(_FIRST)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, text: str) -> None:
        if self._put(_hash(text)):
            self._count += 1
        if 2 * self._count > len(self._slots):
            known, self._slots = self._slots, _empty(2 * len(self._slots))
            for one in known:
                if one:
                    self._put(one)

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self._slots[self._place(_hash(text))] != 0

    def _put(self, one: int) -> bool:
        """Whether it was not there yet."""
        place = self._place(one)
        fresh = self._slots[place] == 0
        self._slots[place] = one
        return fresh

    def _place(self, one: int) -> int:
        """Where it stands, or the free slot where it may."""
        slots = self._slots
        last = len(slots) - 1
        place = one & last
        while slots[place] not in (0, one):
            place = (place + 1) & last
        return place


def _hash(text: str) -> int:
    """Never 0, which marks a free slot."""
    return hash(text) or 1


def _empty(size: int) -> array[int]:
    return array("q", bytes(8 * size))
