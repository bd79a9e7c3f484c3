"""tipstaff doctor: what has to be mended, and how."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import click
import orjson
from rich.markup import escape
from rich.table import Table

from bridge.cli.console import table_console
from bridge.cli.options import config_option, loaded
from bridge.clock import SystemClock
from bridge.config import Config
from bridge.doctor import (
    Finding,
    Level,
    check_billing,
    check_clock,
    check_configuration,
    check_database,
    check_mail,
    check_policy,
    check_routes,
    check_servers,
    check_sources,
    check_verification,
    server_time,
)
from bridge.errors import InvalidInput, InvalidPack, NotFound
from bridge.ports import ServerPanel
from bridge.store.store import Store
from bridge.wiring import Wired, list_of, mailbox_of, means_for, wire

_COLOURS = {Level.FAULT: "red", Level.WARNING: "yellow", Level.OK: "green"}


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
def doctor(config: str | None, as_json: bool) -> None:
    """Check configuration, database, clock, both panels and the policy; say what to mend. Changes nothing.

    Exit status 1 for faults, 0 where there are only warnings.
    """
    findings = list(examine(loaded(config)))
    faults = sum(finding.level is Level.FAULT for finding in findings)
    warnings = sum(finding.level is Level.WARNING for finding in findings)
    if as_json:
        listed = [{"level": one.level.value, "area": one.area, "what": one.what, "mend": one.mend} for one in findings]
        answer = {"faults": faults, "warnings": warnings, "findings": listed}
        sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_INDENT_2))
    else:
        _show(findings)
        click.echo(f"{_counted(faults, 'fault')}, {_counted(warnings, 'warning')}")
    sys.exit(1 if faults else 0)


def examine(config: Config) -> Iterator[Finding]:
    """Every check that can be made; where one thing is broken the others are looked at all the same."""
    yield from check_configuration(config)
    clock = SystemClock()
    store = Store.open(config.database_url)
    try:
        database = list(check_database(store, config, clock.wall()))
    finally:
        store.close()
    yield from database
    if config.mail is not None:
        yield from check_mail(config.mail)
    yield from check_sources(config, mailbox_of, list_of)
    yield from check_clock(clock.wall(), server_time(config.whmcs) if config.whmcs is not None else None)
    if any(finding.level is Level.FAULT for finding in database):
        yield Finding(Level.WARNING, "panels", "were not looked at", "mend the database first, then ask again")
        return
    try:
        wired = wire(_wirable(config))
    except (InvalidInput, InvalidPack, NotFound) as trouble:
        yield Finding(Level.FAULT, "configuration", str(trouble), "mend it; panels and policy were not looked at")
        return
    try:
        yield from _wired(wired)
    finally:
        wired.close()


def _wirable(config: Config) -> Config:
    """A missing time zone is a fault that was named already; reading the panels does not wait for it."""
    if config.whmcs is None or config.whmcs.timezone is not None:
        return config
    return replace(config, whmcs=replace(config.whmcs, timezone=ZoneInfo("UTC")))


def _wired(wired: Wired) -> Iterator[Finding]:
    panels: dict[str, ServerPanel] = {}
    for panel in wired.config.virtualizor:
        found = wired.servers(panel.servers[0]) if panel.servers else None
        if found is not None:
            panels[panel.url] = found
    if wired.billing is not None:
        yield from check_billing(wired.billing, *dict.fromkeys(pack.newest.currency for pack in wired.rules.packs))
    yield from check_servers(panels)
    yield from check_routes(wired.config)
    for pack in wired.rules.packs:
        yield from check_policy(pack, means_for(wired.config, pack))
        yield from check_verification(pack, wired.config.mapping)


def _show(findings: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("", "area", "found", "to mend"):
        table.add_column(name, overflow="fold")
    order = list(Level)
    for finding in sorted(findings, key=lambda one: order.index(one.level)):
        colour = _COLOURS[finding.level]
        cells = (escape(text) for text in (finding.area, finding.what, finding.mend))
        table.add_row(f"[{colour}]{finding.level.value}[/]", *cells)
    table_console().print(table)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
