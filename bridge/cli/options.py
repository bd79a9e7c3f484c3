"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from bridge.config import Config, find_config, load_config
from bridge.policy.load import find_pack
from bridge.rules import Rules

config_option = click.option(
    "--config",
    metavar="FILE",
    help="The configuration file (default: tipstaff.toml here, then TIPSTAFF_CONFIG).",
)


def loaded(config: str | None) -> Config:
    """The configuration the command runs with; raises InvalidInput or NotFound."""
    return load_config(find_config(config))


def rules_for_replay(policy: str, config: str | None, *, at_once: bool) -> Rules:
    """Rules of a pack; approvals, mode and exemptions only where a configuration is named."""
    if config is None:
        return Rules(find_pack(policy), at_once=at_once)
    settings = load_config(Path(config))
    return Rules(
        find_pack(policy),
        approvals=settings.approvals,
        mode=settings.mode,
        exempt=settings.exempt,
        at_once=at_once,
        expire_after=settings.expire_after,
    )
