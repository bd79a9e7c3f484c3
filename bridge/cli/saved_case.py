"""A message that was read wrongly, kept beside what it really says: a case for the test suite."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from bridge.categories import CATEGORIES, CHILD_ABUSE
from bridge.errors import InvalidInput
from bridge.events import address, time
from bridge.intake.model import Kind, Networks, Reading, ReporterKind
from bridge.timeformat import format_time

Json = Any

FOLDER = "tests/intake/corrections"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}")
_LISTS = ("ips", "urls", "domains", "networks")
_FIELDS = (*_LISTS, "kind", "category", "occurred_at", "report_id", "language", "deadline", "reporter_kind")
_TIMES = ("occurred_at", "deadline")
_KINDS = (Kind.COMPLAINT.value, Kind.NOT_A_COMPLAINT.value)


def write_case(
    folder: Path,
    name: str,
    data: bytes,
    reading: Reading,
    expected: Sequence[str],
    *,
    own: Networks,
    received: datetime,
) -> tuple[Path, Path]:
    """Write `name.eml` and `name.json`; what was read stands in the latter, with what `expected` says instead.

    expected  `field=value`; lists are separated by commas: `ips=192.0.2.1,192.0.2.2`, `kind=not_a_complaint`
    own       the networks that the message was read with, kept with the case
    Raises InvalidInput where the name or a value cannot be, or the case is there already.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInput("--save-case", f"{name!r} is not a name of small letters, digits, - and _")
    said = dict(_said(item) for item in expected)
    truth = _truth(reading, said)
    names_somebody = any(truth.get(field) for field in ("ips", "incidents", "domains", "networks"))
    if truth["kind"] == Kind.COMPLAINT.value and not names_somebody:
        raise InvalidInput("--expect", "say what is right: ips=…, domains=… or kind=not_a_complaint")
    if truth.get("category") in CHILD_ABUSE:
        raise InvalidInput("--save-case", "a message about child abuse is never copied")
    kept = {**truth, "own": [str(network) for network in own], "received_at": format_time(received)}
    message, expectation = folder / f"{name}.eml", folder / f"{name}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with message.open("xb") as file:
            file.write(data)
        expectation.write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    except OSError as trouble:
        raise InvalidInput(str(message), f"cannot be written: {trouble.strerror}") from trouble
    return message, expectation


def _said(item: str) -> tuple[str, Json]:
    name, separator, value = item.partition("=")
    if not separator or name not in _FIELDS:
        raise InvalidInput("--expect", f"{item[:60]!r} is not FIELD=VALUE with one of {', '.join(_FIELDS)}")
    if name in _LISTS:
        values = [part.strip() for part in value.split(",") if part.strip()]
        return name, [address(part, "--expect ips") for part in values] if name == "ips" else values
    allowed = {"kind": _KINDS, "category": sorted(CATEGORIES), "reporter_kind": sorted(ReporterKind)}.get(name)
    if allowed is not None and value not in allowed:
        raise InvalidInput(f"--expect {name}", f"{value[:60]!r} is not one of {', '.join(allowed)}")
    return name, format_time(time(value, f"--expect {name}")) if name in _TIMES else value


def _truth(reading: Reading, said: dict[str, Json]) -> dict[str, Json]:
    """What the reader found, as far as it is not corrected. A case compares only what stands in it."""
    found = reading.incidents
    kind = said.get("kind") or (
        Kind.COMPLAINT.value if found or said.get("ips") or said.get("domains") else Kind.NOT_A_COMPLAINT.value
    )
    if kind == Kind.NOT_A_COMPLAINT.value:
        return {"kind": kind}
    read: dict[str, Json] = {"ips": sorted({ip for each in found for ip in each.ips})}
    categories = {each.category for each in found}
    if "category" not in said and len(categories) > 1:
        read["incidents"] = sorted([ip, each.category] for each in found for ip in each.ips)
        del read["ips"]
    elif categories:
        read["category"] = min(categories)
    times = [each.occurred_at for each in found if each.occurred_at is not None and each.occurred_text]
    if times:
        read["occurred_at"] = format_time(min(times))
    if "ips" in said:
        read.pop("incidents", None)
        read.setdefault("category", min(categories, default="other/unclassified"))
    return {"kind": kind, **read, **said}
