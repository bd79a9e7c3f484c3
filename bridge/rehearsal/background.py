"""Rehearsals that the desk's page begins and looks in on: one at a time, beside the pages, its last outcome kept.

What happened in months takes longer than a panel waits for a page. An outcome is kept until the program ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bridge.errors import Conflict, TipstaffError
from bridge.ports import Clock
from bridge.rehearsal import Tell

Json = Any


class Rehearse(Protocol):
    """As `Office.rehearse`."""

    def __call__(
        self, pack: str, since: datetime | None, tell: Tell | None, *, file: bytes | None
    ) -> Mapping[str, Json]: ...


Begin = Callable[[Callable[[], None]], None]

_AT_A_STRETCH, _BREATH = 0.002, 0.0005
"""Seconds that a rehearsal computes, and then leaves the processor to whoever asks for a page."""


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """One rehearsal: `share` of it is done, from 0 to 1; at its end `found` is what `Comparison.to_json` says.

    trouble  why there is no outcome; empty while it is under way
    """

    pack: str
    window: str
    by: str
    started: datetime
    share: float = 0.0
    ended: datetime | None = None
    found: Mapping[str, Json] | None = None
    trouble: str = ""


def in_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="rehearsal", daemon=True).start()


class Rehearsals:
    """What is under way, or was last; the same for every admin."""

    def __init__(self, rehearse: Rehearse, clock: Clock, begin: Begin = in_thread) -> None:
        self._rehearse = rehearse
        self._clock = clock
        self._begin = begin
        self._lock = threading.Lock()
        self._last: Rehearsal | None = None

    @property
    def last(self) -> Rehearsal | None:
        return self._last

    def begin(self, pack: str, window: str, length: timedelta, by: str, *, file: bytes | None = None) -> None:
        """Rehearse with what happened in `window`, which is `length` long; raises Conflict while one runs.

        file  what a pack file of the host's own holds; then `pack` is its name
        """
        now = self._clock.now()
        with self._lock:
            if self._last is not None and self._last.ended is None:
                raise Conflict("a rehearsal is under way: wait for its end")
            self._last = Rehearsal(pack=pack, window=window, by=by, started=now)
        self._begin(lambda: self._run(pack, now - length, file))

    def _run(self, pack: str, since: datetime, file: bytes | None) -> None:
        found: Mapping[str, Json] | None = None
        trouble = "it broke off; the program's own messages say where"
        try:
            found = self._rehearse(pack, since, _breathing(self._tell), file=file)
        except TipstaffError as refusal:
            trouble = str(refusal)
        finally:
            self._note(found=found, trouble="" if found is not None else trouble, ended=self._clock.now())

    def _tell(self, share: float) -> None:
        self._note(share=share)

    def _note(self, **changed: Json) -> None:
        if self._last is not None:
            self._last = replace(self._last, **changed)


def _breathing(tell: Tell) -> Tell:
    """Told at every event, it passes on now and then, and lets the pages have their turn."""
    rested = time.monotonic()

    def told(share: float) -> None:
        nonlocal rested
        if time.monotonic() - rested < _AT_A_STRETCH:
            return
        tell(share)
        time.sleep(_BREATH)
        rested = time.monotonic()

    return told
