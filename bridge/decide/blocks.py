"""Blocks of the network, as the fields of `block_network`, and what of one is not covered by others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Json = Any
Block = Mapping[str, Json]

_PARTS = {"ip": "ips", "ports": "ports"}
"""The scopes that consist of parts, and the field that lists them."""


def uncovered(block: Block, others: Iterable[Block]) -> Block | None:
    """What of a block none of the others blocks too; None where nothing is left.

    Asked before blocking, it is what has to be blocked; asked before unblocking, what may be unblocked (G7).
    """
    alike = [other for other in others if other["scope"] == block["scope"]]
    part = _PARTS.get(block["scope"])
    if part is None:
        return None if alike else block
    covered = {item for other in alike for item in other.get(part, ())}
    left = [item for item in block.get(part, ()) if item not in covered]
    return {**block, part: left} if left else None
