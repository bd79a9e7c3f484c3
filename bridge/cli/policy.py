"""tipstaff policy: the packs."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson
from rich.table import Table

from bridge.cli.console import table_console
from bridge.cli.options import config_option, loaded
from bridge.cli.policy_check import check
from bridge.cli.policy_diff import diff
from bridge.cli.policy_explain import explain_event
from bridge.cli.policy_new import new
from bridge.config import find_config
from bridge.config.rules import rules_of
from bridge.errors import NotFound
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
@config_option
@click.option("--json", "as_json", is_flag=True, help="As JSON lines.")
def list_packs(config: str | None, as_json: bool) -> None:
    """The packs that come with the program, and what each is in use for where there is a configuration."""
    uses = _uses(config)
    table = Table("pack", "title", "version", "in force from", "clauses", *(["in use for"] if uses else []), box=None)
    for name in dict.fromkeys((*shipped_packs(), *uses)):
        pack = find_pack(name, base=_folder(config))
        newest = pack.newest
        if as_json:
            row = {"pack": name, "title": pack.title, "version": newest.number, "effective": newest.effective.date()}
            used = {"in_use_for": uses[name]} if name in uses else {}
            sys.stdout.buffer.write(orjson.dumps(row | used, option=orjson.OPT_APPEND_NEWLINE))
        else:
            about = (name, pack.title, newest.number, str(newest.effective.date()), str(len(newest.clauses)))
            table.add_row(*about, *(["; ".join(uses.get(name, []))] if uses else []))
    if not as_json:
        table_console().print(table)


def _uses(config: str | None) -> dict[str, list[str]]:
    """What each configured policy answers for; empty where there is no configuration. Raises InvalidInput."""
    try:
        settings = loaded(config)
    except NotFound:
        return {}
    rules_of(settings)  # names the line of a policy that there is not
    uses: dict[str, list[str]] = {}
    for route in settings.routes:
        uses.setdefault(route.policy, []).append(route.told())
    uses.setdefault(settings.policy, []).append("everything else" if settings.routes else "everything")
    return uses


def _folder(config: str | None) -> Path | None:
    """Where the files of packs are that a configuration names."""
    try:
        return find_config(config).parent
    except NotFound:
        return None


@policy.command()
@config_option
@click.argument("pack", required=False)
@click.option("--html", "as_html", is_flag=True, help="As an HTML page instead of Markdown.")
def show(config: str | None, pack: str | None, as_html: bool) -> None:
    """Write a policy as a page that a customer can read, made from the pack: clauses, times, sums, what lifts what.

    PACK is the name of a shipped pack, or a file; its newest version is shown, PACK@VERSION shows another. Without
    it, the policy of the configuration.
    """
    page = page_of(find_pack(pack) if pack else rules_of(loaded(config)).packs[0])
    click.echo(to_html(page) if as_html else to_markdown(page), nl=False)


@policy.command("reference")
def write_reference() -> None:
    """Write the reference of the pack language: every word that a pack may use, as Markdown."""
    click.echo(reference(), nl=False)


@policy.command()
@config_option
@click.argument("packs", nargs=-1, metavar="[PACK]...")
def test(config: str | None, packs: tuple[str, ...]) -> None:
    """Run a pack's own examples. Exit 1 where one does not hold.

    Where none is named: those of the packs that a named configuration uses, else of all shipped packs.

    Clauses with rules that no example proves are named; they are no failure.
    """
    failed = total = 0
    unproven: list[str] = []
    base = _folder(config) if config and not packs else None
    for name in packs or (_uses(config) if config else shipped_packs()):
        pack = find_pack(name, base=base)
        own = pack.newest.clauses.values()
        unproven += [f"{name} {clause.number}" for clause in own if clause.rules and not clause.examples]
        for version, example, failure in run_examples(pack):
            total += 1
            if failure is None:
                continue
            failed += 1
            click.echo(
                f"{name} {version.number} clause {example.clause}: {example.name}\n  {failure.problem}", err=True
            )
            for line in failure.decided:
                click.echo(f"    {line}", err=True)
    without = f"; without an example: {', '.join(unproven)}" if unproven else ""
    click.echo(f"{total - failed} passed, {failed} failed{without}")
    sys.exit(1 if failed else 0)
