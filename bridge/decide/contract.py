"""What becomes of the contract itself: undertakings, terms that the customer does not accept, its end."""

from __future__ import annotations

from bridge.decide.cases import note
from bridge.decide.consequences import apply, matching
from bridge.decide.draft import Draft
from bridge.decide.release import end_satisfied
from bridge.events import ServiceExpired, TermsDeclined, UndertakingSigned
from bridge.policy.facts import Facts
from bridge.policy.pack import Trigger
from bridge.state import Service

TERMS_DECLINED = Trigger("terms_declined")
EXPIRED = Trigger("expired")


def on_undertaking(draft: Draft, event: UndertakingSigned) -> None:
    """It counts for every case the service has by now, and for none that comes later."""
    if draft.service(event.service) is None:
        note(draft, "An undertaking was signed for a service that is not known.", service=event.service)
        return
    draft.has_happened(("undertaking_signed", event.service))
    end_satisfied(draft, event.service)


def on_expired(draft: Draft, event: ServiceExpired) -> None:
    service = draft.service(event.service)
    if service is None:
        note(draft, "The contract of a service ended that is not known.", service=event.service)
        return
    facts = Facts(event=event, client=draft.state, service=service, version=draft.version())
    apply(draft, facts, matching(facts, EXPIRED))


def on_terms_declined(draft: Draft, event: TermsDeclined) -> None:
    """By the service it names, else by every service of the client."""
    services = _declined(draft, event)
    if not services:
        note(draft, "The terms were declined for a client or service that is not known.", service=event.service)
    for service in services:
        facts = Facts(event=event, client=draft.state, service=service, version=draft.version(service=service))
        apply(draft, facts, matching(facts, TERMS_DECLINED))


def _declined(draft: Draft, event: TermsDeclined) -> list[Service]:
    if event.service is None:
        return list(draft.state.services.values())
    service = draft.service(event.service)
    return [service] if service is not None else []
