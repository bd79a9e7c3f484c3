"""What a declared incident does to those who did not cause it: reconnect, credit, migrate."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.decide.cases import note
from bridge.decide.consequences import apply, matching
from bridge.decide.draft import Draft
from bridge.events import IncidentDeclared
from bridge.policy.facts import Facts
from bridge.policy.pack import Trigger

DECLARED = Trigger("incident_declared")


def on_incident(draft: Draft, event: IncidentDeclared) -> None:
    """Every affected service of this client is judged for itself."""
    for id_ in draft.part.services:
        service = draft.service(id_)
        if service is None:
            continue
        facts = Facts(event=event, client=draft.state, service=service, version=draft.version(service=service))
        apply(draft, facts, matching(facts, DECLARED))
    _note_unknown(draft, (id_ for id_ in draft.part.services if draft.service(id_) is None))


def _note_unknown(draft: Draft, services: Iterable[str]) -> None:
    for service in services:
        note(draft, "An incident was declared for a service that is not known.", service=service)
