"""Time zones in which a customer may read times. What the panel or the customer names and nobody knows is UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_NAME = re.compile(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+){0,5}")

OFFERED = (
    "UTC", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Chicago",
    "America/Mexico_City", "America/New_York", "America/Bogota", "America/Halifax", "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires", "Atlantic/Azores", "Europe/London", "Europe/Lisbon", "Africa/Lagos",
    "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Warsaw", "Africa/Johannesburg",
    "Europe/Athens", "Europe/Kyiv", "Africa/Cairo", "Europe/Moscow", "Europe/Istanbul", "Africa/Nairobi",
    "Asia/Riyadh", "Asia/Tehran", "Asia/Dubai", "Europe/Samara", "Asia/Karachi", "Asia/Yekaterinburg",
    "Asia/Tashkent", "Asia/Kolkata", "Asia/Almaty", "Asia/Dhaka", "Asia/Novosibirsk", "Asia/Bangkok",
    "Asia/Jakarta", "Asia/Ho_Chi_Minh", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Manila",
    "Australia/Perth", "Asia/Tokyo", "Asia/Seoul", "Asia/Vladivostok", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
"""From west to east, one or more for each offset that many people live at."""


@lru_cache(maxsize=256)
def known_zone(name: str) -> ZoneInfo | None:
    """None for what is no zone; the name is anybody's."""
    if len(name) > 60 or not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return None


def zone_of(*names: str) -> tzinfo:
    """The first that is known, else UTC."""
    return next((zone for name in names if (zone := known_zone(name)) is not None), UTC)


def name_of(zone: tzinfo) -> str:
    return zone.key if isinstance(zone, ZoneInfo) else "UTC"


def offset_of(moment: datetime) -> str:
    """`UTC`, `UTC+05:30`."""
    said = f"{moment:%z}"
    return "UTC" if said in ("", "+0000") else f"UTC{said[:3]}:{said[3:5]}"


def offered(zone: tzinfo, now: datetime) -> list[tuple[str, str]]:
    """Names with their offset of now, that of the reader among them."""
    names = dict.fromkeys((name_of(zone), *OFFERED)) if name_of(zone) not in OFFERED else OFFERED
    found = [(name, known_zone(name)) for name in names]
    return [(name, offset_of(now.astimezone(known))) for name, known in found if known is not None]
