"""What waits for an admin: proposals to approve, failures to try again, tasks to do by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bridge.actions import ACTIONS
from bridge.errors import InvalidInput, TipstaffError
from bridge.office import Office
from bridge.reading.waiting import WAITING, Card, Waiting
from bridge.views import Source
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit

Json = Any

_BY_STATE: Mapping[str, tuple[str, ...]] = {
    "proposed": ("approve", "reject"),
    "failed": ("retry",),
    "manual": ("confirm",),
}
"""What may be done with actions of each state, as the buttons say it."""

Way = Callable[[str, str | None, Source], object]


class Approvals:
    """The pages `/` (in part) and `/actions`."""

    def __init__(self, desk: Office, waiting: Waiting) -> None:
        self._desk = desk
        self._waiting = waiting
        self._ways: Mapping[str, Way] = {
            "approve": desk.approve,
            "reject": desk.reject,
            "retry": desk.retry,
        }

    def show(self, visit: Visit) -> PageAnswer:
        state, kind = visit.one_of("state", WAITING) or "proposed", visit.one_of("kind", ACTIONS)
        queue = self._waiting.queue(state, kind or None, visit.number("page"))
        return visit.page(
            "approvals.html",
            visit.text("nav.actions"),
            queue=queue,
            kind=kind,
            groups=_grouped(queue.cards),
            counts=self._waiting.counts(),
            done=_done(visit),
            buttons=_BY_STATE[state],
        )

    def act(self, visit: Visit) -> PageAnswer:
        """One answer, or the same for several of a kind. What stands in the way is said for each."""
        whole = visit.filled("all")
        chosen, do = visit.chosen("shown" if whole else "action"), whole or visit.filled("do")
        if do == "defer":
            self._defer(visit)
            return self._back(visit, do, 1)
        way = self._ways.get(do)
        if do == "confirm":
            way = partial(self._desk.confirm, invoice=visit.filled("invoice") or None)
        if way is None or not chosen:
            raise InvalidInput("do", visit.text("actions.choose"))
        reason = visit.filled("reason") or None
        refused = self._each(way, chosen, reason, visit.request.source)
        if len(refused) == len(chosen):
            raise refused[0]
        return self._back(visit, do, len(chosen) - len(refused), len(refused))

    def _each(self, way: Way, chosen: list[str], reason: str | None, source: Source) -> list[TipstaffError]:
        refused = []
        for action in chosen:
            try:
                way(action, reason, source)
            except TipstaffError as refusal:
                refused.append(refusal)
        return refused

    def _defer(self, visit: Visit) -> None:
        action = self._desk.action(visit.filled("action"))
        self._desk.casework.defer(action["id"], action.get("case") or "", visit.filled("reason"), visit.request.source)

    def _back(self, visit: Visit, do: str, done: int, refused: int = 0) -> PageAnswer:
        kept = {name: visit.filled(name) for name in ("state", "kind")}
        case = visit.filled("case")
        if case:
            return visit.go(f"/cases/{case}", did=do)
        return visit.go("/actions", **kept, did=do, n=done, refused=refused or None)


def _done(visit: Visit) -> str:
    """What the last form did, to be said on the page it led to."""
    did = visit.asked("did")
    if did not in ("approve", "reject", "retry", "confirm", "defer"):
        return ""
    said = visit.text(f"did.{did}", n=visit.number("n"))
    refused = visit.asked("refused")
    return f"{said} {visit.text('did.refused', n=visit.number('refused'))}" if refused else said


def _grouped(cards: Any) -> list[tuple[str, list[Card]]]:
    """Cards of one action together, in the order they come."""
    groups: dict[str, list[Card]] = {}
    for card in cards:
        groups.setdefault(str(card.action["action"]), []).append(card)
    return list(groups.items())
