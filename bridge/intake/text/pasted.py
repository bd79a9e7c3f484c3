"""Header blocks of other mail, pasted into running text."""

from __future__ import annotations

import re

_FIELD = re.compile(r"^[ \t]{0,8}(?P<name>[A-Z][A-Za-z0-9-]{1,50}|from|to|date|subject|received):(?:[ \t]|$)")
_FOLDED = re.compile(r"^[ \t]+\S")
_MOST_BLOCKS = 5


def split_pasted(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without header blocks that hold a `Received:` line, and those blocks."""
    if "eceived:" not in text:
        return text, ()
    kept: list[str] = []
    blocks: list[str] = []
    run: list[str] = []
    for line in [*text.split("\n"), ""]:
        if _FIELD.match(line) or (run and _FOLDED.match(line)):
            run.append(line)
            continue
        _settle(run, kept, blocks)
        run = []
        kept.append(line)
    return "\n".join(kept), tuple(blocks[:_MOST_BLOCKS])


def _settle(run: list[str], kept: list[str], blocks: list[str]) -> None:
    """A finished run of header-like lines is a block if mail travelled by it, else it is text."""
    if any(line.lstrip().lower().startswith(("received:", "x-received:")) for line in run):
        margin = len(run[0]) - len(run[0].lstrip())
        blocks.append("\n".join(line[margin:] if line[:margin].isspace() else line for line in run))
    else:
        kept.extend(run)
