"""What comes with time: deadlines that fire, proposals that lapse, proposals that staff is told of again (interface 9).

Decisions go by `clock.now()`, which a demo may move; patience with a panel goes by `clock.wall()`, which nobody moves.
Any number of processes may keep time over one database: every step is settled in a write transaction that looks first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
import structlog
from sqlalchemy import Connection, and_, func, or_, select

from bridge.desk import Desk
from bridge.errors import InvalidInput, PanelError, PanelRefused, PanelUnreachable
from bridge.events import MAX_TEXT
from bridge.ids import invoice_event_id, reply_event_id
from bridge.letters import Letters, load_letters
from bridge.policy.verbs import NEVER_LAPSE
from bridge.ports import BillingPanel, Clock, InvoiceStatus, TicketMessage
from bridge.store.engine import from_us, to_us
from bridge.store.store import Unit
from bridge.store.tables import actions, charges, deadlines, events, tickets
from bridge.timeformat import format_time
from bridge.views import Source

Json = Any

TIMEKEEPER = Source(name="timekeeper")

REMIND_EVERY = timedelta(hours=24)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)

_AWAITS_WORD = frozenset({"reply", "remedy", "evidence"})
"""Deadlines whose consequence rests on what the customer has written; a reply makes that of `remedy` milder (G5)."""

_BY_STATUS = {
    InvoiceStatus.PAID: "paid",
    InvoiceStatus.CANCELLED: "cancelled",
    InvoiceStatus.REFUNDED: "refunded",
}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """Deadlines that are due and have not fired, mostly because a panel cannot be read; `oldest` is when it was due."""

    number: int
    oldest: datetime | None

    def age(self, now: datetime) -> timedelta:
        return max(now - self.oldest, timedelta()) if self.oldest is not None else timedelta()


def overdue(connection: Connection, now: datetime) -> Overdue:
    """For the metrics; any process may ask, it rests on the tables alone."""
    waiting = and_(deadlines.c.state == "open", deadlines.c.due <= to_us(now))
    number, oldest = connection.execute(select(func.count(), func.min(deadlines.c.due)).where(waiting)).one()
    return Overdue(number=number, oldest=from_us(oldest) if oldest is not None else None)


@dataclass
class _Patience:
    """When a panel, or one thing in it, may be asked again: pauses double up to five minutes."""

    until: datetime
    pause: timedelta = FIRST_PAUSE

    def again(self, now: datetime) -> None:
        self.until = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


class Timekeeper:
    """Fires, lapses and reminds. Without a billing panel nothing can be looked at: deadlines fire as they come due."""

    def __init__(self, desk: Desk, billing: BillingPanel | None, clock: Clock, letters: Letters | None = None) -> None:
        self._desk = desk
        self._billing = billing
        self._clock = clock
        self._letters = letters
        self._panel: _Patience | None = None
        self._single: dict[str, _Patience] = {}

    def tick(self) -> int:
        """Do what is due, the earliest first; returns how much was done. Never raises for what a panel does."""
        return self._fire_due() + self._lapse_due() + self._remind()

    def overdue(self) -> Overdue:
        """Deadlines that should have fired by now."""
        with self._desk.store.read() as connection:
            return overdue(connection, self._clock.now())

    # ---- deadlines ----

    def _fire_due(self) -> int:
        """In order of due, those set while firing too; one that waits for a panel lets the others pass."""
        fired = 0
        after = (-1, "")
        while (row := self._next_due(after)) is not None:
            after = (row.due, row.id)
            if self._may_fire(row) and self._is_open(row.id):
                self._desk.fire(row.id, row.client, from_us(row.due))
                self._single.pop(row.id, None)
                fired += 1
        return fired

    def _next_due(self, after: tuple[int, str]) -> Any:
        due, id_ = after
        later = or_(deadlines.c.due > due, and_(deadlines.c.due == due, deadlines.c.id > id_))
        wanted = (
            select(deadlines)
            .where(and_(deadlines.c.state == "open", deadlines.c.due <= to_us(self._clock.now()), later))
            .order_by(deadlines.c.due, deadlines.c.id)
            .limit(1)
        )
        with self._desk.store.read() as connection:
            return connection.execute(wanted).first()

    def _is_open(self, deadline: str) -> bool:
        """What was just found may have ended it."""
        with self._desk.store.read() as connection:
            state = connection.execute(select(deadlines.c.state).where(deadlines.c.id == deadline)).scalar()
        return state == "open"

    def _may_fire(self, row: Any) -> bool:
        """Look before it fires; False while it has to wait."""
        if self._billing is None:
            return True
        with self._desk.store.read() as connection:
            subject = _subject(connection, row)
        if subject.told is False:
            return False
        if subject.invoice is None and not subject.tickets:
            return True
        if self._is_resting(row.id):
            return False
        try:
            self._look(self._billing, subject)
        except PanelError as trouble:
            self._rest(row.id, trouble)
            return False
        self._panel = None
        return True

    def _look(self, billing: BillingPanel, subject: _Subject) -> None:
        """Accept what the panel knows and we do not. Raises PanelError."""
        if subject.invoice is not None:
            self._look_at_invoice(billing, subject.invoice)
        for ticket in subject.tickets:
            self._look_at_ticket(billing, ticket, subject.case)

    def _look_at_invoice(self, billing: BillingPanel, number: str) -> None:
        invoice = billing.invoice(number)
        # An invoice that staff deleted can never be paid: it asks for nothing any more.
        became = _BY_STATUS.get(invoice.status) if invoice is not None else "cancelled"
        if became is None:
            return
        event = {"id": invoice_event_id(number, became), "type": f"invoice.{became}", "invoice": number}
        self._accept({**event, "at": format_time(self._clock.now())})

    def _look_at_ticket(self, billing: BillingPanel, number: str, case: str | None) -> None:
        ticket = billing.ticket(number)
        if ticket is None or case is None:
            return
        # The first message is the notice that we opened the ticket with, whoever the panel says wrote it.
        said = {reply_event_id(number, message.id): message for message in ticket.messages[1:] if not message.by_staff}
        with self._desk.store.read() as connection:
            known = set(connection.execute(select(events.c.id).where(events.c.id.in_(list(said)))).scalars())
        for id_, message in said.items():
            if id_ not in known:
                self._accept(_reply(id_, case, message, self._clock.now()))

    def _accept(self, raw: Mapping[str, Json]) -> None:
        try:
            self._desk.accept(raw, TIMEKEEPER)
        except InvalidInput as refusal:
            _log.warning("what a panel shows cannot be taken as an event", event=raw["id"], field=refusal.field)

    # ---- patience with a panel ----

    def _is_resting(self, deadline: str) -> bool:
        now = self._clock.wall()
        return any(rest is not None and rest.until > now for rest in (self._panel, self._single.get(deadline)))

    def _rest(self, deadline: str, trouble: PanelError) -> None:
        """A panel that says no about one thing may answer about the next; one that cannot be read is left alone."""
        now = self._clock.wall()
        if isinstance(trouble, PanelRefused):
            rest = self._single.setdefault(deadline, _Patience(now))
        else:
            rest = self._panel = self._panel or _Patience(now)
        rest.again(now)
        _log.warning("a deadline waits: what it rests on cannot be read", deadline=deadline, panel=trouble.panel)

    # ---- proposals ----

    def _lapse_due(self) -> int:
        """Nobody answered: nothing is done, and the decision tells staff."""
        wanted = (
            select(actions.c.id)
            .where(and_(actions.c.state == "proposed", actions.c.lapses <= to_us(self._clock.now())))
            .order_by(actions.c.lapses, actions.c.seq, actions.c.place)
        )
        with self._desk.store.read() as connection:
            lapsed = connection.execute(wanted).scalars().all()
        for action in lapsed:
            self._desk.lapse(action)
        return len(lapsed)

    def _remind(self) -> int:
        """Staff is told again of what waits for ever; claimed first, so that a lost answer never mails twice."""
        billing = self._billing
        if billing is None:
            return 0
        told = 0
        for action in self._to_remind():
            row = self._desk.store.write(partial(self._claim_reminder, action=action))
            if row is not None:
                told += self._mail(billing, row)
        return told

    def _to_remind(self) -> list[str]:
        with self._desk.store.read() as connection:
            return list(connection.execute(select(actions.c.id).where(self._is_unanswered())).scalars())

    def _is_unanswered(self) -> Any:
        long_ago = to_us(self._clock.now() - REMIND_EVERY)
        return and_(
            actions.c.state == "proposed", actions.c.action.in_(sorted(NEVER_LAPSE)), actions.c.reminded <= long_ago
        )

    def _claim_reminder(self, unit: Unit, action: str) -> Any:
        mine = and_(actions.c.id == action, self._is_unanswered())
        row = unit.connection.execute(select(actions).where(mine)).first()
        if row is not None:
            unit.connection.execute(
                actions.update().where(actions.c.id == action).values(reminded=to_us(self._clock.now()))
            )
        return row

    def _mail(self, billing: BillingPanel, row: Any) -> int:
        letters = self._letters = self._letters or load_letters()
        letter = letters.compose("proposal_waiting", None, self._facts(row))
        try:
            billing.mail_staff(letter.subject, letter.text)
        except PanelUnreachable:
            # Nothing was sent: the next tick may try again.
            self._desk.store.write(lambda unit: _set_reminded(unit, row.id, row.reminded))
            return 0
        except PanelError as trouble:
            _log.warning("staff could not be told again of a proposal", action=row.id, panel=trouble.panel)
            return 0
        return 1

    def _facts(self, row: Any) -> dict[str, str]:
        answer: dict[str, Json] = orjson.loads(row.record)["answer"]
        return {
            "action": row.action,
            "service": row.service or "",
            "client": row.client or "",
            "case": row.case or "",
            **{name: str(answer[name]) for name in ("policy", "version", "clause", "because")},
            "says": self._desk.rules.wording(answer["policy"], answer["version"], answer["clause"]).text,
        }


@dataclass(frozen=True, kw_only=True)
class _Subject:
    """What a deadline is about, in the panel. `told` is False while the notice it rests on is still under way."""

    case: str | None = None
    invoice: str | None = None
    tickets: tuple[str, ...] = ()
    told: bool = True


_UNDER_WAY = ("approved", "executing", "waiting", "unclear")


def _subject(connection: Connection, row: Any) -> _Subject:
    kind = getattr(row, "for")
    if kind == "payment":
        charge = connection.execute(
            select(charges.c.invoice).where(and_(charges.c.id == row.charge, charges.c.simulated.is_(False)))
        ).scalar()
        # A charge confirmed by hand without a number has no invoice that could be looked at.
        return _Subject(invoice=charge if charge is not None and charge.isdecimal() else None)
    if kind not in _AWAITS_WORD or row.case is None:
        return _Subject()
    known = connection.execute(select(tickets.c.ticket).where(tickets.c.case == row.case)).scalars().all()
    return _Subject(case=row.case, tickets=tuple(known), told=bool(known) or not _is_notice_under_way(connection, row))


def _is_notice_under_way(connection: Connection, row: Any) -> bool:
    """A customer whom no ticket has reached yet cannot have been silent."""
    notice = select(actions.c.id).where(
        and_(
            actions.c.case == row.case,
            actions.c.action.in_(("notify_customer", "request_evidence")),
            actions.c.state.in_(_UNDER_WAY),
        )
    )
    return connection.execute(notice.limit(1)).first() is not None


def _reply(id_: str, case: str, message: TicketMessage, now: datetime) -> dict[str, Json]:
    """A message as an event; its time is the panel's, never ahead of our clock. A ticket reply makes no claims."""
    at = format_time(min(message.at, now))
    return {"id": id_, "type": "customer.replied", "at": at, "case": case, "text": message.text[:MAX_TEXT]}


def _set_reminded(unit: Unit, action: str, reminded: int) -> None:
    unit.connection.execute(actions.update().where(actions.c.id == action).values(reminded=reminded))
