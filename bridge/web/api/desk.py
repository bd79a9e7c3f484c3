"""Cases, actions and services: what is known of them, and what admins decide about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response

from bridge.views import Filter, Page, Source
from bridge.web import schemas
from bridge.web.answers import answer
from bridge.web.auth import DECIDE, READ, Guard, caller
from bridge.web.desk import Answer, Desk
from bridge.web.spec import Room

Json = Any


def desk_room(desk: Desk, guard: Guard) -> Room:
    """All calls of an admin's desk."""
    room = Room("desk", "Cases, actions and services", guard)
    _lists(room, desk)
    _single(room, desk)
    _findings(room, desk)
    for verb, decide, summary in (
        ("approve", desk.approve, "Agree to a proposed action"),
        ("reject", desk.reject, "Say no to a proposed action"),
        ("retry", desk.retry, "Try a failed action again"),
    ):
        _decision(room, verb, decide, summary)
    _confirmation(room, desk)
    return room


_READING = (401, 403)
_ONE = (401, 403, 404)
_DECIDING = (401, 403, 404, 409, 413, 415, 422)


def _lists(room: Room, desk: Desk) -> None:
    @room.call("/cases", scopes=(READ,), answers=(200, schemas.CasesOut), fails=_READING, query=schemas.ListQuery)
    def get_cases(wanted: Mapping[str, Json]) -> Response:
        """List cases"""
        return _page(desk.cases, wanted)

    @room.call("/actions", scopes=(READ,), answers=(200, schemas.ActionsOut), fails=_READING, query=schemas.ListQuery)
    def get_actions(wanted: Mapping[str, Json]) -> Response:
        """List actions"""
        return _page(desk.actions, wanted)


def _page(read: Callable[[Filter, int, str | None], Page], wanted: Mapping[str, Json]) -> Response:
    named = {name: wanted[name] for name in ("status", "state", "service", "client", "case", "category")}
    page = read(Filter(**named), wanted["limit"], wanted["cursor"])
    return answer({"items": list(page.items), "total": page.total, "next": page.next})


def _single(room: Room, desk: Desk) -> None:
    @room.call("/cases/<id:case>", scopes=(READ,), answers=(200, schemas.CaseOut), fails=_ONE)
    def get_case(case: str) -> Response:
        """One case"""
        return answer(desk.case(case))

    @room.call("/actions/<id:action>", scopes=(READ,), answers=(200, schemas.ActionOut), fails=_ONE)
    def get_action(action: str) -> Response:
        """One action"""
        return answer(desk.action(action))

    @room.call("/sources", scopes=(READ,), answers=(200, schemas.SourcesOut), fails=_READING)
    def get_sources() -> Response:
        """Where complaints come from, and how each source is"""
        found = list(desk.sources())
        return answer({"items": found, "total": len(found), "next": None})

    @room.call("/listings", scopes=(READ,), answers=(200, schemas.ListingsOut), fails=_READING)
    def get_listings() -> Response:
        """On which blocklists our own addresses stand"""
        found = list(desk.listings())
        return answer({"items": found, "total": len(found), "next": None})

    @room.call("/services/<id:service>", scopes=(READ,), answers=(200, schemas.ServiceOut), fails=_ONE)
    def get_service(service: str) -> Response:
        """What stands against a service"""
        return answer(desk.service(service))


def _findings(room: Room, desk: Desk) -> None:
    @room.call(
        "/cases/<id:case>/findings",
        scopes=(DECIDE,),
        answers=(202, schemas.ReceiptOut),
        fails=_DECIDING,
        body=schemas.FindingIn,
    )
    def post_finding(given: Mapping[str, Json], case: str) -> Response:
        """Record what was established about a case"""
        source = caller().source_named(given["by"])
        receipt = desk.record_finding(case, given["finding"], given["note"], source)
        return answer({"event": receipt.event, "records": list(receipt.records)}, HTTPStatus.ACCEPTED)


def _decision(room: Room, verb: str, decide: Callable[[str, str | None, Source], Answer], summary: str) -> None:
    def post_decision(given: Mapping[str, Json], action: str) -> Response:
        return answer(decide(action, given["reason"], caller().source_named(given["by"])))

    post_decision.__doc__ = summary
    post_decision.__name__ = verb
    room.call(
        f"/actions/<id:action>/{verb}",
        scopes=(DECIDE,),
        answers=(200, schemas.ActionOut),
        fails=_DECIDING,
        body=schemas.DecisionIn,
    )(post_decision)


def _confirmation(room: Room, desk: Desk) -> None:
    @room.call(
        "/actions/<id:action>/confirm",
        scopes=(DECIDE,),
        answers=(200, schemas.ActionOut),
        fails=_DECIDING,
        body=schemas.ConfirmationIn,
    )
    def confirm(given: Mapping[str, Json], action: str) -> Response:
        """Say that a manual action was done by hand"""
        source = caller().source_named(given["by"])
        return answer(desk.confirm(action, given["reason"], source, given["invoice"]))
