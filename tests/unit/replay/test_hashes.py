"""Texts are remembered by their hashes alone."""

from __future__ import annotations

from bridge.replay.hashes import Hashes


def test_what_was_added_is_in_it_and_nothing_else() -> None:
    hashes = Hashes()
    for number in range(5_000):
        hashes.add(f"e{number}")
    assert all(f"e{number}" in hashes for number in range(5_000))
    assert not any(f"e{number}" in hashes for number in range(5_000, 10_000))


def test_what_is_added_twice_counts_once() -> None:
    hashes = Hashes()
    for text in ("one", "other", "one", ""):
        hashes.add(text)
    assert len(hashes) == 3
    assert "" in hashes
    assert None not in hashes
