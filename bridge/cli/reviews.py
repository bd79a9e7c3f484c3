"""tipstaff reviews: messages that a person has to look at, and what he makes of them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from bridge.categories import CATEGORIES
from bridge.cli import one_line
from bridge.cli.desk import by_option, json_option, limit_option, listed, office_of, source_of, write_line
from bridge.cli.options import config_option
from bridge.reviews import ACCEPTED, NO_COMPLAINT, OPEN, REVIEW_STATES
from bridge.views import Filter

Json = Any

note_option = click.option("--note", metavar="TEXT", help="Why.")


@click.group(invoke_without_command=True)
@config_option
@json_option
@limit_option
@click.option("--state", type=click.Choice([*REVIEW_STATES, "all"]), default=OPEN, show_default=True, help="Which.")
@click.pass_context
def reviews(ctx: click.Context, config: str | None, as_json: bool, limit: int, state: str) -> None:
    """Messages that could not be read with confidence: list them, look at one, decide.

    Without a further command it lists them, newest first.
    """
    if ctx.invoked_subcommand is not None:
        return
    with office_of(config) as office:
        page = office.reviews(Filter(state=None if state == "all" else state), limit, None)
    columns = {
        "review": lambda item: item["id"],
        "received": lambda item: item["received_at"][:16],
        "state": lambda item: item["state"],
        "from": lambda item: item["sender"],
        "subject": lambda item: item["subject"][:40],
        "addresses": lambda item: " ".join(_addresses(item)[:3]),
    }
    listed(page, as_json, columns)


def _addresses(item: Mapping[str, Json]) -> list[str]:
    found = [ip for incident in item["incidents"] for ip in incident["ips"] or ()]
    return found or [each["value"] for each in item["seen"] if each["what"] == "address"]


@reviews.command()
@config_option
@json_option
@click.argument("review_id", metavar="ID")
def show(config: str | None, as_json: bool, review_id: str) -> None:
    """What was found in a message, and where."""
    with office_of(config) as office:
        item = office.review(review_id)
    if as_json:
        write_line(item)
        return
    click.echo(f"{item['id']} ({item['state']}): {item['reason']}")
    click.echo(one_line(f"from {item['sender'] or 'nobody named'}: {item['subject']}"))
    for incident in item["incidents"]:
        ips = ", ".join(incident["ips"] or incident["networks"] or incident["domains"]) or "no address"
        words = f"{incident['category']}, {ips}, {incident['occurred_at'] or 'no time'}"
        click.echo(one_line(f"  read as {words} (confidence {incident['confidence']})"))
    for each in item["seen"]:
        click.echo(one_line(f"  {'our address, ' if each['ours'] else ''}{each['where']}: {each['line']}"))


@reviews.command()
@config_option
@click.argument("review_id", metavar="ID")
def message(config: str | None, review_id: str) -> None:
    """Write the message as it came to standard output."""
    with office_of(config) as office:
        _, data = office.review_message(review_id)
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


@reviews.command()
@config_option
@json_option
@by_option
@note_option
@click.option("--ip", "ips", multiple=True, help="An address that the complaint is about.")
@click.option("--service", help="The service that it is about, where no address is.")
@click.option("--category", type=click.Choice(sorted(CATEGORIES)), metavar="CATEGORY", help="What it is about.")
@click.option("--occurred-at", metavar="TIME", help="When it happened (RFC 3339).")
@click.argument("review_id", metavar="ID")
def accept(
    config: str | None,
    as_json: bool,
    by: str | None,
    note: str | None,
    ips: tuple[str, ...],
    review_id: str,
    **more: str | None,
) -> None:
    """Accept a message as a complaint, with what you say instead of what was read."""
    correction: dict[str, Json] = {name: value for name, value in more.items() if value is not None}
    if ips:
        correction["ips"] = list(ips)
    corrections = [correction] if correction else []
    with office_of(config) as office:
        item = office.resolve_review(review_id, ACCEPTED, corrections, note, source_of(by))
    if as_json:
        write_line(item)
    else:
        click.echo(f"accepted as {', '.join(item['events'])}")


@reviews.command()
@config_option
@json_option
@by_option
@note_option
@click.argument("review_id", metavar="ID")
def dismiss(config: str | None, as_json: bool, by: str | None, note: str | None, review_id: str) -> None:
    """File a message as no complaint."""
    with office_of(config) as office:
        item = office.resolve_review(review_id, NO_COMPLAINT, (), note, source_of(by))
    if as_json:
        write_line(item)
    else:
        click.echo(f"{item['id']} is filed as no complaint")
