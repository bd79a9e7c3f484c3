"""A pack's own examples, run through replay: what `policy test` proves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.errors import InvalidInput, InvalidPack
from bridge.events import needs, parse_event
from bridge.policy.offsets import placed
from bridge.policy.pack import Example, Pack, Version
from bridge.replay import Replay
from bridge.rules import Rules
from bridge.timeformat import format_time, parse_duration

Json = Any

SERVICE = {
    "service": "1",
    "client": "1",
    "product_kind": "vps",
    "status": "active",
    "ips": ["192.0.2.10", "192.0.2.11"],
}
"""The service every example begins with, unless it says otherwise; it holds both addresses from the start."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An example that does not hold: what was expected, and what was decided instead."""

    example: Example
    problem: str
    decided: tuple[str, ...]


def run_examples(pack: Pack) -> Iterator[tuple[Version, Example, Failure | None]]:
    """Every example of every version, with what is wrong about it."""
    for version in pack.versions:
        for clause in version.clauses.values():
            for example in clause.examples:
                yield version, example, _run(pack, version, example)


def _run(pack: Pack, version: Version, example: Example) -> Failure | None:
    start = version.effective + timedelta(days=1)
    try:
        events = [parse_event(item) for item in example_events(example, start)]
    except InvalidInput as refusal:
        raise InvalidPack(pack.file, example.line, f"example {example.name!r}: {refusal}") from refusal
    until = start + example.until if example.until is not None else None
    answers = list(Replay(Rules(pack, at_once=example.approve == "all")).run(events, until))
    shown = tuple(_shown(answer, start) for answer in answers)
    for wanted in example.expect:
        if not any(_matches(answer, wanted, start) for answer in answers):
            return Failure(example=example, problem=f"expected {_spelled(wanted)}", decided=shown)
    for unwanted in example.never:
        if any(_matches(answer, unwanted, start) for answer in answers):
            return Failure(example=example, problem=f"must not happen: {_spelled(unwanted)}", decided=shown)
    return None


def example_events(example: Example, start: datetime) -> Iterator[dict[str, Json]]:
    """What happens in an example, as `replay` takes it, with what every example begins with."""
    yield {"id": "example.service", "type": "service.observed", "at": format_time(start), **SERVICE}
    for place, given in enumerate(example.events, 1):
        yield _completed(placed({"id": f"example.{place}", "at": "0h", **given}, start))


def _completed(event: dict[str, Json]) -> dict[str, Json]:
    """What an example leaves out is about the service it begins with, or about its client."""
    kind = event["type"]
    if kind == "complaint.received" and not {"ip", "ips", "service"} & event.keys():
        event["ip"] = SERVICE["ips"][0]
    about = needs(kind)
    if "client" in about:
        event.setdefault("client", SERVICE["client"])
    if "service" in about or (not about & _SUBJECTS and not _SUBJECTS & event.keys()):
        event.setdefault("service", SERVICE["service"])
    return event


_SUBJECTS = frozenset({"client", "service", "case", "invoice", "ip", "ips", "affected"})
"""Fields that say whom an event is about."""


def _matches(answer: Mapping[str, Json], wanted: Mapping[str, Json], start: datetime) -> bool:
    for name, value in wanted.items():
        expected = format_time(start + parse_duration(value, "at")) if name == "at" else value
        if answer.get(name) != expected and str(answer.get(name)) != str(expected):
            return False
    return True


def _spelled(wanted: Mapping[str, Json]) -> str:
    return ", ".join(f"{name} {value}" for name, value in wanted.items())


def _shown(answer: Mapping[str, Json], start: datetime) -> str:
    moment = datetime.fromisoformat(answer["at"]).astimezone(UTC) - start
    hours = moment.total_seconds() / 3600
    what = answer.get("action") or " ".join(
        str(answer[name]) for name in ("record", "status", "for", "outcome") if name in answer
    )
    return f"{hours:g}h {what} (clause {answer['clause']})"
