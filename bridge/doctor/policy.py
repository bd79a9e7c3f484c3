"""The policy against what the panels can do: which of its actions a person will have to do by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.actions import ACTIONS, BlockPlans
from bridge.config import Config, PanelNames
from bridge.doctor.finding import Finding, fine, warning
from bridge.policy.pack import Pack, Rule, Verb
from bridge.ports import Capability

AREA = "policy"

_NO_PANEL = frozenset({"bar_unsuspension", "lift_bar", "dismiss"})
"""What is carried out here alone."""

_CHANGES_NETWORK = frozenset({"block_network", "unblock_network"})
_NEEDS_BESIDES: Mapping[str, frozenset[Capability]] = {
    "replace_ip": frozenset({Capability.REPLACE_IP}),
    "limit_resource": frozenset({Capability.LIMIT_RESOURCE}),
    "migrate_service": frozenset({Capability.MIGRATE}),
    "terminate_client": frozenset({Capability.TERMINATE, Capability.CLOSE_CLIENT}),
}


@dataclass(frozen=True)
class Manual:
    """An action of a clause that will be a task for a person; `line` is its place in `file`."""

    file: str
    line: int
    clause: str
    action: str
    why: str


def block_plans(config: Config) -> BlockPlans:
    """A plan counts where one panel has it; a machine of another panel is done by hand."""
    ports = next((panel.port_block_plan for panel in config.virtualizor if panel.port_block_plan), None)
    outbound = next((panel.outbound_block_plan for panel in config.virtualizor if panel.outbound_block_plan), None)
    return BlockPlans(ports=ports, outbound=outbound)


def check_policy(pack: Pack, capabilities: frozenset[Capability], plans: BlockPlans) -> Iterator[Finding]:
    """What is to be done by hand, each action and reason once, with its clauses and lines.

    capabilities  of all panels and the mailer together; where there are none, all that needs one is said in a line
    """
    found = list(manual_actions(pack, capabilities, plans))
    if found and not capabilities:
        clauses = dict.fromkeys(manual.clause for manual in found)
        what = f"{pack.name}: all that clauses {', '.join(clauses)} demand is done by hand: no panel is configured"
        yield warning(AREA, what, "add [whmcs] and [virtualizor]")
        return
    alike: dict[tuple[str, str], list[Manual]] = {}
    for manual in found:
        alike.setdefault((manual.action, manual.why), []).append(manual)
    for (action, why), members in alike.items():
        places = ", ".join(f"{member.clause} (line {member.line})" for member in members)
        yield warning(
            AREA,
            f"{members[0].file}: {action} is done by hand: {why}; clause {places}",
            "an admin does it and confirms; or give the panel what it lacks",
        )
    if not found:
        yield fine(AREA, f"the panels can do all that {pack.name} asks for")


def check_routes(config: Config) -> Iterator[Finding]:
    """Which policy answers for what, and whether what the routes go by is known at all."""
    for route in config.routes:
        yield fine(AREA, f"{route.told()}: {route.policy}; everything else: {config.policy}")
    if any(route.region for route in config.routes) and not config.mapping.region:
        problem = "a route goes by region, and no region is known"
        yield warning(AREA, problem, "name the regions of your servers in [mapping]")


def check_verification(pack: Pack, names: PanelNames) -> Iterator[Finding]:
    """What a policy wants verified of a client, and nothing says where the billing panel keeps it."""
    known = {"details": names.details_verified, "identity": names.identity_verified}
    wanted = {
        (rule.clause, word): None
        for clause in pack.newest.clauses.values()
        for rule in clause.rules
        for condition in rule.conditions
        if condition.fact == "verified"
        for word, field in known.items()
        if field is None and word in re.findall(r"\w+", condition.wanted)
    }
    for clause, word in wanted:
        yield warning(
            AREA,
            f"{pack.name}: clause {clause} waits for the client's {word} to be verified, and nothing tells that",
            f"say in [mapping] {word}_verified which custom field of the client tells it, or send client.observed",
        )


def manual_actions(pack: Pack, capabilities: frozenset[Capability], plans: BlockPlans) -> Iterator[Manual]:
    """Every line of the newest version that no panel of this host can carry out, in the order of the file."""
    for clause in pack.newest.clauses.values():
        for rule in clause.rules:
            yield from _of_rule(pack, rule, capabilities, plans)


def _of_rule(pack: Pack, rule: Rule, capabilities: frozenset[Capability], plans: BlockPlans) -> Iterator[Manual]:
    for verb in rule.verbs:
        why = _hindrance(verb, capabilities, plans)
        if why is not None:
            yield Manual(pack.file, verb.line, rule.clause, verb.name, why)


def _hindrance(verb: Verb, capabilities: frozenset[Capability], plans: BlockPlans) -> str | None:
    if verb.name in _NO_PANEL:
        return None
    if verb.name == "terminate_service" and verb.params.get("erase") is False:
        return "the customer's data is handed over first"
    if verb.name in _CHANGES_NETWORK:
        return _network_hindrance(verb.params, capabilities, plans)
    known = ACTIONS.get(verb.name)
    needs = _NEEDS_BESIDES.get(verb.name, frozenset()) | (known.needs if known is not None else frozenset())
    missing = sorted(capability.value for capability in needs - capabilities)
    return f"no panel here can: {', '.join(missing)}" if missing else None


def _network_hindrance(params: Mapping[str, Any], capabilities: frozenset[Capability], plans: BlockPlans) -> str | None:
    scope = params.get("scope", "all")
    if scope in ("all", "ip"):
        return None if Capability.CUT_NETWORK in capabilities else "no panel here can: cut_network"
    if Capability.FIREWALL_PLAN not in capabilities:
        return "no panel here can: firewall_plan"
    name = "port_block_plan" if scope == "ports" else "outbound_block_plan"
    plan = plans.ports if scope == "ports" else plans.outbound
    return None if plan is not None else f"{name} names no firewall plan"
