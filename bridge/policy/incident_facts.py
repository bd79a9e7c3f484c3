"""What may be asked about a declared incident, of each service that it affected."""

from __future__ import annotations

from typing import Any

from bridge.events import IncidentDeclared
from bridge.policy.facts import Facts, Truth, fact
from bridge.state import THEIRS


def _declared(facts: Facts) -> IncidentDeclared | None:
    return facts.event if isinstance(facts.event, IncidentDeclared) else None


@fact("caused_incident")
class CausedIncidentFact(Truth):
    """Whether the service is the cause of the incident that was declared."""

    def value(self, facts: Facts) -> Any:
        declared = _declared(facts)
        return declared.cause == facts.service.id if declared and facts.service else None


@fact("suspended_by_incident")
class SuspendedByIncidentFact(Truth):
    """Whether the service, under no hold, was first seen suspended while the incident lasted, and still is."""

    def value(self, facts: Facts) -> Any:
        declared, service = _declared(facts), facts.service
        if declared is None or service is None:
            return None
        if service.terminated or service.suspension != THEIRS or service.suspended_at is None:
            return False
        during = declared.started <= service.suspended_at <= declared.ended
        return during and not any(service.active_holds(simulated=True))


@fact("migration_asked")
class MigrationAskedFact(Truth):
    """Whether the declaration of the incident asks to migrate what it affected."""

    def value(self, facts: Facts) -> Any:
        declared = _declared(facts)
        return declared.migrate if declared else None


@fact("payment_known")
class PaymentKnownFact(Truth):
    """Whether it is known what was paid for the service, and for which time."""

    def value(self, facts: Facts) -> Any:
        service = facts.service
        if service is None:
            return None
        return None not in (service.paid_amount, service.period_start, service.period_end)
