"""Messages that a person has to look at, and what he makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from bridge.errors import InvalidInput
from bridge.views import Filter
from bridge.web import schemas
from bridge.web.answers import answer
from bridge.web.auth import DECIDE, READ, Guard, caller
from bridge.web.desk import Desk
from bridge.web.spec import Room

Json = Any


def reviews_room(desk: Desk, guard: Guard) -> Room:
    """The calls."""
    room = Room("reviews", "Messages that a person has to look at", guard)

    @room.call(
        "/reviews", scopes=(READ,), answers=(200, schemas.ReviewsOut), fails=(401, 403), query=schemas.ReviewQuery
    )
    def get_reviews(wanted: Mapping[str, Json]) -> Response:
        """List messages to be looked at"""
        page = desk.reviews(Filter(state=wanted["state"]), wanted["limit"], wanted["cursor"])
        return answer({"items": list(page.items), "total": page.total, "next": page.next})

    @room.call("/reviews/<id:review>", scopes=(READ,), answers=(200, schemas.ReviewOut), fails=(401, 403, 404))
    def get_review(review: str) -> Response:
        """One of them"""
        return answer(desk.review(review))

    @room.call(
        "/reviews/<id:review>/resolve",
        scopes=(DECIDE,),
        answers=(200, schemas.ReviewOut),
        fails=(401, 403, 404, 409, 413, 415, 422),
        body=schemas.ResolutionIn,
    )
    def post_resolution(given: Mapping[str, Json], review: str) -> Response:
        """Accept a message as a complaint, with corrections, or file it as none"""
        corrections = list(given["corrections"])
        if given["correction"] is not None:
            if corrections:
                raise InvalidInput("correction", "is given beside corrections; say one of them")
            corrections = [given["correction"]]
        source = caller().source_named(given["by"])
        return answer(desk.resolve_review(review, given["resolution"], corrections, given["note"], source))

    return room
