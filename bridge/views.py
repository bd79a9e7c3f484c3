"""What the desk answers with: plain values for the API, the command line and the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bridge.errors import InvalidInput, NotAllowed

Json = Any


PUSHED, PIPE, TICKETS, FORM, IMAP, FEED, LIST = "api", "pipe", "tickets", "form", "imap", "feed", "blocklist"
"""The kinds of sources that complaints come from."""

CLIENT_PAGE = "client page"
"""Who hands in what customers do themselves."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Who hands something in.

    name      the token, `hooks`, `panel`, `command line` or `worker`
    by        the admin in whose name it happens; None where nobody was named
    verified  whether `by` was proved (a token's own admin, a signed panel page) or only said
    kind      of a source of complaints: how they come
    """

    name: str
    by: str | None = None
    verified: bool = False
    kind: str = PUSHED


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of one event; `records` are answers as interface 4 words them; a repeated id has none."""

    event: str
    duplicate: bool
    records: Sequence[Mapping[str, Json]] = ()


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What became of many; `failed` is the first line that was refused (from 1), what came before it is kept.

    forbidden  whether whoever sent it may not, rather than that it cannot be read
    """

    accepted: int
    duplicates: int
    failed: int | None = None
    field: str = ""
    problem: str = ""
    forbidden: bool = False

    @classmethod
    def stopped(cls, line: int, refusal: InvalidInput | NotAllowed, field: str = "by") -> Batch:
        """Nothing more; `field` is what is forbidden, where it is that."""
        if isinstance(refusal, InvalidInput):
            return cls(accepted=0, duplicates=0, failed=line, field=refusal.field, problem=refusal.problem)
        return cls(accepted=0, duplicates=0, failed=line, field=field, problem=str(refusal), forbidden=True)

    def joined(self, more: Batch) -> Batch:
        """With what came after it."""
        return replace(more, accepted=self.accepted + more.accepted, duplicates=self.duplicates + more.duplicates)


@dataclass(frozen=True, kw_only=True)
class TakenComplaint:
    """status: accepted, duplicate, unattributed or incomplete (or review, where a person must look first)."""

    id: str
    status: str
    case: str | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list; `next` is the cursor of the following one."""

    items: Sequence[Mapping[str, Json]]
    total: int
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a list is narrowed to; None: everything."""

    status: str | None = None
    state: str | None = None
    service: str | None = None
    client: str | None = None
    case: str | None = None
    category: str | None = None


@dataclass(frozen=True, kw_only=True)
class HookQuestion:
    """A hook that asks: `event` is the question as an event of interface 3."""

    event: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class HookOwn:
    """A hook that asks because of our own call: allowed, and nothing is decided. `clause` is that of the action."""

    clause: str


@dataclass(frozen=True, kw_only=True)
class HookNews:
    """A hook that tells.

    events    to be accepted, each as JSON of interface 3 (ids derive from the delivery id, so a repeat is the same)
    reread    ("service" | "client", id): to be read again by API
    ticket    a ticket opened in the abuse department: (ticket id, subject, text), for intake
    letter    a reply on a ticket that is itself a complaint: (ticket id, id of the reply, text)
    """

    events: Sequence[Mapping[str, Json]] = ()
    reread: Sequence[tuple[str, str]] = ()
    ticket: tuple[str, str, str] | None = None
    letter: tuple[str, str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class HookAnswer:
    """The answer to a hook: the HTTP status and the JSON body; a repeated delivery gets its first answer again."""

    status: int
    body: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Holds:
    """Changes of holds since a cursor, for the addon's own table."""

    holds: Sequence[Mapping[str, Json]]
    cursor: str


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether database and worker are ready; `sources`: how many sources of complaints are in each state."""

    ready: bool
    problems: Sequence[str]
    at: datetime
    sources: Mapping[str, int] = field(default_factory=dict)
