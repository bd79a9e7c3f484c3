"""The pages of the sandbox panel that only show something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from adapters.virtualizor.sandbox.estate import Estate, Refused, Vps, canonical
from adapters.virtualizor.sandbox.rows import (
    address_row,
    container,
    live_row,
    log_row,
    page_of,
    pool_of,
    status_of,
    task_row,
    vps_row,
    whole,
)

Query = Mapping[str, str]
Answer = dict[str, Any]


def list_machines(estate: Estate, query: Query) -> Answer:
    """`act=vs`: searches in addresses and host names match parts, as typed."""
    found = [vps for vps in estate.machines.values() if all(test(vps) for test in _machine_tests(estate, query))]
    ordered = sorted(found, key=lambda vps: vps.vpsid)
    rows = [(str(vps.vpsid), partial(vps_row, vps, estate)) for vps in ordered]
    return {
        "vs": page_of(rows, query, estate.traits.past_end),
        "servers": {str(node): {"serid": node, "server_name": name} for node, name in estate.nodes.items()},
        "plans": [],
        "ostemplates": [],
        "backup_plans": [],
    }


def _machine_tests(estate: Estate, query: Query) -> list[Callable[[Vps], bool]]:
    tests: dict[str, Callable[[Vps, str], bool]] = {
        "vpsid": lambda vps, value: vps.vpsid == whole(value),
        "vps_uuid": lambda vps, value: vps.uuid == value,
        "vpsname": lambda vps, value: f"v{1000 + vps.vpsid}" == value,
        "vpsip": lambda vps, value: any(value.lower() in estate.addresses[ipid].ip.lower() for ipid in vps.ipids),
        "vpshostname": lambda vps, value: value.lower() in vps.hostname.lower(),
        "user": lambda vps, value: value.lower() == vps.email.lower(),
        "vsstatus": lambda vps, value: vps.suspended is (value == "s"),
        "serid": lambda vps, value: vps.node == whole(value),
    }

    def bound(name: str, value: str) -> Callable[[Vps], bool]:
        return lambda vps: tests[name](vps, value)

    return [bound(name, value) for name, value in query.items() if name in tests and value != ""]


def live_state(estate: Estate, query: Query) -> Answer:
    """`vs_status=ID[,ID]`."""
    wanted = [whole(part) for part in query["vs_status"].split(",")]
    known = [estate.machines[vpsid] for vpsid in wanted if vpsid in estate.machines]
    return {"status": container({str(vps.vpsid): live_row(vps) for vps in known})}


def list_addresses(estate: Estate, query: Query) -> Answer:
    """`act=ips`."""
    node = query.get("servers_search", "-1") or "-1"
    pool = query.get("ippid", "")
    needle = query.get("ipsearch", "").lower()
    found = [
        address
        for address in estate.addresses.values()
        if node in ("-1", str(address.node)) and pool in ("", str(pool_of(address))) and needle in address.ip.lower()
    ]
    rows = [(str(address.ipid), partial(address_row, address, estate)) for address in found]
    return {"ips": page_of(rows, query, estate.traits.past_end), "ippools": _pools(estate)}


def list_pools(estate: Estate, _: Query) -> Answer:
    """`act=ippool`."""
    return {"ippools": _pools(estate)}


def _pools(estate: Estate) -> object:
    pools: dict[str, dict[str, str]] = {}
    for address in estate.addresses.values():
        pool = pools.setdefault(
            str(pool_of(address)),
            {
                "ippid": str(pool_of(address)),
                "ippool_name": f"pool {pool_of(address)}",
                "ipv6": "1" if address.version == 6 else "0",
                "totalip": "0",
                "freeip": "0",
            },
        )
        pool["totalip"] = str(int(pool["totalip"]) + 1)
        pool["freeip"] = str(int(pool["freeip"]) + (address.vpsid == 0 and not address.locked))
    return container(pools)


def address_log(estate: Estate, query: Query) -> Answer:
    """`act=iplogs`: newest first, machines that are gone included."""
    wanted = canonical(query.get("ip", ""))
    vpsid = whole(query.get("vpsid"))
    rows = [
        (str(number), partial(log_row, number, given))
        for number, given in reversed(list(enumerate(estate.log, start=1)))
        if ("ip" not in query or canonical(given.ip) == wanted) and vpsid in (0, given.vpsid)
    ]
    holder = estate.find_address(query["ip"]) if wanted else None
    present = address_row(holder, estate) if holder and holder.vpsid else None
    return {"iplogs": page_of(rows, query, estate.traits.past_end), "current_status": present}


def list_users(estate: Estate, query: Query) -> Answer:
    """`act=users`."""
    users: dict[str, dict[str, Any]] = {}
    for vps in estate.machines.values():
        fresh = {"uid": str(vps.uid), "email": vps.email, "type": "0", "numvps": "0", "bw_used": "0", "suspended": None}
        user = users.setdefault(str(vps.uid), fresh)
        user["numvps"] = str(int(user["numvps"]) + 1)
    wanted = {
        uid: user
        for uid, user in users.items()
        if query.get("uid", uid) == uid and query.get("email", "").lower() in user["email"].lower()
    }
    return {
        "users": page_of([(uid, partial(dict, user)) for uid, user in wanted.items()], query, estate.traits.past_end)
    }


def usage(estate: Estate, query: Query) -> Answer:
    """`act=vps_stats`: now, and one sample of the month asked for."""
    wanted = whole(query.get("vpsid"))
    machines = [vps for vps in estate.machines.values() if wanted in (0, vps.vpsid)]
    data = {f"K_{vps.vpsid}": {**live_row(vps), "vpsid": str(vps.vpsid), "hostname": vps.hostname} for vps in machines}
    samples = [
        [vps.vpsid, estate.timestamp(), status_of(vps), 4, 60_000, 512, 3.5, 3.5, 120, 340, 5, 9] for vps in machines
    ]
    return {"vps_data": container(data), "vps_stats": samples if query.get("show") else []}


def list_nodes(estate: Estate, _: Query) -> Answer:
    """`act=servers`."""
    counts = {node: sum(vps.node == node for vps in estate.machines.values()) for node in estate.nodes}
    nodes = {
        str(node): {
            "serid": node,
            "server_name": name,
            "ip": estate.node_address(node),
            "virt": "kvm",
            "status": "1",
            "locked": "0",
            "numvps": str(counts[node]),
        }
        for node, name in estate.nodes.items()
    }
    return {"servs": container(nodes)}


def list_plans(_estate: Estate, _: Query) -> Answer:
    """`act=plans`."""
    return {"plans": {"1": {"plid": "1", "plan_name": "small", "ram": "2048", "space": "20", "bandwidth": "1000"}}}


def list_firewall_plans(estate: Estate, _: Query) -> Answer:
    """`act=firewall_plans`."""
    plans = [
        {
            "fwid": str(fwid),
            "fw_plan_name": name,
            "is_admin": "1",
            "admin_default": "0",
            "default_policy": "ACCEPT",
            "rules": [],
        }
        for fwid, name in estate.firewall_plans.items()
    ]
    return {"firewall_plans": plans}


def node_info(estate: Estate, query: Query) -> Answer:
    """`act=serverinfo`: tells the node's secrets to whoever may ask."""
    node = whole(query.get("changeserid"))
    if node not in estate.nodes:
        raise Refused("The server does not exist")
    count = sum(vps.node == node for vps in estate.machines.values())
    return {"info": {"key": f"api-key-of-node-{node}", "pass": estate.node_password(node), "num_vs": str(count)}}


def list_tasks(estate: Estate, query: Query) -> Answer:
    """`act=tasks`: only migrations take any time here."""
    found = [
        task
        for task in estate.tasks.values()
        if whole(query.get("vpsid")) in (0, task.vpsid) and whole(query.get("actid")) in (0, task.actid)
    ]
    ordered = sorted(found, key=lambda task: task.actid, reverse=query.get("order") == "DESC")
    rows = [(str(task.actid), partial(task_row, task)) for task in ordered]
    return {"tasks": page_of(rows, query, estate.traits.past_end)}


READING: Mapping[str, Callable[[Estate, Query], Answer]] = {
    "vs": list_machines,
    "vs:vs_status": live_state,
    "ips": list_addresses,
    "ippool": list_pools,
    "iplogs": address_log,
    "users": list_users,
    "vps_stats": usage,
    "servers": list_nodes,
    "serverinfo": node_info,
    "plans": list_plans,
    "firewall_plans": list_firewall_plans,
    "tasks": list_tasks,
}
