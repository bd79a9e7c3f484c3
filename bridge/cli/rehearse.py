"""tipstaff rehearse: the live history through another policy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from bridge.cli.comparison import write_comparison
from bridge.cli.options import approve_option, config_option, loaded
from bridge.clock import SystemClock
from bridge.config import load_config
from bridge.config.rules import rules_of
from bridge.errors import InvalidInput
from bridge.policy.load import find_pack
from bridge.rehearsal import instead
from bridge.rehearsal import rehearse as rehearsed
from bridge.rules import Rules
from bridge.timeformat import parse_duration
from bridge.wiring import open_store


@click.command()
@click.option("--since", metavar="DURATION", help="Only what happened in the last 90d, 12h, …; else everything.")
@approve_option
@config_option
@click.option("--in-place-of", "of", metavar="POLICY", help="Only where POLICY answers now; the other routes stay.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.argument("pack")
def rehearse(since: str | None, approve: str, config: str | None, of: str | None, as_json: bool, pack: str) -> None:
    """Replay what happened here through another policy, and show what it would have done differently.

    PACK is the name of a shipped pack, or a file; PACK@VERSION takes one version. Where [[route]] leads to several
    policies, it takes the place of all of them, or of one (--in-place-of). PACK may also be another configuration
    (ending in .toml): then its policy and its routes are rehearsed. Either is compared with the policies of the
    configuration, over the same events, both with a clean sheet at the beginning. The database is only read, and no
    panel is asked; what a route goes by counts only where it was recorded at the time.
    """
    settings = loaded(config)
    now = SystemClock().now()
    try:
        begin = now - parse_duration(since, "--since") if since is not None else None
    except OverflowError:
        raise InvalidInput("--since", f"{since!r} lies before the calendar") from None
    present = rules_of(settings)
    other = _other(present, pack, of, settings.file.parent)
    store = open_store(settings)
    try:
        compared = rehearsed(store, present, other, since=begin, until=now, at_once=approve == "all")
    finally:
        store.close()
    write_comparison(compared, as_json=as_json)


def _other(present: Rules, named: str, of: str | None, base: Path) -> Rules:
    """The rules to rehearse; of another configuration only who decides what, the approvals are the present ones."""
    if not named.endswith(".toml"):
        return instead(present, find_pack(named, base=base), of=of)
    if of is not None:
        raise InvalidInput("--in-place-of", "a configuration says by its routes where each policy answers")
    theirs = rules_of(load_config(Path(named)))
    return replace(present, pack=theirs.pack, routes=theirs.routes)
