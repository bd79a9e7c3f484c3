"""tipstaff policy explain: which clause applies to an event, and why the others do not."""

from __future__ import annotations

import sys
from typing import Any

import click
import orjson

from bridge.cli.options import approve_option, config_option, events_from, rules_for_replay, until_option
from bridge.errors import NotFound
from bridge.policy.explaining import Explanation, ToldClause, explain, what_happened
from bridge.policy.spelling import spelled_condition, spelled_value
from bridge.timeformat import format_time, parse_time


@click.command("explain")
@click.option("--policy", "policy_name", metavar="PACK", help="The pack, in place of the first argument.")
@click.option("--event", "wanted", metavar="ID", help="The event to explain; else the last thing that happened.")
@until_option
@approve_option
@config_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, with every condition and its value.")
@click.argument("given", nargs=-1, metavar="[PACK] EVENTS.jsonl")
def explain_event(
    policy_name: str | None,
    wanted: str | None,
    until: str | None,
    approve: str,
    config: str | None,
    as_json: bool,
    given: tuple[str, ...],
) -> None:
    """Say which clause applies to an event, and for every other clause which condition failed with which value.

    PACK is the name of a shipped pack, or a file; PACK@VERSION takes one version. The events are replayed, for what
    came before decides too; `-` reads standard input. With --until, deadlines fire up to that time, and without --event
    the last of them is explained.
    """
    named = given if policy_name is None else (policy_name, *given)
    if len(named) != 2:
        raise click.UsageError("takes a pack and one file of events")
    policy_name, events = named
    rules = rules_for_replay(policy_name, config, at_once=approve == "all")
    end = parse_time(until, "--until") if until is not None else None
    history = events_from(events)
    if not history:
        raise NotFound(f"{events}: holds no event to explain")
    told = explain(rules, history, wanted, end)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(told.to_json(), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_INDENT_2))
    else:
        _write(told)


def _write(told: Explanation) -> None:
    event = told.event
    click.echo(f"{event.id}: {what_happened(event)} at {format_time(event.at)}, by {told.policy} {told.version}")
    for record in told.records:
        click.echo(f"  decided: {_record(record)}")
    if not told.records:
        click.echo("  decided: nothing")
    for item in told.counted:
        holds = "holds" if item.held else "fails, so it counts no strike"
        click.echo(f"  a strike where {spelled_condition(item.condition)}: {holds} ({spelled_value(item.value)})")
    applying = [clause for clause in told.clauses if clause.applies]
    others = [clause for clause in told.clauses if clause.rules and not clause.applies]
    click.echo("\napplies:" if applying else "\nno clause applies")
    for clause in applying:
        _applying(clause)
    click.echo("\ndoes not apply:" if others else "")
    for clause in others:
        for rule in clause.rules:
            click.echo(f"  {clause.clause.number} (line {rule.rule.line}): {rule.why_not()}")


def _applying(told: ToldClause) -> None:
    click.echo(f"  {told.clause.number}. {told.clause.says}")
    for rule in told.rules:
        if not rule.applies:
            click.echo(f"     not line {rule.rule.line}: {rule.why_not()}")
            continue
        because = ", ".join(f"{spelled_condition(item.condition)}" for item in rule.conditions)
        does = [verb.name for verb in rule.rule.verbs] + ([f"answers {rule.rule.verdict}"] if rule.rule.verdict else [])
        click.echo(f"     line {rule.rule.line}: {because or 'always'} -> {', '.join(does)}")


def _record(record: Any) -> str:
    names = ("action", "question", "for", "status", "outcome", "state", "amount", "currency", "strike", "due")
    said = [str(record[name]) for name in names if record.get(name) not in (None, "")]
    if record["record"] != "action":
        said.insert(0, record["record"])
    return f"{' '.join(said)} (clause {record['clause']})"
