"""A service and a client: what stands against them, and where the panels disagree."""

from __future__ import annotations

from bridge.casework import RESTORABLE
from bridge.errors import InvalidInput
from bridge.office import Office
from bridge.reading import Reading
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit

_DID = ("lift", "right")


class StandingPages:
    """The pages `/services/ID` and `/clients/ID`."""

    def __init__(self, office: Office, reading: Reading) -> None:
        self._office = office
        self._reading = reading

    def service(self, visit: Visit) -> PageAnswer:
        id_, did = visit.subject, visit.asked("did")
        return visit.page(
            "service.html",
            f"{visit.text('word.Service')} {id_[:60]}",
            service=self._office.service(id_),
            cases=self._reading.cases.of("service", id_),
            drifts=self._reading.standings.drifts(id_),
            restorable=RESTORABLE if self._reading.standings.restorable(id_) else (),
            done=visit.text(f"did_service.{did}") if did in _DID else "",
        )

    def act(self, visit: Visit) -> PageAnswer:
        """Lift the service's holds, or put a difference between the panels right."""
        id_, do = visit.subject, visit.filled("do")
        if do == "lift":
            self._office.casework.lift_holds("service", id_, visit.filled("note"), visit.request.source)
        elif do == "right":
            self._office.casework.put_right(id_, visit.filled("kind"), visit.request.source)
        else:
            raise InvalidInput("do", visit.text("cases.choose"))
        return visit.go(f"/services/{id_}", did=do)

    def client(self, visit: Visit) -> PageAnswer:
        id_ = visit.subject
        return visit.page(
            "client.html",
            f"{visit.text('word.Client')} {id_[:60]}",
            client=self._reading.standings.client(id_),
            cases=self._reading.cases.of("client", id_),
        )
