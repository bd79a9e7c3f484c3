"""tipstaff intake: complaints in, from files or a mail pipe."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
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
    if "-" in files:
        _piped(lambda: [line for name in files for line in _take(config, content_type, name)])
        return
    for name in files:
        try:
            lines = _take(config, content_type, name)
        except (SQLAlchemyError, OSError) as trouble:
            raise InvalidInput("database_url", f"the database cannot be used: {type(trouble).__name__}") from trouble
        _tell(lines)


def _take(config: str | None, content_type: str | None, name: str) -> list[dict[str, Any]]:
    """Take one message in; what became of it, a line each. Raises InvalidInput naming the file."""
    kind = content_type or BY_NAME.get(Path(name).suffix.lower(), MAIL)
    data = _read_pipe() if name == "-" else read_file(name)
    wired = wire(loaded(config))
    try:
        return [{"file": name, **line} for line in _taken(wired.office, data, kind, name)]
    except InvalidInput as refusal:
        if name != "-":
            raise InvalidInput(name, str(refusal)) from refusal
        # A sender's mistake must not make his mail server try for ever: of a pipe everything is kept.
        kept = wired.office.reception.keep(data[:LARGEST], kind, SOURCE, f"it cannot be read: {refusal}")
        return [{"file": name, **_line(item)} for item in kept]
    finally:
        wired.close()


def _taken(office: Office, data: bytes, content_type: str, name: str) -> list[dict[str, Any]]:
    if len(data) > LARGEST:
        raise InvalidInput("", f"it is larger than {LARGEST} bytes, of which its beginning is kept")
    if content_type in FEEDS:
        counts, _ = office.take_feed(data, Path(name).name, SOURCE)
        return [{"counts": dict(counts)}]
    return [_line(item) for item in office.take_complaints(data, content_type, SOURCE)]


def _line(item: TakenComplaint) -> dict[str, Any]:
    return {"id": item.id, "status": item.status, "case": item.case}


def _read_pipe() -> bytes:
    if sys.stdin is None:
        raise InvalidInput("-", "standard input is closed")
    return sys.stdin.buffer.read(LARGEST + 1)


def _tell(lines: list[dict[str, Any]]) -> None:
    for line in lines:
        sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _piped(take: Callable[[], list[dict[str, Any]]]) -> None:
    """Once the message is committed the status is 0, whatever becomes of the lines about it; before that 75."""
    signal.signal(signal.SIGALRM, _too_late)
    signal.alarm(PATIENCE)
    try:
        lines = take()
    except Exception as trouble:  # noqa: BLE001 - whatever it is, it is ours, and the sender must not suffer for it
        leave(str(trouble) if isinstance(trouble, InvalidInput) else type(trouble).__name__)
    finally:
        signal.alarm(0)
    if sys.stdout is None:
        return
    try:
        _tell(lines)
    except OSError:
        # Nobody reads the lines, or there is no room for them. Python would try once more as it ends.
        os._exit(0)


def _too_late(*_: Any) -> None:
    leave(f"the database was not to be had within {PATIENCE} seconds")


def leave(why: str) -> NoReturn:
    """End at once, threads that wait for a lock and all."""
    with suppress(OSError, AttributeError):  # standard error may be full, or closed
        sys.stderr.write(f"tipstaff: not taken, try again: {' '.join(why.split())}\n")
        sys.stderr.flush()
    os._exit(TRY_AGAIN)
