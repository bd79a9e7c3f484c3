"""Complaints as they arrive: kept whole, read, and accepted as events; one message may hold many incidents."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, Protocol

import orjson
from sqlalchemy import and_, select

from bridge.categories import CHILD_ABUSE
from bridge.custody import took_in, withhold
from bridge.desk import Desk
from bridge.errors import InvalidInput, NotFound
from bridge.events import parse_event
from bridge.intake.general.category import heaviest
from bridge.intake.model import CONFIDENT, Incident, Kind, Networks, Reading, Reporter, ReporterKind
from bridge.intake.read import read
from bridge.intake.text.offences import weigh
from bridge.reviews import case_of_event, event_id, open_review
from bridge.store.engine import storable, to_us
from bridge.store.sources import note_arrival
from bridge.store.store import Unit
from bridge.store.tables import complaint_events, complaints
from bridge.timeformat import format_time
from bridge.views import Source, TakenComplaint

Json = Any

LONGEST_NAME = 200
_MOST_DOMAINS = 20
REPORT = "application/json; profile=report-form"
"""The content type of reports by the public form: their senders may fetch them again."""
_REFERENCE = re.compile(r"[0-9a-f]{20,64}", re.ASCII)
_SBL = re.compile(r"SBL\d{1,9}")
"""Reports of a list that takes an address off for nobody but the provider."""


_ABOUT = timedelta(days=1)
"""A zone that nobody names moves a time by half a day, a date without a clock by a whole one."""
_NOBODY = "it names none of our addresses plainly enough to act upon"
_CHANGED_HANDS = "its time names no zone, and an address in it changed hands about then"
BATCH = 50
"""Incidents that are accepted in one transaction: hooks wait for it, and a panel waits for them."""


class _Message(NamedTuple):
    data: bytes
    content_type: str
    reading: Reading
    source: Source
    at: datetime


class _Outcome(NamedTuple):
    """What became of the incident at that place of a message; doubt: why a person has to look, empty where none has."""

    taken: TakenComplaint
    place: int
    doubt: str = ""


class Reads(Protocol):
    """Reads a message, as `bridge.intake.read.read` does."""

    def __call__(
        self,
        data: bytes,
        *,
        content_type: str | None = None,
        own: Networks = (),
        received_at: datetime,
        reporters: Mapping[str, ReporterKind] | None = None,
    ) -> Reading: ...


class Reception:
    """Takes complaints in. Nothing that arrived is lost: what cannot be read is kept for a person.

    reads  who reads the messages; live it is a process of its own, which a message may end
    """

    def __init__(self, desk: Desk, own: Networks, reporters: Mapping[str, ReporterKind], reads: Reads = read) -> None:
        self._reads = reads
        self._desk = desk
        self._own = own
        self._reporters = reporters

    def take_complaints(self, data: bytes, content_type: str, source: Source) -> list[TakenComplaint]:
        """Keep the message, read it, accept each incident. Raises InvalidInput for JSON that is no XARF."""
        now = self._desk.clock.now()
        reading = self._reads(
            data, content_type=content_type, own=self._own, received_at=now, reporters=self._reporters
        )
        return self._take(data, content_type, reading, source, now)

    def take_rows(self, rows: Sequence[tuple[str, Reading, bytes]], source: Source) -> list[TakenComplaint]:
        """Rows of a feed in one transaction: (event id, a reading of one incident, the row's own text) of each.

        What names nobody of ours plainly enough decides nothing and is `incomplete` or `unattributed`: its caller asks.
        """
        now = self._desk.clock.now()
        return self._desk.store.write(lambda unit: [self._row(unit, *row, source, now) for row in rows])

    def _row(
        self, unit: Unit, id_: str, reading: Reading, text: bytes, source: Source, now: datetime
    ) -> TakenComplaint:
        (incident,) = reading.incidents
        if not incident.ips or incident.confidence < CONFIDENT:
            return TakenComplaint(id=id_, status="incomplete", case=None)
        _keep(unit, text, "text/plain", reading, now)
        one = self._take_incident(unit, reading, event_of(incident, id_, now), source)
        return one or TakenComplaint(id=id_, status="incomplete", case=None)

    def take_report(self, data: bytes, source: Source, *, review: bool) -> str:
        """A report of the public form, as XARF; its digest. Nobody vouches for who sent it: he counts as an individual.

        review  a person looks at it before anything is decided
        """
        now = self._desk.clock.now()
        reading = read(data, content_type="application/json", own=self._own, received_at=now)
        incidents = tuple(
            replace(each, reporter=replace(each.reporter, kind=ReporterKind.INDIVIDUAL)) for each in reading.incidents
        )
        kind, reason = (Kind.UNSURE, "it came by the public form") if review else (reading.kind, "")
        if (grave := _child_abuse_in(data)) is not None:
            # The form has no such choice: what was chosen says nothing, and nothing of it may be quoted.
            incidents = tuple(_bare(each, grave) for each in incidents)
            kind, reason = Kind.UNSURE, "it came by the public form, and speaks of child abuse"
        self._take(data, REPORT, replace(reading, incidents=incidents, kind=kind, reason=reason), source, now)
        return reading.digest

    def report(self, reference: str) -> bytes:
        """A report of the public form, by at least 20 characters of its digest. Raises NotFound."""
        if not _REFERENCE.fullmatch(reference):
            raise NotFound("there is no such report")
        wanted = select(complaints.c.body).where(
            and_(complaints.c.digest.startswith(reference, autoescape=True), complaints.c.content_type == REPORT)
        )
        with self._desk.store.read() as connection:
            found = connection.execute(wanted.limit(1)).scalar()
        if found is None:
            raise NotFound("there is no such report")
        return bytes(found)

    def arrived(self, source: Source) -> None:
        """Something came from a source, whatever it held."""
        self._desk.store.write(lambda unit: note_arrival(unit, source.name, source.kind, self._desk.clock.wall()))

    def keep(
        self, data: bytes, content_type: str, source: Source, reason: str, found: Sequence[Incident] = ()
    ) -> list[TakenComplaint]:
        """Put a message before a person, because reading it failed or it is too large; with what was `found` in it."""
        digest = hashlib.sha256(data).hexdigest()
        reading = Reading(kind=Kind.UNSURE, digest=digest, reason=reason, incidents=tuple(found))
        return self._take(data, content_type, reading, source, self._desk.clock.now())

    def _take(
        self, data: bytes, content_type: str, reading: Reading, source: Source, now: datetime
    ) -> list[TakenComplaint]:
        """In batches: a message of thousands of incidents keeps nobody else waiting. Taken again after a crash, those
        that were accepted are known by their ids."""
        message = _Message(data, content_type, reading, source, now)
        if reading.kind is not Kind.COMPLAINT or not reading.incidents:
            return self._desk.store.write(lambda unit: self._file(unit, message))
        outcomes: list[_Outcome] = []
        for first in range(0, len(reading.incidents), BATCH):
            outcomes += self._desk.store.write(partial(self._accept, message=message, first=first, before=outcomes))
        return [outcome.taken for outcome in outcomes]

    def _file(self, unit: Unit, message: _Message) -> list[TakenComplaint]:
        """What decides nothing by itself."""
        reading = message.reading
        self._keep(unit, message)
        if reading.kind is Kind.NOT_A_COMPLAINT:
            return []
        self._ask(unit, reading, range(len(reading.incidents)), message.source, message.at)
        return [self._put_off(unit, event_id(reading.digest, 0), "incomplete")]

    def _accept(self, unit: Unit, message: _Message, first: int, before: Sequence[_Outcome]) -> list[_Outcome]:
        """A batch of incidents; the message is kept with the first, what is doubtful is asked with the last."""
        reading, source, now = message.reading, message.source, message.at
        if first == 0:
            self._keep(unit, message)
        last = min(first + BATCH, len(reading.incidents))
        found = [self._incident(unit, reading, place, source, now) for place in range(first, last)]
        doubts = {outcome.place: outcome.doubt for outcome in (*before, *found) if outcome.doubt}
        if (doubts or reading.unread) and last == len(reading.incidents):
            self._ask(unit, reading, doubts, source, now, "; ".join(dict.fromkeys(doubts.values())))
        return found

    def _keep(self, unit: Unit, message: _Message) -> None:
        _keep(unit, message.data, message.content_type, message.reading, message.at)
        if _is_secret(message.reading):
            withhold(unit, message.reading.digest)
        note_arrival(unit, message.source.name, message.source.kind, self._desk.clock.wall())

    def _incident(self, unit: Unit, reading: Reading, place: int, source: Source, now: datetime) -> _Outcome:
        incident, id_ = reading.incidents[place], event_id(reading.digest, place)
        service = None if _is_held(unit, incident, now) else _service_of(unit, incident)
        if not (incident.ips or service) or incident.confidence < CONFIDENT:
            complete = incident.complete and bool(incident.ips or incident.networks or incident.domains)
            status = "unattributed" if complete else "incomplete"
            return _Outcome(self._put_off(unit, id_, status), place, _NOBODY)
        if _may_have_changed_hands(unit, incident, now):
            return _Outcome(self._put_off(unit, id_, "incomplete"), place, _CHANGED_HANDS)
        raw = event_of(incident, id_, now, service, quotes=not _is_secret(reading))
        one = self._take_incident(unit, reading, raw, source)
        return _Outcome(one or TakenComplaint(id=id_, status="incomplete", case=None), place, "" if one else _NOBODY)

    def _put_off(self, unit: Unit, id_: str, status: str) -> TakenComplaint:
        """Nothing is decided, unless a person has decided it since the message came first."""
        case = case_of_event(unit.connection, id_)
        return TakenComplaint(id=id_, status="duplicate" if case else status, case=case)

    def _ask(
        self, unit: Unit, reading: Reading, places: Iterable[int], source: Source, now: datetime, doubts: str = ""
    ) -> None:
        """Put what could not be decided before a person."""
        doubtful, quotes = [], not _is_secret(reading)
        for place in places:
            incident = reading.incidents[place]
            doubtful.append((place, incident, event_of(incident, event_id(reading.digest, place), now, quotes=quotes)))
        reason = reading.reason or reading.unread or doubts or _NOBODY
        open_review(unit, reading, doubtful, reason, now=to_us(now), source=source.name, quotes=quotes)

    def _take_incident(
        self, unit: Unit, reading: Reading, raw: Mapping[str, Json], source: Source
    ) -> TakenComplaint | None:
        """What became of it; None where a person has to look."""
        id_: str = raw["id"]
        try:
            receipt = self._desk.take(unit, parse_event(raw), raw, source)
        except InvalidInput:
            # What a message says may be more than an event holds. The message itself is kept, for a person.
            _mark_unsure(unit, reading.digest)
            return None
        if receipt.duplicate:
            return TakenComplaint(id=id_, status="duplicate", case=case_of_event(unit.connection, id_))
        unit.connection.execute(complaint_events.insert(), {"event": id_, "digest": reading.digest})
        took_in(unit, id_, raw["category"], reading.digest)
        return _taken(id_, receipt.records)


def _may_have_changed_hands(unit: Unit, incident: Incident, now: datetime) -> bool:
    """Whether somebody else had one of the addresses when the abuse may have been as well: its time says no zone."""
    if incident.time_certain or not incident.occurred_text or incident.occurred_at is None:
        return False
    said = min(incident.occurred_at, now)
    moments = (said - _ABOUT, said, min(said + _ABOUT, now))
    for ip in incident.ips:
        holders = {unit.directory.holder(ip, moment) for moment in moments}
        if len(holders - {None}) > 1:
            return True
    return False


def _is_held(unit: Unit, incident: Incident, now: datetime) -> bool:
    """Whether a service of ours had one of its addresses then; asked only where its domains may tell more."""
    if not incident.domains or not incident.ips:
        return bool(incident.ips)
    moment = min(incident.occurred_at or now, now)
    return any(unit.directory.holder(ip, moment) for ip in incident.ips)


def _service_of(unit: Unit, incident: Incident) -> str | None:
    """The one service that all the incident's domains belong to; None for none or several."""
    owners = {unit.directory.service_of_domain(domain) for domain in incident.domains[:_MOST_DOMAINS]}
    return owners.pop() if len(owners) == 1 else None


def event_of(
    incident: Incident, id_: str, now: datetime, service: str | None = None, *, quotes: bool = True
) -> dict[str, Json]:
    """The complaint as an event of interface 3; what it has no field for travels along as extra fields.

    service whose it is, where the complaint names no address but a domain of that service
    quotes  whether words of the message may travel along; not where another incident in it is about child abuse
    """
    event: dict[str, Json] = {
        "id": id_,
        "type": "complaint.received",
        "at": format_time(now),
        **({"service": service} if service else {"ips": list(incident.ips)}),
        "category": incident.category,
        "reporter": {"name": _name_of(incident.reporter)[:LONGEST_NAME], "kind": incident.reporter.kind.value},
        "severity": incident.severity,
        "complete": incident.complete,
    }
    if incident.reporter.kind is ReporterKind.BLOCKLIST and _SBL.fullmatch(incident.report_id):
        event["delisting"] = "provider"
    if incident.report_id:
        event["report_id"] = incident.report_id[:LONGEST_NAME]
    if incident.deliberate is not None:
        event["deliberate"] = incident.deliberate
    if incident.occurred_at is not None and incident.occurred_at <= now:
        event["occurred_at"] = format_time(incident.occurred_at)
    if incident.category not in CHILD_ABUSE:
        event["targets"] = list(incident.targets)
        event["excerpt"] = incident.excerpt if quotes else ""
    event["reporter_address"] = incident.reporter.address
    event["read"] = {
        "format": incident.source_format,
        "confidence": round(incident.confidence, 3),
        "time_certain": incident.time_certain,
        "time": incident.occurred_text if quotes and incident.category not in CHILD_ABUSE else "",
    }
    if incident.deadline is not None:
        event["upstream_deadline"] = format_time(incident.deadline)
    event["evidence"] = [[item.part, item.sha256, item.size] for item in incident.evidence]
    return event


def _child_abuse_in(report: bytes) -> str | None:
    """The category that the reporter's own words speak of, if it is about child abuse."""
    found = heaviest(weigh("", str(orjson.loads(report).get("description", ""))))
    return found if found in CHILD_ABUSE else None


def _bare(incident: Incident, category: str) -> Incident:
    return replace(incident, category=category, urls=(), domains=(), targets=(), excerpt="")


def _name_of(reporter: Reporter) -> str:
    """Whoever gives no name is told apart by where his mail comes from: the same number of a report from elsewhere is
    another report."""
    return reporter.name or reporter.address.rpartition("@")[2]


def _is_secret(reading: Reading) -> bool:
    """Whether anything in the message is about child abuse."""
    return any(incident.category in CHILD_ABUSE for incident in reading.incidents)


def _keep(unit: Unit, data: bytes, content_type: str, reading: Reading, now: datetime) -> None:
    """The raw bytes, once for each digest."""
    known = select(complaints.c.digest).where(complaints.c.digest == reading.digest)
    if unit.connection.execute(known).first() is not None:
        return
    unit.connection.execute(
        complaints.insert(),
        {
            "digest": reading.digest,
            "received": to_us(now),
            "content_type": storable(content_type[:200]),
            "reading": reading.kind.value,
            "body": data,
        },
    )


def _mark_unsure(unit: Unit, digest: str) -> None:
    unit.connection.execute(complaints.update().where(complaints.c.digest == digest).values(reading=Kind.UNSURE.value))


def _taken(id_: str, records: Sequence[Mapping[str, Json]]) -> TakenComplaint:
    """What became of a complaint, out of its records."""
    opened = [record for record in records if record["record"] == "case"]
    if opened:
        waiting = all(record["status"] in ("opened", "awaiting_reporter") for record in opened) and any(
            record["status"] == "awaiting_reporter" for record in opened
        )
        return TakenComplaint(id=id_, status="incomplete" if waiting else "accepted", case=opened[0]["case"])
    joined = [record for record in records if record["record"] == "duplicate"]
    if joined:
        return TakenComplaint(id=id_, status="duplicate", case=joined[0]["case"])
    return TakenComplaint(id=id_, status="unattributed", case=None)
