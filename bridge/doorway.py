"""Hooks of the panels: each delivery once, its first answer kept with what it did, questions answered at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, and_, bindparam, or_, select

from bridge.desk import AHEAD, Desk
from bridge.errors import InvalidInput
from bridge.events import parse_event
from bridge.marks import marks_in
from bridge.reception import Reception
from bridge.reviews import supersede
from bridge.store.asking import ask_again
from bridge.store.engine import storable, to_us
from bridge.store.prepared import Prepared, insertion
from bridge.store.store import Unit
from bridge.store.tables import (
    actions,
    attempts,
    complaint_events,
    complaint_tickets,
    complaints,
    correspondence,
    deliveries,
    services,
    steps,
    tickets,
)
from bridge.timeformat import format_time
from bridge.views import TICKETS, HookAnswer, HookNews, HookOwn, HookQuestion, Source

Json = Any

HOOKS = Source(name="hooks", kind=TICKETS)
WORDS = "text/plain"
"""The content type of a ticket of which the words alone were read."""
Ticket = tuple[str, str, str]
"""Its id, subject and text."""
Meaning = HookQuestion | HookOwn | HookNews | None
GRACE = timedelta(seconds=5)
"""How long after our own call ended a hook about it still counts as caused by it (interface 6)."""


_SECOND = timedelta(microseconds=999_999)


class Lookup:
    """What translating a hook may know: local state only."""

    def __init__(self, unit: Unit, department: str | None) -> None:
        self._unit = unit
        self._department = department

    def client_of_service(self, service: str) -> str | None:
        return self._unit.directory.client_of_service(service)

    def service_of_vps(self, vps: str) -> str | None:
        """The service behind `<WHMCS server id>/<vpsid>`, with or without a uuid behind it."""
        condition = or_(services.c.vps == vps, services.c.vps.startswith(f"{vps}/", autoescape=True))
        return self._unit.connection.execute(select(services.c.id).where(condition).limit(1)).scalar()

    def own_command(self, service: str, command: str, at: datetime) -> str | None:
        """The clause of the action whose call it is: its time lies between the call's start and end (+ 5 s).

        A time without a fraction is that whole second: the panel has cut off what came after it.
        """
        latest = at if at.microsecond else at + _SECOND
        wanted = {"service": service, "command": command, "latest": to_us(latest), "least": to_us(at - GRACE)}
        record = _OWN_ATTEMPT.scalar(self._unit.connection, wanted)
        return None if record is None else str(orjson.loads(record)["answer"]["clause"])

    def is_our_invoice(self, invoice: str) -> bool:
        return self._unit.directory.client_of_invoice(invoice) is not None

    def case_of_ticket(self, ticket: str) -> str | None:
        case = _CASE_OF_TICKET.scalar(self._unit.connection, {"ticket": ticket})
        return None if case is None else str(case)

    def is_own_ticket(self, ticket: str, subject: str) -> bool:
        """By a mark that one of our steps left, or because a step said so."""
        if self.case_of_ticket(ticket) is not None:
            return True
        left = select(steps.c.action).where(steps.c.mark.in_(marks_in(subject))).limit(1)
        return self._unit.connection.execute(left).first() is not None

    def is_complaint_ticket(self, ticket: str) -> bool:
        """Whether the ticket was opened to complain, and taken in."""
        known = select(complaint_tickets.c.digest).where(complaint_tickets.c.ticket == ticket)
        return self._unit.connection.execute(known).first() is not None

    def abuse_department(self) -> str | None:
        return self._department

    def is_refused(self, client: str) -> bool:
        """Whether the client gets no further service (G15)."""
        return self._unit.log.state(self._unit.connection, client).refused


class Doorway:
    """Where hooks come in."""

    def __init__(self, desk: Desk, reception: Reception, *, department: str | None) -> None:
        self._desk = desk
        self._reception = reception
        self._department = department

    def seen_delivery(self, delivery: str) -> HookAnswer | None:
        """The first answer to a delivery that was accepted before."""
        with self._desk.store.read() as connection:
            return _known_answer(connection, delivery)

    def hook(self, delivery: str, read: Callable[[Lookup], Meaning], at: datetime) -> HookAnswer:
        """Translate and accept one delivery; a repeated one does nothing twice. Raises InvalidInput."""
        if at > self._desk.clock.now() + AHEAD:
            raise InvalidInput("at", f"{format_time(at)} lies more than 5 minutes ahead of the clock")
        answer, ticket = self._desk.store.write(lambda unit: self._take(unit, delivery, read))
        if ticket is not None:
            message = _message(ticket)
            self._reception.take_complaints(message, WORDS, HOOKS)
            answer = self._desk.store.write(lambda unit: self._kept_with(unit, delivery, answer, ticket, message))
        return answer

    def _kept_with(self, unit: Unit, delivery: str, answer: HookAnswer, ticket: Ticket, message: bytes) -> HookAnswer:
        """The answer; and which message the ticket is, so that what is written in it later is found with the case."""
        keep_ticket(unit, ticket[0], sha256(message).hexdigest(), to_us(self._desk.clock.wall()))
        return self._kept(unit, delivery, answer)

    def _take(self, unit: Unit, delivery: str, read: Callable[[Lookup], Meaning]) -> tuple[HookAnswer, Ticket | None]:
        """The answer, and a ticket that intake is to read before the delivery counts as taken."""
        known = _known_answer(unit.connection, delivery)
        if known is not None:
            return known, None
        meant = read(Lookup(unit, self._department))
        answer = self._answered(unit, delivery, meant)
        ticket = meant.ticket if isinstance(meant, HookNews) else None
        if isinstance(meant, HookNews) and meant.letter is not None:
            ticket = self._joined(unit, meant.letter)
        written_in = (meant.ticket or meant.letter) if isinstance(meant, HookNews) else None
        if written_in is not None:
            ask_again(unit, "ticket", written_in[0], to_us(self._desk.clock.wall()))
        return (answer if ticket else self._kept(unit, delivery, answer)), ticket

    def _joined(self, unit: Unit, letter: tuple[str, str, str]) -> Ticket | None:
        """Keep what a reporter wrote later in his ticket; of a ticket that was not decided all is read once more."""
        ticket, reply, text = letter
        row = {"id": f"{ticket}.{reply}", "ticket": ticket, "text": storable(text)}
        known = select(correspondence.c.id).where(correspondence.c.id == row["id"])
        if unit.connection.execute(known).first() is None:
            unit.connection.execute(correspondence.insert(), {**row, "at": to_us(self._desk.clock.wall())})
        first = unit.connection.execute(
            select(complaints.c.body, complaints.c.content_type)
            .join(complaint_tickets, complaint_tickets.c.digest == complaints.c.digest)
            .where(complaint_tickets.c.ticket == ticket)
        ).first()
        if first is None or first.content_type != WORDS or is_decided(unit.connection, ticket):
            return None
        subject, _, said = first.body.decode("utf-8", "replace").partition("\n\n")
        return ticket, subject.removeprefix("Subject: "), f"{said}\n\n{text}"

    def _kept(self, unit: Unit, delivery: str, answer: HookAnswer) -> HookAnswer:
        """The answer, kept as the delivery's; the first one where another thread was faster."""
        known = _known_answer(unit.connection, delivery)
        if known is not None:
            return known
        row = {"id": delivery, "at": to_us(self._desk.clock.wall()), "status": answer.status}
        _ADD_DELIVERY.run(unit.connection, {**row, "body": orjson.dumps(dict(answer.body)).decode()})
        return answer

    def _answered(self, unit: Unit, delivery: str, meant: Meaning) -> HookAnswer:
        if meant is None:
            return HookAnswer(status=202, body={"event": delivery, "ignored": True})
        if isinstance(meant, HookOwn):
            body = {"outcome": "allow", "reason": "It is Tipstaff's own call.", "clause": meant.clause}
            return HookAnswer(status=200, body=body)
        if isinstance(meant, HookQuestion):
            return self._question(unit, meant.event)
        for kind, id_ in meant.reread:
            ask_again(unit, kind, id_, to_us(self._desk.clock.wall()))
        for raw in meant.events:
            self._desk.take(unit, parse_event(raw), raw, HOOKS)
        event = meant.events[0]["id"] if meant.events else delivery
        return HookAnswer(status=202, body={"event": event})

    def _question(self, unit: Unit, raw: Mapping[str, Json]) -> HookAnswer:
        receipt = self._desk.take(unit, parse_event(raw), raw, HOOKS)
        verdict = next((record for record in receipt.records if record["record"] == "verdict"), None)
        if verdict is None:
            return HookAnswer(status=200, body={"outcome": "allow", "reason": "", "clause": None})
        body = {"outcome": verdict["outcome"], "reason": verdict["because"], "clause": verdict["clause"]}
        if "would" in verdict:
            body["would"] = verdict["would"]
        return HookAnswer(status=200, body=body)


_OWN_ATTEMPT = Prepared(
    select(actions.c.record)
    .join(attempts, attempts.c.action == actions.c.id)
    .where(
        and_(
            attempts.c.service == bindparam("service"),
            attempts.c.command == bindparam("command"),
            attempts.c.started <= bindparam("latest"),
            or_(attempts.c.ended.is_(None), attempts.c.ended >= bindparam("least")),
        )
    )
    .limit(1)
)
_CASE_OF_TICKET = Prepared(select(tickets.c.case).where(tickets.c.ticket == bindparam("ticket")))
_DELIVERY = Prepared(select(deliveries.c.status, deliveries.c.body).where(deliveries.c.id == bindparam("delivery")))
_ADD_DELIVERY = insertion(deliveries)


def _known_answer(connection: Connection, delivery: str) -> HookAnswer | None:
    """The first answer to a delivery that was accepted before."""
    row = _DELIVERY.first(connection, {"delivery": delivery})
    return None if row is None else HookAnswer(status=row[0], body=orjson.loads(row[1]))


def is_decided(connection: Connection, ticket: str) -> bool:
    """Whether an event came of what was read of the ticket."""
    known = select(complaint_events.c.event).join(
        complaint_tickets, complaint_tickets.c.digest == complaint_events.c.digest
    )
    return connection.execute(known.where(complaint_tickets.c.ticket == ticket).limit(1)).first() is not None


def keep_ticket(unit: Unit, ticket: str, digest: str, now: int) -> None:
    """Which message a ticket is; what was asked about it, when less of it was known, is asked no more."""
    key = complaint_tickets.c.ticket == ticket
    earlier = unit.connection.execute(select(complaint_tickets.c.digest).where(key)).scalar()
    if earlier is None:
        unit.connection.execute(complaint_tickets.insert(), {"ticket": ticket, "digest": digest})
    elif earlier != digest:
        unit.connection.execute(complaint_tickets.update().where(key).values(digest=digest))
        supersede(unit, earlier, digest, now)


def _message(ticket: Ticket) -> bytes:
    """A ticket as intake reads it."""
    _, subject, text = ticket
    return f"Subject: {_line(subject)}\n\n{text}".encode("utf-8", "replace")


def _line(text: str) -> str:
    return " ".join(text.split())[:500]
