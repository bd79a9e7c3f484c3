"""Ending services for good. What cannot be undone is looked at twice and never repeated in haste."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.machines import (
    Both,
    Place,
    after_refusal,
    billing_service,
    insist_unlocked,
    place_of,
    read_both,
)
from bridge.actions.registry import Action, action, insist_on_module, whom
from bridge.actions.step import Attempt, ByHand, Call, Fact, Seen, Sight, Step
from bridge.errors import PanelRefused
from bridge.ports import Capability, ServiceStatus

Json = Any


@action("terminate_service", undo=None, needs={Capability.TERMINATE}, main="")
@dataclass(frozen=True, kw_only=True)
class TerminateService(Action):
    """End a service. Nothing undoes it: the machine and what is on it are gone.

    erase      true: through the billing panel's module, which deletes the machine. False: the customer takes the data
               away first, so an admin does it by hand and confirms
    Done when  the billing panel says terminated, or the machine is gone from the server panel after our call (where
               billing still says otherwise that is drift, and noted).
    Source     interface 4 and 9; WHMCS ModuleTerminate; Virtualizor vs.
    """

    erase: bool

    def steps(self, errand: Errand) -> Sequence[Step]:
        if not self.erase:
            raise ByHand(self.by_hand(errand))
        return (_Machine(), _Terminate(self))

    def by_hand(self, errand: Errand) -> str:
        if self.erase:
            return f"Terminate {whom(errand)} by hand, see that its machine is gone, then confirm here."
        return (
            f"Hand over the data of {whom(errand)} to the customer first. When the customer has it, terminate the "
            "service by its module command in the billing panel, see that its machine is gone, then confirm here."
        )


@dataclass(frozen=True)
class _Machine(Fact):
    """Where the machine is: the module empties the link when it terminates."""

    name = "machine"

    def look(self, errand: Errand, since: datetime | None) -> Seen:
        place = place_of(errand, billing_service(errand))
        return Seen(place.as_result() if place else {})


@dataclass(frozen=True)
class _Terminate(Step):
    action: TerminateService
    name = "terminate"
    sight = Sight.ONCE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        return (Call(to="billing", command="ModuleTerminate", given={"service": errand.service.id}),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        both = self._read(errand)
        if both.status is ServiceStatus.TERMINATED:
            return _terminated(both)
        return _gone(both) if since is not None else None

    def prepare(self, errand: Errand) -> Attempt:
        both = self._read(errand)
        insist_on_module(both.billing.has_module, self.action, errand)
        insist_unlocked(both)

        def call() -> Mapping[str, Json] | Seen:
            try:
                errand.billing.terminate(both.billing.id)
            except PanelRefused as refusal:
                return after_refusal(errand, refusal, _ended, Place.stored(errand.results["machine"]))
            return {}

        return Attempt(call=call, command="ModuleTerminate")

    def _read(self, errand: Errand) -> Both:
        return read_both(errand, Place.stored(errand.results["machine"]))


def _ended(both: Both) -> Seen | None:
    return _terminated(both) if both.status is ServiceStatus.TERMINATED else _gone(both)


def _terminated(both: Both) -> Seen:
    if both.machine is None:
        return Seen()
    return Seen({"note": f"the billing panel says terminated while VPS {both.place} is still in the server panel"})


def _gone(both: Both) -> Seen | None:
    if not both.is_gone:
        return None
    return Seen({"note": f"VPS {both.place} is gone while the billing panel says {both.status.value}"})
