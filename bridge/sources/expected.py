"""The sources of a configuration: what kind each is, and how long it may bring nothing."""

from __future__ import annotations

from bridge.config import Config
from bridge.store.sources import Expectations, Expected
from bridge.views import FEED, FORM, IMAP, LIST, PIPE, PUSHED, TICKETS

PIPE_NAME, TICKETS_NAME, FORM_NAME = "intake", "hooks", "report form"
_KINDS = {PIPE_NAME: PIPE, TICKETS_NAME: TICKETS, FORM_NAME: FORM}


def expectations(config: Config) -> Expectations:
    """What is polled, and what [sources] silent_after names besides: tokens, `intake`, `hooks`, `report form`."""
    said = config.sources
    found = {each.name: Expected(kind=IMAP, silent_after=each.silent_after) for each in said.imap}
    found |= {each.name: Expected(kind=FEED, silent_after=each.silent_after) for each in said.feeds}
    found |= {each.name: Expected(kind=LIST) for each in said.blocklists}
    for name, length in said.silent_after.items():
        known = found.get(name)
        found[name] = Expected(kind=known.kind if known else _KINDS.get(name, PUSHED), silent_after=length)
    return found
