"""What exploring a pack may find wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Any

NEVER_APPLIES = "never_applies"
FINED_TWICE = "fined_twice"
NEVER_LIFTED = "never_lifted"
NOTHING_FOLLOWS = "nothing_follows"
TERMINATES_UNASKED = "terminates_unasked"
NOT_HEARD = "not_heard"
MANUAL = "manual"

FAULTS: Mapping[str, str] = {
    NEVER_APPLIES: "A rule that no sequence of events makes apply.",
    FINED_TWICE: "Two clauses that fine the same incident.",
    NEVER_LIFTED: "A suspension, bar or block that nothing ever ends, though it is not said to be final.",
    NOTHING_FOLLOWS: "A deadline after which nothing happens.",
    TERMINATES_UNASKED: "A step that cannot be undone and that no person has to agree to.",
    NOT_HEARD: "A service suspended without a word to its customer, who has no ticket to reply to.",
    MANUAL: "An action that no configured panel can do.",
}
"""The kinds of fault; a clause that means to have one says so under `accepted`, with the reason."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong.

    line      in the pack's file, from 1
    events    the shortest way to it, as `replay` takes it; for what never happens, the way that comes nearest
    approve   what admins say on that way, all or none
    accepted  why the pack means it so; None: it does not say
    """

    kind: str
    version: str
    clause: str
    line: int
    sentence: str
    events: Sequence[Mapping[str, Json]] = ()
    approve: str = "all"
    accepted: str | None = None
