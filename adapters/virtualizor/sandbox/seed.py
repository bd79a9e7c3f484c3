"""What a sandbox panel starts with, and how its version behaves where the documentation leaves it open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, kw_only=True)
class SeedMachine:
    """A virtual server. `ips` as somebody typed them (IPv6 may be spelled long), the primary first; `uuid` is made up
    from the id where empty; `locked` is the reason of a lock.
    """

    vpsid: int
    hostname: str
    ips: tuple[str, ...]
    email: str = "customer@example.com"
    node: int = 0
    uuid: str = ""
    suspended: bool = False
    network_cut: bool = False
    locked: str = ""
    firewall_plan: int = 0


class PastEnd(Enum):
    """What a page past the last one shows."""

    EMPTY = "empty"
    LAST = "last"
    FIRST = "first"


@dataclass(frozen=True, kw_only=True)
class Traits:
    """How this panel behaves where versions differ or nothing is documented.

    repeats_are_errors    a second suspend, network cut … is answered with an error instead of done
    keeps_firewall_plan   False: `admin_fwid` is accepted and forgotten
    shows_newer_fields    False: rows have no machine_status, fwid, admin_fwid
    migration_seconds     how long a migration goes on after its answer
    migrations_fail       its task ends as failed, and the machine stays where it was
    renumbers_migrated    the machine bears another id afterwards
    """

    past_end: PastEnd = PastEnd.EMPTY
    repeats_are_errors: bool = True
    keeps_firewall_plan: bool = True
    shows_newer_fields: bool = True
    migration_seconds: int = 0
    migrations_fail: bool = False
    renumbers_migrated: bool = False


@dataclass(frozen=True, kw_only=True)
class Seed:
    """`free_ips` by node; `firewall_plans` are admin-made, by id; locked addresses may not be handed out; `storages`
    are the nodes' own, each by its id.
    """

    machines: tuple[SeedMachine, ...] = ()
    nodes: Mapping[int, str] = field(default_factory=lambda: {0: "localhost"})
    free_ips: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    locked_ips: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    storages: Mapping[int, int] = field(default_factory=dict)
    firewall_plans: Mapping[int, str] = field(default_factory=lambda: {7: "no outbound mail", 8: "no outbound traffic"})
    traits: Traits = Traits()
