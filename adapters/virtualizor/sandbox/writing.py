"""The operations and edits of the sandbox panel: what changes something.

Each returns the answer and the news that the panel would spread: callbacks for the billing side, hooks of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.virtualizor.sandbox.estate import NUMBERS, Estate, Refused, Vps
from adapters.virtualizor.sandbox.rows import address_row, container, status_of, vps_row, whole

Answer = dict[str, Any]
FORM = None
"""What a handler answers with where the submit flag is missing: the page shows its form and nothing is saved."""

_EDITABLE = frozenset(name for name, _ in NUMBERS)
_MOST_NEW_ADDRESSES = 4096


@dataclass(frozen=True)
class Asked:
    """One request that wants something done; `form` in the order it was sent."""

    query: Mapping[str, str]
    form: Sequence[tuple[str, str]]

    @property
    def fields(self) -> dict[str, str]:
        return dict(self.form)

    def listed(self, name: str) -> list[str] | None:
        """A PHP list (`name[0]=`, `name[]=`); None where it was not sent at all."""
        pattern = re.compile(rf"{name}\[\d*\]")
        found = [value for key, value in self.form if pattern.fullmatch(key)]
        return found or None


@dataclass
class News:
    """What the panel tells others: (act, vpsid, data) to the billing side, (hook, machine row) to its hooks folder."""

    callbacks: list[tuple[str, int, dict[str, str | int]]] = field(default_factory=list)
    hooks: list[tuple[str, Answer]] = field(default_factory=list)


def _target(estate: Estate, asked: Asked, operation: str) -> Vps:
    """The machine an operation is for. Raises Refused where it is gone, another one by its uuid, or locked."""
    carried_by = "vpsid" if operation.startswith("action=") else operation
    vps = estate.machine(whole(asked.query.get(carried_by)))
    guard = asked.query.get(f"{operation}_uuid", "")
    if guard and guard != vps.uuid:
        raise Refused("The VPS uuid does not match")
    if vps.locked and operation != "action=unlock":
        raise Refused(f"The VPS is locked : {vps.locked}")
    return vps


def suspend(estate: Estate, asked: Asked, news: News) -> Answer:
    vps = _target(estate, asked, "suspend")
    if vps.suspended and estate.traits.repeats_are_errors:
        raise Refused("The VPS is already suspended")
    vps.suspended = True
    vps.running = False
    vps.suspend_reason = asked.fields.get("suspend_reason") or vps.suspend_reason
    news.callbacks.append(("suspend", vps.vpsid, {"suspend_reason": vps.suspend_reason or ""}))
    return {"done": 1, "done_msg": "The VPS has been suspended"}


def unsuspend(estate: Estate, asked: Asked, news: News) -> Answer:
    vps = _target(estate, asked, "unsuspend")
    if not vps.suspended and estate.traits.repeats_are_errors:
        raise Refused("The VPS is not suspended")
    vps.suspended = False
    vps.running = True
    vps.suspend_reason = None
    news.callbacks.append(("unsuspend", vps.vpsid, {}))
    news.hooks.append(("after_startvps", vps_row(vps, estate)))
    return {"done": 1, "done_msg": "The VPS has been unsuspended"}


def suspend_net(estate: Estate, asked: Asked, _: News) -> Answer:
    vps = _target(estate, asked, "suspend_net")
    if vps.network_cut and estate.traits.repeats_are_errors:
        raise Refused("The network of the VPS is already suspended")
    vps.network_cut = str(estate.timestamp())
    return {"done": 1}


def unsuspend_net(estate: Estate, asked: Asked, _: News) -> Answer:
    vps = _target(estate, asked, "unsuspend_net")
    if not vps.network_cut and estate.traits.repeats_are_errors:
        raise Refused("The network of the VPS is not suspended")
    vps.network_cut = None
    return {"done": 1}


def delete(estate: Estate, asked: Asked, news: News) -> Answer:
    try:
        vps = _target(estate, asked, "delete")
    except Refused as refusal:
        raise Refused(refusal.words, shape="error_msg") from refusal
    row = vps_row(vps, estate)
    estate.remove_machine(vps)
    news.callbacks.append(("terminate", vps.vpsid, {}))
    news.hooks += [("after_deletevps", row), ("deletevs", row)]
    return {"done": True, "vs": [], "servers": []}


def reset_traffic(estate: Estate, asked: Asked, _: News) -> Answer:
    _target(estate, asked, "bwreset").used_bandwidth = "0"
    return {"done": 1}


def _power(operation: str, *, on: bool) -> Callable[[Estate, Asked, News], Answer]:
    def act(estate: Estate, asked: Asked, news: News) -> Answer:
        vps = _target(estate, asked, f"action={operation}")
        if vps.suspended:
            raise Refused("The VPS is suspended")
        vps.running = on
        if on:
            news.hooks.append(("after_startvps", vps_row(vps, estate)))
        status = {str(vps.vpsid): status_of(vps)}
        vsop = {"action": operation, "id": str(vps.vpsid), "serid": vps.node, "output": "", "status": status}
        return {"done": True, "done_msg": f"{operation}: done", "vsop": vsop}

    return act


def lock(estate: Estate, asked: Asked, _: News) -> Answer:
    _target(estate, asked, "action=lock").locked = asked.fields.get("reason") or "Locked by an admin"
    return {"done": 1}


def unlock(estate: Estate, asked: Asked, _: News) -> Answer:
    _target(estate, asked, "action=unlock").locked = ""
    return {"done": 1}


def restrict_network(estate: Estate, asked: Asked, _: News) -> Answer:
    _target(estate, asked, "action=vs_netrestrict")
    return {"done": 1}


def manage(estate: Estate, asked: Asked, news: News) -> Answer:
    """`managevps`: without `editvps=1` the page is only shown."""
    vps = estate.machine(whole(asked.query.get("vpsid")))
    guard = asked.query.get("vps_uuid", "")
    if guard and guard != vps.uuid:
        raise Refused("The VPS uuid does not match", reason="vps_uuid")
    if asked.fields.get("editvps") != "1":
        return _managed(estate, vps)
    if vps.locked:
        raise Refused(f"The VPS is locked : {vps.locked}", reason="locked")
    _change(estate, vps, asked, news)
    return {"done": {"done": True}, "error": [], **_managed(estate, vps)}


def _managed(estate: Estate, vps: Vps) -> Answer:
    usable = [each for each in estate.addresses.values() if each.vpsid == vps.vpsid or _is_free_for(vps, each)]
    return {
        "vps": vps_row(vps, estate),
        "ips": container({str(address.ipid): address_row(address, estate) for address in usable}),
    }


def _is_free_for(vps: Vps, address: Any) -> bool:
    return address.vpsid == 0 and not address.locked and address.node == vps.node


def _change(estate: Estate, vps: Vps, asked: Asked, news: News) -> None:
    fields = asked.fields
    before = list(vps.ipids), vps.hostname
    _change_addresses(estate, vps, asked)
    for name in _EDITABLE & fields.keys():
        if name != "admin_fwid" or estate.traits.keeps_firewall_plan:
            vps.settings[name] = fields[name]
    vps.hostname = fields.get("hostname", vps.hostname)
    vps.notes = fields.get("notes", vps.notes)
    disks = {value: fields.get(key.replace("st_uuid", "size"), "0") for key, value in asked.form if "[st_uuid]" in key}
    if any(key.startswith("space[") for key in fields):
        vps.disks = disks
    if before[0] != vps.ipids:
        ips = [estate.addresses[ipid].ip for ipid in vps.ipids]
        news.callbacks.append(("changeip", vps.vpsid, {str(index): ip for index, ip in enumerate(ips)}))
    if before[1] != vps.hostname:
        news.callbacks.append(("changehostname", vps.vpsid, {"hostname": vps.hostname}))


def _change_addresses(estate: Estate, vps: Vps, asked: Asked) -> None:
    plan = asked.fields.get("admin_fwid", "0")
    if whole(plan) and whole(plan) not in estate.firewall_plans:
        raise Refused("The firewall plan does not exist", reason="admin_fwid")
    for version, name in ((4, "ips"), (6, "ips6")):
        wanted = asked.listed(name)
        if wanted is not None:
            estate.replace_addresses(vps, version, [ip for ip in wanted if ip])
    if "num_ips" in asked.fields:
        free = [
            address.ip for address in estate.addresses.values() if _is_free_for(vps, address) and address.version == 4
        ]
        estate.replace_addresses(vps, 4, free[: whole(asked.fields["num_ips"])])


def manage_old(estate: Estate, asked: Asked, news: News) -> Answer:
    """`editvs`: the same, with a plain `done`."""
    answer = manage(estate, asked, news)
    return {**answer, "done": 1} if "done" in answer else answer


def edit_address(estate: Estate, asked: Asked, _: News) -> Answer | None:
    """`editips`."""
    fields = asked.fields
    if fields.get("editip") != "1":
        return FORM
    address = estate.addresses.get(whole(fields.get("ipid")))
    if address is None:
        raise Refused("The IP does not exist", reason="ipid")
    if fields.get("ip") != address.ip and address.vpsid:
        raise Refused("An assigned IP cannot be changed", reason="ip")
    if fields.get("ip") != address.ip:
        estate.rename_address(address, fields.get("ip", ""))
    address.locked = fields.get("locked", "1" if address.locked else "0") == "1"
    address.note = fields.get("note", address.note)
    address.mac = fields.get("mac_addr", address.mac)
    return {"done": 1, "ip": address_row(address, estate)}


def add_addresses(estate: Estate, asked: Asked, _: News) -> Answer | None:
    """`addips`: single addresses only; a pool belongs to a node."""
    if asked.fields.get("submitip") != "1":
        return FORM
    node = (whole(asked.fields.get("ippid")) - 1) // 2
    ips = asked.listed("ips") or []
    if not ips or len(ips) > _MOST_NEW_ADDRESSES:
        raise Refused("No IPs were given", reason="ips")
    added = [estate.add_address(ip, max(node, 0)) for ip in ips]
    return {"done": {"range": {str(address.ipid): address.ip for address in added}}, "error": []}


def delete_addresses(estate: Estate, asked: Asked, _: News) -> Answer:
    """`ips` with `delete` in the body: refused while in use."""
    wanted = [whole(part) for part in asked.fields["delete"].split(",")]
    found = [estate.addresses[ipid] for ipid in wanted if ipid in estate.addresses]
    if any(address.vpsid for address in found):
        raise Refused("The IP is in use", reason="ip_in_use")
    for address in found:
        estate.remove_address(address)
    return {"done": 1, "ips": []}


def migrate(estate: Estate, asked: Asked, _: News) -> Answer | None:
    """`migrate`: begun here, ended later; the source node lets in whoever names its address and password."""
    fields = asked.fields
    if fields.get("migrate") != "1" or fields.get("migrate_but") != "1":
        return FORM
    machines = [estate.machine(whole(vpsid)) for vpsid in asked.listed("vpsid") or []]
    to, storages = whole(fields.get("to_server")), [whole(stid) for stid in asked.listed("storage") or []]
    if to not in estate.nodes or not machines:
        raise Refused("The server or the VPS does not exist", reason="to_server")
    if not storages or any(estate.storages.get(stid) != to for stid in storages):
        raise Refused("The storage is not on the destination server", reason="storage")
    for vps in machines:
        if vps.locked or vps.node == to:
            raise Refused(f"VPS {vps.vpsid} is locked or on that server already", reason="vpsid")
        known = (estate.node_address(vps.node), estate.node_password(vps.node))
        if (fields.get("from_ip"), fields.get("from_pass")) != known:
            raise Refused("Could not connect to the source server", reason="from_pass")
    begun = [estate.begin_migration(vps, to) for vps in machines]
    return {"actid": str(begun[-1].actid), "done": 1}


WRITING: Mapping[str, Callable[[Estate, Asked, News], Answer | None]] = {
    "vs:suspend": suspend,
    "vs:unsuspend": unsuspend,
    "vs:suspend_net": suspend_net,
    "vs:unsuspend_net": unsuspend_net,
    "vs:delete": delete,
    "vs:bwreset": reset_traffic,
    "vs:action=start": _power("start", on=True),
    "vs:action=restart": _power("restart", on=True),
    "vs:action=stop": _power("stop", on=False),
    "vs:action=poweroff": _power("poweroff", on=False),
    "vs:action=lock": lock,
    "vs:action=unlock": unlock,
    "vs:action=vs_netrestrict": restrict_network,
    "managevps": manage,
    "editvs": manage_old,
    "editips": edit_address,
    "addips": add_addresses,
    "migrate": migrate,
}
