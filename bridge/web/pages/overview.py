"""The first page: what waits, and how the days go."""

from __future__ import annotations

from bridge.office import Office
from bridge.reading import Reading
from bridge.state import OPEN_STATUSES
from bridge.views import Filter
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit


class Overview:
    """The page `/`."""

    def __init__(self, desk: Office, reading: Reading) -> None:
        self._desk = desk
        self._reading = reading

    def show(self, visit: Visit) -> PageAnswer:
        counts = self._reading.waiting.counts()
        cases = {status: self._desk.cases(Filter(status=status), 1, None).total for status in sorted(OPEN_STATUSES)}
        return visit.page("overview.html", visit.text("nav.overview"), counts=counts, cases=cases)
