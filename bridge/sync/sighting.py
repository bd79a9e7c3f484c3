"""One service as both panels show it, read together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from bridge.ports import BillingService, Machine


class Link(Enum):
    """What stands behind a service.

    NONE     no machine, or one that no server panel of this host shows
    FOUND    the machine is there
    GONE     the server panel answers, and the machine is not there (or its id means another one by now)
    UNREAD   the server panel could not be read: nothing is known of the machine
    """

    NONE = "none"
    FOUND = "found"
    GONE = "gone"
    UNREAD = "unread"


class SeenMachine(NamedTuple):
    """Of a machine what a sync needs; hundreds of thousands are kept at once."""

    id: str
    uuid: str
    ips: tuple[str, ...]
    suspended: bool
    network_cut: bool
    firewall_plan: str | None
    hostname: str = ""

    @classmethod
    def of(cls, machine: Machine) -> SeenMachine:
        shown = (machine.suspended, machine.network_cut, machine.firewall_plan, machine.hostname)
        return cls(machine.id, machine.uuid, machine.ips, *shown)

    def is_the_one(self, uuid: str | None) -> bool:
        """False where both uuids are known and differ: then the id has come to mean another machine."""
        return not uuid or not self.uuid or self.uuid == uuid


@dataclass(frozen=True, slots=True)
class Sighting:
    """`machine` is given exactly where `link` is FOUND."""

    billing: BillingService
    link: Link = Link.NONE
    machine: SeenMachine | None = None
