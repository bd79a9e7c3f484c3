"""tipstaff audit: the chain, and a case's evidence file."""

from __future__ import annotations

import sys

import click
import orjson

from bridge.audit import export as export_case
from bridge.audit import verify as verify_store
from bridge.cli.options import config_option, loaded
from bridge.wiring import open_store


@click.group()
def audit() -> None:
    """The audit chain."""


@audit.command()
@config_option
def verify(config: str | None) -> None:
    """Check that the chain is whole and that the tables are what the log says. Exit 1 where not."""
    store = open_store(loaded(config))
    problems = 0
    try:
        for problem in verify_store(store):
            problems += 1
            click.echo(problem, err=True)
    finally:
        store.close()
    click.echo(f"{problems} disagreement(s)" if problems else "the chain is whole and the tables agree with it")
    sys.exit(1 if problems else 0)


@audit.command()
@config_option
@click.argument("case")
def export(config: str | None, case: str) -> None:
    """Write a case's evidence file, as JSON, to standard output."""
    store = open_store(loaded(config))
    try:
        found = export_case(store, case)
    finally:
        store.close()
    sys.stdout.buffer.write(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
