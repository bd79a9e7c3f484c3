"""A pack with what the installation adds to it: approvals, mode, exemptions (interface 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bridge.model import AUTO
from bridge.policy.pack import Pack
from bridge.policy.verbs import NEVER_AUTO, common_approval

OBSERVE = "observe"
APPROVE = "approve"
ENFORCE = "enforce"


@dataclass(frozen=True)
class Rules:
    """What `decide` applies.

    approvals     [approvals] of the configuration, by action
    exempt        services whose decisions are shown and never carried out, with the reason
    at_once       replay only: what is approved is carried out in the same instant, proposals too
    settled       replay only: actions that are done in the instant in which they are decided, as nothing follows
    expire_after  how long a proposal waits for an answer; None: for ever
    """

    pack: Pack
    approvals: Mapping[str, str | int] = field(default_factory=dict)
    mode: str = APPROVE
    exempt: Mapping[str, str] = field(default_factory=dict)
    at_once: bool = False
    settled: frozenset[str] = frozenset()
    expire_after: timedelta | None = None

    def simulates(self, service: str | None) -> bool:
        """Whether what is decided about a service is only shown."""
        return self.mode == OBSERVE or (service is not None and service in self.exempt)

    def standing(self, action: str, approval: str | int, *, simulated: bool) -> str:
        """In which state an action is decided."""
        if simulated:
            return "done"
        if approval != AUTO:
            return "proposed"
        return "done" if action in self.settled else "approved"

    def approval(self, action: str, row: str | int | None, demanded: int = 0) -> str | int:
        """Who must agree: G10, then the pack's row, then [approvals]; `enforce` lifts only G10's defaults.

        demanded  what a common rule asks at least (G5), which nothing lifts
        """
        approval = row if row is not None else self._common(action)
        approval = self.approvals.get(action, approval)
        if demanded and (approval == AUTO or int(approval) < demanded):
            return demanded
        return approval

    def _common(self, action: str) -> str | int:
        if self.mode == ENFORCE and action not in NEVER_AUTO:
            return AUTO
        return common_approval(action)
