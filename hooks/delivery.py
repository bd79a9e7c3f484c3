"""One signed delivery of a panel: verify it, read its envelope, hand it on, answer; what a hook means its room says.

The envelope is the same for every panel (interface 6): `{"hook", "vars", "at", "by"?, "admin"?}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, Protocol

import orjson
from flask import Request, Response, request

from bridge.errors import InvalidInput, Unauthorized
from bridge.events import MAX_TEXT, panels_id
from bridge.ports import Clock
from bridge.timeformat import format_time, parse_time
from bridge.views import Holds, HookAnswer, HookNews, HookOwn, HookQuestion
from hooks.signature import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, key_of, verify

Json = Any
Verify = Callable[[Mapping[str, str], bytes, datetime], str]
"""(headers, body, wall time) -> delivery id; raises Unauthorized."""

AUTOMATION = "automation"
_ACTORS = ("admin", AUTOMATION)
_LONGEST_NAME = 100
_LONGEST_PLAIN_ID = 200
_HEADERS = (
    (ID_HEADER, "HTTP_WEBHOOK_ID"),
    (TIMESTAMP_HEADER, "HTTP_WEBHOOK_TIMESTAMP"),
    (SIGNATURE_HEADER, "HTTP_WEBHOOK_SIGNATURE"),
)


class HookLookup(Protocol):
    """What translating a hook may know: local state only, no panel call."""

    def client_of_service(self, service: str, /) -> str | None: ...
    def service_of_vps(self, vps: str, /) -> str | None:
        """By `<WHMCS server id>/<vpsid>`."""

    def own_command(self, service: str, command: str, at: datetime, /) -> str | None:
        """Where that command for that service at that time is our own call (interface 6): its action's clause."""

    def is_our_invoice(self, invoice: str, /) -> bool: ...
    def case_of_ticket(self, ticket: str, /) -> str | None: ...
    def is_complaint_ticket(self, ticket: str, /) -> bool:
        """Whether the ticket was opened to complain, and taken in."""

    def is_own_ticket(self, ticket: str, subject: str, /) -> bool: ...
    def abuse_department(self) -> str | None: ...
    def is_refused(self, client: str, /) -> bool:
        """Whether the client gets no further service (G15)."""


Meaning = HookQuestion | HookOwn | HookNews | None
"""None: nobody uses it, or nothing is to be decided about it."""


class HookDesk(Protocol):
    """Where hooks are handed on to."""

    def hook(self, delivery: str, read: Callable[[HookLookup], Meaning], at: datetime, /) -> HookAnswer:
        """Accepts a delivery once; a repeated id gets its first answer again. Raises InvalidInput."""

    def seen_delivery(self, delivery: str, /) -> HookAnswer | None: ...
    def holds_since(self, cursor: str | None, /) -> Holds: ...


@dataclass(frozen=True, kw_only=True)
class Hook:
    """What a panel said.

    name    the panel's own name of the hook
    vars    its variables as the panel gives them, untrusted
    at      when it happened, by the panel's clock
    by      admin or automation
    extra   fields of the envelope that only one panel sends
    """

    delivery: str
    name: str
    vars: Mapping[str, Json]
    at: datetime
    by: str = AUTOMATION
    admin: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    def event(self, type_: str, id_: str | None = None, **fields: Json) -> dict[str, Json]:
        """An event of interface 3 that this hook brings. Its id derives from the delivery, so a repeat is the same, or
        is `id_` where others may notice the same thing."""
        return {"id": id_ or event_id(self.delivery), "type": type_, "at": format_time(self.at), **fields}

    def id_of(self, *path: str) -> str:
        """The id at a path in `vars`; raises InvalidInput naming it."""
        value, name = self._at(path)
        return panels_id(value, name)

    def id_if_any(self, *path: str) -> str | None:
        """As `id_of`; None where there is none: absent, empty or 0, as the panel writes `nobody`."""
        value, name = self._at(path)
        return None if value in (None, "", 0, "0") and value is not False else panels_id(value, name)

    def text_of(self, *path: str) -> str:
        """The text at a path in `vars`, cut to what an event may hold; empty where absent. Raises InvalidInput."""
        value, name = self._at(path)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise InvalidInput(name, "must be text")
        return value.replace("\x00", "")[:MAX_TEXT]

    def ids_of(self, *path: str) -> list[str]:
        """The list of ids at a path in `vars`, also where PHP wrote it as an object; raises InvalidInput."""
        value, name = self._at(path)
        if value is None:
            return []
        items = list(value.values()) if isinstance(value, dict) else value
        if not isinstance(items, list):
            raise InvalidInput(name, "must be a list of ids")
        return [panels_id(item, f"{name}[{place}]") for place, item in enumerate(items)]

    def _at(self, path: tuple[str, ...]) -> tuple[Json, str]:
        value: Json = self.vars
        for depth, key in enumerate(path):
            if not isinstance(value, dict):
                raise InvalidInput(".".join(("vars", *path[:depth])), "must be an object")
            value = value.get(key)
            if value is None and depth + 1 < len(path):
                raise InvalidInput(".".join(("vars", *path[: depth + 1])), "is missing")
        return value, ".".join(("vars", *path))


def event_id(delivery: str) -> str:
    """The id of the event that a delivery brings; a long one is told by its digest."""
    if len(delivery) > _LONGEST_PLAIN_ID:
        return f"hook:{sha256(delivery.encode()).hexdigest()}"
    return f"hook:{delivery}"


def read_hook(body: bytes, delivery: str) -> Hook:
    """The envelope of a delivery; raises InvalidInput naming the field."""
    try:
        raw = orjson.loads(body)
    except orjson.JSONDecodeError as trouble:
        raise InvalidInput("", f"the body is not JSON: {trouble}") from trouble
    if not isinstance(raw, dict):
        raise InvalidInput("", "the body must be a JSON object")
    name = raw.get("hook")
    if not isinstance(name, str) or not name or len(name) > _LONGEST_NAME:
        raise InvalidInput("hook", "must be the name of a hook")
    by = raw.get("by")
    if by is not None and by not in _ACTORS:
        raise InvalidInput("by", "must be admin or automation")
    admin = raw.get("admin")
    return Hook(
        delivery=delivery,
        name=name,
        vars=_variables(raw.get("vars")),
        at=parse_time(raw.get("at"), "at"),
        by=by or AUTOMATION,
        admin=None if admin is None else panels_id(admin, "admin"),
        extra={key: value for key, value in raw.items() if key not in ("hook", "vars", "at", "by", "admin")},
    )


def _variables(value: Json) -> Mapping[str, Json]:
    """PHP writes an empty array as a list."""
    if value == []:
        return {}
    if not isinstance(value, dict):
        raise InvalidInput("vars", "must be an object")
    return value


def verifier(secret: str) -> Verify:
    """Checks signatures under a `whsec_…` secret; without one nobody gets in. Raises InvalidInput for a broken one."""
    if not secret:
        return _refuse_all
    key_of(secret)
    return partial(verify, secret)


def _refuse_all(headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    raise Unauthorized("no hook secret is configured: nobody can sign")


def signed_headers(incoming: Request) -> dict[str, str]:
    """The headers a signature is made of; a header given twice arrives joined and fits nothing."""
    environ = incoming.environ
    return {name: environ[key] for name, key in _HEADERS if key in environ}


Translate = Callable[[Hook, HookLookup], Meaning]


def take(
    desk: HookDesk, verify_signature: Verify, clock: Clock, translate: Translate, asks: frozenset[str] = frozenset()
) -> Response:
    """Answer the request at hand.

    asks    hooks that wait for a verdict; where nothing is to be decided about one, it is answered allow
    Raises  Unauthorized, InvalidInput
    """
    body = request.get_data(cache=False)
    delivery = verify_signature(signed_headers(request), body, clock.wall())
    try:
        hook = read_hook(body, delivery)
        answer = desk.hook(delivery, partial(translate, hook), hook.at)
    except InvalidInput:
        first = desk.seen_delivery(delivery)
        if first is None:
            raise
        return as_response(first)
    if hook.name in asks and answer.body.get("ignored"):
        answer = NOTHING_AGAINST
    return as_response(answer)


NOTHING_AGAINST = HookAnswer(
    status=200, body={"outcome": "allow", "reason": "Nothing known here stands against it.", "clause": None}
)


def as_response(answer: HookAnswer) -> Response:
    return Response(orjson.dumps(dict(answer.body)), answer.status, mimetype="application/json")
