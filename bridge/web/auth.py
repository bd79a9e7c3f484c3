"""Who calls: bearer tokens, what their scopes allow, and in whose name something happens (interface 6)."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec, TypeVar

from flask import g, request

from bridge.config import Token
from bridge.errors import InvalidInput, NotAllowed, Unauthorized
from bridge.events import EVENT_TYPES, identifier
from bridge.views import Source

Json = Any
P = ParamSpec("P")
R = TypeVar("R")

CALLER = "tipstaff.caller"
"""Where a request notes whose token it bears."""

INTAKE, READ, DECIDE, ADMIN = "intake", "read", "decide", "admin"

SENT_BY_INTAKE = frozenset({"complaint.received"} | {name for name in EVENT_TYPES if name.endswith(".observed")})
"""Events that the scope intake may send; decide sends every other."""

NAMES_AN_ADMIN = frozenset({
    "finding.recorded", "hold.lifted", "notification.released", "action.deferred", "client.refused",
})  # fmt: skip
"""Events whose `by` is the admin in whose name they happen."""

_SCHEME = "bearer "


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The holder of a token; `admin` is in whose name it speaks, where that is settled."""

    name: str
    scopes: frozenset[str]
    admin: str | None

    def may(self, *scopes: str) -> bool:
        """Whether one of these scopes is his; admin has all."""
        return ADMIN in self.scopes or not self.scopes.isdisjoint(scopes)

    def may_send(self, event_type: str) -> bool:
        return self.may(INTAKE if event_type in SENT_BY_INTAKE else DECIDE)

    def source(self, said: Json = None) -> Source:
        """Who hands something in; `said` is whom the sender named: it counts only where the token names nobody."""
        if self.admin is not None:
            return Source(name=self.name, by=self.admin, verified=True)
        named = said if isinstance(said, str) and said.isprintable() and len(said) <= _LONGEST_NAME else None
        return Source(name=self.name, by=named, verified=False)

    def source_named(self, said: str | None) -> Source:
        """As `source`, where somebody must be named; raises InvalidInput."""
        if self.admin is None and said is None:
            raise InvalidInput("by", "is needed: the token names no admin")
        return self.source(None if said is None else identifier(said, "by"))


_LONGEST_NAME = 256


class Tokens:
    """The tokens of the configuration. Only digests are kept, and each is compared, so that time tells nothing."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._known = [
            (_digest(token.token), Caller(name=token.name, scopes=token.scopes, admin=token.admin)) for token in tokens
        ]

    def caller(self, header: str | None) -> Caller:
        """Who sent this Authorization header; raises Unauthorized."""
        if not header or header[: len(_SCHEME)].lower() != _SCHEME:
            raise Unauthorized("an Authorization header with a Bearer token is needed")
        given = _digest(header[len(_SCHEME) :].strip())
        found = None
        for digest, caller in self._known:
            if hmac.compare_digest(digest, given):
                found = caller
        if found is None:
            raise Unauthorized("the token is not known")
        return found


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


class Guard:
    """Lets callers in by scope, before anything of the request's body is read."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def admit(self, *scopes: str) -> Caller:
        """The caller of the request at hand; raises Unauthorized, NotAllowed."""
        caller = self._tokens.caller(request.headers.get("Authorization"))
        request.environ[CALLER] = caller.name
        if not caller.may(*scopes):
            raise NotAllowed(f"the token lacks the scope {' or '.join(scopes)}")
        return caller

    def needs(self, *scopes: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Decorates a view that only callers with one of these scopes may use; `caller()` says who."""

        def decorate(view: Callable[P, R]) -> Callable[P, R]:
            @wraps(view)
            def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
                g.by_token = self.admit(*scopes)
                return view(*args, **kwargs)

            return guarded

        return decorate


def caller() -> Caller:
    """Who the request at hand is from; only where a Guard stands before the view."""
    admitted: Caller = g.by_token
    return admitted


def in_name_of(raw: Mapping[str, Json], who: Caller) -> Mapping[str, Json]:
    """The event with `by` as the token has it, where the token speaks for an admin and the event names one."""
    if who.admin is None or raw.get("type") not in NAMES_AN_ADMIN:
        return raw
    return {**raw, "by": who.admin}
