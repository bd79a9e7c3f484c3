"""What a step may look at and use while it is carried out: work, panels, letters, and what was seen before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bridge.actions.step import Impossible
from bridge.letters import Letters
from bridge.marks import mark
from bridge.ports import BillingPanel, Mailer, Refuge, ServerPanel
from bridge.queue import CaseFacts, ServiceFacts, Work

Json = Any

_SKEW = timedelta(seconds=5)
"""How far a panel's clock may be behind ours before its objects would look older than our intent."""


@dataclass(frozen=True, kw_only=True)
class BlockPlans:
    """Firewall plans that an admin made in the server panel; None where there is none: that scope is manual."""

    ports: str | None = None
    outbound: str | None = None


def no_plans(server: str) -> BlockPlans:
    """No server has a plan."""
    return BlockPlans()


@dataclass(frozen=True, kw_only=True)
class Allotments:
    """What a machine that nothing caps may use in full: MB/s of its disks, KB/s of its line; None where not known."""

    disk_io: int | None = None
    bandwidth: int | None = None


def no_allotments(server: str) -> Allotments:
    """Nothing is known of any server."""
    return Allotments()


def no_refuge(server: str) -> Refuge | None:
    """No machine is migrated without a person."""
    return None


@dataclass(frozen=True, kw_only=True)
class Panels:
    """The panels of this host.

    servers   the server panel behind a server id of the billing panel; None where it has none
    plans     the block plans of that server panel
    allotments  what its machines may use
    refuges   where its machines are migrated to
    exempt    services that are never touched
    """

    billing: BillingPanel
    servers: Callable[[str], ServerPanel | None]
    plans: Callable[[str], BlockPlans] = no_plans
    allotments: Callable[[str], Allotments] = no_allotments
    refuges: Callable[[str], Refuge | None] = no_refuge
    exempt: Collection[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One action under way.

    now       the time of decisions (a demo may move it): for dates that people read
    results   what the steps done so far left, by the step's name
    """

    work: Work
    panels: Panels
    letters: Letters
    mailer: Mailer | None
    secret: bytes
    now: datetime
    results: dict[str, Mapping[str, Json]] = field(default_factory=dict)

    @property
    def billing(self) -> BillingPanel:
        return self.panels.billing

    @property
    def client(self) -> str:
        if not self.work.client:
            raise Impossible("the action names no client")
        return self.work.client

    @property
    def service(self) -> ServiceFacts:
        if self.work.service is None:
            raise Impossible("the action names no service")
        return self.work.service

    @property
    def case(self) -> CaseFacts | None:
        return self.work.case

    def mark(self, step: str) -> str:
        """The mark that this step of this action leaves."""
        return mark(self.secret, self.work.id, step)


def earliest(since: datetime) -> datetime:
    """From when on an object may be ours: the first intent, less the skew of clocks and the panel's whole seconds."""
    return (since - _SKEW).replace(microsecond=0)
