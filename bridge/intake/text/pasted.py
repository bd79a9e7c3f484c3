"""Header blocks of other mail, pasted into running text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIELD = re.compile(r"^[ \t]{0,8}(?P<name>[A-Z][A-Za-z0-9-]{1,50}|from|to|date|subject|received):(?:[ \t]|$)")
_FOLDED = re.compile(r"^[ \t]+\S")
_RUN_TOGETHER = re.compile(
    r"(?<=\S)[ \t]+(?=(?:Received|Authentication-Results|ARC-[A-Za-z-]{4,25}|DKIM-Signature|Return-Path|Message-I[Dd]"
    r"|MIME-Version|Content-Type|From|To|Subject|Date|Reply-To|X-[A-Za-z-]{2,60}):\s)"
)
_MOST_BLOCKS = 5
_BROKEN_FROM, _BROKEN_UP_TO = 55, 2000


@dataclass(frozen=True)
class Pasted:
    """A text parted by the header blocks in it.

    before  what stands before the first block: the writer's own words; all of the text where there is no block
    after   what stands behind it, the blocks left out
    """

    before: str
    after: str = ""
    blocks: tuple[str, ...] = ()


def split_pasted(text: str) -> Pasted:
    """The text parted by its header blocks, which are those that hold a `Received:` line."""
    if "eceived:" not in text:
        return Pasted(text)
    before: list[str] = []
    after: list[str] = []
    blocks: list[str] = []
    run: list[str] = []
    for line in [*_lines(text), ""]:
        if _FIELD.match(line) or (run and _FOLDED.match(line)):
            run.append(line)
            continue
        if run and line.strip() and _is_cut_off(run[-1]):
            run[-1] = f"{run[-1].rstrip()} {line.strip()}"
            continue
        _settle(run, before, after, blocks)
        run = []
        (after if blocks else before).append(line)
    return Pasted("\n".join(before), "\n".join(after), tuple(blocks[:_MOST_BLOCKS]))


def _lines(text: str) -> list[str]:
    """Lines, those parted again in which a mail program has run header fields together."""
    lines = text.split("\n")
    if not any("Received:" in line and line.count("Received: ") > 1 for line in lines):
        return lines
    parted: list[str] = []
    for line in lines:
        parted.extend(_RUN_TOGETHER.split(line) if "Received: " in line else [line])
    return parted


def _is_cut_off(line: str) -> bool:
    """A field so long that a mail program has broken it without indenting what follows."""
    last = line.rstrip()
    return _BROKEN_FROM < len(last.rpartition("\n")[2]) < _BROKEN_UP_TO or last.count("(") > last.count(")")


def _settle(run: list[str], before: list[str], after: list[str], blocks: list[str]) -> None:
    """A finished run of header-like lines is a block if mail travelled by it, else it is text."""
    if any(line.lstrip().lower().startswith(("received:", "x-received:")) for line in run):
        margin = len(run[0]) - len(run[0].lstrip())
        blocks.append("\n".join(line[margin:] if line[:margin].isspace() else line for line in run))
    else:
        (after if blocks else before).extend(run)
