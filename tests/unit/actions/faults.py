"""What can go wrong with one call that changes a panel, and calls counted, so that a test can hit each of them."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from bridge.errors import PanelRefused, PanelUnclear, PanelUnreachable

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound="Faulty")


class Crash(BaseException):
    """The process is killed here: nothing after it runs."""


class Fault(Enum):
    LOST_BEFORE = "the answer is lost and nothing happened"
    LOST_AFTER = "it happened and the answer is lost"
    LOST_LATE = "the answer is lost and it happens a little later"
    REFUSED = "the panel says no"
    REFUSED_AFTER = "it happened and the panel reports an error"
    UNREACHABLE = "the call is never sent"
    CRASH_BEFORE = "killed before the call is sent"
    CRASH_AFTER = "killed after the call, before its answer"


WORDS = "the panel's own words"

_BEFORE: dict[Fault, Callable[[], BaseException]] = {
    Fault.LOST_BEFORE: lambda: PanelUnclear("panel", "no answer"),
    Fault.REFUSED: lambda: PanelRefused("panel", WORDS),
    Fault.UNREACHABLE: lambda: PanelUnreachable("panel", "no connection"),
    Fault.CRASH_BEFORE: Crash,
}
_AFTER: dict[Fault, Callable[[], BaseException]] = {
    Fault.LOST_AFTER: lambda: PanelUnclear("panel", "no answer"),
    Fault.REFUSED_AFTER: lambda: PanelRefused("panel", WORDS),
    Fault.CRASH_AFTER: Crash,
}


class Faults:
    """Shared by all fakes of one test: the writes in order, and what goes wrong with which of them."""

    def __init__(self) -> None:
        self.writes: list[str] = []
        self.planned: dict[int, Fault] = {}
        self.late: list[Callable[[], object]] = []
        self.reading: BaseException | None = None

    def at(self, write: int, fault: Fault) -> None:
        """The write number `write`, from 0, meets `fault`."""
        self.planned[write] = fault

    def time_passes(self) -> None:
        """What was on its way arrives."""
        late, self.late = self.late, []
        for effect in late:
            effect()


class Faulty:
    """A fake whose writes may fail."""

    faults: Faults


def write(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Count a call that changes something, and let it fail as planned."""

    @wraps(method)
    def call(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
        fault = self.faults.planned.pop(len(self.faults.writes), None)
        self.faults.writes.append(method.__name__)
        if fault is Fault.LOST_LATE:
            self.faults.late.append(lambda: method(self, *args, **kwargs))
            raise PanelUnclear("panel", "no answer")
        if fault in _BEFORE:
            failure = _BEFORE[fault]()
            raise failure
        result = method(self, *args, **kwargs)
        if fault in _AFTER:
            failure = _AFTER[fault]()
            raise failure
        return result

    return cast("Callable[Concatenate[S, P], R]", call)


def read(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """A call that changes nothing; fails while `faults.reading` says so."""

    @wraps(method)
    def call(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
        if self.faults.reading is not None:
            raise self.faults.reading
        return method(self, *args, **kwargs)

    return cast("Callable[Concatenate[S, P], R]", call)
