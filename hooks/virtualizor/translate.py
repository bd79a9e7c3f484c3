"""Virtualizor's hooks: whatever happened to a machine, the service behind it is read again.

`vars` is the machine's row as `panel/tipstaff.php` sends it; `server`, where given, is that panel's WHMCS server id.
Which hooks a version of Virtualizor has is not documented in full: every one that comes after something is used.
"""

from __future__ import annotations

from collections.abc import Sequence

from bridge.events import panels_id
from bridge.views import HookNews
from hooks.delivery import Hook, HookLookup, Meaning

_GONE = "deletevs"
"""On the master, when a machine is gone for good."""


def translate(hook: Hook, lookup: HookLookup, servers: Sequence[str]) -> Meaning:
    """The service of that machine, to be read again; None for a machine that no service has. Raises InvalidInput.

    servers  the WHMCS server ids to look under where the message names none
    """
    if hook.name != _GONE and not hook.name.startswith("after_"):
        return None
    vpsid = hook.id_of("vpsid")
    named = hook.extra.get("server")
    candidates = servers if named in (None, "") else (panels_id(named, "server"),)
    found = dict.fromkeys(lookup.service_of_vps(f"{server}/{vpsid}") for server in candidates)
    reread = tuple(("service", service) for service in found if service is not None)
    return HookNews(reread=reread) if reread else None
