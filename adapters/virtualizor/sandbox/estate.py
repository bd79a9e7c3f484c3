"""What the sandbox panel knows: machines and addresses, in memory. The caller holds the lock."""

from __future__ import annotations

import ipaddress
import itertools
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adapters.virtualizor.sandbox.seed import Seed, SeedMachine

NUMBERS = (
    ("cores", "2"),
    ("cpu", "1000"),
    ("cpu_percent", "100.00"),
    ("ram", "2048"),
    ("swapram", "0"),
    ("burst", "0"),
    ("bandwidth", "1000"),
    ("network_speed", "0"),
    ("upload_speed", "-1"),
    ("speed_cap_down", "0"),
    ("speed_cap_up", "0"),
    ("band_suspend", "0"),
    ("total_iops_sec", "0"),
    ("read_bytes_sec", "0"),
    ("write_bytes_sec", "0"),
    ("io", "4"),
    ("iolimit", "0"),
    ("iopslimit", "0"),
    ("admin_managed", "0"),
    ("disable_ebtables", "0"),
    ("plid", "1"),
    ("fwid", "0"),
    ("admin_fwid", "0"),
)


class Refused(Exception):
    """The panel says no. `reason` is the key under which an edit names it; None for a plain list of texts."""

    def __init__(self, words: str, *, reason: str | None = None, shape: str = "error") -> None:
        self.words = words
        self.reason = reason
        self.shape = shape
        super().__init__(words)


@dataclass
class Address:
    """A record of a pool; `ip` is the text as it was typed, `vpsid` 0 where it is free."""

    ipid: int
    ip: str
    node: int
    vpsid: int = 0
    locked: bool = False
    note: str | None = None
    mac: str = ""

    @property
    def version(self) -> int:
        return 6 if ":" in self.ip else 4


@dataclass
class Vps:
    """A virtual server; `settings` are the numbers that `managevps` edits, as text."""

    vpsid: int
    uuid: str
    node: int
    uid: int
    email: str
    hostname: str
    created: int
    ipids: list[int] = field(default_factory=list)
    running: bool = True
    suspended: bool = False
    suspend_reason: str | None = None
    network_cut: str | None = None
    locked: str = ""
    used_bandwidth: str = "12.34"
    notes: str = ""
    disks: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=lambda: dict(NUMBERS))


@dataclass
class Task:
    """Background work on a machine; `status` 1 is running, 2 done, -1 failed."""

    actid: int
    vpsid: int
    to: int
    started: int
    status: int = 1
    ended: int = 0


@dataclass(frozen=True)
class Given:
    """A line of the address log: who was given an address, and when."""

    ipid: int
    ip: str
    vpsid: int
    uid: int
    email: str
    at: int


class Estate:
    """Machines, addresses and the address log of one panel."""

    def __init__(self, seed: Seed, now: Callable[[], datetime]) -> None:
        self.lock = threading.RLock()
        self.now = now
        self.traits = seed.traits
        self.nodes = dict(seed.nodes)
        self.storages = dict(seed.storages)
        self.tasks: dict[int, Task] = {}
        self.firewall_plans = dict(seed.firewall_plans)
        self.machines: dict[int, Vps] = {}
        self.addresses: dict[int, Address] = {}
        self.log: list[Given] = []
        self._by_ip: dict[str, Address] = {}
        self._ipids = itertools.count(1)
        self._uids: dict[str, int] = {}
        for machine in seed.machines:
            self.add_machine(machine)
        for node, ips in seed.free_ips.items():
            for ip in ips:
                self.add_address(ip, node)
        for node, ips in seed.locked_ips.items():
            for ip in ips:
                self.add_address(ip, node).locked = True

    def timestamp(self) -> int:
        """Now, in whole Unix seconds."""
        return int(self.now().timestamp())

    def add_machine(self, seed: SeedMachine) -> Vps:
        """Raises Refused where the id is taken or an address is not free."""
        if seed.vpsid in self.machines:
            raise Refused(f"VPS {seed.vpsid} exists")
        vps = Vps(
            vpsid=seed.vpsid,
            uuid=seed.uuid or uuid.uuid5(uuid.NAMESPACE_OID, f"vps-{seed.vpsid}").hex[:16],
            node=seed.node,
            uid=self._uids.setdefault(seed.email, len(self._uids) + 2),
            email=seed.email,
            hostname=seed.hostname,
            created=self.timestamp(),
            running=not seed.suspended,
            suspended=seed.suspended,
            network_cut="1" if seed.network_cut else None,
            locked=seed.locked,
            disks={f"st{seed.vpsid}": "20"},
        )
        vps.settings["admin_fwid"] = str(seed.firewall_plan)
        self.machines[vps.vpsid] = vps
        for ip in seed.ips:
            address = self.find_address(ip) or self.add_address(ip, seed.node)
            self.give(address, vps)
        return vps

    def machine(self, vpsid: int) -> Vps:
        """Raises Refused where there is none."""
        found = self.machines.get(vpsid)
        if found is None:
            raise Refused("The VPS you are trying to access does not exist")
        return found

    def remove_machine(self, vps: Vps) -> None:
        """Gone for good; its addresses are free for the next customer at once."""
        for ipid in list(vps.ipids):
            self.release(self.addresses[ipid], vps)
        del self.machines[vps.vpsid]

    # ---- migrations ----

    @staticmethod
    def node_address(node: int) -> str:
        return f"198.18.0.{node + 1}"

    @staticmethod
    def node_password(node: int) -> str:
        return f"api-password-of-node-{node}"

    def begin_migration(self, vps: Vps, to: int) -> Task:
        """The machine is locked until the migration has ended."""
        vps.locked = "Migration is in progress"
        task = Task(actid=len(self.tasks) + 1, vpsid=vps.vpsid, to=to, started=self.timestamp())
        self.tasks[task.actid] = task
        return task

    def settle_migrations(self) -> None:
        """End those whose time is over."""
        for task in self.tasks.values():
            if task.status == 1 and self.timestamp() >= task.started + self.traits.migration_seconds:
                task.ended = self.timestamp()
                task.status = -1 if self.traits.migrations_fail else 2
                self._arrive(self.machine(task.vpsid), task)

    def _arrive(self, vps: Vps, task: Task) -> None:
        vps.locked = ""
        if task.status != 2:
            return
        vps.node = task.to
        for ipid in vps.ipids:
            self.addresses[ipid].node = task.to
        if self.traits.renumbers_migrated:
            del self.machines[vps.vpsid]
            vps.vpsid = max([vps.vpsid, *self.machines]) + 1
            self.machines[vps.vpsid] = vps
            for ipid in vps.ipids:
                self.addresses[ipid].vpsid = vps.vpsid

    # ---- addresses ----

    def add_address(self, ip: str, node: int) -> Address:
        """Raises Refused for what is no address or is there already."""
        spelled = canonical(ip)
        if spelled is None:
            raise Refused(f"{ip} is not a valid IP", reason="ip_invalid")
        if self.find_address(ip) is not None:
            raise Refused(f"The IP {ip} exists already", reason="ip_exists")
        address = Address(ipid=next(self._ipids), ip=ip, node=node)
        self.addresses[address.ipid] = address
        self._by_ip[spelled] = address
        return address

    def rename_address(self, address: Address, ip: str) -> None:
        """Raises Refused as `add_address`."""
        renamed = self.add_address(ip, address.node)
        self.remove_address(address)
        del self.addresses[renamed.ipid]
        address.ip = ip
        self.addresses[address.ipid] = address
        self._by_ip[canonical(ip) or ip] = address

    def remove_address(self, address: Address) -> None:
        del self.addresses[address.ipid]
        self._by_ip = {spelled: other for spelled, other in self._by_ip.items() if other is not address}

    def find_address(self, ip: str) -> Address | None:
        return self._by_ip.get(canonical(ip) or "")

    def give(self, address: Address, vps: Vps) -> None:
        """Raises Refused where somebody else holds it or it is locked."""
        if address.vpsid not in (0, vps.vpsid):
            raise Refused(f"The IP {address.ip} is assigned to another VPS", reason="ip_assigned")
        if address.vpsid == vps.vpsid:
            return
        if address.locked:
            raise Refused(f"The IP {address.ip} is locked", reason="ip_locked")
        address.vpsid = vps.vpsid
        vps.ipids.append(address.ipid)
        self.log.append(Given(address.ipid, address.ip, vps.vpsid, vps.uid, vps.email, self.timestamp()))

    def release(self, address: Address, vps: Vps) -> None:
        address.vpsid = 0
        vps.ipids.remove(address.ipid)

    def replace_addresses(self, vps: Vps, version: int, ips: Sequence[str]) -> None:
        """The whole list of one family; checked before anything changes. Raises Refused."""
        wanted = [self._usable(ip, vps) for ip in ips]
        for address in self.held(vps, version):
            if address not in wanted:
                self.release(address, vps)
        for address in wanted:
            self.give(address, vps)
        other = self.held(vps, 10 - version)
        ordered = wanted + other if version == 4 else other + wanted
        vps.ipids = [address.ipid for address in ordered]

    def _usable(self, ip: str, vps: Vps) -> Address:
        address = self.find_address(ip)
        if address is None or address.node != vps.node:
            raise Refused(f"The IP {ip} is not in a pool of this server", reason="ip_not_found")
        if address.vpsid not in (0, vps.vpsid):
            raise Refused(f"The IP {ip} is assigned to another VPS", reason="ip_assigned")
        if address.locked and address.vpsid != vps.vpsid:
            raise Refused(f"The IP {ip} is locked", reason="ip_locked")
        return address

    def held(self, vps: Vps, version: int) -> list[Address]:
        """The machine's addresses of one family, in order."""
        own = [self.addresses[ipid] for ipid in vps.ipids]
        return [address for address in own if address.version == version]


def canonical(ip: str) -> str | None:
    """Two spellings of one address are the same address."""
    try:
        return str(ipaddress.ip_network(ip, strict=False) if "/" in ip else ipaddress.ip_address(ip))
    except ValueError:
        return None
