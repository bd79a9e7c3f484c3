"""The server panel of `bridge.ports`, on Virtualizor's admin API.

Suspending and terminating a whole service go through the billing panel; here stands what that one has not: the network
flag, the admin firewall plan, addresses, caps, migration. Every write that the panel would tell WHMCS of says
`skip_callback=1`, so that it does not write there behind our back, and gives the uuid as a guard where we know it.
Source: README.md beside this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from adapters.virtualizor.answers import Answer
from adapters.virtualizor.caps import FIELDS, caps_of
from adapters.virtualizor.client import Fields, VirtualizorClient
from adapters.virtualizor.migration import last_migration, migrate
from adapters.virtualizor.shapes import (
    AddressRecord,
    Holding,
    Row,
    address_record,
    holding_from_row,
    identifier,
    machine_from_row,
    normal_address,
    plan_id,
    raw_addresses,
    rows,
    version_of,
)
from bridge.errors import InvalidInput, NotSupported, PanelError, PanelRefused, PanelUnclear
from bridge.ports import Cap, Capability, Machine, Migration, Refuge, Unreadable

CAPABILITIES = frozenset(
    {
        Capability.CUT_NETWORK,
        Capability.FIREWALL_PLAN,
        Capability.REPLACE_IP,
        Capability.LIMIT_RESOURCE,
        Capability.MIGRATE,
    }
)

_ROWS_A_PAGE = 500
_MOST_PAGES = 10_000
_FREE_IPS_ENOUGH = 4096
_ID_FIELDS = {"vs": "vpsid", "ips": "ipid", "iplogs": "iplid"}
_NO_CALLBACK = {"skip_callback": "1"}


class VirtualizorPanel:
    """One Virtualizor master. Safe to share between threads."""

    def __init__(self, client: VirtualizorClient) -> None:
        self._client = client
        self.name = client.name

    @property
    def capabilities(self) -> frozenset[Capability]:
        return CAPABILITIES

    def probe(self) -> str:
        """Where the panel is, after reading one machine and one address; no call of ours tells its version without
        telling its secrets too (`serverinfo` does).
        """
        one = {"page": "1", "reslen": "1"}
        self._client.read("vs", one, expects="vs")
        self._client.read("ips", one, expects="ips")
        return f"Virtualizor at {self._client.access.host}"

    def machines(self, *, unreadable: Unreadable | None = None) -> Iterator[Machine]:
        """Every machine once, locked ones too."""
        for key, row in self._pages("vs", {}, "vs"):
            found = self._readable(key, row, unreadable)
            if found is not None:
                yield found

    def _readable(self, key: str, row: Row, unreadable: Unreadable | None) -> Machine | None:
        try:
            return self._machine(key, row)
        except PanelRefused as problem:
            if unreadable is None:
                raise
            unreadable(key, problem.words)
            return None

    def machine(self, vpsid: str) -> Machine | None:
        found = self._row(vpsid)
        return None if found is None else self._machine(vpsid, found)

    def holder_of(self, ip: str) -> Machine | None:
        """Compared by us: the panel's search may match parts of addresses and knows IPv6 only as it was typed."""
        wanted = _address("ip", ip)
        for query in _searches("vpsip", wanted):
            holders = [
                machine
                for key, row in self._pages("vs", query, "vs")
                if wanted in (machine := self._machine(key, row)).ips
            ]
            if len(holders) > 1:
                ids = ", ".join(machine.id for machine in holders[:10])
                raise PanelRefused(self.name, f"{wanted} is held by more than one VPS: {ids}")
            if holders:
                return holders[0]
        return None

    def cut_network(self, vpsid: str, uuid: str) -> None:
        self._switch_network("suspend_net", vpsid, uuid, cut=True)

    def restore_network(self, vpsid: str, uuid: str) -> None:
        self._switch_network("unsuspend_net", vpsid, uuid, cut=False)

    def set_firewall_plan(self, vpsid: str, plan: str | None, uuid: str = "") -> None:
        """Put an admin-made plan in force, or none; read back, since the panel takes fields that it does not know.

        Raises NotSupported where the panel said yes and the row still shows another plan.
        """
        if plan is not None and plan_id(plan) is None:
            raise InvalidInput("plan", "is no id of a firewall plan")
        self._edit(vpsid, uuid, {"admin_fwid": plan or "0"}, lambda machine: machine.firewall_plan == plan_id(plan))
        try:
            machine = self.machine(vpsid)
        except PanelError as problem:
            raise PanelUnclear(self.name, f"the firewall plan could not be read back: {problem.words}") from problem
        if machine is None or machine.firewall_plan != plan_id(plan):
            raise NotSupported(self.name, f"VPS {vpsid} did not keep the firewall plan {plan or 'none'}")

    def free_ips(self, node: str, *, version: int) -> Sequence[str]:
        """Addresses that this node may hand out, in the panel's order; the first few thousand are enough."""
        free = (
            record.ip
            for record in self._address_records({"servers_search": node} if node else {})
            if record.vpsid is None and not record.locked and "/" not in record.ip and version_of(record.ip) == version
        )
        return tuple(islice(free, _FREE_IPS_ENOUGH))

    def set_ips(self, vpsid: str, ips: Sequence[str], uuid: str = "") -> None:
        """Replace the whole list; only the family that changes is sent, since what is sent replaces everything there.

        Raises InvalidInput for what is no address, NotSupported where a family would be emptied (the API has no word
        for that), PanelRefused where the machine is gone or holds something that we cannot read and would release.
        """
        wanted = tuple(dict.fromkeys(_address(f"ips[{index}]", ip) for index, ip in enumerate(ips)))
        row = self._row(vpsid)
        if row is None:
            raise PanelRefused(self.name, f"there is no VPS {vpsid}")
        current = self._machine(vpsid, row)
        if len(current.ips) != len(set(raw_addresses(row.get("ips")))):
            raise PanelRefused(self.name, f"VPS {vpsid} holds addresses that cannot be read: change them by hand")
        form: dict[str, str] = {}
        for version, name in ((4, "ips"), (6, "ips6")):
            form |= self._changed_family(name, _family(current.ips, version), _family(wanted, version))
        if form:
            self._edit(vpsid, uuid or current.uuid, form, lambda machine: set(machine.ips) == set(wanted))

    def caps(self, vpsid: str) -> dict[Cap, int]:
        """What is capped now, to be put back later; empty where there is no such machine."""
        row = self._row(vpsid)
        return {} if row is None else caps_of(row)

    def set_caps(self, vpsid: str, caps: Mapping[Cap, int], uuid: str = "") -> None:
        """Set these caps and leave all else; they may reach the guest only after a power cycle. A change of package in
        the billing panel can undo them. Raises PanelRefused where the row shows others afterwards.
        """
        self._edit(vpsid, uuid, {FIELDS[cap]: str(value) for cap, value in caps.items()}, lambda _: False)
        shown = self.caps(vpsid)
        if any(shown.get(cap) != value for cap, value in caps.items()):
            raise PanelRefused(self.name, f"VPS {vpsid} did not keep its caps")

    def last_migration(self, vpsid: str) -> Migration | None:
        """By the panel's list of background work."""
        return last_migration(self._client, self._id(vpsid))

    def migrate(self, vpsid: str, refuge: Refuge, uuid: str = "") -> None:
        """Begin it; `last_migration` tells how far it is. PanelRefused where the machine is gone or another one."""
        machine = self.machine(self._id(vpsid))
        if machine is None or (uuid and machine.uuid and machine.uuid != uuid):
            raise PanelRefused(self.name, f"there is no VPS {vpsid} of that uuid")
        migrate(self._client, machine, refuge)

    def holdings(self, ip: str) -> Iterator[Holding]:
        """The panel's own log of who was given an address; machines that are gone are in it too."""
        wanted = _address("ip", ip)
        found = (holding_from_row(row) for _, row in self._pages("iplogs", {"ip": wanted}, "iplogs"))
        return (holding for holding in found if holding is not None and holding.ip == wanted)

    def lock_address(self, ip: str, note: str) -> None:
        """Keep an address from being handed out; PanelRefused where the panel has it not or does not keep it locked."""
        self._set_address_lock(ip, locked=True, note=note)

    def unlock_address(self, ip: str, note: str = "") -> None:
        """Let an address be handed out again."""
        self._set_address_lock(ip, locked=False, note=note)

    def _set_address_lock(self, ip: str, *, locked: bool, note: str) -> None:
        record = self._address_record(ip)
        form = {"ipid": record.ipid, "editip": "1", "ip": record.ip, "locked": "1" if locked else "0", "note": note}
        self._client.edit("editips", _NO_CALLBACK, form)
        if self._address_record(ip).locked is not locked:
            raise PanelRefused(self.name, f"{record.ip} did not stay {'locked' if locked else 'unlocked'}")

    def _address_record(self, ip: str) -> AddressRecord:
        wanted = _address("ip", ip)
        for query in _searches("ipsearch", wanted):
            for record in self._address_records(query):
                if record.ip == wanted:
                    return record
        raise PanelRefused(self.name, f"{wanted} is not in the panel")

    def _switch_network(self, operation: str, vpsid: str, uuid: str, *, cut: bool) -> None:
        query = {operation: self._id(vpsid), **_NO_CALLBACK}
        if uuid:
            query[f"{operation}_uuid"] = uuid
        self._settled(vpsid, uuid, lambda: self._client.operate(query), lambda machine: machine.network_cut is cut)

    def _edit(self, vpsid: str, uuid: str, form: Fields, wanted: Callable[[Machine], bool]) -> None:
        query = {"vpsid": self._id(vpsid), **_NO_CALLBACK}
        if uuid:
            query["vps_uuid"] = uuid
        write = partial(self._client.edit, "managevps", query, {"editvps": "1", **form})
        self._settled(vpsid, uuid, write, wanted)

    def _settled(self, vpsid: str, uuid: str, write: Callable[[], Answer], wanted: Callable[[Machine], bool]) -> None:
        """One write; where the panel says no, the machine decides what that no is worth.

        What a repeated operation answers is not documented, and a locked machine refuses everything for a while: the
        first is no failure, the second is for later (PanelUnclear: look, and try again).
        """
        try:
            write()
        except PanelRefused as refusal:
            machine = self._machine_after(refusal, vpsid)
            if machine is None or (uuid and machine.uuid and machine.uuid != uuid):
                raise
            if wanted(machine):
                return
            if machine.locked:
                raise PanelUnclear(self.name, f"VPS {vpsid} is locked: {refusal.words}") from refusal
            raise

    def _machine_after(self, refusal: PanelRefused, vpsid: str) -> Machine | None:
        try:
            return self.machine(vpsid)
        except PanelError:
            raise PanelUnclear(self.name, f"{refusal.words} (and VPS {vpsid} could not be read)") from refusal

    def _machine(self, key: str, row: Row) -> Machine:
        return machine_from_row(key, row, self.name)

    def _row(self, vpsid: str) -> Row | None:
        wanted = identifier(vpsid)
        if wanted in ("", "0"):
            return None
        answer = self._client.read("vs", {"vpsid": wanted}, expects="vs")
        return next((row for key, row in rows(answer, "vs") if (identifier(row.get("vpsid")) or key) == wanted), None)

    def _address_records(self, query: Fields) -> Iterator[AddressRecord]:
        found = (address_record(key, row) for key, row in self._pages("ips", query, "ips"))
        return (record for record in found if record is not None)

    def _pages(self, act: str, query: Fields, container: str) -> Iterator[tuple[str, Row]]:
        """Rows of all pages by id, each once. Past the end comes an empty page, or the last or first one again."""
        seen: set[str] = set()
        for page in range(1, _MOST_PAGES + 1):
            paging = {"page": str(page), "reslen": str(_ROWS_A_PAGE)}
            answer = self._client.read(act, {**query, **paging}, expects=container)
            by_id = {identifier(row.get(_ID_FIELDS[container])) or key: row for key, row in rows(answer, container)}
            fresh = {key: row for key, row in by_id.items() if key not in seen}
            if not fresh:
                return
            seen.update(fresh)
            yield from fresh.items()

    def _id(self, vpsid: str) -> str:
        wanted = identifier(vpsid)
        if wanted in ("", "0"):
            raise PanelRefused(self.name, f"{vpsid!r} is no VPS id")
        return wanted

    def _changed_family(self, name: str, current: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
        if list(current) == list(wanted):
            return {}
        if not wanted:
            raise NotSupported(self.name, f"the API has no way to take the last address of {name} away")
        return {f"{name}[{index}]": ip for index, ip in enumerate(wanted)}


def _address(field: str, value: str) -> str:
    ip = normal_address(value)
    if ip is None:
        raise InvalidInput(field, "is no IP address")
    return ip


def _family(ips: Sequence[str], version: int) -> list[str]:
    return [ip for ip in ips if version_of(ip) == version]


def _searches(name: str, ip: str) -> Sequence[Fields]:
    """By the address; IPv6, which may have been typed in many ways, then among all."""
    return ({name: ip},) if version_of(ip) == 4 else ({name: ip}, {})
