"""tipstaff policy: the packs."""

from __future__ import annotations

import sys

import click
import orjson
from rich.console import Console
from rich.table import Table

from bridge.cli.policy_check import check
from bridge.cli.policy_diff import diff
from bridge.cli.policy_explain import explain_event
from bridge.cli.policy_new import new
from bridge.policy.examples import run_examples
from bridge.policy.load import find_pack, shipped_packs
from bridge.policy.reference import reference
from bridge.policy.telling.html import to_html
from bridge.policy.telling.markdown import to_markdown
from bridge.policy.telling.page import page_of


@click.group()
def policy() -> None:
    """The policies: list, show, new, check, test, explain, diff, reference."""


policy.add_command(new)
policy.add_command(check)
policy.add_command(explain_event)
policy.add_command(diff)


@policy.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON lines.")
def list_packs(as_json: bool) -> None:
    """The packs that come with the program."""
    table = Table("pack", "title", "version", "in force from", "clauses", box=None)
    for name in shipped_packs():
        pack = find_pack(name)
        newest = pack.newest
        if as_json:
            row = {"pack": name, "title": pack.title, "version": newest.number, "effective": newest.effective.date()}
            sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        else:
            table.add_row(name, pack.title, newest.number, str(newest.effective.date()), str(len(newest.clauses)))
    if not as_json:
        Console().print(table)


@policy.command()
@click.argument("pack")
@click.option("--html", "as_html", is_flag=True, help="As an HTML page instead of Markdown.")
def show(pack: str, as_html: bool) -> None:
    """Write a policy as a page that a customer can read, made from the pack: clauses, times, sums, what lifts what.

    PACK is the name of a shipped pack, or a file; its newest version is shown, PACK@VERSION shows another.
    """
    page = page_of(find_pack(pack))
    click.echo(to_html(page) if as_html else to_markdown(page), nl=False)


@policy.command("reference")
def write_reference() -> None:
    """Write the reference of the pack language: every word that a pack may use, as Markdown."""
    click.echo(reference(), nl=False)


@policy.command()
@click.argument("packs", nargs=-1, metavar="[PACK]...")
def test(packs: tuple[str, ...]) -> None:
    """Run a pack's own examples (of all shipped packs where none is named). Exit 1 where one does not hold."""
    failed = total = 0
    for name in packs or shipped_packs():
        for version, example, failure in run_examples(find_pack(name)):
            total += 1
            if failure is None:
                continue
            failed += 1
            click.echo(
                f"{name} {version.number} clause {example.clause}: {example.name}\n  {failure.problem}", err=True
            )
            for line in failure.decided:
                click.echo(f"    {line}", err=True)
    click.echo(f"{total - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
