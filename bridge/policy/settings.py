"""What a pack may set once for its clauses, under `settings`: each setting with its meaning and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from bridge.errors import InvalidInput
from bridge.events import number, share
from bridge.policy.facts import nearest

Written = Any


class UsageLimit(NamedTuple):
    """Too much is this share of the allotment, and more, for so many hours, and more."""

    share: Decimal
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: what it means, what may be written, and how it is read."""

    meaning: str
    writes: str
    read: Callable[[Written, str], Any]


METRICS = ("cpu", "disk_io", "bandwidth")


def _regions(written: Written, name: str) -> frozenset[str]:
    regions = written if isinstance(written, list) else [written]
    if not all(isinstance(region, str) and region.strip() for region in regions):
        raise InvalidInput(name, "must be a region, or a list of regions")
    return frozenset(regions)


def _usage_limits(written: Written, name: str) -> Mapping[str, UsageLimit]:
    if not isinstance(written, dict) or not written:
        raise InvalidInput(name, "must name the share and hours for each of " + ", ".join(METRICS))
    for metric in written:
        if metric not in METRICS:
            raise InvalidInput(name, nearest(str(metric), frozenset(METRICS)))
    return {metric: _usage_limit(limit, f"{name}.{metric}") for metric, limit in written.items()}


def _usage_limit(written: Written, name: str) -> UsageLimit:
    if not isinstance(written, dict) or written.keys() != {"share", "hours"}:
        raise InvalidInput(name, "must be written as {share: 0.90, hours: 6}")
    limit = UsageLimit(share(written["share"], f"{name}.share"), number(written["hours"], f"{name}.hours"))
    if limit.share <= 0 or limit.hours < 0:
        raise InvalidInput(name, "must be a share above 0 and hours of 0 or more")
    return limit


SETTINGS: Mapping[str, Setting] = {
    "identity_regions": Setting(
        "Regions in which a product is opened only for clients whose identity was verified.",
        "a region, or a list of regions, as orders name them",
        _regions,
    ),
    "usage_limits": Setting(
        "From which share of the allotment, over how many hours, the use of a resource is too much.",
        "{cpu: {share: 0.90, hours: 6}}, likewise disk_io and bandwidth",
        _usage_limits,
    ),
}
