"""What is known of a service, as plain JSON: the fields of service.observed (interface 3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bridge.events import ServiceObserved
from bridge.state import Service
from bridge.timeformat import format_time

Json = Any

_FIELDS = (
    "product_kind", "product", "exclusive_bandwidth", "region", "ips", "status", "attributes", "paid_at",
    "paid_amount", "currency", "period_start", "period_end", "vps", "domains",
)  # fmt: skip


def observed_facts(seen: ServiceObserved | Service) -> dict[str, Json]:
    """The fields that were said, or that are known."""
    facts: dict[str, Json] = {}
    for name in _FIELDS:
        value = getattr(seen, name, None)
        if value is None:
            continue
        if isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, datetime):
            value = format_time(value)
        elif not isinstance(value, str | bool | dict):
            value = str(value)
        facts[name] = value
    return facts


_LONGEST_NAME = 253
"""Characters that a host name may have (RFC 1035)."""


def host_names(said: Iterable[str]) -> set[str]:
    """Domains of a service as they are looked up: in small letters, without the dot of the root."""
    names = (name.strip().lower().rstrip(".") for name in said)
    return {name for name in names if name.isprintable() and 0 < len(name) <= _LONGEST_NAME}
