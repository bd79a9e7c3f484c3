"""Blocking the network of a service, or a part of it: what is blocked stays blocked while any case asks for it (G7)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any

from bridge.decide.blocks import Block, uncovered
from bridge.decide.draft import REMEDIED, Draft, bar_plans
from bridge.decide.occasion import Occasion
from bridge.events import ActionDone
from bridge.model import Basis
from bridge.policy.pack import Verb
from bridge.state import Pending, Service

Json = Any


def block_network(now: Occasion, verb: Verb) -> None:
    """Block what is not blocked yet; where all of it is, only the hold is placed."""
    draft, service, case = now.draft, now.service, now.case
    if service is None or draft.is_terminating(service.id):
        return
    own: dict[str, Json] = {"scope": verb.params["scope"]}
    if "ports" in verb.params:
        own["ports"] = list(verb.params["ports"])
    if verb.params["scope"] == "ip":
        own["ips"] = _still_held(service, (case.ips if case else ()) or service.ips)
        if not own["ips"]:
            return
    [plan] = bar_plans(now.basis, case, "service", [], verb.params.get("until", REMEDIED))
    hold = {**plan, "scope": "network", "irrevocable": False, "block": own}
    missing = uncovered(own, [*draft.blocks(service), *_kept_from_release(draft, service, own, now.basis)])
    if missing is None:
        draft.place(hold, now.basis, service.id, simulated=draft.rules.simulates(service.id))
    else:
        now.act("block_network", verb, missing, {"holds": [hold]})


def _still_held(service: Service, ips: Sequence[str]) -> list[str]:
    """Of some addresses those that the service has now: an address that moved is another's, who is not touched (G1)."""
    if not service.ips:
        return list(ips)
    networks = [ip_network(prefix) for prefix in service.ips]
    return [ip for ip in ips if any(ip_network(ip).overlaps(net) for net in networks)]


def _kept_from_release(draft: Draft, service: Service, wanted: Block, basis: Basis) -> list[Block]:
    """What was to be unblocked, is not yet, and is wanted blocked now; the rest of it is still to be unblocked."""
    kept: list[Block] = []
    for item in draft.state.pending_for(service.id, "unblock_network"):
        rest = uncovered(item.own, [wanted])
        if rest == item.own or item.id in draft.withdrawn:
            continue
        draft.withdraw([item.id], basis)
        kept.append(item.own)
        if rest is not None:
            draft.action("unblock_network", item.basis, service=service.id, case=item.case, own=rest)
    return kept


def take_back(draft: Draft, event: ActionDone, pending: Pending) -> None:
    """A block that was carried out although its reason had ended meanwhile, so far as no other case asks for it."""
    service = draft.service(pending.service)
    freed = uncovered(pending.own, draft.blocks(service) if service else [])
    if freed is not None:
        draft.action("unblock_network", pending.basis, service=pending.service, case=pending.case, own=freed)


def unblocked(draft: Draft, event: ActionDone, pending: Pending) -> None:
    """What was unblocked although a case had asked for it meanwhile is blocked again."""
    service = draft.service(pending.service)
    if service is None or service.terminated or not pending.withdrawn:
        return
    again: list[Block] = []
    for hold in [hold for hold in service.holds.values() if hold.id in service.blocks]:
        block = service.blocks[hold.id]
        if uncovered(pending.own, [block]) == pending.own:
            continue
        missing = uncovered(block, again)
        if missing is not None:
            draft.action(
                "block_network", hold.basis, service=service.id, case=hold.case, own=missing, plan={"holds": []}
            )
            again.append(missing)
