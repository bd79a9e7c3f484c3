"""Rows of the panel into words of the program.

The panel prints numbers as strings, missing things as null and empty objects as []; the vendor's SDK renames keys
(`vps` to `vs_info`, ids to `K_<id>`). Raw names are read first, the SDK's are understood as well.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.virtualizor.answers import one_line
from bridge.errors import PanelRefused
from bridge.ports import Machine

Row = Mapping[str, Any]

_log = logging.getLogger(__name__)
_SDK_PREFIX = "K_"
_ID = re.compile(r"[0-9]{1,18}")
_SUSPENDED = 2  # of machine_status: 0 off, 1 on, 2 suspended


@dataclass(frozen=True, kw_only=True)
class AddressRecord:
    """An address as the panel books it: `vpsid` None where it is free, `locked` where it may not be handed out."""

    ipid: str
    ip: str
    vpsid: str | None
    locked: bool
    primary: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Who was given an address, and when; the end is the next holding of the same address."""

    ip: str
    vpsid: str
    since: datetime | None


def rows(answer: Row, *names: str) -> Iterator[tuple[str, Row]]:
    """(key, row) of the first container in `answer` that is there; an empty one is printed as [] or null."""
    container = next((answer[name] for name in names if answer.get(name) is not None), None)
    if isinstance(container, dict):
        pairs = [(str(key).removeprefix(_SDK_PREFIX), row) for key, row in container.items()]
    elif isinstance(container, list):
        pairs = [(str(index), row) for index, row in enumerate(container)]
    else:
        pairs = []
    return ((key, row) for key, row in pairs if isinstance(row, dict))


def machine_from_row(key: str, row: Row, panel: str) -> Machine:
    """A row of `vs`, or the `vps` of one machine's page.

    key      the id the row stood under, for rows that do not repeat it
    Raises   PanelRefused where a flag has a value that we do not know, naming it.
    """
    vpsid = identifier(row.get("vpsid")) or key
    return Machine(
        id=vpsid,
        uuid=text(row.get("uuid")) or text(row.get("vps_uuid")),
        node=identifier(row.get("serid")) or text(row.get("serid")),
        hostname=text(row.get("hostname")),
        ips=addresses(row.get("ips"), vpsid),
        suspended=_suspended(row, vpsid, panel),
        suspend_reason=text(row.get("suspend_reason")),
        network_cut=says_something(row.get("nw_suspended")),
        locked=says_something(row.get("locked")),
        firewall_plan=plan_id(row.get("admin_fwid")),
    )


def _suspended(row: Row, vpsid: str, panel: str) -> bool:
    status = number(row.get("machine_status"))
    flag = row.get("suspended")
    if flag is True:
        return True
    if not flag and flag != 0:  # null, empty, []: the flag says nothing
        return status == _SUSPENDED
    value = 0 if flag is False else number(flag)
    if value is None:
        raise PanelRefused(panel, f"VPS {vpsid} has an unknown value of suspended: {one_line(str(flag))!r}")
    return value != 0


def addresses(container: object, vpsid: str) -> tuple[str, ...]:
    """The addresses of a machine in the panel's order, normalised, each once; what is none is left out and logged."""
    found: list[str] = []
    for value in raw_addresses(container):
        ip = normal_address(value)
        if ip is None:
            _log.warning("VPS %s holds something that is no address: %r", vpsid, one_line(value))
        else:
            found.append(ip)
    return tuple(dict.fromkeys(found))


def raw_addresses(container: object) -> list[str]:
    """The texts in an `ips` container: values of an object, or a list; each a text, or a record with `ip`."""
    values = container.values() if isinstance(container, dict) else container if isinstance(container, list) else ()
    texts = (value.get("ip") if isinstance(value, dict) else value for value in values)
    return [str(value).strip() for value in texts if value not in (None, "")]


def normal_address(value: str) -> str | None:
    """The one way we write an address or prefix: compressed, lower case, IPv4 in IPv6 as IPv4; else None."""
    try:
        if "/" in value:
            return str(ipaddress.ip_network(value.strip(), strict=False))
        ip = ipaddress.ip_address(value.strip())
    except ValueError:
        return None
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return str(mapped or ip)


def version_of(ip: str) -> int:
    """4 or 6, of a normalised address or prefix."""
    return 6 if ":" in ip else 4


def address_record(key: str, row: Row) -> AddressRecord | None:
    """A row of `ips`; None where its address cannot be read."""
    ip = normal_address(text(row.get("ip")))
    if ip is None:
        return None
    holder = identifier(row.get("vpsid"))
    return AddressRecord(
        ipid=identifier(row.get("ipid")) or key,
        ip=ip,
        vpsid=None if number(holder) in (None, 0) else holder,
        locked=says_something(row.get("locked")),
        primary=says_something(row.get("primary")),
        note=text(row.get("note")),
    )


def holding_from_row(row: Row) -> Holding | None:
    """A row of `iplogs`; None where address or machine cannot be read."""
    ip = normal_address(text(row.get("ip")))
    vpsid = identifier(row.get("vpsid"))
    if ip is None or not vpsid:
        return None
    return Holding(ip=ip, vpsid=vpsid, since=moment(row.get("time")))


def identifier(value: object) -> str:
    """A numeric id as text without leading zeros; empty where there is none."""
    shown = str(value).strip() if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return str(int(shown)) if _ID.fullmatch(shown) else ""


def plan_id(value: object) -> str | None:
    """The id of a plan; None where none is set (`0`, null, absent)."""
    found = identifier(value)
    return None if found in ("", "0") else found


def text(value: object) -> str:
    """One printable, bounded line; empty for null and for containers."""
    return one_line(str(value)) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def number(value: object) -> float | None:
    """A number given as such or as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def moment(value: object) -> datetime | None:
    """A Unix time as aware UTC; None where there is none."""
    seconds = number(value)
    if seconds is None or not 0 < seconds < 253_402_300_800:  # the year 10000, where datetime ends
        return None
    return datetime.fromtimestamp(seconds, tz=UTC)


def says_something(value: object) -> bool:
    """A flag that is null, empty or "0" when down, and a text (often a reason), a number or an object when up."""
    if isinstance(value, str):
        return value.strip() not in ("", "0")
    return bool(value)
