"""Text of others made harmless: bounded, of one line, without what steers a terminal, a mail or a reader's eye."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, invisible and direction-changing characters, halves of pairs, private and unassigned ones, separators."""

_MOST_READ = 20_000


def plain(text: str, longest: int) -> str:
    """`text` in one line of at most `longest` characters; what cannot be seen becomes a space."""
    kept = "".join(" " if unicodedata.category(letter) in _UNSEEN else letter for letter in text[:_MOST_READ])
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
