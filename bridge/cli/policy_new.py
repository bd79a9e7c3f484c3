"""tipstaff policy new: a commented pack to start from."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

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
@click.option("--terminate-at", help="The strike that terminates; 0 (the default): none.")
def new(
    file: Path,
    name: str | None,
    title: str | None,
    currency: str | None,
    effective: str | None,
    reply_within: str | None,
    suspend: bool | None,
    fine: str | None,
    terminate_at: str | None,
) -> None:
    """Write a commented pack to start from into FILE, after a short dialogue.

    What an option says is not asked, and without a terminal nothing is. The pack checks clean and its examples hold;
    from there on it is yours to change. A file that exists is kept.
    """
    if file.exists():
        raise InvalidInput(str(file), "exists already; a new pack goes into a new file")
    today = SystemClock().now().date()
    own = _name_of(file)
    talk = _Dialogue(Start(name=own, title=own, currency="EUR", effective=today))
    talk.ask("name", "Name of the pack", name, own, str)
    known_as = f"Acceptable use policy ({talk.start.name})"
    talk.ask("title", "Title that customers know it by", title, known_as, str)
    talk.ask("currency", "Currency of fines", currency, "EUR", str.upper)
    talk.ask("effective", "In force from", effective, today.isoformat(), _date)
    talk.ask("reply_within", "Time to reply to a complaint", reply_within, "24h", _time)
    talk.whether("suspend", "Suspend attacks at once?", suspend, default=True)
    talk.ask("fine", "Fine for a further complaint of the same kind (0: none)", fine, "0", _sum)
    talk.ask("terminate_at", "Strike that terminates (0: none)", terminate_at, "0", _strike)
    try:
        file.write_text(starting_pack(talk.start), encoding="utf-8")
    except OSError as trouble:
        raise InvalidInput(str(file), f"cannot be written: {trouble.strerror}") from trouble
    load_pack(file)
    click.echo(
        f"{file}: written; read it, change it, then: tipstaff policy test {file} && tipstaff policy check {file}"
    )


class _Dialogue:
    """Asks what no option said, where there is somebody to ask, and asks again where the answer cannot be."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self._asks = sys.stdin.isatty()

    def ask(self, field: str, question: str, said: str | None, default: str, read: Callable[[str], Any]) -> None:
        """Raises InvalidInput where an option says what cannot be."""
        if said is not None or not self._asks:
            self._take(field, read(default if said is None else said))
            return

        def taken(answer: str) -> None:
            try:
                self._take(field, read(answer))
            except InvalidInput as refusal:
                raise click.UsageError(refusal.problem) from refusal

        click.prompt(question, default=default, value_proc=taken)

    def whether(self, field: str, question: str, said: bool | None, *, default: bool) -> None:
        asks = said is None and self._asks
        answer = click.confirm(question, default=default) if asks else default if said is None else said
        self._take(field, answer)

    def _take(self, field: str, answer: Any) -> None:
        self.start = replace(self.start, **{field: answer})


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


def _time(written: str) -> timedelta:
    return parse_duration(written, "--reply-within")


def _strike(written: str) -> int:
    if not (written.isascii() and written.isdigit()):
        raise InvalidInput("--terminate-at", f"{written!r} is not a number")
    return int(written)
