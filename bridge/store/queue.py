"""The worker's queue over the tables: claims under leases, intents, outcomes. Implements `bridge.queue.Queue`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import and_, func, or_, select
from sqlalchemy.sql import ColumnElement, FromClause, Select

from bridge.errors import Conflict
from bridge.events import ComplaintReceived
from bridge.marks import mark
from bridge.queue import CaseFacts, Outcome, ServiceFacts, StepState, Work
from bridge.store.engine import from_us, storable, to_us
from bridge.store.log import stored_event
from bridge.store.store import Store, Unit, as_text
from bridge.store.tables import (
    actions,
    approvals,
    attempts,
    case_complaints,
    cases,
    clients,
    complaint_events,
    complaints,
    events,
    services,
    steps,
    tickets,
)
from bridge.wording import Wording

Json = Any
Finished = Callable[[Unit, Work, Outcome], None]

LONGEST_WORDS = 2_000

_WAITING = ("approved", "waiting", "unclear")


Says = Callable[[str, str, str], Wording]
"""Policy, version and number of a clause -> what it says."""


class SqlQueue:
    """Claims are write transactions: two workers, in whatever process, never hold the same action."""

    def __init__(self, store: Store, finished: Finished, *, secret: bytes, says: Says) -> None:
        """`secret` is the installation's; `says` gives what a clause of a version says, in the pack's words."""
        self._store = store
        self._finished = finished
        self._secret = secret
        self._says = says
        self._lease = timedelta(seconds=120)

    def claim(self, worker: str, now: datetime, lease: timedelta) -> Work | None:
        self._lease = lease
        with self._store.read() as connection:
            if connection.execute(_claimable(now)).first() is None:
                return None
        return self._store.write(lambda unit: self._claim(unit, worker, now, lease))

    def _claim(self, unit: Unit, worker: str, now: datetime, lease: timedelta) -> Work | None:
        row = unit.connection.execute(_claimable(now)).first()
        if row is None:
            return None
        tried = row.attempts
        if row.state == "executing":
            tried += 1
            _end_lost_attempts(unit, row)
        claim = f"{worker} {to_us(now)} {tried}"
        unit.connection.execute(
            actions.update()
            .where(actions.c.id == row.id)
            .values(state="executing", lease=to_us(now + lease), worker=claim, attempts=tried)
        )
        work = work_of(unit, row)
        return replace(work, claim=claim, attempts=tried, says=self._says(*_clause_of(row)))

    def intend(
        self, work: Work, place: int, name: str, command: str, now: datetime, service: str | None = None
    ) -> StepState:
        named = service or (work.service.id if work.service else None)

        def commit(unit: Unit) -> StepState:
            self._renew(unit, work, now)
            return _intend(unit, work, place, name, command, mark(self._secret, work.id, name), now, named)

        return self._store.write(commit)

    def renew(self, work: Work, now: datetime) -> None:
        self._store.write(lambda unit: self._renew(unit, work, now))

    def _renew(self, unit: Unit, work: Work, now: datetime) -> None:
        renewed = actions.update().where(_held(work)).values(lease=to_us(now + self._lease))
        if unit.connection.execute(renewed).rowcount == 0:
            raise Conflict(f"the lease on {work.id} was lost")

    def step_done(self, work: Work, place: int, result: Mapping[str, Json], now: datetime) -> None:
        def settle(unit: Unit) -> None:
            values = {"state": "done", "result": as_text(dict(result))}
            _set_step(unit, work, place, values)
            _end_attempt(unit, work, place, "done", None, now)
            ticket = result.get("ticket")
            if ticket and work.case is not None:
                _keep_ticket(unit, str(ticket), work)

        self._store.write(settle)

    def step_failed(self, work: Work, place: int, words: str, now: datetime) -> None:
        def settle(unit: Unit) -> None:
            _set_step(unit, work, place, {"state": "failed"})
            _end_attempt(unit, work, place, "failed", words, now)

        self._store.write(settle)

    def finish(self, work: Work, outcome: Outcome, now: datetime) -> None:
        def settle(unit: Unit) -> None:
            values: dict[str, Json] = {
                "state": outcome.state,
                "lease": None,
                "worker": None,
                "attempts": work.attempts + 1,
                "error": _words(outcome.error),
                "instructions": storable(outcome.instructions) or None,
                "note": _words(outcome.note),
                "unconfirmed": outcome.unconfirmed,
                "retry_at": to_us(outcome.retry_at) if outcome.retry_at else 0,
            }
            if unit.connection.execute(actions.update().where(_held(work)).values(**values)).rowcount == 0:
                raise Conflict(f"the lease on {work.id} was lost")
            if outcome.state in ("waiting", "unclear"):
                _end_open_attempts(unit, work, outcome, now)
            self._finished(unit, work, outcome)

        self._store.write(settle)

    def next_due(self, now: datetime) -> datetime | None:
        waiting = select(func.min(actions.c.retry_at)).where(actions.c.state.in_(_WAITING))
        leased = select(func.min(actions.c.lease)).where(actions.c.state == "executing")
        with self._store.read() as connection:
            moments = [connection.execute(query).scalar() for query in (waiting, leased)]
        known = [moment for moment in moments if moment is not None]
        return max(from_us(min(known)), now) if known else None


def _held(work: Work) -> ColumnElement[bool]:
    """The action is still under this claim's lease."""
    return and_(actions.c.id == work.id, actions.c.state == "executing", actions.c.worker == work.claim)


def _clause_of(row: Any) -> tuple[str, str, str]:
    """Policy, version and number of the clause that the action rests on."""
    answer = orjson.loads(row.record)["answer"]
    return str(answer["policy"]), str(answer["version"]), str(answer["clause"])


def _claimable(now: datetime) -> Select[Any]:
    """The most urgent action that may run: none in flight on its service, none unclear before it."""
    moment = to_us(now)
    other = actions.alias("other")
    blocked = (
        select(other.c.id)
        .where(
            and_(
                other.c.service == actions.c.service,
                other.c.id != actions.c.id,
                other.c.state.in_(("executing", "unclear")),
                or_(other.c.state == "executing", _is_earlier(other, actions)),
            )
        )
        .exists()
    )
    ready = or_(
        and_(actions.c.state.in_(_WAITING), actions.c.retry_at <= moment),
        and_(actions.c.state == "executing", actions.c.lease < moment),
    )
    return select(actions).where(ready, ~blocked).order_by(actions.c.urgency, actions.c.seq, actions.c.place).limit(1)


def _is_earlier(one: FromClause, than: FromClause) -> ColumnElement[bool]:
    """Decided before: by an earlier event, or earlier among those of the same one."""
    return or_(one.c.seq < than.c.seq, and_(one.c.seq == than.c.seq, one.c.place < than.c.place))


# ---- steps and attempts ----


def _intend(
    unit: Unit, work: Work, place: int, name: str, command: str, token: str, now: datetime, service: str | None
) -> StepState:
    known = unit.connection.execute(
        select(steps).where(and_(steps.c.action == work.id, steps.c.place == place))
    ).first()
    if known is None:
        row = {"action": work.id, "place": place, "name": name, "state": "intended", "intent_at": to_us(now)}
        unit.connection.execute(steps.insert(), {**row, "tried_at": to_us(now), "mark": token, "result": "{}"})
    else:
        _set_step(unit, work, place, {"state": "intended", "tried_at": to_us(now)})
    unit.connection.execute(
        attempts.insert(),
        {
            "action": work.id,
            "place": place,
            "service": service,
            "command": command,
            "started": to_us(now),
            "outcome": "sent",
        },
    )
    return StepState(
        place=place,
        name=name,
        state="intended",
        intent_at=from_us(known.intent_at) if known is not None else now,
        tried_at=now,
        result=orjson.loads(known.result) if known is not None else {},
    )


def _set_step(unit: Unit, work: Work, place: int, values: Mapping[str, Json]) -> None:
    unit.connection.execute(
        steps.update().where(and_(steps.c.action == work.id, steps.c.place == place)).values(**values)
    )


def _end_attempt(unit: Unit, work: Work, place: int, outcome: str, words: str | None, now: datetime) -> None:
    unit.connection.execute(
        attempts.update()
        .where(and_(attempts.c.action == work.id, attempts.c.place == place, attempts.c.ended.is_(None)))
        .values(ended=to_us(now), outcome=outcome, words=_words(words))
    )


def _end_open_attempts(unit: Unit, work: Work, outcome: Outcome, now: datetime) -> None:
    unit.connection.execute(
        attempts.update()
        .where(and_(attempts.c.action == work.id, attempts.c.ended.is_(None)))
        .values(ended=to_us(now), outcome=outcome.state, words=_words(outcome.error))
    )


def _end_lost_attempts(unit: Unit, row: Any) -> None:
    """Whoever held the lease is gone. A call takes no longer than its lease, so it had ended by then."""
    unit.connection.execute(
        attempts.update()
        .where(and_(attempts.c.action == row.id, attempts.c.ended.is_(None)))
        .values(ended=row.lease, outcome="unclear")
    )


def _words(said: str | None) -> str | None:
    """A panel's words as they are kept."""
    return storable(said[:LONGEST_WORDS]) if said else None


def _keep_ticket(unit: Unit, ticket: str, work: Work) -> None:
    known = unit.connection.execute(select(tickets.c.ticket).where(tickets.c.ticket == ticket)).first()
    if known is None and work.case is not None:
        unit.connection.execute(tickets.insert(), {"ticket": ticket, "case": work.case.id, "action": work.id})


# ---- what a work consists of ----


def work_of(unit: Unit, row: Any) -> Work:
    """The action of a row with all that carrying it out needs."""
    stored = orjson.loads(row.record)
    answer: dict[str, Json] = stored["answer"]
    client = unit.connection.execute(select(clients.c.facts).where(clients.c.id == row.client)).scalar()
    facts = orjson.loads(client) if client else {}
    return Work(
        id=row.id,
        action=row.action,
        client=row.client or "",
        service=_service_facts(unit, row.service),
        case=_case_facts(unit, row.case),
        own={name: value for name, value in answer.items() if name not in COMMON},
        plan=stored["plan"],
        policy=answer["policy"],
        version=answer["version"],
        clause=answer["clause"],
        because=answer["because"],
        steps=_steps(unit, row.id),
        attempts=row.attempts,
        withdrawn=row.withdrawn,
        since=from_us(row.approved or row.created),
        locale=facts.get("locale"),
        is_reseller=facts.get("kind") == "reseller",
        approvals=_agreed(unit, row.id),
        undoes=_undone(unit, row, stored["plan"]),
        blocks=_other_blocks(unit, row),
    )


def _agreed(unit: Unit, action: str) -> int:
    counted = select(func.count()).select_from(approvals).where(approvals.c.action == action)
    return unit.connection.execute(counted).scalar() or 0


_UNDOES = {"unsuspend_service": "suspend_service", "unblock_network": "block_network"}


def _undone(unit: Unit, row: Any, plan: Mapping[str, Json]) -> dict[str, Json]:
    """What the steps of the undone action left: by the plan where it names one, else the newest of its service."""
    undone = plan.get("of")
    if undone is None and row.action in _UNDOES:
        undone = unit.connection.execute(
            select(actions.c.id)
            .where(
                and_(
                    actions.c.service == row.service,
                    actions.c.action == _UNDOES[row.action],
                    actions.c.state == "done",
                    actions.c.simulated.is_(False),
                    actions.c.seq < row.seq,
                )
            )
            .order_by(actions.c.case == row.case, actions.c.seq)
        ).scalars().all()[-1:]  # fmt: skip
        undone = undone[0] if undone else None
    merged: dict[str, Json] = {}
    for step in _steps(unit, undone) if undone else ():
        merged.update(step.result)
    return merged


def _other_blocks(unit: Unit, row: Any) -> tuple[Mapping[str, Json], ...]:
    """The blocks of the service that are in force besides what this action is about."""
    if row.action not in ("block_network", "unblock_network") or row.client is None:
        return ()
    service = unit.log.state(unit.connection, row.client).services.get(row.service or "")
    own = orjson.loads(row.record)["answer"]
    return tuple(
        block
        for block in (service.blocks.values() if service else ())
        if any(block.get(name) != own.get(name) for name in ("scope", "ports", "ips"))
    )


COMMON = frozenset(
    "record at policy version clause because case service client id action approval state simulated limited".split()
)


def _steps(unit: Unit, action: str) -> tuple[StepState, ...]:
    rows = unit.connection.execute(select(steps).where(steps.c.action == action).order_by(steps.c.place))
    return tuple(
        StepState(
            place=row.place,
            name=row.name,
            state=row.state,
            intent_at=from_us(row.intent_at),
            tried_at=from_us(row.tried_at),
            result=orjson.loads(row.result),
        )
        for row in rows
    )


def _service_facts(unit: Unit, service: str | None) -> ServiceFacts | None:
    if service is None:
        return None
    stored = unit.connection.execute(select(services.c.facts).where(services.c.id == service)).scalar()
    if stored is None:
        return None
    facts = orjson.loads(stored)
    server, vpsid, uuid = vps_parts(facts.get("vps"))
    return ServiceFacts(
        id=service,
        server=server,
        vpsid=vpsid,
        vps_uuid=uuid,
        ips=tuple(facts.get("ips", ())),
        product_kind=facts.get("product_kind", "other"),
    )


def vps_parts(vps: str | None) -> tuple[str | None, str | None, str | None]:
    """`<WHMCS server id>/<vpsid>`, then the uuid where known."""
    parts = (vps or "").split("/", 2)
    server, vpsid, uuid = (*parts, "", "")[:3]
    return (server, vpsid, uuid or None) if server and vpsid else (None, None, None)


def _case_facts(unit: Unit, case: str | None) -> CaseFacts | None:
    row = unit.connection.execute(select(cases).where(cases.c.id == case)).first() if case else None
    if row is None:
        return None
    state = unit.log.state(unit.connection, row.client).cases[row.id]
    first, address = _first_complaint(unit, row.id)
    alone = first is not None and not _tells_of_others(unit, first.id, row.client)
    raw = _raw_complaint(unit, first.id) if first is not None and alone else None
    ticket = unit.connection.execute(_newest_ticket(row.id)).scalar()
    facts = CaseFacts(
        id=row.id,
        category=row.category,
        opened_at=from_us(row.opened_at),
        ips=state.ips,
        targets=state.targets,
        reporter=state.reporter.name,
        reporter_kind=state.reporter.kind,
        reporter_address=address,
        occurred_at=first.occurred_at if first is not None else None,
        complaint=None,
        complaint_type="",
        ticket=ticket,
        measures=_measures(unit, row.id),
    )
    return facts if raw is None else replace(facts, complaint=raw.body, complaint_type=raw.content_type)


def _newest_ticket(case: str) -> Select[Any]:
    """The one that the case's last notice opened: an earlier one may be closed, or gone."""
    opened = tickets.outerjoin(actions, actions.c.id == tickets.c.action)
    newest_first = (actions.c.seq.desc().nulls_last(), actions.c.place.desc(), tickets.c.ticket.desc())
    return select(tickets.c.ticket).select_from(opened).where(tickets.c.case == case).order_by(*newest_first).limit(1)


_LETTERS = ("notify_customer", "notify_reporter", "notify_staff", "request_evidence", "record_note")


def _measures(unit: Unit, case: str) -> tuple[str, ...]:
    """What was decided for the case besides letters."""
    decided = select(actions.c.action).where(
        and_(
            actions.c.case == case,
            actions.c.action.not_in(_LETTERS),
            actions.c.state.not_in(["proposed", "rejected", "expired", "cancelled"]),
        )
    )
    return tuple(dict.fromkeys(unit.connection.execute(decided.order_by(actions.c.seq, actions.c.place)).scalars()))


def _first_complaint(unit: Unit, case: str) -> tuple[ComplaintReceived | None, str]:
    """The complaint that opened the case, and where its reporter wants to be answered, as intake kept it beside it."""
    row = unit.connection.execute(
        select(events.c.body, events.c.at)
        .select_from(events.join(case_complaints, events.c.seq == case_complaints.c.seq))
        .where(case_complaints.c.case == case)
        .order_by(case_complaints.c.seq)
        .limit(1)
    ).first()
    event = stored_event(row.body, row.at) if row is not None else None
    if row is None or not isinstance(event, ComplaintReceived):
        return None, ""
    address = orjson.loads(row.body).get("reporter_address")
    return event, address if isinstance(address, str) else ""


def _tells_of_others(unit: Unit, event: str, client: str) -> bool:
    """Whether the message that the complaint came in is about other clients too: then none of them is shown it."""
    message = select(complaint_events.c.digest).where(complaint_events.c.event == event).scalar_subquery()
    others = (
        select(cases.c.id)
        .select_from(
            complaint_events.join(case_complaints, case_complaints.c.event == complaint_events.c.event).join(
                cases, cases.c.id == case_complaints.c.case
            )
        )
        .where(and_(complaint_events.c.digest == message, cases.c.client != client))
        .limit(1)
    )
    return unit.connection.execute(others).first() is not None


def _raw_complaint(unit: Unit, event: str) -> Any:
    return unit.connection.execute(
        select(complaints.c.body, complaints.c.content_type)
        .select_from(complaints.join(complaint_events, complaints.c.digest == complaint_events.c.digest))
        .where(and_(complaint_events.c.event == event, complaints.c.withheld.is_(False)))
    ).first()
