"""The estate as the panel prints it: numbers as strings, missing things as null, empty objects as []."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.virtualizor.sandbox.estate import Address, Estate, Given, Task, Vps
from adapters.virtualizor.sandbox.seed import PastEnd

Row = dict[str, Any]
_NEWER = ("machine_status", "fwid", "admin_fwid")
_DEFAULT_PAGE_ROWS = 50


def container(rows: Mapping[str, Any]) -> Mapping[str, Any] | list[Any]:
    """PHP prints an empty array as a list, a filled one with keys as an object."""
    return dict(rows) or []


def vps_row(vps: Vps, estate: Estate) -> Row:
    """One machine as in `vs`."""
    row: Row = {
        "vpsid": str(vps.vpsid),
        "vps_name": f"v{1000 + vps.vpsid}",
        "uuid": vps.uuid,
        "serid": vps.node,
        "time": str(vps.created),
        "uid": str(vps.uid),
        "email": vps.email,
        "hostname": vps.hostname,
        "os_name": "debian-12-x86_64",
        "virt": "kvm",
        "server_name": estate.nodes.get(vps.node, ""),
        "ips": container({str(ipid): estate.addresses[ipid].ip for ipid in vps.ipids}),
        "mac": f"00:16:3e:00:{vps.vpsid // 256 % 256:02x}:{vps.vpsid % 256:02x}",
        "space": str(sum(int(float(size)) for size in vps.disks.values())),
        "suspended": "1" if vps.suspended else "0",
        "suspend_reason": vps.suspend_reason,
        "nw_suspended": vps.network_cut,
        "locked": vps.locked,
        "machine_status": str(status_of(vps)),
        "used_bandwidth": vps.used_bandwidth,
        "notes": vps.notes or None,
        **vps.settings,
    }
    if not estate.traits.shows_newer_fields:
        for name in _NEWER:
            del row[name]
    return row


def task_row(task: Task) -> Row:
    """One line of `tasks`."""
    return {
        "actid": str(task.actid),
        "vpsid": str(task.vpsid),
        "action": "migrate2",
        "action_txt": "Migrate VPS",
        "status": str(task.status),
        "progress": "40" if task.status == 1 else "100",
        "started": str(task.started),
        "ended": str(task.ended),
    }


def status_of(vps: Vps) -> int:
    """0 off, 1 on, 2 suspended."""
    return 2 if vps.suspended else int(vps.running)


def live_row(vps: Vps) -> Row:
    """One machine as in `vs_status`; one that is off reports zeros."""
    busy = status_of(vps) == 1
    return {
        "status": status_of(vps),
        "used_cpu": "3.5" if busy else "0",
        "ram": vps.settings["ram"],
        "used_ram": "512" if busy else "0",
        "disk": 20,
        "used_disk": 4,
        "inode": 1_310_720,
        "used_inode": 60_000,
        "net_in": 120 if busy else 0,
        "net_out": 340 if busy else 0,
        "io_read": 5 if busy else 0,
        "io_write": 9 if busy else 0,
        "bandwidth": float(vps.settings["bandwidth"]),
        "used_bandwidth": float(vps.used_bandwidth),
        "virt": "kvm",
        "lock_status": vps.locked,
        "network_status": vps.network_cut,
    }


def address_row(address: Address, estate: Estate) -> Row:
    """One record as in `ips`."""
    holder = estate.machines.get(address.vpsid)
    return {
        "ipid": str(address.ipid),
        "ip": address.ip,
        "vpsid": str(address.vpsid),
        "ippid": str(pool_of(address)),
        "ippool_name": f"pool {pool_of(address)}",
        "gateway": "",
        "netmask": "",
        "locked": "1" if address.locked else "0",
        "primary": "1" if holder and holder.ipids[:1] == [address.ipid] else "0",
        "note": address.note,
        "mac_addr": address.mac,
        "hostname": holder.hostname if holder else None,
    }


def pool_of(address: Address) -> int:
    """Each node has one pool per family."""
    return address.node * 2 + (1 if address.version == 4 else 2)


def log_row(number: int, given: Given) -> Row:
    """One line as in `iplogs`."""
    return {
        "iplid": str(number),
        "ipid": str(given.ipid),
        "ip": given.ip,
        "vpsid": str(given.vpsid),
        "uid": str(given.uid),
        "email": given.email,
        "cloud_uid": "0",
        "cloud_email": None,
        "time": str(given.at),
        "date": datetime.fromtimestamp(given.at, tz=UTC).strftime("%d/%m/%Y"),
    }


def page_of(
    rows: Sequence[tuple[str, Callable[[], Row]]], query: Mapping[str, str], past_end: PastEnd
) -> Mapping[str, Any] | list[Any]:
    """The page asked for, 50 rows unless said otherwise; `reslen=0` and `page=0` count as not said."""
    size = max(whole(query.get("reslen")), 0) or _DEFAULT_PAGE_ROWS
    page = max(whole(query.get("page")), 1)
    last = max((len(rows) + size - 1) // size, 1)
    if page > last and past_end is not PastEnd.EMPTY:
        page = last if past_end is PastEnd.LAST else 1
    return container({key: render() for key, render in rows[(page - 1) * size : page * size]})


def whole(value: str | None) -> int:
    """PHP's idea of a number: what is none is 0."""
    try:
        return int(value or 0)
    except ValueError:
        return 0
