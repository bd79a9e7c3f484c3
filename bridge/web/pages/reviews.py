"""Messages that were not read with confidence: a person says what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.categories import CATEGORIES
from bridge.errors import InvalidInput, NotAllowed
from bridge.office import Office
from bridge.reviews import ACCEPTED, NO_COMPLAINT, OPEN, REVIEW_STATES
from bridge.timeformat import format_time
from bridge.views import Filter
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit
from bridge.web.report_form import time_of

Json = Any

PER_PAGE = 50
LONGEST_MESSAGE = 20_000


class ReviewPages:
    """The pages `/reviews` and `/reviews/ID`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def list(self, visit: Visit) -> PageAnswer:
        state = visit.one_of("state", REVIEW_STATES) or OPEN
        page = self._office.reviews(Filter(state=state), PER_PAGE, visit.asked("cursor") or None)
        did = visit.asked("did")
        done = visit.text.word("did_review", did) if did in (ACCEPTED, NO_COMPLAINT) else ""
        return visit.page(
            "reviews.html", visit.text("nav.reviews"), page=page, state=state, states=REVIEW_STATES, done=done
        )

    def show(self, visit: Visit) -> PageAnswer:
        review = self._office.review(visit.subject)
        return visit.page(
            "review.html",
            visit.text("reviews.one"),
            review=review,
            message=self._message(visit.subject),
            categories=sorted(CATEGORIES),
            is_open=review["state"] == OPEN,
        )

    def act(self, visit: Visit) -> PageAnswer:
        do = visit.filled("do")
        if do not in (ACCEPTED, NO_COMPLAINT):
            raise InvalidInput("do", visit.text("cases.choose"))
        corrections = [_correction(visit)] if do == ACCEPTED else []
        note = visit.filled("note") or None
        self._office.resolve_review(visit.subject, do, [one for one in corrections if one], note, visit.request.source)
        return visit.go("/reviews", did=do)

    def _message(self, id_: str) -> str:
        """The beginning of the message as text; empty where nobody may see it."""
        try:
            _, body = self._office.review_message(id_)
        except NotAllowed:
            return ""
        return body[:LONGEST_MESSAGE].decode("utf-8", "replace")


def _correction(visit: Visit) -> Mapping[str, Json]:
    """What the form says of the first incident; what is left empty stands as it was found."""
    ips = [ip for ip in visit.filled("ips").replace(",", " ").split() if ip]
    said: dict[str, Json] = {"ips": ips, "service": visit.filled("service"), "category": visit.filled("category")}
    written = visit.filled("occurred_at")
    moment = time_of(written)
    said["occurred_at"] = format_time(moment) if moment else written
    return {name: value for name, value in said.items() if value}
