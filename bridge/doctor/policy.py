"""The policy against what the panels can do: which of its actions a person will have to do by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.actions import ACTIONS
from bridge.config import Config, PanelNames
from bridge.doctor.finding import Finding, fine, warning
from bridge.doctor.means import Means
from bridge.policy.pack import Pack, Rule, Verb, Version
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
    """An action of a clause that will be a task for a person.

    line   of the pack's file, where the action is demanded
    whose  the services for which no panel can do it, in words; empty where it is all of them
    kinds  what kinds of product these are
    """

    line: int
    clause: str
    action: str
    why: str
    whose: str
    kinds: tuple[str, ...]

    @property
    def sentence(self) -> str:
        whose = f" for {self.whose}" if self.whose else ""
        return f"{self.action} is done by hand{whose}: {self.why}"


def check_policy(pack: Pack, means: Sequence[Means]) -> Iterator[Finding]:
    """What of the newest version is to be done by hand, each action and reason once, with its clauses and lines.

    means  of this host; where there are none, all that needs one is said in a line
    """
    found = list(manual_actions(pack.newest, means))
    if found and not any(each.capabilities for each in means):
        clauses = dict.fromkeys(manual.clause for manual in found)
        what = f"{pack.name}: all that clauses {', '.join(clauses)} demand is done by hand: no panel is configured"
        yield warning(AREA, what, "add [whmcs] and [virtualizor]")
        return
    alike: dict[str, list[Manual]] = {}
    for manual in found:
        alike.setdefault(manual.sentence, []).append(manual)
    for sentence, members in alike.items():
        places = ", ".join(f"{member.clause} (line {member.line})" for member in members)
        yield warning(
            AREA,
            f"{pack.file}: {sentence}; clause {places}",
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


def manual_actions(version: Version, means: Sequence[Means]) -> Iterator[Manual]:
    """Every line that no panel of this host can carry out for some of its services, in the order of the file.

    What the policy itself leaves to a person is none of them: a termination that spares the data, a referral.
    """
    for clause in version.clauses.values():
        for rule in clause.rules:
            for verb in rule.verbs:
                yield from _of_verb(verb, rule, [each for each in means if _may_be_about(rule, each.kind)])


def _may_be_about(rule: Rule, kind: str) -> bool:
    """Whether the rule's own conditions let a product of that kind pass."""
    asked = [condition for condition in rule.conditions if condition.fact == "product_kind"]
    return all((kind in condition.wanted.split(" or ")) is not condition.negated for condition in asked)


def _of_verb(verb: Verb, rule: Rule, means: Sequence[Means]) -> Iterator[Manual]:
    """Once for each reason; whose services it is about is said where others can be served."""
    hindered: dict[str, list[Means]] = {}
    for each in means:
        why = _hindrance(verb, each)
        if why is not None:
            hindered.setdefault(why, []).append(each)
    for why, members in hindered.items():
        whose = " and ".join(each.whose for each in members) if len(members) < len(means) else ""
        kinds = tuple(dict.fromkeys(each.kind for each in members))
        yield Manual(verb.line, rule.clause, verb.name, why, whose, kinds)


def _hindrance(verb: Verb, means: Means) -> str | None:
    if verb.name in _NO_PANEL:
        return None
    if verb.name == "terminate_service" and verb.params.get("erase") is False:
        return None
    if verb.name in _CHANGES_NETWORK:
        return _network_hindrance(verb.params, means)
    known = ACTIONS.get(verb.name)
    return _missing(_NEEDS_BESIDES.get(verb.name, frozenset()) | (known.needs if known else frozenset()), means)


def _missing(needs: frozenset[Capability], means: Means) -> str | None:
    missing = sorted(needs - means.capabilities, key=lambda capability: capability.value)
    lacking = dict.fromkeys(means.lacking[each] for each in missing if each in means.lacking)
    if lacking:
        return " and ".join(lacking)
    return f"no panel here can: {', '.join(each.value for each in missing)}" if missing else None


def _network_hindrance(params: Mapping[str, Any], means: Means) -> str | None:
    scope = params.get("scope", "all")
    if scope in ("all", "ip"):
        return _missing(frozenset({Capability.CUT_NETWORK}), means)
    name = "port_block_plan" if scope == "ports" else "outbound_block_plan"
    plan = means.plans.ports if scope == "ports" else means.plans.outbound
    missing = _missing(frozenset({Capability.FIREWALL_PLAN}), means)
    return missing or (None if plan is not None else f"{name} names no firewall plan")
