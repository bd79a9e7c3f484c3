"""What is decided about orders, refunds and the use of resources: the verbs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bridge.decide.occasion import Occasion
from bridge.events import OrderPlaced, OrderVerificationRefused, UsageObserved
from bridge.policy.facts import Facts
from bridge.policy.pack import Rule, Verb
from bridge.policy.request_facts import remaining_sum
from bridge.state import HELD, REFUSED, Client, Pending, Service

Json = Any

CREDIT = "credit"
"""Where refunds go: never back to a gateway."""


ABOUT_ORDERS = frozenset({"refuse_order"})
"""An order ends even where its service is gone."""


# ---- orders ----


def order_action(name: str) -> Callable[[Occasion, Verb], None]:
    """Hold, release or refuse the order that is spoken of, unless that was done or is on its way (G7)."""

    def does(now: Occasion, verb: Verb) -> None:
        event = now.facts.event
        if not isinstance(event, OrderPlaced | OrderVerificationRefused):
            return
        if isinstance(event, OrderPlaced) and not event.placed:
            return
        known = now.draft.state.orders.get(event.order)
        if known is not None and known.status in _NOT_AFTER[name]:
            return
        service = event.service if isinstance(event, OrderPlaced) else now.service_id
        if any(item.action == name for item in on_their_way(now.draft.state, event.order, service)):
            return
        now.act(name, verb, {"order": event.order}, service=service)

    return does


_NOT_AFTER = {
    "hold_order": frozenset({HELD, REFUSED}),
    "release_order": frozenset({REFUSED}),
    "refuse_order": frozenset({REFUSED}),
}


def on_their_way(client: Client, order: str, service: str | None) -> list[Pending]:
    """What was decided about an order for that service and is neither done nor given up."""
    return [item for item in client.pending_for(service) if item.own.get("order") == order]


# ---- refunds ----


def sum_granted(facts: Facts, rule: Rule) -> tuple[Decimal, str] | None:
    """Sum and currency of the refund that a rule grants: what remains of the paid time, and no more than was asked."""
    service = facts.service
    if service is None or not any(verb.name == "grant_refund" for verb in rule.verbs):
        return None
    left = remaining_sum(service, facts.event.at)
    if left is None:
        return None
    asked: Decimal | None = getattr(facts.event, "amount", None)
    return (left if asked is None else min(left, asked)), _currency(facts, service)


def _currency(facts: Facts, service: Service) -> str:
    return service.currency or facts.client.currency or facts.version.currency


def grant_refund(now: Occasion, verb: Verb) -> None:
    granted = sum_granted(now.facts, now.rule)
    if granted is None or granted[0] <= 0:
        return
    now.act("grant_refund", verb, {"amount": str(granted[0]), "currency": granted[1], "to": CREDIT})


def review_refund(now: Occasion, verb: Verb) -> None:
    service = now.service
    own: dict[str, Json] = {"to": CREDIT}
    asked: Decimal | None = getattr(now.facts.event, "amount", None)
    if asked is not None and service is not None:
        own = {"amount": str(asked), "currency": _currency(now.facts, service), **own}
    now.act("review_refund", verb, own)


# ---- the use of resources ----


def limit_resource(now: Occasion, verb: Verb) -> None:
    """Once while the cap waits for an answer."""
    event = now.facts.event
    if not isinstance(event, UsageObserved):
        return
    waiting = now.draft.state.pending_for(now.service_id, "limit_resource")
    if any(item.own["metric"] == event.metric for item in waiting):
        return
    now.act("limit_resource", verb, {"metric": event.metric, "cap": verb.params["cap"]})
