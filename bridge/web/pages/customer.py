"""The customer's pages: their own cases, and nobody else's."""

from __future__ import annotations

from bridge.errors import NotFound
from bridge.office import Office
from bridge.views import Filter
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit

SHOWN = 100


class CustomerPages:
    """The pages `/` and `/cases/ID` of `/client`."""

    def __init__(self, desk: Office) -> None:
        self._desk = desk

    def cases(self, visit: Visit) -> PageAnswer:
        page = self._desk.cases(Filter(client=visit.request.viewer.id), SHOWN, None)
        return visit.page("client_cases.html", visit.text("nav.own_cases"), page=page)

    def case(self, visit: Visit) -> PageAnswer:
        """Raises NotFound for another client's too."""
        case = self._desk.case(visit.subject)
        if case["client"] != visit.request.viewer.id:
            raise NotFound(f"no case {visit.subject!r}")
        return visit.page("client_case.html", f"{visit.text('word.case')} {visit.subject}", case=case)
