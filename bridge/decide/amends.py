"""Making good what a service suffered without its customer's doing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bridge.decide.occasion import Occasion
from bridge.events import IncidentDeclared
from bridge.policy.pack import Verb
from bridge.prorata import pro_rata
from bridge.state import Service

Json = Any

MADE_GOOD = frozenset({"credit_client"})
"""What was suffered is made good even where the service is gone."""


def share_of_payment(service: Service, length: timedelta) -> Decimal | None:
    """What the service's payment comes to for so long, rounded down to the cent; None where it cannot be said."""
    paid, start, end = service.paid_amount, service.period_start, service.period_end
    if paid is None or start is None or end is None or end <= start:
        return None
    return pro_rata(paid, length, end - start)


def unsuspend_service(now: Occasion, verb: Verb) -> None:
    """Ends a suspension that is not ours, because a row says so; one of ours ends with its last hold."""
    draft, service = now.draft, now.service
    if service is None or draft.decided("unsuspend_service", service.id, None):
        return
    if any(draft.state.pending_for(service.id, "unsuspend_service")):
        return
    draft.settle_once("unsuspend_service", service.id)
    now.act("unsuspend_service", verb, {"reason": now.basis.because}, {"theirs": True})


def credit_client(now: Occasion, verb: Verb) -> None:
    """The share of the payment for the time of the incident, once for each service and incident."""
    service, event = now.service, now.facts.event
    if service is None or not isinstance(event, IncidentDeclared) or _is_made_good(service, verb, event):
        return
    length = max(event.ended - event.started, verb.params.get("at_least", timedelta()))
    amount = share_of_payment(service, length)
    if not amount:
        return
    currency = service.currency or now.draft.state.currency or now.facts.version.currency
    own = {"amount": str(amount), "currency": currency}
    now.act("credit_client", verb, own, {"incident": event.incident})


def migrate_service(now: Occasion, verb: Verb) -> None:
    """To another place, once for each service and incident."""
    service, event = now.service, now.facts.event
    if service is None or not isinstance(event, IncidentDeclared) or _is_made_good(service, verb, event):
        return
    now.act("migrate_service", verb, {}, {"incident": event.incident})


def _is_made_good(service: Service, verb: Verb, event: IncidentDeclared) -> bool:
    """The same incident may be declared again, with more services or another end."""
    return (verb.name, event.incident) in service.amends
