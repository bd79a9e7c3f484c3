"""Plain pages: what waits for an admin, with forms to decide; a client's own cases. No scripts, all escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bridge.errors import Conflict, InvalidInput, NotAllowed, NotFound, TipstaffError
from bridge.views import Filter
from bridge.web.desk import Desk
from bridge.web.pages.page import ADMIN, PageAnswer, PageRequest

Json = Any
Page = Callable[[PageRequest, str], PageAnswer]

SHOWN = 100
_LONGEST_REASON = 2000
_STATUS: Mapping[type[TipstaffError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
}
_OPEN = ("opened", "awaiting_staff", "awaiting_customer", "awaiting_reporter")


class PlainPages:
    """Pages of server-rendered HTML over the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._templates: Environment | None = None

    def render(self, request: PageRequest) -> PageAnswer:
        """The page at a path; 404 where there is none, also for a case that is another client's."""
        if request.viewer.role != ADMIN:
            return self._client_page(request)
        match request.method, request.path:
            case "GET", "/":
                return self._overview(request)
            case "GET", "/actions":
                return self._actions(request)
            case "POST", "/actions":
                return self._decide(request)
            case "POST", "/":
                return self._said(request, HTTPStatus.METHOD_NOT_ALLOWED, "Nothing is decided on this page.")
        return self._said(request, HTTPStatus.NOT_FOUND, "There is no such page.")

    # ---- admins ----

    def _overview(self, request: PageRequest) -> PageAnswer:
        waiting = {state: self._actions_in(state, 1).total for state in ("proposed", "failed", "manual")}
        cases = {status: self._desk.cases(Filter(status=status), 1, None).total for status in _OPEN}
        return self._page(request, "overview.html", "Tipstaff", waiting=waiting, cases=cases)

    def _actions(self, request: PageRequest, status: HTTPStatus = HTTPStatus.OK, message: str = "") -> PageAnswer:
        groups = [
            ("Waiting for approval", "proposed", (("approve", "Approve"), ("reject", "Reject"))),
            ("Failed", "failed", (("retry", "Try again"),)),
            ("To be done by hand", "manual", (("confirm", "Done"),)),
        ]
        shown = [
            {"heading": heading, "state": state, "buttons": buttons, "page": self._actions_in(state, SHOWN)}
            for heading, state, buttons in groups
        ]
        return self._page(request, "actions.html", "Actions", status, groups=shown, message=message)

    def _actions_in(self, state: str, limit: int) -> Any:
        return self._desk.actions(Filter(state=state), limit, None)

    def _decide(self, request: PageRequest) -> PageAnswer:
        ways = {
            "approve": self._desk.approve,
            "reject": self._desk.reject,
            "retry": self._desk.retry,
            "confirm": self._desk.confirm,
        }
        way = ways.get(request.filled("do"))
        if way is None:
            return self._actions(request, HTTPStatus.UNPROCESSABLE_ENTITY, "Choose what to do.")
        reason = request.filled("reason").replace("\x00", "")[:_LONGEST_REASON]
        try:
            way(request.filled("action").replace("\x00", ""), reason or None, request.source)
        except tuple(_STATUS) as refusal:
            return self._actions(request, _STATUS[type(refusal)], str(refusal))
        location = request.address("/actions")
        return PageAnswer(status=HTTPStatus.SEE_OTHER, title="Actions", html="", location=location)

    # ---- clients ----

    def _client_page(self, request: PageRequest) -> PageAnswer:
        if request.method != "GET":
            return self._said(request, HTTPStatus.METHOD_NOT_ALLOWED, "Nothing can be sent here.")
        if request.path == "/":
            page = self._desk.cases(Filter(client=request.viewer.id), SHOWN, None)
            return self._page(request, "client_cases.html", "Abuse cases", page=page)
        if request.path.startswith("/cases/"):
            case = self._own_case(request, request.path.removeprefix("/cases/"))
            if case is not None:
                return self._page(request, "client_case.html", f"Case {case['id']}", case=case)
        return self._said(request, HTTPStatus.NOT_FOUND, "There is no such page.")

    def _own_case(self, request: PageRequest, id_: str) -> Mapping[str, Json] | None:
        try:
            case = self._desk.case(id_)
        except NotFound:
            return None
        return case if case["client"] == request.viewer.id else None

    # ---- both ----

    def _said(self, request: PageRequest, status: HTTPStatus, message: str) -> PageAnswer:
        return self._page(request, "said.html", status.phrase, status, message=message)

    def _page(
        self, request: PageRequest, template: str, title: str, status: HTTPStatus = HTTPStatus.OK, **shown: Json
    ) -> PageAnswer:
        if self._templates is None:
            self._templates = Environment(
                loader=PackageLoader("bridge.web.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
            )
        html = self._templates.get_template(template).render(request=request, title=title, **shown)
        return PageAnswer(status=int(status), title=title, html=html)
