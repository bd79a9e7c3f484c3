"""The desk: what can be done with the program, each use one unit of work.

An event is accepted, routed, decided and stored with everything it brings about in one transaction. What needs no panel
(bars, simulated actions) is done in the same transaction; the rest waits in the queue for the worker.
"""

from __future__ import annotations

import secrets
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
from sqlalchemy import and_, bindparam, func, select

from bridge.answers import agreed, check_invoice, has_begun, is_answer, named, row_in_state, said, update_row
from bridge.appeals import check_finding
from bridge.config import Limits
from bridge.custody import is_about_child_abuse, preserve
from bridge.decide import decide
from bridge.decide.moving import arriving
from bridge.errors import InvalidInput, NotAllowed
from bridge.events import (
    ActionApproved,
    ActionCancelled,
    ActionDone,
    ActionEvent,
    ActionExpired,
    ActionFailed,
    ActionRejected,
    DeadlineDue,
    Event,
    FindingRecorded,
    RegimeChanged,
    ServiceObserved,
    field_names,
    parse_event,
)
from bridge.evolve import evolve
from bridge.jsontext import decoded
from bridge.lines import MAX_LINE, check_first_sight
from bridge.model import ActionEnded, ActionRecord, Record, to_answer
from bridge.ports import Clock
from bridge.queue import Outcome, Work
from bridge.routing import Part, route
from bridge.rules import Rules
from bridge.store.asking import look_again
from bridge.store.engine import storable, to_us
from bridge.store.fold import fold
from bridge.store.log import LONG_HISTORY
from bridge.store.prepared import Prepared
from bridge.store.store import Store, Unit
from bridge.store.tables import actions, approvals
from bridge.timeformat import format_time
from bridge.views import Batch, Receipt, Source
from bridge.withheld import WORDS, withheld, without_quotes

Json = Any

AHEAD = timedelta(minutes=5)
LOCAL = frozenset({"bar_unsuspension", "lift_bar", "preserve_evidence"})
"""Actions without a panel call: done in the transaction that decides them."""

WORKER = Source(name="worker")
LIMITED = {"suspend_service": "suspensions_per_hour", "terminate_service": "terminations_per_hour"}
BATCH = 200


class Desk:
    """The use cases that change something. One instance serves all threads of a process."""

    def __init__(self, store: Store, rules: Rules, clock: Clock, limits: Limits) -> None:
        self.store = store
        self.rules = rules
        self.clock = clock
        self._limits = limits

    # ---- accepting events ----

    def accept(self, raw: Mapping[str, Json], source: Source) -> Receipt:
        """Accept one event from outside. Raises InvalidInput naming the field."""
        event = self.read(raw)
        return self.store.write(lambda unit: self.take(unit, event, raw, source))

    def read(self, raw: Mapping[str, Json]) -> Event:
        """A typed event whose time may be; raises InvalidInput."""
        event = parse_event(raw)
        if event.at > self.clock.now() + AHEAD:
            raise InvalidInput("at", f"{format_time(event.at)} lies more than 5 minutes ahead of the clock")
        return event

    def accept_lines(self, lines: Iterable[bytes], source: Source, may: Callable[[str], bool]) -> Batch:
        """Accept many events, a line each, in batches; stops at the first refused, what came before it is kept.

        may  whether the sender may send events of that type; a line he may not is refused as `forbidden`
        """
        total = Batch(accepted=0, duplicates=0)
        for group in _groups(enumerate(lines, 1), BATCH):
            ready: list[tuple[int, Event, Mapping[str, Json]]] = []
            refused = self._read_group(group, may, ready)
            taken = self.store.write(partial(self._take_group, ready=ready, source=source))
            total = total.joined(taken)
            if total.failed is None and refused is not None:
                total = total.joined(refused)
            if total.failed is not None:
                break
        return total

    def _read_group(
        self,
        group: Sequence[tuple[int, bytes]],
        may: Callable[[str], bool],
        ready: list[tuple[int, Event, Mapping[str, Json]]],
    ) -> Batch | None:
        """Type the lines into `ready` up to the first that is refused, which is returned."""
        for number, line in group:
            if not line.strip():
                continue
            try:
                raw = _decoded(line)
                event = self.read(raw)
            except InvalidInput as refusal:
                return Batch.stopped(number, refusal)
            if not may(event.type):
                return Batch.stopped(number, NotAllowed("the token may not send an event of that type"), "type")
            ready.append((number, event, raw))
        return None

    def _take_group(self, unit: Unit, ready: Sequence[tuple[int, Event, Mapping[str, Json]]], source: Source) -> Batch:
        accepted = duplicates = 0
        for number, event, raw in ready:
            try:
                receipt = self.take(unit, event, raw, source)
            except (InvalidInput, NotAllowed) as refusal:
                return Batch(accepted=accepted, duplicates=duplicates).joined(Batch.stopped(number, refusal))
            duplicates += receipt.duplicate
            accepted += not receipt.duplicate
        return Batch(accepted=accepted, duplicates=duplicates)

    # ---- deciding, within a unit of work ----

    def take(self, unit: Unit, event: Event, raw: Mapping[str, Json], source: Source) -> Receipt:
        """Accept an event and decide all that follows at once; refuses before anything is written.

        Raises NotAllowed for a finding on an appealed case by an admin who had a part in it before.
        """
        if unit.log.has(unit.connection, event):
            return Receipt(event=event.id, duplicate=True)
        if isinstance(event, ServiceObserved) and unit.directory.client_of_service(event.service) is None:
            check_first_sight(event)
        if isinstance(event, FindingRecorded):
            check_finding(unit.connection, event, source.by)
        event, raw = _withheld(unit, event, raw)
        records = self._settle(unit, event, _body_of(raw), source)
        shown = [to_answer(record) for record in records if record.is_shown()]
        return Receipt(event=event.id, duplicate=False, records=shown)

    def _settle(self, unit: Unit, event: Event, body: str, source: Source) -> list[Record]:
        """Decide the event and, in the same transaction, whatever it brings about that needs no panel."""
        records: list[Record] = []
        queue: deque[tuple[Event, str, Source]] = deque([(event, body, source)])
        while queue:
            current, text, by = queue.popleft()
            decided, accepted = self._decide(unit, current, text, by)
            records.extend(decided)
            for record in decided:
                following = self._following(unit, record, accepted)
                queue.extend((event, as_body(event), WORKER) for event in following)
        return records

    def _decide(self, unit: Unit, event: Event, body: str, source: Source) -> tuple[list[Record], datetime]:
        """The event's records, which are stored with it, and the wall time at which it was accepted."""
        parts = route(unit.directory, event)
        _check_case_ids(unit, parts)
        states = [unit.log.state(unit.connection, part.client) for part in parts]
        last = max((state.last_at for state in states if state.last_at is not None), default=event.at)
        if last > event.at:
            event = replace(event, at=last)
            parts = tuple(part._replace(event=event) for part in parts)
        decided: list[tuple[Part, tuple[Record, ...]]] = []
        used: Counter[str] = Counter()
        for part, state in zip(parts, states, strict=True):
            part = arriving(part, decided[-1][1] if decided else ())
            records = self._limited(unit, decide(state, part, self.rules), used)
            evolve(state, part, records)
            decided.append((part, records))
        now = self.clock.wall()
        seq = unit.log.append(unit.connection, event, body, decided, source, now)
        if isinstance(event, ServiceObserved):
            unit.directory.addresses_changed()
        for part, records in decided:
            fold(unit.connection, seq, part, records, source, accepted=now, expire_after=self.rules.expire_after)
        self._note_action_event(unit, event, seq, now)
        return [record for _, records in decided for record in records], now

    def _limited(self, unit: Unit, records: tuple[Record, ...], used: Counter[str]) -> tuple[Record, ...]:
        """Too many suspensions or terminations in an hour are a mistake or an attack: the rest waits for a person.

        used  what this same decision, which no table shows yet, has taken of each limit
        """
        return tuple(
            replace(record, state="proposed", approval=1, own={**record.own, "limited": True})
            if isinstance(record, ActionRecord) and self._is_over_limit(unit, record, used)
            else record
            for record in records
        )

    def _is_over_limit(self, unit: Unit, record: ActionRecord, used: Counter[str]) -> bool:
        if record.state != "approved" or record.action not in LIMITED:
            return False
        limit: int | None = getattr(self._limits, LIMITED[record.action])
        if limit is None:
            return False
        since = to_us(self.clock.wall() - timedelta(hours=1))
        stored = _APPROVED_SINCE.scalar(unit.connection, {"action": record.action, "since": since})
        if stored + used[record.action] >= limit:
            return True
        used[record.action] += 1
        return False

    def _following(self, unit: Unit, record: Record, accepted: datetime) -> list[Event]:
        """Events that a record brings about in the same instant."""
        if isinstance(record, ActionRecord) and (
            record.state == "done" or (record.state == "approved" and record.action in LOCAL)
        ):
            return [_action_event(ActionDone, record.id, record.client, record.at, "done")]
        if isinstance(record, ActionEnded):
            return self._withdraw(unit, record, accepted)
        return []

    def _withdraw(self, unit: Unit, record: ActionEnded, accepted: datetime) -> list[Event]:
        """What no panel was asked yet is cancelled here; the rest is settled by the worker, who looks first."""
        row = unit.connection.execute(select(actions).where(actions.c.id == record.id)).first()
        if row is None or row.state in ENDED_STATES:
            return []
        if row.state in ("executing", "unclear"):
            update_row(unit, record.id, withdrawn=True, retry_at=0)
            return []
        if has_begun(unit, record.id):
            # Half done: a task of staff stays one, everything else goes to the worker, failed or not.
            state = "manual" if row.state == "manual" else "waiting"
            update_row(unit, record.id, withdrawn=True, retry_at=0, state=state)
            return []
        update_row(unit, record.id, state="cancelled", ended=to_us(self.clock.wall()))
        if row.state == "proposed":
            return []
        return [_action_event(ActionCancelled, record.id, row.client, record.at, "cancelled")]

    def _note_action_event(self, unit: Unit, event: Event, seq: int, now: datetime) -> None:
        """The queue's row follows the event about its action."""
        if not isinstance(event, ActionEvent):
            return
        moment = to_us(now)
        if isinstance(event, ActionApproved):
            update_row(unit, event.action, state="approved", approved=moment, retry_at=0, lapses=None, error=None)
            return
        state = _ENDED_BY.get(type(event))
        if state is not None:
            answered = seq if is_answer(event) else None
            update_row(unit, event.action, state=state, ended=moment, lease=None, answered=answered)
        if isinstance(event, ActionDone):
            _preserve(unit, event.action)
            look_again(unit, event.action, moment)

    # ---- admins ----

    def approve(self, action: str, reason: str | None, source: Source) -> str:
        """One admin agrees; carried out once enough have. Raises NotFound, Conflict, NotAllowed (twice the same)."""
        return self.store.write(lambda unit: self._approve(unit, action, reason, source))

    def _approve(self, unit: Unit, action: str, reason: str | None, source: Source) -> str:
        row = row_in_state(unit, action, "proposed")
        by = named(source)
        others = unit.connection.execute(select(approvals.c.by).where(approvals.c.action == action)).scalars().all()
        if by.casefold() in (other.casefold() for other in others):
            raise NotAllowed(f"{by} has approved {action} already; another admin must agree")
        unit.connection.execute(
            approvals.insert(),
            {
                "action": action,
                "by": by,
                "verified": source.verified,
                "reason": said(reason),
                "at": to_us(self.clock.wall()),
            },
        )
        if len(others) + 1 >= int(row.approval):
            self._agree(unit, row, replace(source, by=by), reason)
        return action

    def _agree(self, unit: Unit, row: Any, source: Source, reason: str | None) -> None:
        """Enough agree: what needs no panel is done at once, the rest is for the worker."""
        self._happened(unit, ActionApproved, row, source, reason)
        if row.action in LOCAL:
            self._happened(unit, ActionDone, row, WORKER, None)

    def reject(self, action: str, reason: str | None, source: Source) -> str:
        """An admin says no. Raises NotFound, Conflict, NotAllowed (what may only be deferred)."""

        def work(unit: Unit) -> str:
            row = row_in_state(unit, action, "proposed")
            if orjson.loads(row.record)["plan"].get("only_deferred"):
                raise NotAllowed(f"{row.action} may not be rejected, only deferred with a reason")
            self._happened(unit, ActionRejected, row, replace(source, by=named(source)), reason)
            return action

        return self.store.write(work)

    def retry(self, action: str, source: Source, reason: str | None = None) -> str:
        """Try a failed action again. Raises NotFound, Conflict."""

        def work(unit: Unit) -> str:
            row = row_in_state(unit, action, "failed")
            self._agree(unit, row, replace(source, by=named(source)), reason)
            return action

        return self.store.write(work)

    def confirm(self, action: str, source: Source, reason: str | None = None, invoice: str | None = None) -> str:
        """An admin did a manual action by hand; `invoice` is what he made for a charge, so that its payment is known.

        Raises NotFound, Conflict, InvalidInput.
        """

        def work(unit: Unit) -> str:
            row = row_in_state(unit, action, "manual")
            if invoice is not None:
                check_invoice(unit, row.action, invoice)
            self._happened(unit, ActionDone, row, replace(source, by=named(source)), reason, invoice=invoice)
            return action

        return self.store.write(work)

    def _happened(
        self, unit: Unit, kind: type[ActionEvent], row: Any, source: Source, reason: str | None, **more: Json
    ) -> None:
        """Accept an internal event about an action, as of now."""
        name = f"{kind.type.removeprefix('action.')}.{unit.log.seq + 1}"
        event = _action_event(
            kind, row.id, row.client, self.clock.now(), name, by=source.by, reason=said(reason), **more
        )
        self._settle(unit, event, as_body(event, approvals=agreed(unit, row.id)), source)

    # ---- the worker and the clock ----

    def finished(self, unit: Unit, work: Work, outcome: Outcome) -> None:
        """An action was carried out, or refused by the panel: decide what follows from it."""
        row = unit.connection.execute(select(actions).where(actions.c.id == work.id)).one()
        if row.withdrawn and outcome.state in ("failed", "manual") and not has_begun(unit, work.id):
            # Its reason has ended and nothing of it took effect: there is nothing left for a person to do.
            self._happened(unit, ActionCancelled, row, WORKER, None)
        elif outcome.state == "done":
            self._happened(
                unit, ActionDone, row, WORKER, None,
                invoice=outcome.invoice, invoiced=outcome.invoiced, theirs=outcome.theirs or None,
                unconfirmed=outcome.unconfirmed or None,
            )  # fmt: skip
        elif outcome.state == "failed":
            self._happened(unit, ActionFailed, row, WORKER, storable(outcome.error[:1000]))
        elif outcome.state == "cancelled":
            self._happened(unit, ActionCancelled, row, WORKER, None)

    def fire(self, deadline: str, client: str, due: datetime) -> None:
        """A deadline came due: decide what follows. The decision's time is when it was due, or the last decision's."""
        event = DeadlineDue(id=f"{deadline}.due", at=due, deadline=deadline, client=client)
        self.store.write(lambda unit: self._take_internal(unit, event))

    def lapse(self, action: str) -> None:
        """A proposal was not answered in time: nothing is done, staff is told."""

        def work(unit: Unit) -> None:
            row = unit.connection.execute(select(actions).where(actions.c.id == action)).first()
            if row is not None and row.state == "proposed":
                self._happened(unit, ActionExpired, row, WORKER, "nobody answered in time")

        self.store.write(work)

    def _take_internal(self, unit: Unit, event: Event) -> None:
        if not unit.log.has(unit.connection, event):
            self._settle(unit, event, as_body(event), WORKER)

    def settle_regime(self) -> None:
        """At the start: where mode or exemptions changed, what was only simulated ends."""
        regime = orjson.dumps([self.rules.mode, sorted(self.rules.exempt)]).decode()

        def work(unit: Unit) -> None:
            if unit.setting("regime") == regime:
                return
            unit.set("regime", regime)
            simulated = select(actions.c.client).where(and_(actions.c.simulated, actions.c.client.is_not(None)))
            for client in unit.connection.execute(simulated.distinct().order_by(actions.c.client)).scalars().all():
                event = RegimeChanged(id=f"regime.{unit.log.seq + 1}", at=self.clock.now(), client=client)
                self._settle(unit, event, as_body(event), WORKER)

        self.store.write(work)

    def warm_up(self, least: int = LONG_HISTORY) -> None:
        """At the start: fold the clients with the longest histories, so that no question has to wait for it."""
        self.store.write(lambda unit: unit.log.warm_up(unit.connection, least))

    @staticmethod
    def new_id(kind: str) -> str:
        """An id for an event that begins here and has none yet."""
        return f"{kind}-{secrets.token_hex(8)}"


ENDED_STATES = frozenset({"done", "rejected", "expired", "cancelled"})
_ENDED_BY: Mapping[type[Event], str] = {
    ActionDone: "done",
    ActionRejected: "rejected",
    ActionExpired: "expired",
    ActionCancelled: "cancelled",
    ActionFailed: "failed",
}


def _groups(lines: Iterable[tuple[int, bytes]], size: int) -> Iterable[list[tuple[int, bytes]]]:
    group: list[tuple[int, bytes]] = []
    for line in lines:
        group.append(line)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _decoded(line: bytes) -> Mapping[str, Json]:
    if len(line) > MAX_LINE:
        raise InvalidInput("", f"the line is longer than {MAX_LINE} bytes")
    raw = decoded(line)
    if not isinstance(raw, dict):
        raise InvalidInput("", "an event must be a JSON object")
    return raw


def _action_event(
    kind: type[ActionEvent], action: str, client: str | None, at: datetime, name: str, **more: Json
) -> ActionEvent:
    return kind(id=f"{action}.{name}", at=at, action=action, client=client, **{k: v for k, v in more.items() if v})


def _body_of(raw: Mapping[str, Json]) -> str:
    """An event as it was sent, for the log; raises InvalidInput for what is JSON and yet cannot be written again."""
    try:
        return orjson.dumps(raw).decode()
    except orjson.JSONEncodeError as trouble:
        raise InvalidInput("", f"the event cannot be kept: {trouble}") from trouble


def as_body(event: Event, **more: Json) -> str:
    """An internal event as the log keeps it; `more` is what it proves besides."""
    body: dict[str, Json] = {"type": event.type, **{name: value for name, value in more.items() if value}}
    for name in field_names(type(event)):
        value = getattr(event, name)
        if value is not None and value is not False:
            body[name] = format_time(value) if isinstance(value, datetime) else value
    return orjson.dumps(body).decode()


def _withheld(unit: Unit, event: Event, raw: Mapping[str, Json]) -> tuple[Event, Mapping[str, Json]]:
    """Of child abuse nothing is written down that leads to it."""
    case = getattr(event, "case", None)
    if case is not None and any(getattr(event, name, None) for name in WORDS) and is_about_child_abuse(unit, case):
        return without_quotes(event, raw)
    return withheld(event, raw)


def _preserve(unit: Unit, action: str) -> None:
    """The messages of a case whose evidence is preserved are locked."""
    wanted = and_(actions.c.id == action, actions.c.action == "preserve_evidence", actions.c.simulated.is_(False))
    case = unit.connection.execute(select(actions.c.case).where(wanted)).scalar()
    if case is not None:
        preserve(unit, case)


def _check_case_ids(unit: Unit, parts: Iterable[Part]) -> None:
    """A case is named after the event that opens it, which its sender names; raises InvalidInput where one is taken."""
    for part in parts:
        for held in part.held:
            if unit.directory.client_of_case(held.case) is not None:
                raise InvalidInput("id", f"{held.case!r} is the id of another case")


_APPROVED_SINCE = Prepared(
    select(func.count()).where(
        and_(
            actions.c.action == bindparam("action"),
            actions.c.approved >= bindparam("since"),
            actions.c.simulated.is_(False),
        )
    )
)
