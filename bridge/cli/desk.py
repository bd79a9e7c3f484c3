"""The desk from a terminal: cases, actions, approve, reject, retry, confirm, find."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
import orjson
from rich.table import Table

from bridge.cli.console import table_console
from bridge.cli.options import config_option, loaded
from bridge.events import FINDINGS
from bridge.office import Office
from bridge.views import Filter, Page, Source
from bridge.wiring import wire

Json = Any

by_option = click.option("--by", metavar="ADMIN", help="Who decides (default: the system user).")
reason_option = click.option("--reason", metavar="TEXT", help="Why.")
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON lines.")
limit_option = click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="How many.")


@contextmanager
def office_of(config: str | None) -> Iterator[Office]:
    wired = wire(loaded(config))
    try:
        yield wired.office
    finally:
        wired.close()


def source_of(by: str | None) -> Source:
    return Source(name="command line", by=by or getpass.getuser(), verified=by is None)


def write_line(item: Mapping[str, Json]) -> None:
    sys.stdout.buffer.write(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def listed(page: Page, as_json: bool, columns: Mapping[str, Callable[[Mapping[str, Json]], Json]]) -> None:
    if as_json:
        for item in page.items:
            write_line(item)
        return
    rows = [[plain(cell(item)) for cell in columns.values()] for item in page.items]
    table_console().print(_table(list(columns), rows))
    shown = len(page.items)
    click.echo(f"{shown} of {page.total}" if shown < page.total else f"{page.total} in all")


def _table(columns: list[str], rows: list[list[str]]) -> Table:
    """The first column is what other commands are given: it is shown whole, the others are wrapped around it."""
    table = Table(box=None, pad_edge=False)
    table.add_column(columns[0], no_wrap=True, min_width=max((len(row[0]) for row in rows), default=0))
    for name in columns[1:]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def plain(cell: Json) -> str:
    """One printable line without rich's markup: what strangers wrote is never interpreted."""
    text = "" if cell is None else str(cell)
    return "".join(char if char.isprintable() else " " for char in text).replace("[", r"\[")


@click.command()
@config_option
@json_option
@limit_option
@click.option("--status", help="Only cases of this status.")
@click.option("--service", help="Only cases of this service.")
@click.option("--client", help="Only cases of this client.")
@click.option("--category", help="Only cases of this category.")
def cases(config: str | None, as_json: bool, limit: int, **wanted: str | None) -> None:
    """List cases, newest first."""
    with office_of(config) as office:
        page = office.cases(Filter(**wanted), limit, None)
    listed(
        page,
        as_json,
        {
            "case": lambda item: item["id"],
            "opened": lambda item: item["opened_at"],
            "service": lambda item: item["service"],
            "category": lambda item: item["category"],
            "strike": lambda item: item["strike"],
            "status": lambda item: item["status"],
        },
    )


@click.command()
@config_option
@json_option
@limit_option
@click.option("--state", help="Only actions in this state.")
@click.option("--service", help="Only actions on this service.")
@click.option("--client", help="Only actions on this client.")
@click.option("--case", help="Only actions of this case.")
def actions(config: str | None, as_json: bool, limit: int, **wanted: str | None) -> None:
    """List actions, newest first."""
    with office_of(config) as office:
        page = office.actions(Filter(**wanted), limit, None)
    listed(
        page,
        as_json,
        {
            "id": lambda item: item["id"],
            "action": lambda item: item["action"],
            "service": lambda item: item.get("service"),
            "state": lambda item: item["state"],
            "approval": lambda item: item["approval"],
            "clause": lambda item: item["clause"],
            "because": _why,
        },
    )


def _why(item: Mapping[str, Json]) -> str:
    """The panel's words, or an admin's no, before what the policy said."""
    refusal = item.get("rejected")
    if refusal is None:
        return str(item["error"] or item["because"])
    words = f": {refusal['reason']}" if refusal["reason"] else ""
    return f"rejected by {refusal['by']}{words}"


def _deciding(name: str, help_: str) -> click.Command:
    @click.command(name, help=help_)
    @config_option
    @json_option
    @by_option
    @reason_option
    @click.argument("action_id", metavar="ID")
    def command(config: str | None, as_json: bool, by: str | None, reason: str | None, action_id: str) -> None:
        with office_of(config) as office:
            item = getattr(office, name)(action_id, reason, source_of(by))
        _tell(item, as_json)

    return command


approve = _deciding("approve", "Approve a proposed action. Exit 1 where it is no longer proposed.")
reject = _deciding("reject", "Reject a proposed action. Exit 1 where it is no longer proposed.")
retry = _deciding("retry", "Try a failed action again.")


@click.command()
@config_option
@json_option
@by_option
@reason_option
@click.option("--invoice", metavar="NUMBER", help="The invoice made by hand for a charge: its payment is known by it.")
@click.argument("action_id", metavar="ID")
def confirm(
    config: str | None, as_json: bool, by: str | None, reason: str | None, invoice: str | None, action_id: str
) -> None:
    """Confirm that a manual action was done by hand."""
    with office_of(config) as office:
        item = office.confirm(action_id, reason, source_of(by), invoice)
    _tell(item, as_json)


def _tell(item: Mapping[str, Json], as_json: bool) -> None:
    if as_json:
        write_line(item)
    else:
        click.echo(f"{item['action']} of service {item.get('service', '-')} is {item['state']}")


@click.command()
@config_option
@json_option
@by_option
@click.option("--note", metavar="TEXT", help="What was found, in words.")
@click.argument("case")
@click.argument("finding", type=click.Choice(sorted(FINDINGS)))
def find(config: str | None, as_json: bool, by: str | None, note: str | None, case: str, finding: str) -> None:
    """Record what staff established about a case."""
    with office_of(config) as office:
        receipt = office.record_finding(case, finding, note, source_of(by))
    for record in receipt.records:
        if as_json:
            write_line(record)
        else:
            what = record.get("action") or f"{record['record']} {record.get('status', '')}".strip()
            click.echo(f"{what} (clause {record['clause']}): {record['because']}")
