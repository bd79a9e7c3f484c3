"""A comparison of two policies, as a table or as JSON; what `policy diff` and `rehearse` print."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click
import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bridge.policy.comparing import WHAT, Comparison, Tally

MOST_ROWS = 200
"""Services listed one by one; the rest is counted."""


def write_comparison(compared: Comparison, *, as_json: bool) -> None:
    answer = compared.to_json()
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_INDENT_2))
        return
    console = Console(soft_wrap=True)
    console.print(_totals(compared, answer))
    rows = answer["services"]
    if not rows:
        click.echo("\nEvery service fares the same.")
        return
    click.echo(f"\n{len(rows)} service(s) fare differently:\n")
    console.print(_services(compared, rows[:MOST_ROWS]))
    if len(rows) > MOST_ROWS:
        click.echo(f"… and {len(rows) - MOST_ROWS} more: --json lists all")


def _named(compared: Comparison) -> tuple[str, str]:
    """Headings that tell the two apart, with their versions where the policy is the same."""
    a, b = compared.a, compared.b
    if a.policy != b.policy:
        return escape(a.policy), escape(b.policy)
    return _versioned("A", a), _versioned("B", b)


def _versioned(name: str, side: Tally) -> str:
    return escape(f"{name}: {side.policy} {', '.join(side.versions)}")


def _totals(compared: Comparison, answer: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("", *_named(compared), "only the first", "only the second"):
        table.add_column(heading, overflow="fold")
    for outcome in WHAT:
        found = answer[outcome]
        both, only_a, only_b = found["both"], found["only_a"], found["only_b"]
        table.add_row(
            f"services {outcome.replace('_', ' ')}", str(len(both) + len(only_a)), str(len(both) + len(only_b)),
            _some(only_a), _some(only_b),
        )  # fmt: skip
    for currency, sums in answer["sums"].items():
        for what, row in sums.items():
            table.add_row(escape(f"{what}, {currency}"), row["a"], row["b"])
    return table


def _some(services: list[str]) -> str:
    shown = ", ".join(services[:10])
    return escape(shown + (f" and {len(services) - 10} more" if len(services) > 10 else ""))


def _services(compared: Comparison, rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("service", "client", *_named(compared)):
        table.add_column(heading, overflow="fold")
    for row in rows:
        cells = (row["service"] or "all", row["client"], _fate(row["a"]), _fate(row["b"]))
        table.add_row(*(escape(cell) for cell in cells))
    return table


def _fate(fate: Mapping[str, Any]) -> str:
    told = [f"{outcome.replace('_', ' ')} ({', '.join(fate[outcome])})" for outcome in WHAT if fate[outcome]]
    told += [f"{amount} {currency} {what}" for currency, sums in fate["sums"].items() for what, amount in sums.items()]
    return "; ".join(told) or "nothing"
