"""Options that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.errors import InvalidInput
from bridge.events import Event
from bridge.lines import read_events
from bridge.policy.load import find_pack
from bridge.rules import Rules

if TYPE_CHECKING:
    from bridge.config import Config

config_option = click.option(
    "--config",
    metavar="FILE",
    help="The configuration file (default: tipstaff.toml here, then TIPSTAFF_CONFIG).",
)

until_option = click.option(
    "--until", metavar="TIME", help="Let deadlines fire up to and at this time; later events are not read."
)
approve_option = click.option(
    "--approve", type=click.Choice(["all", "none"]), default="all", show_default=True, help="What admins say."
)


def loaded(config: str | None) -> Config:
    """The configuration the command runs with; raises InvalidInput or NotFound."""
    from bridge.config import find_config, load_config

    return load_config(find_config(config))


def rules_for_replay(policy: str, config: str | None, *, at_once: bool) -> Rules:
    """Rules of a pack; approvals, mode, exemptions and routes only where a configuration is named."""
    if config is None:
        return Rules(find_pack(policy), at_once=at_once)
    # Reading a configuration takes libraries that take longer to load than a short replay takes to run.
    from bridge.config import load_config
    from bridge.config.rules import rules_of

    return rules_of(load_config(Path(config)), general=find_pack(policy), at_once=at_once)


def events_from(name: str) -> list[Event]:
    """The events of a file, `-` for standard input; raises InvalidInput naming file, line and field."""
    return read_events(_lines(name), "standard input" if name == "-" else name)


def _lines(name: str) -> Iterable[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
        return
    try:
        with open(name, "rb") as file:
            yield from file
    except OSError as trouble:
        raise InvalidInput(name, f"cannot be read: {trouble.strerror}") from trouble
