"""Cutting the network of a machine, or a part of it, and putting it back as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.machines import Held, machine_to_change
from bridge.actions.registry import Action, action, whom
from bridge.actions.step import Attempt, ByHand, Call, Fact, Seen, Sight, Step
from bridge.ports import Capability

Json = Any

_CUTS = frozenset({"all", "ip"})
"""Scopes that the network flag serves; the others need a firewall plan."""


@dataclass(frozen=True, kw_only=True)
class _NetworkAction(Action):
    """scope is all, outbound, ip or ports."""

    scope: str
    ports: tuple[int, ...] = ()
    ips: tuple[str, ...] = ()

    def part(self) -> str:
        """What is blocked, in words."""
        if self.scope == "ports":
            return f"ports {', '.join(map(str, self.ports))} outwards"
        return {"all": "the whole network", "outbound": "all outgoing traffic"}.get(
            self.scope, f"the address {', '.join(self.ips)}"
        )

    def concerned(self, errand: Errand) -> tuple[str, ...]:
        """The addresses it is about."""
        return self.ips or (errand.case.ips if errand.case else ())

    def refuse_version_6(self, errand: Errand) -> None:
        """Firewall plans and single addresses know IPv4 only."""
        if self.scope != "all" and any(_is_version_6(ip) for ip in self.concerned(errand)):
            raise ByHand(f"IPv6 cannot be blocked by the panel. {self.by_hand(errand)}")


def _is_version_6(ip: str) -> bool:
    return ip_address(ip.partition("/")[0]).version == 6


@action("block_network", undo="unblock_network")
@dataclass(frozen=True, kw_only=True)
class BlockNetwork(_NetworkAction):
    """Block the network of a machine, or a part of it; the machine runs on.

    scope      all: the network is cut. ip: cut where it is the machine's only address, else by hand. outbound, ports:
               the firewall plan that an admin made for it; without one, or with the other one in force, by hand. IPv6
               of any scope but all: by hand
    ports      of scope ports, for the admin to read: the plan says which are blocked
    Done when  the machine, read back, shows the cut or the plan.
    Source     interface 4; Virtualizor suspend_net, managevps admin_fwid.
    """

    def steps(self, errand: Errand) -> Sequence[Step]:
        self.refuse_version_6(errand)
        if self.scope in _CUTS:
            return (_NetworkBefore(self), _Cut(self))
        return (_PlanBefore(self), _SetPlan(self))

    def by_hand(self, errand: Errand) -> str:
        return f"Block {self.part()} of {whom(errand)} by hand, for IPv4 and IPv6, then confirm here."


@action("unblock_network", undo="block_network")
@dataclass(frozen=True, kw_only=True)
class UnblockNetwork(_NetworkAction):
    """Take a block away and put back what was before it.

    scope      as it was blocked
    Done when  the machine, read back, shows the network on, or the earlier plan. What was cut before we acted, or is
               held by another block of ours, or was changed by an admin since, stays and is noted. What was blocked by
               hand is taken away by hand.
    Source     interface 4; Virtualizor unsuspend_net, managevps admin_fwid.
    """

    def steps(self, errand: Errand) -> Sequence[Step]:
        self.refuse_version_6(errand)
        return (_Restore(self),) if self.scope in _CUTS else (_RestorePlan(self),)

    def by_hand(self, errand: Errand) -> str:
        return (
            f"Take the block of {self.part()} of {whom(errand)} away by hand, as far as we set it, then confirm here."
        )


def _held(step_action: _NetworkAction, errand: Errand, capability: Capability) -> Held:
    return machine_to_change(errand, capability, step_action.by_hand(errand))


def _insist_on_only_address(step_action: _NetworkAction, errand: Errand, held: Held) -> None:
    """The flag cuts the whole machine, so it serves for an address only where the machine has no other."""
    if step_action.scope == "ip" and set(held.machine.ips) != set(step_action.concerned(errand)):
        raise ByHand(f"The machine has other addresses too. {step_action.by_hand(errand)}")


def _others_cut(errand: Errand) -> bool:
    return any(block.get("scope") in _CUTS for block in errand.work.blocks)


def _machine_call(errand: Errand, command: str, **given: str) -> tuple[Call, ...]:
    """A call to the panel of the service's machine."""
    service = errand.service
    machine = f"{service.server}/{service.vpsid}" if service.vpsid else ""
    return (Call(to="server", command=command, given={"machine": machine, **given}),)


# ---- the network flag ----


@dataclass(frozen=True)
class _NetworkBefore(Fact):
    """Whether the network was cut before us, by somebody else than another block of ours."""

    action: BlockNetwork
    name = "before"

    def look(self, errand: Errand, since: datetime | None) -> Seen:
        held = _held(self.action, errand, Capability.CUT_NETWORK)
        return Seen({"found_cut": held.machine.network_cut and not _others_cut(errand)})


@dataclass(frozen=True)
class _Cut(Step):
    action: BlockNetwork
    name = "cut"
    sight = Sight.STATE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        return _machine_call(errand, "suspend_net")

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        held = _held(self.action, errand, Capability.CUT_NETWORK)
        _insist_on_only_address(self.action, errand, held)
        return Seen() if held.machine.network_cut else None

    def prepare(self, errand: Errand) -> Attempt:
        held = _held(self.action, errand, Capability.CUT_NETWORK)
        held.insist_unlocked()

        def call() -> Mapping[str, Json]:
            held.panel.cut_network(held.machine.id, held.machine.uuid)
            return {}

        return Attempt(call=call)


@dataclass(frozen=True)
class _Restore(Step):
    action: UnblockNetwork
    name = "restore"
    sight = Sight.STATE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        return _machine_call(errand, "unsuspend_net")

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        held = _held(self.action, errand, Capability.CUT_NETWORK)
        _insist_on_only_address(self.action, errand, held)
        if not held.machine.network_cut:
            return Seen()
        if _others_cut(errand):
            return Seen({"note": "another block of this service keeps the network cut"})
        if errand.work.undoes.get("found_cut"):
            return Seen({"note": "the network was cut before we acted and stays so"})
        return None

    def prepare(self, errand: Errand) -> Attempt:
        held = _held(self.action, errand, Capability.CUT_NETWORK)
        held.insist_unlocked()

        def call() -> Mapping[str, Json]:
            held.panel.restore_network(held.machine.id, held.machine.uuid)
            return {}

        return Attempt(call=call)


# ---- firewall plans ----


def _plan(step_action: _NetworkAction, errand: Errand, held: Held) -> str:
    plans = errand.panels.plans(held.place.server)
    plan = plans.ports if step_action.scope == "ports" else plans.outbound
    if plan is None:
        raise ByHand(f"No firewall plan is configured for it. {step_action.by_hand(errand)}")
    return plan


@dataclass(frozen=True)
class _PlanBefore(Fact):
    """The plan in force before us, to be put back."""

    action: BlockNetwork
    name = "before"

    def look(self, errand: Errand, since: datetime | None) -> Seen:
        held = _held(self.action, errand, Capability.FIREWALL_PLAN)
        plan = _plan(self.action, errand, held)
        if any(block.get("scope") not in _CUTS for block in errand.work.blocks):
            raise ByHand(
                f"A machine has one firewall plan, and another block's is in force. {self.action.by_hand(errand)}"
            )
        return Seen({"earlier": held.machine.firewall_plan, "plan": plan})


@dataclass(frozen=True)
class _SetPlan(Step):
    action: BlockNetwork
    name = "plan"
    sight = Sight.STATE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        return _machine_call(errand, "managevps", firewall_plan=self.action.part())

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        held = _held(self.action, errand, Capability.FIREWALL_PLAN)
        return Seen() if held.machine.firewall_plan == errand.results["before"]["plan"] else None

    def prepare(self, errand: Errand) -> Attempt:
        held = _held(self.action, errand, Capability.FIREWALL_PLAN)
        held.insist_unlocked()
        plan: str = errand.results["before"]["plan"]

        def call() -> Mapping[str, Json]:
            held.panel.set_firewall_plan(held.machine.id, plan, held.machine.uuid)
            return {}

        return Attempt(call=call)


@dataclass(frozen=True)
class _RestorePlan(Step):
    action: UnblockNetwork
    name = "restore"
    sight = Sight.STATE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        return _machine_call(errand, "managevps", firewall_plan=self._earlier(errand) or "-")

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        held = _held(self.action, errand, Capability.FIREWALL_PLAN)
        ours, earlier, now = self._ours(errand, held), self._earlier(errand), held.machine.firewall_plan
        if "plan" not in errand.work.undoes and now != ours:
            raise ByHand(self.action.by_hand(errand))
        if now == earlier:
            return Seen()
        if now != ours:
            return Seen({"note": f"an admin put firewall plan {now or 'none'} in force since; it stays"})
        return None

    def prepare(self, errand: Errand) -> Attempt:
        held = _held(self.action, errand, Capability.FIREWALL_PLAN)
        held.insist_unlocked()
        earlier = self._earlier(errand)

        def call() -> Mapping[str, Json]:
            held.panel.set_firewall_plan(held.machine.id, earlier, held.machine.uuid)
            return {}

        return Attempt(call=call)

    def _ours(self, errand: Errand, held: Held) -> str:
        plan: str | None = errand.work.undoes.get("plan")
        return plan if plan is not None else _plan(self.action, errand, held)

    def _earlier(self, errand: Errand) -> str | None:
        earlier: str | None = errand.work.undoes.get("earlier")
        return earlier
