"""Words that tell the offence, in the languages complaints come in: patterns in lower case, one phrase each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What is said of one category.

    plain  phrases that name it plainly
    hints  words that go with it, and with other things too
    traces what log lines that are shown for it look like: they settle what a writer left open
    """

    plain: tuple[str, ...]
    hints: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
