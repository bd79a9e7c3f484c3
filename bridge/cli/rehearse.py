"""tipstaff rehearse: the live history through another policy."""

from __future__ import annotations

import click

from bridge.cli.comparison import write_comparison
from bridge.cli.options import approve_option, config_option, loaded
from bridge.clock import SystemClock
from bridge.errors import InvalidInput
from bridge.policy.load import find_pack
from bridge.rehearsal import rehearse as rehearsed
from bridge.rules_config import rules_of
from bridge.timeformat import parse_duration
from bridge.wiring import open_store


@click.command()
@click.option("--since", metavar="DURATION", help="Only what happened in the last 90d, 12h, …; else everything.")
@approve_option
@config_option
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.argument("pack")
def rehearse(since: str | None, approve: str, config: str | None, as_json: bool, pack: str) -> None:
    """Replay what happened here through another policy, and show what it would have done differently.

    PACK is the name of a shipped pack, or a file; PACK@VERSION takes one version. It is compared with the policy of the
    configuration, over the same events, both with a clean sheet at the beginning. The database is only read, and no
    panel is asked.
    """
    settings = loaded(config)
    now = SystemClock().now()
    try:
        begin = now - parse_duration(since, "--since") if since is not None else None
    except OverflowError:
        raise InvalidInput("--since", f"{since!r} lies before the calendar") from None
    other = find_pack(pack, base=settings.file.parent)
    store = open_store(settings)
    try:
        compared = rehearsed(store, rules_of(settings), other, since=begin, until=now, at_once=approve == "all")
    finally:
        store.close()
    write_comparison(compared, as_json=as_json)
