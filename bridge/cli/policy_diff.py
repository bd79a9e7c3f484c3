"""tipstaff policy diff: what two policies would do differently."""

from __future__ import annotations

import click

from bridge.cli.comparison import write_comparison
from bridge.cli.options import approve_option, config_option, events_from, rules_for_replay, until_option
from bridge.policy.comparing import compare
from bridge.timeformat import parse_time


@click.command()
@until_option
@approve_option
@config_option
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.argument("events", metavar="EVENTS.jsonl")
def diff(until: str | None, approve: str, config: str | None, as_json: bool, a: str, b: str, events: str) -> None:
    """Show what two policies would do differently: who is suspended, fined, terminated, freed, and the sums.

    A and B are names of shipped packs, or files; PACK@VERSION takes one version. The same events are replayed through
    both; `-` reads standard input. Give --until to let deadlines run on after the last event.
    """
    end = parse_time(until, "--until") if until is not None else None
    first, second = (rules_for_replay(name, config, at_once=approve == "all") for name in (a, b))
    write_comparison(compare(first, second, events_from(events), end), as_json=as_json)
