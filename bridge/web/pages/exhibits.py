"""Files of customers for admins: handed out to be saved, under a safe name, never shown."""

from __future__ import annotations

from collections.abc import Callable

from bridge.errors import NotFound
from bridge.exhibits import fetch
from bridge.office import Office
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit

OPAQUE = "application/octet-stream"
"""Nothing opens it by itself, whatever it holds."""


def exhibit_file(office: Office) -> Callable[[Visit], PageAnswer]:
    """The page `/exhibits/EVENT/PLACE`."""

    def show(visit: Visit) -> PageAnswer:
        event, _, place = visit.subject.rpartition("/")
        if not (place.isascii() and place.isdecimal() and len(place) < 4):
            raise NotFound(visit.text("said.no_page"))
        name, content = fetch(office.desk.store, event, int(place))
        return visit.hand_out(name, OPAQUE, content)

    return show
