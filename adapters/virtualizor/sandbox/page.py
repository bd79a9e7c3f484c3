"""The one page of the sandbox panel that people look at."""

from __future__ import annotations

from flask import render_template

from adapters.virtualizor.sandbox.panel import SandboxPanel
from adapters.virtualizor.sandbox.rows import status_of

_STATES = {0: "off", 1: "running", 2: "suspended"}
_LATEST = 15


def overview(panel: SandboxPanel) -> str:
    """All machines with their states, and the latest calls that change something or ask for one machine."""
    estate = panel.estate
    with estate.lock:
        machines = [
            {
                "id": vps.vpsid,
                "hostname": vps.hostname,
                "node": estate.nodes.get(vps.node, vps.node),
                "ips": [estate.addresses[ipid].ip for ipid in vps.ipids],
                "state": _STATES[status_of(vps)],
                "reason": vps.suspend_reason,
                "cut": vps.network_cut,
                "plan": _plan_name(estate.firewall_plans, vps.settings["admin_fwid"]),
                "locked": vps.locked,
            }
            for vps in sorted(estate.machines.values(), key=lambda each: each.vpsid)
        ]
    entries = list(reversed(panel.journal.entries()))[:_LATEST]
    return render_template(
        "overview.html", machines=machines, entries=entries, violations=len(panel.journal.violations())
    )


def _plan_name(plans: dict[int, str], plan: str) -> str:
    return "" if plan == "0" else f"{plan} {plans.get(int(plan), '')}" if plan.isdigit() else plan
