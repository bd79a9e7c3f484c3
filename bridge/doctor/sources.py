"""Where complaints come from: whether mailboxes open, folders can be used, lists answer. Nothing is marked or taken."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Protocol

from bridge.config import Config
from bridge.config.sources import BlocklistConfig, FeedConfig, ImapConfig
from bridge.doctor.configuration import is_missing
from bridge.doctor.finding import Finding, fault, fine, warning
from bridge.errors import SourceUnreachable
from bridge.ports import Mailbox

AREA = "sources"


class Probed(Protocol):
    """A blocklist that can say whether it may be believed."""

    def check(self) -> None:
        """Raises SourceUnreachable."""


def check_sources(
    config: Config, mailbox_of: Callable[[ImapConfig], Mailbox], list_of: Callable[[BlocklistConfig], Probed]
) -> Iterator[Finding]:
    """Every source of the configuration is tried once."""
    for mailbox in config.sources.imap:
        yield from _mailbox(mailbox, mailbox_of)
    for folder in config.sources.feeds:
        yield from _folder(folder)
    if config.sources.feeds and not config.own_networks:
        yield fault(AREA, "[networks] own is empty: no feed can be taken in", "list your own networks")
    for blocklist in config.sources.blocklists:
        yield from _blocklist(blocklist, list_of)


def _mailbox(config: ImapConfig, mailbox_of: Callable[[ImapConfig], Mailbox]) -> Iterator[Finding]:
    if is_missing(config.password):
        yield fault(AREA, f"imap {config.name}: password is missing", "add it, or set TIPSTAFF_IMAP_PASSWORD")
        return
    try:
        with mailbox_of(config).opened() as session:
            session.after(0)
    except SourceUnreachable as trouble:
        yield fault(AREA, f"imap {config.name}: {trouble}", "mend host, security, user, password or folder")
    else:
        yield fine(AREA, f"imap {config.name}: {config.folder} can be read")


def _folder(config: FeedConfig) -> Iterator[Finding]:
    if not config.folder.is_dir():
        yield fault(AREA, f"feed {config.name}: {config.folder} is no folder", "make it, or name another")
    elif not os.access(config.folder, os.R_OK | os.W_OK | os.X_OK):
        yield fault(AREA, f"feed {config.name}: {config.folder} cannot be written to", "let this user write there")
    else:
        yield fine(AREA, f"feed {config.name}: {config.folder} can be used")


def _blocklist(config: BlocklistConfig, list_of: Callable[[BlocklistConfig], Probed]) -> Iterator[Finding]:
    try:
        list_of(config).check()
    except SourceUnreachable as trouble:
        yield warning(
            AREA, f"blocklist {config.name}: {trouble}", "mend zone, file or resolver; until then it changes nothing"
        )
    else:
        yield fine(AREA, f"blocklist {config.name}: answers as a list should")
