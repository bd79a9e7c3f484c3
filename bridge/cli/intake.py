"""tipstaff intake: complaints in, from files or a mail pipe."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
import orjson
from sqlalchemy.exc import SQLAlchemyError

from bridge.cli.options import config_option, loaded
from bridge.cli.parse import read_file
from bridge.errors import InvalidInput
from bridge.office import Office
from bridge.views import PIPE, Source, TakenComplaint
from bridge.wiring import wire

TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the message and tries later."""
PATIENCE = 90
"""Seconds for one message of a pipe: whoever holds the database longer is not waited for."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a message that a pipe takes whole; of a larger one the beginning is kept, for a person to look at."""
MAIL = "message/rfc822"
FEEDS = frozenset({"text/csv", "application/zip", "application/gzip"})
BY_NAME = {
    ".csv": "text/csv",
    ".tsv": "text/csv",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".json": "application/json",
}
SOURCE = Source(name="intake", kind=PIPE)


class _Pipe(click.Command):
    """A mail pipe that is misused must not bounce mail either: the server tries again, and its log says why."""

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **extra: Any) -> click.Context:
        piped = "-" in args
        try:
            return super().make_context(info_name, args, *more, **extra)
        except click.UsageError as misuse:
            if not piped:
                raise
            leave(misuse.format_message())


@click.command(cls=_Pipe)
@config_option
@click.option(
    "--type",
    "content_type",
    metavar="TYPE",
    help="What the files are; else by their names: .csv, .tsv, .zip and .gz are "
    "feeds, .json is XARF, all others are mail.",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def intake(config: str | None, content_type: str | None, files: tuple[str, ...]) -> None:
    """Take complaints in; `-` reads standard input, for a mail pipe.

    A message is never bounced for a failure of our own: the exit status is then 75, and the mail server tries again.
    """
    if files == ("-",):
        _piped(lambda: _take(config, content_type or MAIL, "-", sys.stdin.buffer.read(LARGEST + 1), whatever=True))
        return
    try:
        for name in files:
            _take(config, content_type or BY_NAME.get(Path(name).suffix.lower(), MAIL), name, read_file(name))
    except (SQLAlchemyError, OSError) as trouble:
        raise InvalidInput("database_url", f"the database cannot be used: {type(trouble).__name__}") from trouble


def _take(config: str | None, content_type: str, name: str, data: bytes, *, whatever: bool = False) -> None:
    """Take one message in and print what became of it.

    whatever  keep also what cannot be read: a sender's mistake must not make his mail server try for ever
    """
    wired = wire(loaded(config))
    try:
        if content_type in FEEDS:
            counts, _ = wired.office.take_feed(data, Path(name).name, SOURCE)
            lines: list[dict[str, Any]] = [{"file": name, "counts": dict(counts)}]
        else:
            taken = _taken(wired.office, data, content_type, whatever=whatever)
            lines = [{"file": name, "id": item.id, "status": item.status, "case": item.case} for item in taken]
    finally:
        wired.close()
    for line in lines:
        sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _taken(office: Office, data: bytes, content_type: str, *, whatever: bool) -> list[TakenComplaint]:
    if len(data) > LARGEST:
        reason = f"it is larger than {LARGEST} bytes, of which its beginning is kept"
        return office.reception.keep(data[:LARGEST], content_type, SOURCE, reason)
    try:
        return office.take_complaints(data, content_type, SOURCE)
    except InvalidInput as refusal:
        if not whatever:
            raise
        return office.reception.keep(data, content_type, SOURCE, f"it cannot be read: {refusal}")


def _piped(take: Callable[[], None]) -> None:
    """Once the message is committed the status is 0, whatever becomes of the lines about it; before that 75."""
    signal.signal(signal.SIGALRM, _too_late)
    signal.alarm(PATIENCE)
    try:
        take()
    except BrokenPipeError:
        os._exit(0)
    except Exception as trouble:  # noqa: BLE001 - whatever it is, it is ours, and the sender must not suffer for it
        leave(str(trouble) if isinstance(trouble, InvalidInput) else type(trouble).__name__)
    finally:
        signal.alarm(0)


def _too_late(*_: Any) -> None:
    leave(f"the database was not to be had within {PATIENCE} seconds")


def leave(why: str) -> NoReturn:
    """End at once, threads that wait for a lock and all."""
    sys.stderr.write(f"tipstaff: not taken, try again: {' '.join(why.split())}\n")
    sys.stderr.flush()
    os._exit(TRY_AGAIN)
