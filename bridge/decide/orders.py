"""Orders: whether one may be provisioned, and what later frees or ends it (G15)."""

from __future__ import annotations

from dataclasses import replace

from bridge.decide.consequences import apply, matching
from bridge.decide.draft import Draft
from bridge.decide.questions import answer, answer_by, on_question, question_facts
from bridge.decide.requests import on_their_way
from bridge.events import ClientObserved, OrderPlaced, OrderVerificationRefused
from bridge.policy.facts import Facts
from bridge.policy.pack import Trigger
from bridge.state import HELD, REFUSED, Client, Order, Service

PROVISION = Trigger("question", "provision")
CLEARED = Trigger("order_cleared")
VERIFICATION_REFUSED = Trigger("verification_refused")


def on_order(draft: Draft, event: OrderPlaced) -> None:
    """A refused client gets nothing more, by the pack's row that holds the order or by G15; else the pack's row."""
    if not draft.state.refused:
        on_question(draft, event, "provision")
        return
    facts = question_facts(draft, event, "provision")
    rules = matching(facts, PROVISION)[:1]
    if rules and rules[0].verdict == "hold":
        answer_by(draft, facts, rules[0])
        return
    basis = draft.common("G15", f"Client {event.client} is refused service: the order is held.")
    answer(draft, "provision", "hold", basis, service=event.service)
    known = draft.state.orders.get(event.order)
    held = known is not None and known.status in (HELD, REFUSED)
    if event.placed and not held and not on_their_way(draft.state, event.order, event.service):
        draft.action("hold_order", basis, service=event.service, own={"order": event.order})


# ---- what was missing has come ----


def on_client(draft: Draft, event: ClientObserved) -> None:
    """Held orders are asked about anew with what is verified now; a refused client's stay held."""
    if not event.verified or not draft.state.orders or draft.state.refused:
        return
    verified = {**draft.state.verified, **event.verified}
    if verified == draft.state.verified:
        return
    client = replace(draft.state, verified=verified)
    for order in draft.state.orders.values():
        if order.placed is not None:
            _free(draft, client, order, order.placed)


def _free(draft: Draft, client: Client, order: Order, placed: OrderPlaced) -> None:
    """Release the order, or withdraw what was still to hold it, where the question would now be answered: allow."""
    held = order.status == HELD and (not order.simulated or draft.rules.simulates(placed.service))
    waiting = [item for item in on_their_way(draft.state, order.id, placed.service) if item.action == "hold_order"]
    if not held and not waiting:
        return
    facts = question_facts(draft, replace(placed, id=draft.event.id, at=draft.at), "provision", client)
    rules = matching(facts, PROVISION)[:1]
    if rules and rules[0].verdict != "allow":
        return
    basis = draft.common("F", f"What was missing for order {order.id} has come.")
    draft.withdraw([item.id for item in waiting], basis)
    if held:
        apply(draft, facts, matching(facts, CLEARED))


# ---- the client does not want to be verified ----


def on_verification_refused(draft: Draft, event: OrderVerificationRefused) -> None:
    """The order ends, and with it what was on its way about it; its service is the one that the order named."""
    order = draft.state.orders.get(event.order)
    if order is not None and order.status == REFUSED:
        return
    placed = order.placed if order is not None else None
    service = _service_of(draft, placed)
    basis = draft.common("F", f"The client refused to be verified for order {event.order}.")
    about = on_their_way(draft.state, event.order, service.id if service else None)
    draft.withdraw([item.id for item in about if item.action != "refuse_order"], basis)
    facts = Facts(event=event, client=draft.state, service=service, version=draft.version(event=placed))
    apply(draft, facts, matching(facts, VERIFICATION_REFUSED))


def _service_of(draft: Draft, placed: OrderPlaced | None) -> Service | None:
    """The order's service; one that was not seen yet is known by its id alone."""
    named = placed.service if placed is not None else None
    if named is None:
        return None
    return draft.service(named) or Service(id=named, status="pending")
