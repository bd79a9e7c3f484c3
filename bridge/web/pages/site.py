"""The pages by path: which room answers, for which role, and what becomes of what cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from bridge.errors import Conflict, InvalidInput, NotAllowed, NotFound, TipstaffError
from bridge.ports import Clock
from bridge.staff import Staff
from bridge.web.pages.page import ADMIN, CLIENT, PageAnswer, PageRequest
from bridge.web.pages.text import locale_of, text_of
from bridge.web.pages.visit import Visit, clean
from bridge.web.pages.zones import known_zone, zone_of

View = Callable[[Visit], PageAnswer]

_STATUS: Mapping[type[TipstaffError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
}


@dataclass(frozen=True, kw_only=True)
class Route:
    """A page. `path` ending in `/` takes an id behind it, which is the visit's subject."""

    role: str
    path: str
    show: View
    act: View | None = None

    def subject(self, path: str) -> str | None:
        """What the path names behind this page's own; None where it is another page's."""
        if self.path == path:
            return None if self.path.endswith("/") and self.path != "/" else ""
        if self.path != "/" and self.path.endswith("/") and path.startswith(self.path):
            return path.removeprefix(self.path)
        return None


class Site:
    """Implements `Pages` over routes; the first that fits answers."""

    def __init__(self, routes: Sequence[Route], clock: Clock, staff: Staff) -> None:
        self._routes = routes
        self._clock = clock
        self._staff = staff

    def render(self, request: PageRequest) -> PageAnswer:
        """The page at a path, or one that says why not; raises nothing of `bridge.errors` that has a status."""
        text = text_of(locale_of(request.viewer.locale, request.languages))
        viewer = request.viewer
        if viewer.role == ADMIN and request.verified:
            self._staff.meet(viewer.id, viewer.name)
        visit = Visit(request=request, text=text, now=self._clock.now(), name_of=self._staff.name, **_zone(request))
        for route in self._routes:
            subject = route.subject(request.path) if route.role == viewer.role else None
            if subject is not None:
                return self._answered(route, replace(visit, subject=clean(subject)))
        return visit.said(HTTPStatus.NOT_FOUND, text("said.no_page"))

    def _answered(self, route: Route, visit: Visit) -> PageAnswer:
        if visit.request.method == "POST":
            if route.act is None:
                return visit.said(HTTPStatus.METHOD_NOT_ALLOWED, visit.text("said.nothing_sent"))
            try:
                return route.act(visit)
            except tuple(_STATUS) as refusal:
                visit = replace(visit, trouble=_words(visit, refusal), status=_STATUS[type(refusal)])
        try:
            return route.show(visit)
        except tuple(_STATUS) as refusal:
            return visit.said(_STATUS[type(refusal)], _words(visit, refusal))


def _zone(request: PageRequest) -> dict[str, Any]:
    """Customers read times in the zone they chose, else in the one that the panel says; admins in UTC."""
    if request.viewer.role != CLIENT:
        return {}
    chosen = request.asked("zone") or request.filled("zone")
    kept = {"zone": chosen} if known_zone(chosen) else {}
    return {"zone": zone_of(chosen, request.viewer.timezone), "kept": kept}


def _words(visit: Visit, refusal: Exception) -> str:
    """Why not, in the viewer's language, and then in the program's own words; which button it was nobody needs told."""
    said = refusal.problem if isinstance(refusal, InvalidInput) and refusal.field == "do" else refusal
    return f"{visit.text.word('refused', type(refusal).__name__)} {said}"
