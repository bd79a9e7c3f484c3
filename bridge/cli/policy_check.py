"""tipstaff policy check: a pack's words, and what comes of them when it is lived through."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click
import orjson

from bridge.cli.options import config_option, loaded
from bridge.config import Config
from bridge.config.rules import rules_of
from bridge.doctor.policy import manual_actions
from bridge.policy.exploring.explore import Exploration
from bridge.policy.fault import FAULTS, Fault
from bridge.policy.load import find_pack
from bridge.policy.pack import Pack
from bridge.wiring import means_for

Json = Any


@click.command()
@click.argument("file", required=False)
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@config_option
def check(file: str | None, as_json: bool, config: str | None) -> None:
    """Validate a pack and find its contradictions, each with a shortest example.

    FILE is a file or the name of a shipped pack; without it, every policy that the configuration leads to. Every word
    must be known: exit 2 with file and line where one is not.
    Then the pack is lived through, strike by strike and deadline by deadline. What is found is told with its clause and
    with events that `tipstaff replay` takes: rules that can never apply, incidents fined by two clauses, holds that
    nothing ends, deadlines that nothing follows, terminations that nobody is asked about, suspensions that the customer
    is not told of; with a configuration also actions that its panels cannot do. What a clause means so, it says under
    `accepted`, with the reason.

    Exit status 0 where nothing is found, 1 where something is, 2 for a pack that cannot be read.
    """
    settings = loaded(config) if config is not None or file is None else None
    packs = (find_pack(file),) if file is not None else rules_of(loaded(config)).packs
    found = [(pack, list(_faults(pack, settings))) for pack in packs]
    if as_json:
        answers = [_as_json(pack, faults) for pack, faults in found]
        answer = answers if file is None else answers[0]
        sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_INDENT_2))
    else:
        for pack, faults in found:
            _write_text(pack, faults)
    sys.exit(1 if any(fault.accepted is None for _, faults in found for fault in faults) else 0)


def _faults(pack: Pack, config: Config | None) -> Iterator[Fault]:
    """What is wrong with every version, and what the panels of a configuration cannot do of it; connects to nothing."""
    means = means_for(config, pack) if config is not None else ()
    for version in pack.versions:
        exploration = Exploration(pack, version)
        yield from exploration.faults()
        for found in manual_actions(version, means):
            fault = exploration.by_hand(found.clause, found.line, found.action, f"{found.sentence}.", found.kinds)
            if fault is not None:
                yield fault


def _write_text(pack: Pack, faults: list[Fault]) -> None:
    found = [fault for fault in faults if fault.accepted is None]
    for fault in found:
        version = f" of version {fault.version}" if len(pack.versions) > 1 else ""
        click.echo(f"{pack.file}:{fault.line}: clause {fault.clause}{version}: {fault.sentence} [{fault.kind}]")
        if fault.events:
            near = "the nearest way" if fault.kind == "never_applies" else "a shortest way"
            click.echo(f"  {near} (tipstaff replay --policy {pack.file} --approve {fault.approve} -):")
        for event in fault.events:
            click.echo(f"    {orjson.dumps(event).decode()}")
    rules = sum(len(clause.rules) for version in pack.versions for clause in version.clauses.values())
    examples = sum(len(clause.examples) for version in pack.versions for clause in version.clauses.values())
    told = f"{len(found)} found" if found else "nothing found"
    accepted = len(faults) - len(found)
    meant = f", {accepted} accepted by the pack" if accepted else ""
    click.echo(
        f"{pack.name}: {len(pack.versions)} version(s), {rules} rules, {examples} examples: well-formed; {told}{meant}"
    )


def _as_json(pack: Pack, faults: list[Fault]) -> dict[str, Json]:
    rows = [
        {
            "kind": fault.kind,
            "meaning": FAULTS[fault.kind],
            "version": fault.version,
            "clause": fault.clause,
            "file": pack.file,
            "line": fault.line,
            "sentence": fault.sentence,
            "approve": fault.approve,
            "events": fault.events,
            "accepted": fault.accepted,
        }
        for fault in faults
    ]
    return {
        "pack": pack.name,
        "versions": [version.number for version in pack.versions],
        "findings": [row for row in rows if row["accepted"] is None],
        "accepted": [row for row in rows if row["accepted"] is not None],
    }
