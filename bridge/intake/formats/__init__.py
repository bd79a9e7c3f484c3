"""A room for each family of formats. A room is a package here with a `FORMAT`; nothing else knows its name.

To add one: a folder with a pure reader `(mail, context) -> incidents`, and fixtures in tests/intake/<room>/.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from bridge.intake.context import Context
from bridge.intake.mail.document import Mail
from bridge.intake.model import Incident

Reader = Callable[[Mail, Context], Sequence[Incident]]


@dataclass(frozen=True)
class Format:
    """One family of formats.

    name   what `source_format` of its incidents says
    read   incidents found, none if the message is not of this family; never raises for what a sender writes
    exact  fields are read from structure, so that the general reading may only fill gaps
    rank   among formats that claim the same message the lowest wins
    """

    name: str
    read: Reader
    exact: bool = True
    rank: int = 50


@cache
def all_formats() -> tuple[Format, ...]:
    """Every room's format, best rank first."""
    rooms = (import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__) if found.ispkg)
    return tuple(sorted((room.FORMAT for room in rooms), key=lambda each: (each.rank, each.name)))
