"""A service as both panels show it, read together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.actions.errand import Errand
from bridge.actions.step import ByHand, Impossible, Later, Seen
from bridge.errors import PanelError, PanelRefused, PanelUnclear
from bridge.ports import BillingService, Capability, Machine, ServerPanel, ServiceStatus

Json = Any

_ADDRESSES_TRIED = 3


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a machine is: the server id of the billing panel, the VPS id, and the uuid where known."""

    server: str
    vpsid: str
    uuid: str

    @classmethod
    def stored(cls, result: Mapping[str, Json]) -> Place | None:
        if not result.get("server") or not result.get("vpsid"):
            return None
        return cls(server=result["server"], vpsid=result["vpsid"], uuid=result.get("uuid") or "")

    def as_result(self) -> dict[str, Json]:
        return {"server": self.server, "vpsid": self.vpsid, "uuid": self.uuid}

    def __str__(self) -> str:
        return f"{self.server}/{self.vpsid}"


@dataclass(frozen=True, kw_only=True)
class Both:
    """`place` is None where no server panel shows a machine of the service; `machine` is None then, or if gone."""

    billing: BillingService
    place: Place | None
    machine: Machine | None

    @property
    def status(self) -> ServiceStatus:
        return self.billing.status

    @property
    def is_gone(self) -> bool:
        """The server panel answers, and the machine is not there any more."""
        return self.place is not None and self.machine is None

    @property
    def is_locked(self) -> bool:
        return self.machine is not None and self.machine.locked

    @property
    def runs(self) -> bool:
        """A machine is there and not suspended."""
        return self.machine is not None and not self.machine.suspended


def billing_service(errand: Errand) -> BillingService:
    """The service in the billing panel; Impossible where it is not there or belongs to somebody else."""
    service = errand.billing.service(errand.service.id)
    if service is None:
        raise Impossible(f"service {errand.service.id} is not in the billing panel")
    if errand.work.client and service.client != errand.work.client:
        raise Impossible(f"service {service.id} belongs to client {service.client} by now")
    return service


def place_of(errand: Errand, service: BillingService) -> Place | None:
    """The billing panel's own link first (it may have been migrated), else what was last observed."""
    server = service.server or errand.service.server
    vpsid = service.vpsid or errand.service.vpsid
    if not server or not vpsid or errand.panels.servers(server) is None:
        return None
    uuid = service.vps_uuid if service.vpsid else errand.service.vps_uuid
    return Place(server=server, vpsid=vpsid, uuid=uuid or "")


def machine_at(errand: Errand, place: Place) -> Machine | None:
    """The machine; None where it is gone, also where its id has come to mean another one."""
    panel = errand.panels.servers(place.server)
    machine = panel.machine(place.vpsid) if panel is not None else None
    if machine is not None and place.uuid and machine.uuid and machine.uuid != place.uuid:
        return None
    return machine


def read_both(errand: Errand, stored: Place | None = None) -> Both:
    """Both panels; `stored` is where the machine was before a step that empties the link."""
    service = billing_service(errand)
    place = stored or place_of(errand, service)
    if place is None:
        return Both(billing=service, place=None, machine=None)
    machine = machine_at(errand, place) or _moved(errand, place, service.ips or errand.service.ips)
    return Both(billing=service, place=place, machine=machine)


def _moved(errand: Errand, place: Place, ips: Sequence[str]) -> Machine | None:
    """After a migration a machine may bear another id: found by one of its addresses and known by its uuid."""
    panel = errand.panels.servers(place.server)
    if panel is None or not place.uuid:
        return None
    holders = (panel.holder_of(ip) for ip in ips[:_ADDRESSES_TRIED] if "/" not in ip)
    return next((machine for machine in holders if machine is not None and machine.uuid == place.uuid), None)


def insist_unlocked(both: Both) -> None:
    """A locked machine refuses everything for a while: try again later, do not give up."""
    if both.is_locked:
        raise Later(f"VPS {both.place} is locked")


def after_refusal(
    errand: Errand, refusal: PanelRefused, effect: Callable[[Both], Seen | None], stored: Place | None = None
) -> Seen:
    """What the panel's own error to a module command is worth, by reading both panels.

    The effect is there: done. The machine is locked: Later. Else the refusal stands and is raised again. Where the
    panels cannot be read, PanelUnclear: look first.
    """
    try:
        both = read_both(errand, stored)
    except PanelError as error:
        raise PanelUnclear(refusal.panel, f"{refusal.words} (and it could not be read back: {error.words})") from error
    seen = effect(both)
    if seen is not None:
        return seen
    insist_unlocked(both)
    raise refusal


@dataclass(frozen=True, kw_only=True)
class Held:
    """A machine and the panel that can act on it."""

    panel: ServerPanel
    place: Place
    machine: Machine

    def insist_unlocked(self) -> None:
        if self.machine.locked:
            raise Later(f"VPS {self.place} is locked")


def machine_to_change(errand: Errand, capability: Capability, instructions: str) -> Held:
    """The service's machine, for a call to the server panel itself; ByHand where no panel can do it."""
    both = read_both(errand)
    if both.status is ServiceStatus.TERMINATED:
        raise Impossible(f"service {both.billing.id} is terminated")
    panel = errand.panels.servers(both.place.server) if both.place else None
    if both.place is None or panel is None or capability not in panel.capabilities:
        raise ByHand(instructions)
    if both.machine is None:
        raise Impossible(f"VPS {both.place} is gone, or its id means another machine")
    return Held(panel=panel, place=both.place, machine=both.machine)
