"""tipstaff replay: events through a policy in virtual time."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from datetime import datetime

import click
import orjson

from bridge.cli.options import config_option, rules_for_replay
from bridge.errors import InvalidInput
from bridge.replay import Replay, read_events
from bridge.timeformat import parse_time


@click.command()
@click.option("--policy", "policy_name", required=True, metavar="PACK", help="Name of a shipped pack, or a file.")
@click.option("--until", metavar="TIME", help="Let deadlines fire up to and at this time; later events are not read.")
@click.option(
    "--approve", type=click.Choice(["all", "none"]), default="all", show_default=True, help="What admins say."
)
@config_option
@click.argument("events", metavar="EVENTS.jsonl")
def replay(policy_name: str, until: str | None, approve: str, config: str | None, events: str) -> None:
    """Run events through a policy in virtual time and print the records as JSON lines.

    Touches no panel and no database. `-` reads standard input.
    """
    end: datetime | None = parse_time(until, "--until") if until is not None else None
    rules = rules_for_replay(policy_name, config, at_once=approve == "all")
    # Nothing here makes cycles, and looking for them again and again would cost a sixth of the run.
    gc.disable()
    parsed = read_events(_lines(events), "standard input" if events == "-" else events)
    out = sys.stdout.buffer
    for answer in Replay(rules).run(parsed, end):
        out.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
    out.flush()


def _lines(name: str) -> Iterable[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
        return
    try:
        with open(name, "rb") as file:
            yield from file
    except OSError as trouble:
        raise InvalidInput(name, f"cannot be read: {trouble.strerror}") from trouble
