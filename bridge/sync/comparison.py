"""What the two panels disagree about, of one service."""

from __future__ import annotations

from bridge.drift import ADDRESSES, MACHINE_GONE, MACHINE_MOVED, STATUS, Network, Says
from bridge.ports import ServiceStatus
from bridge.sync.sighting import Link, Sighting


def between_panels(seen: Sighting) -> dict[str, Says]:
    """What the panels disagree about, by kind. Nothing is said of a machine that could not be read."""
    service, machine = seen.billing, seen.machine
    place = f"VPS {service.server}/{service.vpsid}"
    ended = service.status is ServiceStatus.TERMINATED
    if seen.link is Link.GONE and service.status is not ServiceStatus.PENDING and not ended:
        return {MACHINE_GONE: {"billing": f"{service.status.value}, {place}", "server": "no such VPS"}}
    if seen.link is not Link.FOUND or machine is None:
        return {}
    found: dict[str, Says] = {}
    if machine.id != service.vpsid:
        found[MACHINE_MOVED] = {"billing": place, "server": f"VPS {service.server}/{machine.id}"}
    if ended or (service.status is ServiceStatus.SUSPENDED) is not machine.suspended:
        found[STATUS] = {
            "billing": service.status.value,
            "server": "suspended" if machine.suspended else "not suspended",
        }
    if not ended and set(service.ips) != set(machine.ips):
        found[ADDRESSES] = {"billing": sorted(service.ips), "server": sorted(machine.ips)}
    return found


def network_of(seen: Sighting) -> Network | None:
    """What the machine shows of its network; None where no machine was read."""
    return None if seen.machine is None else Network(seen.machine.network_cut, seen.machine.firewall_plan)
