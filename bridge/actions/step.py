"""A step: one panel call of an action, how to see whether it took effect, and how to make it.

The worker looks, commits the intent, makes the call once, and looks again. A step never retries, waits, or reads a
clock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bridge.actions.errand import Errand

Json = Any


class ByHand(Exception):
    """No panel of this host can do it: an admin does it by these exact instructions."""

    def __init__(self, instructions: str) -> None:
        self.instructions = instructions
        super().__init__(instructions)


class Later(Exception):
    """Not now: a machine is locked or busy. Nothing was done by this attempt."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


class UnderWay(Later):
    """What was begun goes on in the panel, which says so: nothing about it is unclear."""


class Impossible(Exception):
    """What the panels show rules it out for good (the service is terminated, the suspension is not ours)."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


@dataclass(frozen=True)
class Seen:
    """The effect is there, read in the panel.

    result  kept with the step. Words with a meaning for the whole action: theirs, unconfirmed, note, invoice, invoiced
    """

    result: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One call, ready to be made.

    command  how the panel's hooks will name it; empty where none fires
    call     makes it once. Returns what the answer said, or Seen where the effect was read back on the way. Raises
             PanelError, or Later
    service  which the hooks will name, where the action itself is about none
    """

    call: Callable[[], Mapping[str, Json] | Seen]
    command: str = ""
    service: str | None = None


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that a step will make, told beforehand without asking a panel.

    to       billing, server (the panel of the machine) or mail
    command  as the panel calls it
    given    what goes along, in words; what only the panel knows yet is left out
    """

    to: str
    command: str
    given: Mapping[str, str] = field(default_factory=dict)


class Sight(Enum):
    """What can be known of a step's effect.

    STATE   a state of the panel: looked at before and after; making it again does no harm
    ONCE    a state that must not be made again in haste (a termination): as STATE, but a lost call is given time
    OBJECT  a new object bearing our mark: after a lost call given time and looked for, never made twice
    BLIND   nothing to look at: sent at most once
    FACT    no call at all: something read and kept before a later step changes it
    """

    STATE = "state"
    ONCE = "once"
    OBJECT = "object"
    BLIND = "blind"
    FACT = "fact"


class Step(ABC):
    """One step. `name` is what its intent and its mark are kept under: it never changes."""

    name: str
    sight: Sight

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        """Whether the effect is there; only reads.

        since   when the first intent was committed; None where no call was ever made, so that no object is ours.
                Objects count only if they belong to the same client and were made no earlier
        Raises PanelError where it cannot be read, Impossible where it never can be.
        """
        return None

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        """The call that `prepare` will make, as far as it can be told from here: reads no panel. None for a fact."""
        return ()

    @abstractmethod
    def prepare(self, errand: Errand) -> Attempt:
        """The call, with all that has to be read for it; ByHand, Later or Impossible where it is not to be made."""

    def confirm(self, errand: Errand, since: datetime, answer: Mapping[str, Json]) -> Seen | None:
        """Read back after the panel said yes; None where the effect does not show (yet)."""
        seen = self.look(errand, since)
        return None if seen is None else Seen({**answer, **seen.result})


class Fact(Step):
    """Reads and keeps; `look` always finds."""

    sight = Sight.FACT

    @abstractmethod
    def look(self, errand: Errand, since: datetime | None) -> Seen: ...

    def prepare(self, errand: Errand) -> Attempt:
        return Attempt(call=lambda: self.look(errand, None))
