"""tipstaff parse: what intake sees in a message."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import orjson

from bridge.cli.options import loaded
from bridge.cli.saved_case import FOLDER, write_case
from bridge.clock import SystemClock
from bridge.confined import ConfinedReader
from bridge.errors import InvalidInput
from bridge.intake.model import Incident, Kind, Network, Reading, ReporterKind, quotable
from bridge.timeformat import format_time

Json = Any

MAX_BYTES = 64 * 1024 * 1024


@click.command()
@click.option(
    "--own", multiple=True, metavar="CIDR", help="One of our own networks; an address outside is no offender."
)
@click.option("--config", metavar="FILE", help="Whose networks, where no --own says them, and [[reporter]] count.")
@click.option("--save-case", metavar="NAME", help="Keep the message and what it really says as a case of the tests.")
@click.option(
    "--expect", multiple=True, metavar="FIELD=VALUE", help="What is right where the reading is wrong: ips=192.0.2.1, …"
)
@click.option(
    "--cases", type=click.Path(path_type=Path), default=FOLDER, show_default=True, help="The folder for --save-case."
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def parse(
    own: tuple[str, ...],
    config: str | None,
    save_case: str | None,
    expect: tuple[str, ...],
    cases: Path,
    files: tuple[str, ...],
) -> None:
    """Print what intake sees in each message, one JSON line per incident. Stores nothing; `-` reads standard input.

    A message that is read wrongly becomes a case that the test suite picks up: --save-case NAME writes it, as it came,
    beside what is right, which is what was read with every --expect in its place.
    """
    if save_case is None and expect:
        raise InvalidInput("--expect", "goes with --save-case")
    if save_case is not None and len(files) != 1:
        raise InvalidInput("--save-case", "takes one message at a time")
    networks, reporters = _configured(config, [_network(text) for text in own])
    now = SystemClock().now()
    with closing(ConfinedReader()) as read:
        for name in files:
            data = read_file(name)
            reading = read(data, own=networks, received_at=now, reporters=reporters)
            for line in _lines(name, reading):
                sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            if save_case is not None:
                written = write_case(cases, save_case, data, reading, expect, own=networks, received=now)
                click.echo(f"written: {written[0]} and {written[1]}", err=True)
    sys.stdout.buffer.flush()


def _configured(config: str | None, own: Sequence[Network]) -> tuple[Sequence[Network], Mapping[str, ReporterKind]]:
    """Our networks and who counts as what, as a live desk knows them; no configuration is read that is not named."""
    if config is None:
        return own, {}
    settings = loaded(config)
    return own or settings.own_networks, settings.reporters


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise InvalidInput("--own", f"{text!r} is not a network such as 192.0.2.0/24") from None


def read_file(name: str) -> bytes:
    """The bytes of a file, or of standard input; raises InvalidInput."""
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else Path(name).read_bytes()
    except OSError as trouble:
        raise InvalidInput(name, f"cannot be read: {trouble.strerror}") from trouble
    if len(data) > MAX_BYTES:
        raise InvalidInput(name, f"is larger than {MAX_BYTES} bytes")
    return data


def _lines(name: str, reading: Reading) -> list[dict[str, Json]]:
    """A line per incident; one line that says so where the message is no complaint or cannot be read."""
    head: dict[str, Json] = {"file": name, "kind": reading.kind.value}
    if reading.kind is not Kind.COMPLAINT and not reading.incidents:
        return [{**head, "reason": reading.reason, "ips": [], "category": None, "confidence": 0.0}]
    return [
        {**head, **({"reason": reading.reason} if reading.reason else {}), **_line(item)} for item in reading.incidents
    ]


def _line(incident: Incident) -> dict[str, Json]:
    return {
        "category": incident.category,
        "ips": list(incident.ips),
        "networks": list(incident.networks),
        "urls": list(incident.urls),
        "domains": list(quotable(incident.domains, incident.category)),
        "occurred_at": format_time(incident.occurred_at) if incident.occurred_at else None,
        "occurred_text": incident.occurred_text or None,
        "time_certain": incident.time_certain,
        "reporter": {
            "name": incident.reporter.name,
            "address": incident.reporter.address,
            "kind": incident.reporter.kind.value,
        },
        "report_id": incident.report_id or None,
        "targets": list(incident.targets),
        "severity": incident.severity,
        "complete": incident.complete,
        "deadline": format_time(incident.deadline) if incident.deadline else None,
        "language": incident.language or None,
        "format": incident.source_format,
        "confidence": round(incident.confidence, 3),
    }
