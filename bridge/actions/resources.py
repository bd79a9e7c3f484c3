"""Capping what a machine may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any

from bridge.actions.errand import Allotments, Errand
from bridge.actions.machines import Held, machine_to_change
from bridge.actions.registry import Action, action, whom
from bridge.actions.step import Attempt, ByHand, Call, Fact, Seen, Sight, Step
from bridge.letters import plain
from bridge.ports import Cap, Capability

Json = Any

_WHOLE_CPU = 100
_CAPS: Mapping[str, tuple[Cap, ...]] = {
    "cpu": (Cap.CPU,),
    "disk_io": (Cap.IOPS, Cap.READ, Cap.WRITE),
    "bandwidth": (Cap.DOWNLOAD, Cap.UPLOAD),
}


@action("limit_resource", undo=None)
@dataclass(frozen=True, kw_only=True)
class LimitResource(Action):
    """Cap what a machine may use. An admin lifts it by hand again, so nothing undoes it; what was before is noted.

    metric     cpu, disk_io or bandwidth
    cap        a share of what the machine may use now, or, where nothing caps it, of the allotment in the configuration
    Done when  the machine, read back, shows no higher cap. Without any number to take the share of: by hand.
    Source     interface 4; Virtualizor managevps cpu_percent, network_speed, total_iops_sec, read_bytes_sec …
    """

    metric: str
    cap: str | int | float | None = None

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_CapsBefore(self), _SetCaps(self))

    def by_hand(self, errand: Errand) -> str:
        cap = f" to {plain(str(self.cap), 60)} of what it may use now" if self.cap is not None else ""
        return f"Limit {plain(self.metric, 40)} of {whom(errand)}{cap} in the server panel, then confirm here."

    def wanted(self, now: Mapping[Cap, int], allotted: Allotments) -> dict[Cap, int]:
        """The caps to set; empty where there is nothing to take a share of."""
        share = _share(self.cap)
        if share is None:
            return {}
        whole = {cap: now[cap] for cap in _CAPS.get(self.metric, ()) if now.get(cap, 0) > 0}
        if not whole and self.metric == "cpu" and Cap.CPU in now:
            whole = {Cap.CPU: _WHOLE_CPU}
        elif not whole and self.metric == "disk_io" and allotted.disk_io is not None:
            whole = {Cap.READ: allotted.disk_io, Cap.WRITE: allotted.disk_io}
        elif not whole and self.metric == "bandwidth" and allotted.bandwidth is not None:
            whole = {Cap.DOWNLOAD: allotted.bandwidth}
        return {cap: max(1, int((value * share).to_integral_value(ROUND_CEILING))) for cap, value in whole.items()}


def _share(written: str | int | float | None) -> Decimal | None:
    """A share between nothing and all; None for anything else."""
    try:
        share = Decimal(str(written))
    except InvalidOperation:
        return None
    return share if share.is_finite() and 0 < share < 1 else None


def _held(limit: LimitResource, errand: Errand) -> Held:
    return machine_to_change(errand, Capability.LIMIT_RESOURCE, limit.by_hand(errand))


@dataclass(frozen=True)
class _CapsBefore(Fact):
    """The caps in force before us, and those to set; kept, so that another attempt takes no share of the share."""

    action: LimitResource
    name = "before"

    def look(self, errand: Errand, since: datetime | None) -> Seen:
        held = _held(self.action, errand)
        now = held.panel.caps(held.machine.id)
        wanted = self.action.wanted(now, errand.panels.allotments(held.place.server))
        if not wanted:
            raise ByHand(f"Nothing says how much the machine may use now. {self.action.by_hand(errand)}")
        earlier = {cap.value: now[cap] for cap in wanted if cap in now}
        return Seen({"earlier": earlier, "wanted": {cap.value: value for cap, value in wanted.items()}})


@dataclass(frozen=True)
class _SetCaps(Step):
    action: LimitResource
    name = "caps"
    sight = Sight.ONCE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        service = errand.service
        machine = f"{service.server}/{service.vpsid}" if service.vpsid else ""
        given = {"machine": machine, "metric": self.action.metric, "cap": str(self.action.cap)}
        return (Call(to="server", command="managevps", given=given),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        held = _held(self.action, errand)
        now = held.panel.caps(held.machine.id)
        if not all(0 < now.get(cap, 0) <= value for cap, value in self._wanted(errand).items()):
            return None
        earlier: Mapping[str, int] = errand.results["before"]["earlier"]
        was = ", ".join(f"{name} {value or 'without a cap'}" for name, value in earlier.items())
        return Seen({"note": f"an admin lifts the cap again; before it was {was}"})

    def prepare(self, errand: Errand) -> Attempt:
        held, wanted = _held(self.action, errand), self._wanted(errand)
        held.insist_unlocked()

        def call() -> Mapping[str, Json]:
            held.panel.set_caps(held.machine.id, wanted, held.machine.uuid)
            return {}

        return Attempt(call=call)

    def _wanted(self, errand: Errand) -> dict[Cap, int]:
        kept: Mapping[str, int] = errand.results["before"]["wanted"]
        return {Cap(name): value for name, value in kept.items()}
