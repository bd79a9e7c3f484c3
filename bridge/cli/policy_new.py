"""tipstaff policy new: a commented pack to start from."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from bridge.clock import SystemClock
from bridge.errors import InvalidInput
from bridge.policy.load import load_pack
from bridge.policy.starting import Start, starting_pack
from bridge.timeformat import parse_duration


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", help="What the pack is called; the file's name where not said.")
@click.option("--title", help="What your customers know the policy as.")
@click.option("--currency", help="A code such as EUR (the default).")
@click.option("--effective", help="The date it takes effect; today where not said.")
@click.option("--reply-within", help="How long a customer has to reply (24h).")
@click.option("--suspend/--no-suspend", default=None, help="Whether attacks are suspended at once (yes).")
@click.option("--fine", help="What a further complaint of the same kind costs; 0 (the default): nothing.")
@click.option("--terminate-at", type=int, help="The strike that terminates; 0 (the default): none.")
def new(
    file: Path,
    name: str | None,
    title: str | None,
    currency: str | None,
    effective: str | None,
    reply_within: str | None,
    suspend: bool | None,
    fine: str | None,
    terminate_at: int | None,
) -> None:
    """Write a commented pack to start from into FILE, after a short dialogue.

    What an option says is not asked, and without a terminal nothing is. The pack checks clean and its examples hold;
    from there on it is yours to change. A file that exists is kept.
    """
    if file.exists():
        raise InvalidInput(str(file), "exists already; a new pack goes into a new file")
    ask = _Dialogue()
    today = SystemClock().now().date().isoformat()
    name = ask("Name of the pack", name, _name_of(file))
    start = Start(
        name=name,
        title=ask("Title that customers know it by", title, f"Acceptable use policy ({name})"),
        currency=ask("Currency of fines", currency, "EUR").upper(),
        effective=_date(ask("In force from", effective, today)),
        reply_within=parse_duration(ask("Time to reply to a complaint", reply_within, "24h"), "--reply-within"),
        suspend=ask.whether("Suspend attacks at once?", suspend, default=True),
        fine=_sum(ask("Fine for a further complaint of the same kind (0: none)", fine, "0")),
        terminate_at=ask.number("Strike that terminates (0: none)", terminate_at, 0),
    )
    try:
        file.write_text(starting_pack(start), encoding="utf-8")
    except OSError as trouble:
        raise InvalidInput(str(file), f"cannot be written: {trouble.strerror}") from trouble
    load_pack(file)
    click.echo(
        f"{file}: written; read it, change it, then: tipstaff policy test {file} && tipstaff policy check {file}"
    )


class _Dialogue:
    """Asks what no option said, where there is somebody to ask."""

    def __init__(self) -> None:
        self._asks = sys.stdin.isatty()

    def __call__(self, question: str, said: str | None, default: str) -> str:
        if said is not None or not self._asks:
            return said if said is not None else default
        return str(click.prompt(question, default=default))

    def whether(self, question: str, said: bool | None, *, default: bool) -> bool:
        if said is not None or not self._asks:
            return said if said is not None else default
        return click.confirm(question, default=default)

    def number(self, question: str, said: int | None, default: int) -> int:
        if said is not None or not self._asks:
            return said if said is not None else default
        return int(click.prompt(question, default=default, type=int))


def _name_of(file: Path) -> str:
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in file.stem.lower()).strip("-")
    return kept or "policy"


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise InvalidInput("--effective", f"{written!r} is not a date such as 2026-01-31") from None


def _sum(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:
        raise InvalidInput("--fine", f"{written!r} is not a sum of money") from None
