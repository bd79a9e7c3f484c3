"""When two states are alike: the same may happen from here, as far as any rule of the pack can tell."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bridge.state import Case, Client, Service

Json = Any


def likeness(client: Client, now: datetime, *, most: int, refunds: int, window: timedelta) -> tuple[Json, ...]:
    """A key; numbers of strikes are told apart up to `most`, ages only by whether a complaint may still join.

    Deadlines are told apart by their order and not by their times: what matters is which comes next.
    """
    timers = sorted(client.timers.values(), key=lambda timer: timer.due)
    return (
        client.kind,
        tuple(sorted(client.verified.items())),
        client.refused,
        client.staff_abused,
        min(client.refunds_granted, refunds),
        frozenset((order.status, order.placed is not None) for order in client.orders.values()),
        tuple(_service(service, most) for service in client.services.values()),
        tuple(sorted(_case(case, now, most, window) for case in client.cases.values() if _matters(case, client))),
        tuple(dict.fromkeys((timer.for_, timer.stage, timer.basis.clause) for timer in timers)),
        frozenset((item.basis.clause, item.charge, item.status) for item in client.charges.values()),
        frozenset((item.action, item.basis.clause, item.withdrawn) for item in client.pending.values()),
    )


def _service(service: Service, most: int) -> tuple[Json, ...]:
    holds = sorted(
        (hold.basis.clause, hold.scope, hold.irrevocable, hold.until, hold.noted, hold.proposal is not None)
        for hold in service.holds.values()
    )
    return (
        service.status,
        service.suspension,
        service.product_kind,
        service.exclusive_bandwidth,
        str(sorted(service.attributes.items())),
        service.no_refund is not None,
        service.paid_at,
        service.refund_granted_at is not None,
        tuple(sorted((metric, excess.acted) for metric, excess in service.excess.items())),
        tuple(holds),
        tuple(sorted(service.asn_traffic.items())),
        tuple(sorted((name, min(number, most)) for name, number in service.tally.items())),
        tuple(sorted((group, len(named) > 0) for group, named in service.named.items())),
    )


def _matters(case: Case, client: Client) -> bool:
    """A case that is closed and holds nothing any more counts only among the strikes."""
    if case.is_open:
        return True
    return any(hold.case == case.id for hold in client.services[case.service].holds.values())


def _case(case: Case, now: datetime, most: int, window: timedelta) -> tuple[Json, ...]:
    return (
        case.category,
        case.status,
        min(case.strike, most),
        min(case.strike_of_group, most),
        case.reporter.kind,
        case.severity,
        str(case.deliberate),
        case.new_target,
        case.replied,
        case.remediated,
        case.rarely.not_culpable,
        case.fined,
        case.asked > 0,
        now - case.opened_at > window,
    )


Landmark = tuple[Json, ...]


def landmark(client: Client, service: Service) -> Landmark:
    """A far coarser key: what a service and its client have come to, by whatever way."""
    return (
        service.status,
        service.terminated_by_policy,
        service.suspension,
        frozenset((hold.scope, hold.irrevocable) for hold in service.active_holds()),
        service.no_refund is not None,
        frozenset((item.charge, item.status) for item in client.charges.values()),
        frozenset(order.status for order in client.orders.values()),
        client.refused,
        client.staff_abused,
        client.refunds_granted,
    )
