"""Where Virtualizor's hook files tell of machines: verify, translate, hand on."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response

from bridge.ports import Clock
from hooks.delivery import Hook, HookDesk, HookLookup, Meaning, take, verifier
from hooks.virtualizor.translate import translate


def receiver(desk: HookDesk, secret: str, clock: Clock, servers: Sequence[str]) -> Blueprint:
    """`POST /hooks/virtualizor`; raises InvalidInput where the secret cannot be used.

    servers  the WHMCS server ids behind all configured panels
    """
    blueprint = Blueprint("virtualizor_hooks", __name__)
    verify = verifier(secret)
    known = tuple(servers)

    def meaning(hook: Hook, lookup: HookLookup) -> Meaning:
        return translate(hook, lookup, known)

    @blueprint.post("/hooks/virtualizor")
    def virtualizor_hook() -> Response:
        return take(desk, verify, clock, meaning)

    return blueprint
