"""What admins do from the desk's pages besides answering proposals: notes, lifting holds, putting drift right."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import and_, select

from bridge.decide.undoing import CAN_BE_UNDONE
from bridge.desk import Desk
from bridge.drift import RELEASED, STATUS
from bridge.errors import Conflict, InvalidInput, NotFound
from bridge.events import ActionUndone, CaseNoted, Event, SuspensionRestored, field_names
from bridge.store.asking import ask_again
from bridge.store.engine import to_us
from bridge.store.store import Unit
from bridge.store.tables import actions, cases, drifts, holds, services
from bridge.timeformat import format_time
from bridge.views import Receipt, Source

Json = Any

RESTORABLE = frozenset({RELEASED, STATUS})
"""Drift that suspending again puts right, where a hold of ours stands."""


class Casework:
    """Each call is one unit of work."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def note(self, case: str, text: str, source: Source) -> None:
        """Keep a note in the case's file. Raises NotFound, InvalidInput for an empty one."""
        if not text.strip():
            raise InvalidInput("note", "is empty")

        def work(unit: Unit) -> None:
            client = _client_of(unit, cases, case, "case")
            event = CaseNoted(
                id=f"{case}.noted.{unit.log.seq + 1}",
                at=self._desk.clock.now(),
                case=case,
                client=client,
                by=_named(source),
                text=text,
            )
            self._take(unit, event, source)

        self._desk.store.write(work)

    def lift_holds(self, named: str, id_: str, reason: str, source: Source) -> Receipt:
        """End the holds and bars of a `case` or a `service`. Raises NotFound, InvalidInput without a reason."""
        if not reason.strip():
            raise InvalidInput("reason", "is needed: it is kept in the log")
        self._desk.store.write(lambda unit: _client_of(unit, cases if named == "case" else services, id_, named))
        return self._accept("hold.lifted", source, **{named: id_}, by=_named(source), reason=reason)

    def release_notice(self, case: str, source: Source) -> Receipt:
        """Let the customer be told of a case that was withheld. Raises NotFound."""
        self._desk.store.write(lambda unit: _client_of(unit, cases, case, "case"))
        return self._accept("notification.released", source, case=case, by=_named(source))

    def defer(self, action: str, case: str, reason: str, source: Source) -> Receipt:
        """Put off what may not be rejected; it goes on waiting. Raises InvalidInput without a reason."""
        if not reason.strip():
            raise InvalidInput("reason", "is needed: it is kept in the log")
        named = {"case": case, "by": _named(source), "action": action, "reason": reason}
        return self._accept("action.deferred", source, **named)

    def undo(self, action: str, reason: str, source: Source) -> None:
        """Take back what an action did. Raises NotFound, InvalidInput without a reason, Conflict where it did nothing
        or where nothing takes it back."""
        if not reason.strip():
            raise InvalidInput("reason", "is needed: it is kept in the log")

        def work(unit: Unit) -> None:
            row = unit.connection.execute(select(actions).where(actions.c.id == action)).first()
            if row is None:
                raise NotFound(f"no action {action!r}")
            if row.state != "done" or row.action not in CAN_BE_UNDONE or row.service is None:
                raise Conflict(f"action {action} did nothing that can be taken back")
            record = orjson.loads(row.record)
            event = ActionUndone(
                id=f"{action}.undone.{unit.log.seq + 1}",
                at=self._desk.clock.now(),
                action=action,
                name=row.action,
                clause=record["answer"]["clause"],
                service=row.service,
                by=_named(source),
                reason=reason,
                case=row.case,
                client=row.client,
                order=record["answer"].get("order"),
            )
            self._take(unit, event, source)

        self._desk.store.write(work)

    def put_right(self, service: str, kind: str, source: Source) -> None:
        """Suspend again what was released by hand; anything else is read again, after somebody mended it.

        Raises NotFound where there is no such drift, Conflict where no hold of ours stands any more.
        """

        def work(unit: Unit) -> None:
            client = _client_of(unit, services, service, "service")
            known = and_(drifts.c.service == service, drifts.c.kind == kind)
            if unit.connection.execute(select(drifts.c.kind).where(known)).first() is None:
                raise NotFound(f"no such difference about service {service!r}")
            if kind not in RESTORABLE or (kind == STATUS and not _is_held(unit, service)):
                ask_again(unit, "service", service, to_us(self._desk.clock.wall()))
                return
            if not _is_held(unit, service):
                raise Conflict(f"no hold stands on service {service} any more")
            event = SuspensionRestored(
                id=f"{service}.restored.{unit.log.seq + 1}",
                at=self._desk.clock.now(),
                service=service,
                client=client,
                by=_named(source),
            )
            self._take(unit, event, source)

        self._desk.store.write(work)

    def _take(self, unit: Unit, event: Event, source: Source) -> None:
        fields = {name: getattr(event, name) for name in field_names(type(event))}
        self._desk.take(unit, event, {**fields, "type": event.type, "at": format_time(event.at)}, source)

    def _accept(self, type_: str, source: Source, **fields: Json) -> Receipt:
        event = {"id": self._desk.new_id(type_.replace(".", "-")), "type": type_, **fields}
        return self._desk.accept({**event, "at": format_time(self._desk.clock.now())}, source)


def _client_of(unit: Unit, table: Any, id_: str, kind: str) -> str:
    client = unit.connection.execute(select(table.c.client).where(table.c.id == id_)).scalar()
    if client is None:
        raise NotFound(f"no {kind} {id_!r}")
    return str(client)


def _is_held(unit: Unit, service: str) -> bool:
    standing = and_(
        holds.c.service == service,
        holds.c.status == "placed",
        holds.c.scope == "service",
        holds.c.simulated.is_(False),
    )
    return unit.connection.execute(select(holds.c.id).where(standing).limit(1)).first() is not None


def _named(source: Source) -> str:
    if not source.by:
        raise InvalidInput("by", "say who does it")
    return source.by
