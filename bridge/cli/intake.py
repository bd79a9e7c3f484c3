"""tipstaff intake: complaints in, from files or a mail pipe."""

from __future__ import annotations

import sys

import click
import orjson
from sqlalchemy.exc import SQLAlchemyError

from bridge.cli.options import config_option, loaded
from bridge.cli.parse import read_file
from bridge.errors import InvalidInput
from bridge.views import Source
from bridge.wiring import wire

TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the message and tries later."""


@click.command()
@config_option
@click.option("--type", "content_type", default="message/rfc822", show_default=True, help="What the files are.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def intake(config: str | None, content_type: str, files: tuple[str, ...]) -> None:
    """Take complaints in; `-` reads standard input, for a mail pipe.

    A message is never bounced for a failure of our own: the exit status is then 75, and the mail server tries again.
    """
    piped = files == ("-",)
    try:
        wired = wire(loaded(config))
        try:
            for name in files:
                taken = wired.office.take_complaints(read_file(name), content_type, Source(name="intake"))
                for item in taken:
                    line = {"file": name, "id": item.id, "status": item.status, "case": item.case}
                    sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        finally:
            wired.close()
    except (SQLAlchemyError, OSError, InvalidInput) as trouble:
        if not piped:
            if isinstance(trouble, InvalidInput):
                raise
            raise InvalidInput("database_url", f"the database cannot be used: {type(trouble).__name__}") from trouble
        why = str(trouble) if isinstance(trouble, InvalidInput) else type(trouble).__name__
        click.echo(f"tipstaff: not taken, try again: {why}", err=True)
        sys.exit(TRY_AGAIN)
    sys.stdout.buffer.flush()
