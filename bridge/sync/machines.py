"""The machines of every server panel, read once per panel; and one machine read by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bridge.errors import PanelError
from bridge.ports import BillingService, Machine, Panels, ServerPanel, ServiceStatus
from bridge.sync.sighting import Link, SeenMachine, Sighting


class _Shelf:
    """All machines of one panel."""

    def __init__(self, machines: Iterable[Machine], count: Callable[[], None]) -> None:
        self._by_id: dict[str, SeenMachine] = {}
        for machine in machines:
            self._by_id[machine.id] = SeenMachine.of(machine)
            count()
        self._by_uuid: Mapping[str, SeenMachine] | None = None

    def __len__(self) -> int:
        return len(self._by_id)

    def find(self, vpsid: str, uuid: str | None) -> SeenMachine | None:
        """By id; where that is gone or another machine by now, by uuid: a migration may give a new id."""
        found = self._by_id.get(vpsid)
        if found is not None and found.is_the_one(uuid):
            return found
        if not uuid:
            return None
        if self._by_uuid is None:
            self._by_uuid = {machine.uuid: machine for machine in self._by_id.values() if machine.uuid}
        return self._by_uuid.get(uuid)


class Machines:
    """What the server panels showed in one reading. A panel that failed, even halfway, counts as not read at all."""

    def __init__(self, servers: Panels) -> None:
        self._servers = servers
        self._shelves: dict[int, _Shelf | None] = {}
        self.unread: list[str] = []
        self.count = 0

    @classmethod
    def read(cls, servers: Panels, server_ids: Iterable[str], progress: Callable[[int], None]) -> Machines:
        """Every panel once, however many server ids stand for it."""
        machines = cls(servers)
        for server in server_ids:
            panel = servers(server)
            if panel is not None and id(panel) not in machines._shelves:
                machines._read(panel, progress)
        return machines

    def _read(self, panel: ServerPanel, progress: Callable[[int], None]) -> None:
        seen = self.count

        def one_more() -> None:
            nonlocal seen
            seen += 1
            progress(seen)

        def strange(_: str, words: str) -> None:
            self.unread.append(f"{panel.name}: {words}")

        try:
            shelf = _Shelf(panel.machines(unreadable=strange), one_more)
        except PanelError as trouble:
            self._shelves[id(panel)] = None
            self.unread.append(str(trouble))
            return
        self._shelves[id(panel)] = shelf
        self.count += len(shelf)

    def sight(self, service: BillingService) -> Sighting:
        """The service with its machine; one that no list showed is asked for by itself before it counts as gone."""
        panel = self._servers(service.server) if service.server and service.vpsid else None
        if panel is None or service.vpsid is None:
            return Sighting(service)
        shelf = self._shelves.get(id(panel))
        if shelf is None:
            return Sighting(service, Link.UNREAD)
        found = shelf.find(service.vpsid, service.vps_uuid)
        if found is not None:
            return Sighting(service, Link.FOUND, found)
        if service.status is ServiceStatus.TERMINATED:
            return Sighting(service, Link.GONE)
        try:
            return sight_alone(self._servers, service)
        except PanelError:
            return Sighting(service, Link.UNREAD)


def sight_alone(servers: Panels, service: BillingService) -> Sighting:
    """The service with its machine, read by itself. Raises PanelError where the server panel cannot be read."""
    panel = servers(service.server) if service.server and service.vpsid else None
    if panel is None or service.vpsid is None:
        return Sighting(service)
    machine = panel.machine(service.vpsid)
    if machine is not None and SeenMachine.of(machine).is_the_one(service.vps_uuid):
        return Sighting(service, Link.FOUND, SeenMachine.of(machine))
    moved = _by_address(panel, service) if service.vps_uuid else None
    if moved is not None:
        return Sighting(service, Link.FOUND, SeenMachine.of(moved))
    return Sighting(service, Link.GONE)


def _by_address(panel: ServerPanel, service: BillingService) -> Machine | None:
    """A machine that was given a new id still holds its addresses and its uuid."""
    for ip in service.ips:
        holder = panel.holder_of(ip) if "/" not in ip else None
        if holder is not None and holder.uuid == service.vps_uuid:
            return holder
    return None
