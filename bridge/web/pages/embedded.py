"""Small pieces that the panel shows on pages of its own: 404 where there is nothing to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.errors import NotFound
from bridge.office import Office
from bridge.reading import Reading
from bridge.reading.waiting import WAITING
from bridge.state import OPEN_STATUSES
from bridge.web.pages.cases import FINDINGS
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit

Json = Any


class Embedded:
    """The pages `/embed/…`."""

    def __init__(self, office: Office, reading: Reading) -> None:
        self._office = office
        self._reading = reading

    def home(self, visit: Visit) -> PageAnswer:
        """How much waits for a person; said even where it is nothing."""
        counts = self._reading.waiting.counts()
        waiting = [(state, counts.get(state, 0)) for state in WAITING]
        return visit.page("embed_home.html", visit.text("nav.title"), waiting=waiting)

    def client(self, visit: Visit) -> PageAnswer:
        standing = self._reading.standings.client(visit.subject)
        refused = self._reading.beside.without_refund(visit.subject)
        held = [service for service in standing.services if service.holds or service.bars or service.strikes]
        due = [charge for charge in standing.charges if charge["status"] == "open"]
        cases = [row for row in self._reading.cases.of("client", visit.subject) if row.status in OPEN_STATUSES]
        if not (held or refused or due or cases):
            raise _nothing(visit)
        return visit.page(
            "embed_client.html",
            f"{visit.text('word.Client')} {visit.subject[:60]}",
            services=held,
            refused=refused,
            charges=due,
            cases=cases,
        )

    def service(self, visit: Visit) -> PageAnswer:
        service = self._office.service(visit.subject)
        holds = [hold for hold in (*service["bars"], *service["holds"]) if _stands(hold)]
        strikes = [strike for strike in service["strikes"] if not strike["void"]]
        due = [charge for charge in service["charges"] if charge["status"] == "open"]
        drifts = self._reading.standings.drifts(visit.subject)
        if not (holds or strikes or due or drifts or service["refund"]["refused"]):
            raise _nothing(visit)
        return visit.page(
            "embed_service.html",
            f"{visit.text('word.Service')} {visit.subject[:60]}",
            service=service,
            holds=holds,
            strikes=strikes,
            charges=due,
            drifts=drifts,
        )

    def ticket(self, visit: Visit) -> PageAnswer:
        """The case beside its ticket, with the findings as buttons."""
        case = self._reading.cases.dossier(self._reading.beside.case_of_ticket(visit.subject))
        title = f"{visit.text('word.Case')} {case.row.id[:60]}"
        return visit.page("embed_ticket.html", title, case=case, findings=FINDINGS)

    def invoice(self, visit: Visit) -> PageAnswer:
        """What an invoice of ours is for, and how refunds stand for its service where it is one's."""
        billed = self._reading.beside.billed(visit.subject)
        refund = self._office.service(billed.service)["refund"] if billed.service is not None else None
        return visit.page("embed_invoice.html", visit.text("given.invoice"), billed=billed, refund=refund)

    def order(self, visit: Visit) -> PageAnswer:
        """Why an order is held, or was refused; the panel says whose it is."""
        decided = self._reading.beside.about_order(visit.subject, visit.asked("client")[:256])
        return visit.page("embed_order.html", visit.text("given.order"), decided=decided)


def _stands(hold: Mapping[str, Json]) -> bool:
    return not hold["ended"] and not hold["noted"]


def _nothing(visit: Visit) -> NotFound:
    return NotFound(f"nothing stands against {visit.subject!r}")
