"""What a check found, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """FAULT: it does not work until mended. WARNING: it works, with something missing. OK: looked at, nothing to do."""

    FAULT = "fault"
    WARNING = "warning"
    OK = "ok"


@dataclass(frozen=True)
class Finding:
    """`what` is what was seen, `mend` what to do about it; never holds a secret."""

    level: Level
    area: str
    what: str
    mend: str = ""


def fault(area: str, what: str, mend: str) -> Finding:
    return Finding(Level.FAULT, area, what, mend)


def warning(area: str, what: str, mend: str) -> Finding:
    return Finding(Level.WARNING, area, what, mend)


def fine(area: str, what: str) -> Finding:
    return Finding(Level.OK, area, what)
