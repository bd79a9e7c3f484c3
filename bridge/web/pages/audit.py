"""The log, searchable, and whether its chain is whole."""

from __future__ import annotations

from bridge.events import EVENT_TYPES
from bridge.reading import Reading
from bridge.reading.trail import Asked
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit


class AuditPages:
    """The page `/audit`."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def show(self, visit: Visit) -> PageAnswer:
        before = visit.asked("before")
        is_place = before.isascii() and before.isdecimal() and len(before) <= 15
        asked = Asked(
            words=visit.asked("q")[:300],
            type=visit.one_of("type", EVENT_TYPES),
            client=visit.asked("client")[:256],
            before=int(before) if is_place else 0,
        )
        trail = self._reading.trails.find(asked)
        types = sorted(EVENT_TYPES)
        return visit.page("audit.html", visit.text("nav.audit"), trail=trail, asked=asked, types=types)
