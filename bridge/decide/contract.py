"""What becomes of the contract itself: terms that the customer does not accept."""

from __future__ import annotations

from bridge.decide.cases import note
from bridge.decide.consequences import apply, matching
from bridge.decide.draft import Draft
from bridge.events import TermsDeclined
from bridge.policy.facts import Facts
from bridge.policy.pack import Trigger
from bridge.state import Service

TERMS_DECLINED = Trigger("terms_declined")


def on_terms_declined(draft: Draft, event: TermsDeclined) -> None:
    """By the service it names, else by every service of the client."""
    services = _declined(draft, event)
    if not services:
        note(draft, "The terms were declined for a client or service that is not known.", service=event.service)
    for service in services:
        facts = Facts(event=event, client=draft.state, service=service, version=draft.version())
        apply(draft, facts, matching(facts, TERMS_DECLINED))


def _declined(draft: Draft, event: TermsDeclined) -> list[Service]:
    if event.service is None:
        return list(draft.state.services.values())
    service = draft.service(event.service)
    return [service] if service is not None else []
