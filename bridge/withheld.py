"""What is never written down of reports about child abuse: the places it lies at, works, free text of a sender.

An event of that kind is kept by reference: what it names is replaced by its digest, so that the same place is still
known for the same, and whatever has no field of its own is left out. The message itself stays where it was received.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridge.categories import CHILD_ABUSE
from bridge.events import ComplaintReceived, Event, Reporter

Json = Any

_LINK = re.compile(r"/|\w[\[(]?\.[\])]?\w{2}")
"""What a link or the name of a host has, broken apart for safety or not."""
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_HEX = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[\w.+-]{1,40}")
_ADDRESS = re.compile(r"[^\s@/<>()\"]{1,64}@[A-Za-z0-9.-]{1,250}")

_KEPT = (
    "id", "type", "at", "ip", "ips", "service", "category", "severity", "deliberate", "complete", "occurred_at",
    "upstream_deadline", "reviewed",
)  # fmt: skip
"""Fields that hold no words of a sender: the reader of events, or intake, has seen to that."""

WORDS = ("text", "note", "reason")
"""Fields of other events about a case that hold what people wrote."""


def without_links(text: str) -> str:
    """Words of people, without anything that looks like a link."""
    return " ".join("[withheld]" if _LINK.search(word) else word for word in text.split())


def digest_of(text: str) -> str:
    """What stands for a text that is not kept; a digest stands for itself."""
    if _DIGEST.fullmatch(text):
        return text
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def reference(report_id: str) -> str:
    """A report's own number; its digest where it is a link."""
    return digest_of(report_id) if _LINK.search(report_id) else report_id


def withheld(event: Event, raw: Mapping[str, Json]) -> tuple[Event, Mapping[str, Json]]:
    """The event, and what the log keeps of it; unchanged where it is no report about child abuse."""
    if not isinstance(event, ComplaintReceived) or event.category not in CHILD_ABUSE:
        return event, raw
    reporter = Reporter(without_links(event.reporter.name), event.reporter.kind)
    targets = tuple(dict.fromkeys(map(digest_of, event.targets)))
    report_id = None if event.report_id is None else reference(event.report_id)
    kept = {name: raw[name] for name in _KEPT if raw.get(name) is not None}
    kept["reporter"] = {"name": reporter.name, **({"kind": reporter.kind} if reporter.kind else {})}
    if targets:
        kept["targets"] = list(targets)
    if report_id is not None:
        kept["report_id"] = report_id
    kept |= _of_intake(raw)
    return replace(event, reporter=reporter, targets=targets, report_id=report_id), kept


def _of_intake(raw: Mapping[str, Json]) -> dict[str, Json]:
    """What intake adds, where it is of the shape that intake gives it: digests, an address to answer to."""
    kept: dict[str, Json] = {}
    address = raw.get("reporter_address")
    if isinstance(address, str) and _ADDRESS.fullmatch(address):
        kept["reporter_address"] = address
    read = raw.get("read")
    if isinstance(read, Mapping) and isinstance(read.get("format"), str) and _WORD.fullmatch(read["format"]):
        sure = read.get("confidence")
        kept["read"] = {"format": read["format"], "confidence": sure if isinstance(sure, float | int) else 0}
    parts = raw.get("evidence")
    if isinstance(parts, list):
        kept["evidence"] = [
            [str(place), part[1], part[2]]
            for place, part in enumerate(parts)
            if isinstance(part, list) and len(part) == 3 and _is_digest(part[1]) and isinstance(part[2], int)
        ]
    return kept


def _is_digest(value: Json) -> bool:
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def without_quotes(event: Event, raw: Mapping[str, Json]) -> tuple[Event, Mapping[str, Json]]:
    """An event about a case of child abuse, with what people wrote freed of links."""
    said: dict[str, Any] = {
        name: without_links(value) for name in WORDS if isinstance(value := getattr(event, name, None), str)
    }
    return (replace(event, **said), {**raw, **said}) if said else (event, raw)
