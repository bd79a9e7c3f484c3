"""What lists and routing look things up in, folded from each decision in its transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, and_, bindparam, select

from bridge.events import (
    ClientObserved,
    ComplaintReceived,
    DeadlineDue,
    FindingRecorded,
    ServiceObserved,
)
from bridge.inventory import holding_start, network_key
from bridge.model import (
    ActionRecord,
    CaseRecord,
    ChargeRecord,
    DeadlineEnded,
    DeadlineRecord,
    DuplicateRecord,
    HoldRecord,
    Record,
    SuspensionRecord,
    to_answer,
)
from bridge.observed import host_names, observed_facts
from bridge.policy.verbs import NEVER_LAPSE
from bridge.routing import Part
from bridge.state import FORFEITED
from bridge.store.engine import from_us, storable, to_us
from bridge.store.prepared import Prepared, change, insertion
from bridge.store.tables import (
    actions,
    case_complaints,
    cases,
    charges,
    clients,
    deadlines,
    domains,
    findings,
    holdings,
    holds,
    services,
)
from bridge.views import Source

Json = Any

_URGENT = frozenset({"suspend_service", "block_network"})
_LATER = frozenset({"notify_customer", "notify_reporter", "notify_staff", "request_evidence", "record_note"})


def urgency(action: str) -> int:
    """Suspensions and blocks of any service come before notices (interface 9)."""
    return 0 if action in _URGENT else 2 if action in _LATER else 1


def fold(
    connection: Connection,
    seq: int,
    part: Part,
    records: Iterable[Record],
    source: Source,
    *,
    accepted: datetime,
    expire_after: timedelta | None,
) -> None:
    """Bring the looked-up tables up to date, and queue what was decided."""
    if not part.follows:
        _fold_event(connection, seq, part, source)
    for place, record in enumerate(records):
        if isinstance(record, ActionRecord):
            _add_action(connection, seq, place, record, accepted, expire_after)
        else:
            does = _FOLDS.get(type(record))
            if does is not None:
                does(connection, seq, part, record)


# ---- events ----


def _fold_event(connection: Connection, seq: int, part: Part, source: Source) -> None:
    event = part.event
    if isinstance(event, ServiceObserved):
        if part.client == event.client:
            observe_service(connection, seq, event)
    elif isinstance(event, ClientObserved):
        _observe_client(connection, seq, event)
    elif isinstance(event, FindingRecorded):
        _found(connection, part, event, source)
    elif isinstance(event, DeadlineDue):
        _SET_DEADLINE.run(connection, {"wanted": event.deadline, "new_state": "fired"})


def observe_service(connection: Connection, seq: int, event: ServiceObserved) -> None:
    """Keep what was seen last of a service, and who holds which address from when."""
    stored = _SERVICE.scalar(connection, {"wanted": event.service})
    known = orjson.loads(stored) if stored is not None else {}
    facts = {**known, **observed_facts(event)}
    client, vps, text = event.client, facts.get("vps"), orjson.dumps(facts).decode()
    if stored is None:
        _ADD_SERVICE.run(connection, {"id": event.service, "client": client, "vps": vps, "facts": text, "seq": seq})
    else:
        new = {"new_client": client, "new_vps": vps, "new_facts": text, "new_seq": seq}
        _SET_SERVICE.run(connection, {"wanted": event.service, **new})
    if event.domains is not None:
        _observe_domains(connection, event.service, known.get("domains") or (), event.domains)
    if event.ips is not None and (stored is None or list(event.ips) != known.get("ips")):
        _observe_addresses(connection, seq, event, first=stored is None)


def _observe_domains(connection: Connection, service: str, before: Iterable[str], now: Iterable[str]) -> None:
    was, are = host_names(before), host_names(now)
    for name in was - are:
        connection.execute(domains.delete().where(and_(domains.c.service == service, domains.c.name == name)))
    for name in are - was:
        _ADD_DOMAIN.run(connection, {"name": name, "service": service})


def _observe_addresses(connection: Connection, seq: int, event: ServiceObserved, *, first: bool) -> None:
    moment = to_us(event.at)
    held: dict[str, str] = dict(_HELD_NOW.all(connection, {"wanted": event.service}))
    ips = event.ips or ()
    for prefix, row_id in held.items():
        if prefix not in ips:
            _END_HOLDING.run(connection, {"wanted": row_id, "new_end": moment})
    for prefix in ips:
        if prefix in held:
            continue
        version, length, number = network_key(prefix)
        network = f"{number:032x}"
        earlier = _EARLIER.all(connection, {"version": version, "length": length, "network": network})
        ends = [moment if end is None else int(end) for _, end in earlier]
        for other, end in earlier:
            if end is None:
                _END_HOLDING.run(connection, {"wanted": other, "new_end": moment})
        start = holding_start(event, first=first, last_end=from_us(max(ends)) if ends else None)
        _ADD_HOLDING.run(
            connection,
            {
                "id": f"{seq} {event.service} {prefix}",
                "service": event.service,
                "version": version,
                "length": length,
                "network": network,
                "prefix": prefix,
                "start": to_us(start),
                "end": None,
            },
        )


_SERVICE = Prepared(select(services.c.facts).where(services.c.id == bindparam("wanted")))
_ADD_SERVICE = insertion(services)
_SET_SERVICE = change(services, "client", "vps", "facts", "seq")
_ADD_DOMAIN = insertion(domains)
_HELD_NOW = Prepared(
    select(holdings.c.prefix, holdings.c.id).where(
        and_(holdings.c.service == bindparam("wanted"), holdings.c.end.is_(None))
    )
)
_EARLIER = Prepared(
    select(holdings.c.id, holdings.c.end).where(
        and_(
            holdings.c.version == bindparam("version"),
            holdings.c.length == bindparam("length"),
            holdings.c.network == bindparam("network"),
        )
    )
)
_ADD_HOLDING = insertion(holdings)
_END_HOLDING = change(holdings, "end")


def _observe_client(connection: Connection, seq: int, event: ClientObserved) -> None:
    stored = _CLIENT.scalar(connection, {"wanted": event.client})
    known = orjson.loads(stored) if stored is not None else {}
    said = {name: getattr(event, name) for name in ("kind", "group", "verified", "locale", "currency")}
    facts = {**known, **{name: value for name, value in said.items() if value is not None}}
    text = orjson.dumps(facts).decode()
    if stored is None:
        _ADD_CLIENT.run(connection, {"id": event.client, "facts": text, "seq": seq})
    else:
        _SET_CLIENT.run(connection, {"wanted": event.client, "new_facts": text, "new_seq": seq})


_CLIENT = Prepared(select(clients.c.facts).where(clients.c.id == bindparam("wanted")))
_ADD_CLIENT = insertion(clients)
_SET_CLIENT = change(clients, "facts", "seq")


def _found(connection: Connection, part: Part, event: FindingRecorded, source: Source) -> None:
    case = event.case
    if case is None:
        case = _newest_case(connection, event.service)
    if case is None or part.client is None:
        return
    _ADD_FINDING.run(
        connection,
        {
            "event": event.id,
            "case": case,
            "finding": event.finding,
            "by": event.by,
            "verified": source.verified,
            "note": None if event.note is None else storable(event.note),
            "at": to_us(event.at),
        },
    )


def _newest_case(connection: Connection, service: str | None) -> str | None:
    """The service's newest open case, else its newest."""
    newest = (
        select(cases.c.id)
        .where(cases.c.service == service)
        .order_by(cases.c.status.in_(["resolved", "dismissed", "closed"]), cases.c.seq.desc())
        .limit(1)
    )
    return connection.execute(newest).scalar()


_ADD_FINDING = insertion(findings)


# ---- records ----


def _add_action(
    connection: Connection,
    seq: int,
    place: int,
    record: ActionRecord,
    accepted: datetime,
    expire_after: timedelta | None,
) -> None:
    lapses = record.state == "proposed" and expire_after is not None and record.action not in NEVER_LAPSE
    _ADD_ACTION.run(
        connection,
        {
            "id": record.id,
            "seq": seq,
            "place": place,
            "client": record.client,
            "service": record.service,
            "case": record.case,
            "action": record.action,
            "urgency": urgency(record.action),
            "state": record.state,
            "approval": str(record.approval),
            "simulated": record.simulated,
            "withdrawn": False,
            "record": orjson.dumps({"answer": to_answer(record), "plan": dict(record.plan)}).decode(),
            "created": to_us(record.at),
            "approved": to_us(accepted) if record.state == "approved" else None,
            "retry_at": 0,
            "lapses": to_us(record.at + expire_after) if lapses and expire_after else None,
            "reminded": to_us(record.at),
            "attempts": 0,
            "unconfirmed": False,
        },
    )


def _case(connection: Connection, seq: int, part: Part, record: CaseRecord) -> None:
    new = {"new_status": record.status, "new_strike": record.strike}
    if _SET_CASE.run(connection, {"wanted": record.case, **new}).rowcount:
        return
    _ADD_CASE.run(
        connection,
        {
            "id": record.case,
            "seq": seq,
            "client": record.client,
            "service": record.service,
            "category": record.category,
            "status": record.status,
            "strike": record.strike,
            "opened_at": to_us(record.at),
            "policy": record.basis.policy,
            "version": record.basis.version,
        },
    )
    if isinstance(part.event, ComplaintReceived):
        _ADD_COMPLAINT.run(connection, {"event": part.event.id, "case": record.case, "seq": seq})


def _duplicate(connection: Connection, seq: int, part: Part, record: DuplicateRecord) -> None:
    _ADD_COMPLAINT.run(connection, {"event": record.complaint, "case": record.case, "seq": seq})


def _deadline(connection: Connection, seq: int, part: Part, record: DeadlineRecord) -> None:
    _ADD_DEADLINE.run(
        connection,
        {
            "id": record.id,
            "client": record.client,
            "service": record.service,
            "case": record.case,
            "charge": record.charge,
            "for": record.for_,
            "set_at": to_us(record.at),
            "due": to_us(record.due),
            "state": "open",
            "clause": record.basis.clause,
        },
    )


def _deadline_ended(connection: Connection, seq: int, part: Part, record: DeadlineEnded) -> None:
    _END_DEADLINE.run(connection, {"wanted": record.id})


def _hold(connection: Connection, seq: int, part: Part, record: HoldRecord) -> None:
    if record.status != "placed":
        ended = to_us(record.at) if record.status == "ended" else None
        new = {"new_status": record.status, "new_ended": ended, "new_seq": seq}
        _SET_HOLD.run(connection, {"wanted": record.id, **new})
        return
    _ADD_HOLD.run(
        connection,
        {
            "id": record.id,
            "seq": seq,
            "client": record.client,
            "service": record.service,
            "case": record.case,
            "clause": record.basis.clause,
            "since": to_us(record.at),
            "irrevocable": record.irrevocable,
            "scope": record.scope,
            "ip": record.ip,
            "status": record.status,
            "simulated": record.simulated,
        },
    )


def _charge(connection: Connection, seq: int, part: Part, record: ChargeRecord) -> None:
    if record.status != "open":
        # A deposit that was forfeited is settled, for whoever asks from outside.
        status = "closed" if record.status == FORFEITED else record.status
        _SET_CHARGE.run(connection, {"wanted": record.id, "new_status": status})
        return
    _ADD_CHARGE.run(
        connection,
        {
            "id": record.id,
            "client": record.client,
            "service": record.service,
            "case": record.case,
            "charge": record.charge,
            "amount": record.amount,
            "currency": record.currency,
            "invoice": record.invoice,
            "due": to_us(record.due),
            "status": record.status,
            "simulated": record.simulated,
        },
    )


def _suspension(connection: Connection, seq: int, part: Part, record: SuspensionRecord) -> None:
    """What we did ourselves is known at once. Of what a panel showed, the event says the status."""
    if isinstance(part.event, ServiceObserved):
        return
    stored = _SERVICE.scalar(connection, {"wanted": record.service})
    facts = orjson.loads(stored) if stored is not None else {}
    known = facts.get("status", "active")
    status = "terminated" if record.terminated else "suspended" if record.owner else "active"
    if stored is None or status == known or (not record.terminated and known in _NOT_RUNNING):
        return
    text = orjson.dumps({**facts, "status": status}).decode()
    _SET_STATUS.run(connection, {"wanted": record.service, "new_facts": text, "new_seq": seq})


_NOT_RUNNING = ("pending", "terminated")
_SET_STATUS = change(services, "facts", "seq")
_ADD_ACTION = insertion(actions)
_ADD_CASE, _SET_CASE = insertion(cases), change(cases, "status", "strike")
_ADD_COMPLAINT = insertion(case_complaints)
_ADD_DEADLINE, _SET_DEADLINE = insertion(deadlines), change(deadlines, "state")
_END_DEADLINE = Prepared(
    deadlines.update()
    .where(and_(deadlines.c.id == bindparam("wanted"), deadlines.c.state == "open"))
    .values(state="ended")
)
_ADD_HOLD, _SET_HOLD = insertion(holds), change(holds, "status", "ended", "seq")
_ADD_CHARGE, _SET_CHARGE = insertion(charges), change(charges, "status")

_FOLDS: Mapping[type[Record], Callable[[Connection, int, Part, Any], None]] = {
    CaseRecord: _case,
    DuplicateRecord: _duplicate,
    DeadlineRecord: _deadline,
    DeadlineEnded: _deadline_ended,
    HoldRecord: _hold,
    ChargeRecord: _charge,
    SuspensionRecord: _suspension,
}
