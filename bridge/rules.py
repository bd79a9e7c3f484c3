"""A pack with what the installation adds to it: approvals, mode, exemptions (interface 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from bridge.model import AUTO
from bridge.policy.pack import Clause, Pack
from bridge.policy.verbs import NEVER_AUTO, common_approval
from bridge.wording import Wording

OBSERVE = "observe"
APPROVE = "approve"
ENFORCE = "enforce"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is known of whom a decision is about; None or empty where it is not known."""

    product_kind: str | None = None
    product: str | None = None
    region: str | None = None
    client_group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Another pack for some services: each criterion that is given must be met, an empty one asks nothing."""

    pack: Pack
    product_kind: frozenset[str] = frozenset()
    product: frozenset[str] = frozenset()
    region: frozenset[str] = frozenset()
    client_group: frozenset[str] = frozenset()

    @property
    def told(self) -> str:
        """Whom it is for, in the words of the configuration."""
        asked = ("product_kind", "product", "region", "client_group")
        return ", ".join(f"{name} {' or '.join(sorted(words))}" for name in asked if (words := getattr(self, name)))

    def fits(self, subject: Subject) -> bool:
        return (
            (not self.product_kind or subject.product_kind in self.product_kind)
            and (not self.product or subject.product in self.product)
            and (not self.region or subject.region in self.region)
            and (not self.client_group or subject.client_group in self.client_group)
        )


@dataclass(frozen=True)
class Rules:
    """What `decide` applies.

    pack          for everything that no route leads to another
    routes        in the order of the configuration; the first that fits counts
    earlier       packs that cases still rest on and that nothing leads to any more
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
    routes: tuple[Route, ...] = ()
    earlier: tuple[Pack, ...] = ()

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """Every pack that may decide something new, the general one first, each once."""
        return tuple({pack.name: pack for pack in (self.pack, *(route.pack for route in self.routes))}.values())

    @cached_property
    def _by_name(self) -> Mapping[str, Pack]:
        return {pack.name: pack for pack in (*self.earlier, *reversed(self.packs))}

    def named(self, policy: str) -> Pack:
        """The pack that decided something earlier (G8); where it is not known any more, the general one."""
        return self._by_name.get(policy, self.pack)

    def pack_for(self, subject: Subject) -> Pack:
        """The pack that answers for a service or client."""
        return next((route.pack for route in self.routes if route.fits(subject)), self.pack)

    def clause(self, policy: str, version: str, number: str) -> Clause | None:
        """A clause of a decision as it reads; None for common rules, and where the pack no longer has it."""
        return self.named(policy).version(version).clauses.get(number)

    def wording(self, policy: str, version: str, number: str) -> Wording:
        """What the clause of a decision says; empty where there is none."""
        return self.named(policy).version(version).wording(number)

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
        asked = (action, row, demanded)
        known = self._approvals.get(asked)
        if known is None:
            known = self._approvals[asked] = self._approval(*asked)
        return known

    @cached_property
    def _approvals(self) -> dict[tuple[str, str | int | None, int], str | int]:
        """What was answered before: the same few questions come again and again."""
        return {}

    def _approval(self, action: str, row: str | int | None, demanded: int) -> str | int:
        approval = row if row is not None else self._common(action)
        approval = self.approvals.get(action, approval)
        if demanded and (approval == AUTO or int(approval) < demanded):
            return demanded
        return approval

    def _common(self, action: str) -> str | int:
        if self.mode == ENFORCE and action not in NEVER_AUTO:
            return AUTO
        return common_approval(action)
