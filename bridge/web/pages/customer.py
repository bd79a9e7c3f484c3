"""The customer's pages: their own cases, and nobody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridge.categories import CHILD_ABUSE
from bridge.errors import NotFound
from bridge.office import Office
from bridge.views import Filter
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit

Json = Any

SHOWN = 100


def is_told(case: Mapping[str, Json]) -> bool:
    """A case about child abuse is the customer's to see only once a notice of it went out, if the policy sends one."""
    if case["category"] not in CHILD_ABUSE:
        return True
    return any(
        action["action"] == "notify_customer" and action["state"] == "done" and not action.get("simulated")
        for action in case.get("actions", ())
    )


class CustomerPages:
    """The pages `/` and `/cases/ID` of `/client`."""

    def __init__(self, desk: Office) -> None:
        self._desk = desk

    def cases(self, visit: Visit) -> PageAnswer:
        page = self._desk.cases(Filter(client=visit.request.viewer.id), SHOWN, None)
        shown = [case for case in page.items if is_told(case)]
        told = replace(page, items=shown, total=page.total - len(page.items) + len(shown))
        return visit.page("client_cases.html", visit.text("nav.own_cases"), page=told)

    def case(self, visit: Visit) -> PageAnswer:
        """Raises NotFound for another client's too, and for what the customer has not been told of."""
        case = self._desk.case(visit.subject)
        if case["client"] != visit.request.viewer.id or not is_told(case):
            raise NotFound(f"no case {visit.subject!r}")
        return visit.page("client_case.html", f"{visit.text('word.case')} {visit.subject}", case=case)
