"""tipstaff sync: read both panels, with a progress bar where there is somebody to see it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bridge.cli.options import config_option, loaded
from bridge.errors import InvalidInput
from bridge.sync import Summary
from bridge.wiring import wire

Tell = Callable[[str, int, int], None]

_ALL_THAT_SHOW = 20


@click.command()
@config_option
@click.option("--accept-missing", is_flag=True, help="Believe that services are gone, however many.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON.")
def sync(config: str | None, accept_missing: bool, as_json: bool) -> None:
    """Read clients, services and addresses from both panels; take in what changed.

    Exit status 1 where something could not be read or taken in: what was last known of it stands.
    """
    settings = loaded(config)
    if settings.whmcs is None:
        raise InvalidInput(f"{settings.file}: whmcs", "is not configured: there is nothing to read")
    wired = wire(settings)
    try:
        assert wired.synchroniser is not None
        with _telling() as tell:
            summary = wired.synchroniser.everything(tell, accept_missing=accept_missing)
    finally:
        wired.close()
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(asdict(summary), option=orjson.OPT_APPEND_NEWLINE))
    else:
        click.echo(summary_line(summary))
        for line in troubles(summary):
            click.echo(f"tipstaff: {line}", err=True)
    sys.exit(0 if summary.is_whole else 1)


def summary_line(summary: Summary) -> str:
    """Everything that was read and changed, on one line."""
    return (
        f"read {summary.clients} clients, {summary.services} services, {summary.machines} machines: "
        f"{summary.changed_clients} clients and {summary.changed_services} services changed, {summary.gone} gone; "
        f"{summary.drifts} drifts between the panels"
    )


def troubles(summary: Summary) -> Iterator[str]:
    """What was not read or not taken in, a line each."""
    for panel in summary.unread:
        yield f"not read: {panel}; the addresses of its services stay as last seen"
    if summary.unusable:
        shown = ", ".join(summary.unusable[:_ALL_THAT_SHOW])
        more = " and more" if len(summary.unusable) > _ALL_THAT_SHOW else ""
        yield f"no event can hold what the panels show of {shown}{more}; the log says which field"
    if summary.unreadable:
        shown = ", ".join(summary.unreadable[:_ALL_THAT_SHOW])
        more = " and more" if len(summary.unreadable) > _ALL_THAT_SHOW else ""
        yield f"not understood: what the billing panel says of {shown}{more}; they stay as last seen, see the drifts"
    if summary.missing:
        yield (
            f"{summary.missing} services are not in the billing panel any more: too many to believe it, nothing was "
            "done; if it is so, run tipstaff sync --accept-missing"
        )


@contextmanager
def _telling() -> Iterator[Tell]:
    """A bar on a terminal; elsewhere a line now and then."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines().tell
        return
    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        yield _Bars(progress).tell


class _Bars:
    """A bar for each kind of thing, made when the first of it comes."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def tell(self, what: str, done: int, total: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total or None)
        self._progress.update(self._tasks[what], completed=done, total=total or None)


class _Lines:
    """Without a terminal: a line when a tenth more is done; where nobody knows how much there is, every thousand."""

    def __init__(self) -> None:
        self._said: dict[str, int] = {}

    def tell(self, what: str, done: int, total: int) -> None:
        step = max(total // 10, 1000)
        if done == total or done - self._said.get(what, 0) >= step:
            self._said[what] = done
            click.echo(f"{what} {done}" + (f" of {total}" if total else ""), err=True)
