"""Suspending a service and releasing it, and the bars that no panel needs to know of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.machines import Both, after_refusal, insist_unlocked, read_both
from bridge.actions.registry import Action, action, insist_on_module, whom
from bridge.actions.step import Attempt, Call, Impossible, Seen, Sight, Step
from bridge.errors import PanelRefused
from bridge.letters import plain
from bridge.marks import bears, marked, marks_in
from bridge.ports import Capability, ServiceStatus

Json = Any

_LONGEST_REASON = 200
"""The billing panel keeps 255 characters; the mark must never be cut off."""

_GONE = "the VPS is gone from the server panel"


@action("suspend_service", undo="unsuspend_service", needs={Capability.SUSPEND}, main="suspend")
@dataclass(frozen=True, kw_only=True)
class SuspendService(Action):
    """Take a service off the net, through the billing panel's module.

    reason       what the customer reads: one line, never empty; our mark is appended
    irrevocable  no one may lift it from the panel; that is answered from our own state, no panel is told
    Done when    both panels, read back, say suspended; or the billing panel said so already, by somebody else's doing.
    Source       interface 4 and 9; WHMCS ModuleSuspend, GetClientsProducts; Virtualizor vs.
    """

    reason: str = ""
    irrevocable: bool = False

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_Suspend(self),)

    def by_hand(self, errand: Errand) -> str:
        words = self.marked_reason(errand)
        return f"Take {whom(errand)} off the net by hand and give this reason: {words!r}. Then confirm here."

    def marked_reason(self, errand: Errand) -> str:
        work = errand.work
        words = plain(self.reason, 400) or plain(work.because, 400) or f"Suspended under clause {work.clause}"
        return marked(words, errand.mark("suspend"), longest=_LONGEST_REASON)


@dataclass(frozen=True)
class _Suspend(Step):
    action: SuspendService
    name = "suspend"
    sight = Sight.STATE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        reason = self.action.marked_reason(errand)
        return (Call(to="billing", command="ModuleSuspend", given={"service": errand.service.id, "reason": reason}),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        both = read_both(errand)
        _insist_alive(both)
        if both.status is not ServiceStatus.SUSPENDED:
            return None
        if not marks_in(both.billing.suspension_reason):
            return Seen({"theirs": True})
        return None if both.runs else _drift_if_gone(both)

    def prepare(self, errand: Errand) -> Attempt:
        both = read_both(errand)
        insist_on_module(both.billing.has_module, self.action, errand)
        insist_unlocked(both)
        reason = self.action.marked_reason(errand)

        def call() -> Mapping[str, Json] | Seen:
            try:
                errand.billing.suspend(both.billing.id, reason)
            except PanelRefused as refusal:
                return after_refusal(errand, refusal, lambda found: _off_the_net(found, errand.mark(self.name)))
            return {}

        return Attempt(call=call, command="ModuleSuspend")

    def confirm(self, errand: Errand, since: datetime, answer: Mapping[str, Json]) -> Seen | None:
        """The panel said yes, so it is ours, even where it did not keep our reason."""
        both = read_both(errand)
        if both.status is not ServiceStatus.SUSPENDED or both.runs:
            return None
        if not bears(both.billing.suspension_reason, errand.mark(self.name)):
            return Seen({"note": "the billing panel did not keep the reason with our mark", "unmarked": True})
        return _drift_if_gone(both)


def _insist_alive(both: Both) -> None:
    if both.status is ServiceStatus.TERMINATED:
        raise Impossible(f"service {both.billing.id} is terminated")


def _drift_if_gone(both: Both) -> Seen:
    return Seen({"note": _GONE} if both.is_gone else {})


def _off_the_net(both: Both, token: str) -> Seen | None:
    """After an error: suspended in the billing panel (ours by its mark), or the machine is, whatever billing says."""
    if both.status is ServiceStatus.SUSPENDED and not both.runs:
        return _drift_if_gone(both) if bears(both.billing.suspension_reason, token) else Seen({"theirs": True})
    if both.machine is not None and both.machine.suspended:
        return Seen({"note": f"the VPS is suspended while the billing panel says {both.status.value}"})
    return None


@action("unsuspend_service", undo="suspend_service", needs={Capability.SUSPEND}, main="")
@dataclass(frozen=True, kw_only=True)
class UnsuspendService(Action):
    """Put a service back on the net, through the billing panel's module.

    reason       why it is released, for the record
    Done when    both panels, read back, say it is not suspended.
    Never        lifts a suspension that bears no mark of ours, unless the decision says that it is somebody else's, or
                 that it became ours without one: it fails and says whose words stand there.
    Source       interface 1 (hold), 4 and 9; WHMCS ModuleUnsuspend, GetClientsProducts; Virtualizor vs.
    """

    reason: str = ""

    def steps(self, errand: Errand) -> Sequence[Step]:
        return (_Unsuspend(self),)

    def by_hand(self, errand: Errand) -> str:
        but = "" if errand.work.plan.get("theirs") else ", unless somebody else suspended it"
        return f"Put {whom(errand)} back on the net by hand{but}. Then confirm here."


@dataclass(frozen=True)
class _Unsuspend(Step):
    action: UnsuspendService
    name = "unsuspend"
    sight = Sight.STATE

    def foreseen(self, errand: Errand) -> Sequence[Call]:
        return (Call(to="billing", command="ModuleUnsuspend", given={"service": errand.service.id}),)

    def look(self, errand: Errand, since: datetime | None) -> Seen | None:
        both = read_both(errand)
        _insist_alive(both)
        return _released(both)

    def prepare(self, errand: Errand) -> Attempt:
        before = read_both(errand)
        insist_on_module(before.billing.has_module, self.action, errand)
        if not errand.work.plan.get("theirs"):
            _insist_ours(before, errand)
        insist_unlocked(before)

        def call() -> Mapping[str, Json] | Seen:
            try:
                errand.billing.unsuspend(before.billing.id)
            except PanelRefused as refusal:
                return after_refusal(errand, refusal, lambda both: _released(both) or _started(before, both))
            return {}

        return Attempt(call=call, command="ModuleUnsuspend")


def _insist_ours(both: Both, errand: Errand) -> None:
    """Touch only what we marked, or what is known to be ours without a mark: taken over, or a reason that was not kept.

    The panel's module writes no reason into the server panel: one that stands there is a person's.
    """
    unmarked = errand.work.plan.get("unmarked") or errand.work.undoes.get("unmarked")
    if both.status is ServiceStatus.SUSPENDED and not unmarked and not marks_in(both.billing.suspension_reason):
        theirs = _quoted(both.billing.suspension_reason)
        raise Impossible(f"somebody else's suspension stands and is not lifted: {theirs}")
    machine = both.machine
    if machine is not None and machine.suspended and machine.suspend_reason and not marks_in(machine.suspend_reason):
        theirs = _quoted(machine.suspend_reason)
        raise Impossible(f"VPS {both.place} was suspended in the server panel, which is not lifted: {theirs}")


def _quoted(reason: str) -> str:
    return repr(plain(reason, 200)) if reason.strip() else "no reason given"


def _released(both: Both) -> Seen | None:
    if both.status is ServiceStatus.SUSPENDED or (both.machine is not None and both.machine.suspended):
        return None
    return _drift_if_gone(both)


def _started(before: Both, now: Both) -> Seen | None:
    """After an error: the machine was suspended and is not any more, whatever the billing panel says."""
    if before.machine is None or not before.machine.suspended or not now.runs:
        return None
    return Seen({"note": f"the VPS runs while the billing panel says {now.status.value}"})


@action("bar_unsuspension", undo="lift_bar")
@dataclass(frozen=True, kw_only=True)
class BarUnsuspension(Action):
    """Let no one unsuspend the service from a panel.

    scope      service, or ip: then `ips`
    Done when  decided: questions are answered from our own state, no panel is told.
    Source     interface 4: verdict on PreModuleUnsuspend.
    """

    scope: str = "service"
    ips: tuple[str, ...] = ()

    def steps(self, errand: Errand) -> Sequence[Step]:
        return ()


@action("lift_bar", undo="bar_unsuspension")
@dataclass(frozen=True, kw_only=True)
class LiftBar(Action):
    """End a bar.

    scope      service, or ip: then `ips`
    Done when  decided: no panel knows of bars.
    Source     interface 4.
    """

    scope: str = "service"
    ips: tuple[str, ...] = ()

    def steps(self, errand: Errand) -> Sequence[Step]:
        return ()
