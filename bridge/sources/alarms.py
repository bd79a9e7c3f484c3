"""When a source of complaints goes silent or starts failing, staff is told, once; and once more when it is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import Any

import structlog

from bridge.errors import PanelError, PanelUnreachable
from bridge.ports import Clock
from bridge.store.sources import FAILING, OK, SILENT, Expectations, note_told, register, shown_sources
from bridge.store.store import Store

Json = Any
Tell = Callable[[str, str], None]
"""(subject, text): one message to staff; raises a PanelError."""

_log = structlog.get_logger(__name__)

EVERY = 30.0


class Alarms:
    """Looks after all sources.

    tell  how staff is written to; the first way that works is enough. None at all: metrics, readyz and the log say it
    """

    name = "alarms"

    def __init__(self, store: Store, expected: Expectations, clock: Clock, tell: Sequence[Tell]) -> None:
        self._store = store
        self._expected = expected
        self._clock = clock
        self._tell = tell

    def run(self, stop: Event) -> None:
        self._store.write(lambda unit: register(unit, self._expected, self._clock.wall()))
        while not stop.is_set():
            self.look()
            stop.wait(EVERY)

    def look(self) -> None:
        """Tell what has changed since staff was told last."""
        with self._store.read() as connection:
            sources = shown_sources(connection, self._expected, self._clock.wall())
        for source in sources:
            state = source["state"]
            if state in (FAILING, SILENT) and source["told"] != state:
                self._told(source, state)
            elif state == OK and source["told"] is not None:
                self._told(source, None)

    def _told(self, source: Mapping[str, Json], state: str | None) -> None:
        _log.warning("a source of complaints", source=source["name"], state=state or OK, error=source["error"])
        if self._said(*alarm(source)):
            self._store.write(lambda unit: note_told(unit, source["name"], state))

    def _said(self, subject: str, text: str) -> bool:
        """Whether staff was told, or at least may have been: a lost answer is not sent again."""
        reached = not self._tell
        for tell in self._tell:
            try:
                tell(subject, text)
            except PanelUnreachable:
                continue
            except PanelError as trouble:
                _log.warning("staff may not have been told", error=type(trouble).__name__)
            reached = True
            break
        return reached


def alarm(source: Mapping[str, Json]) -> tuple[str, str]:
    """Subject and text. What a server said is quoted, no message ever is."""
    name, kind = source["name"], source["kind"]
    last = source["last_message"] or "never"
    match source["state"]:
        case "failing":
            said = f"Since {source['failing_since']} it cannot be read: {source['error']}"
            return f"Complaints from {name} cannot be read", f"{name} ({kind})\n\n{said}\nLast message: {last}\n"
        case "silent":
            said = f"It has brought nothing for longer than {source['silent_after']}. Last message: {last}"
            return f"No complaints from {name}", f"{name} ({kind})\n\n{said}\nIs it still being sent to us?\n"
        case _:
            return f"Complaints from {name} arrive again", f"{name} ({kind})\n\nLast message: {last}\n"
