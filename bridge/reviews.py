"""Messages that a person has to look at: what was found in them and where, and what he makes of it.

A message that was not read with confidence, and an incident in it that names nobody of ours, decide nothing by
themselves. They wait here until somebody says that it is no complaint, or accepts it, with corrections where the
reading is wrong; that makes the event, under the id that the message was answered with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, and_, func, select

from bridge.answers import named, said
from bridge.custody import bare, is_withheld, took_in
from bridge.desk import Desk
from bridge.errors import Conflict, InvalidInput, NotAllowed, NotFound
from bridge.events import parse_event
from bridge.intake.model import Incident, Reading
from bridge.store.engine import from_us, storable, to_us
from bridge.store.store import Unit
from bridge.store.tables import case_complaints, complaint_events, complaints, reviews
from bridge.timeformat import format_time
from bridge.views import Source
from bridge.withheld import without_links

Json = Any
Correction = Mapping[str, Json]

OPEN, ACCEPTED, NO_COMPLAINT, SUPERSEDED = "open", "accepted", "not_a_complaint", "superseded"
"""superseded: more of the message came later, and was read in its place."""
REVIEW_STATES = (OPEN, ACCEPTED, NO_COMPLAINT, SUPERSEDED)
RESOLUTIONS = (ACCEPTED, NO_COMPLAINT)
CORRECTED = frozenset({
    "ip", "ips", "service", "category", "reporter", "report_id", "targets", "severity", "deliberate", "occurred_at",
})  # fmt: skip
"""What a correction may say: the fields of complaint.received (interface 3)."""

MOST_INCIDENTS = 100
"""Incidents of one message that are put before a person; more of them are counted."""


def event_id(digest: str, place: int) -> str:
    """The id of the event that the incident at that place (from 0) of a message becomes."""
    return f"mail-{digest[:32]}-{place + 1}"


def review_id(digest: str) -> str:
    return f"review-{digest[:16]}"


def open_review(
    unit: Unit,
    reading: Reading,
    doubtful: Sequence[tuple[int, Incident, Mapping[str, Json]]],
    reason: str,
    *,
    now: int,
    source: str,
    quotes: bool,
) -> None:
    """Put a message before a person, once.

    doubtful  (place in the message, incident, the event it would become) of each incident that was not accepted
    quotes    whether words of the message may be shown; not where it reports child abuse
    """
    id_ = review_id(reading.digest)
    if unit.connection.execute(select(reviews.c.id).where(reviews.c.id == id_)).first() is not None:
        return
    found = {
        "subject": reading.subject,
        "sender": reading.sender,
        "notes": list(reading.notes),
        "places": max(len(reading.incidents), 1),
        "read": bool(reading.unread),
        "more": max(len(doubtful) - MOST_INCIDENTS, 0),
        "incidents": [_found(*each) for each in doubtful[:MOST_INCIDENTS]],
        "text": reading.text,
        "seen": [[each.what, each.value, each.where, each.line, each.ours] for each in reading.seen],
    }
    last = unit.connection.execute(select(func.max(reviews.c.seq))).scalar() or 0
    row = {"id": id_, "seq": last + 1, "digest": reading.digest, "opened": now, "source": source, "state": OPEN}
    text = storable(orjson.dumps(_storable(found if quotes else bare(found))).decode())
    unit.connection.execute(reviews.insert(), {**row, "reason": reason, "found": text, "events": "[]"})


def supersede(unit: Unit, earlier: str, later: str, now: int) -> None:
    """A message was read again with more of it: where that decided something, or is asked about, nothing else is."""
    decided = select(complaint_events.c.event).where(complaint_events.c.digest == later)
    asked = select(reviews.c.id).where(reviews.c.digest == later)
    if unit.connection.execute(decided).first() is None and unit.connection.execute(asked).first() is None:
        return
    waiting = and_(reviews.c.digest == earlier, reviews.c.state == OPEN)
    unit.connection.execute(reviews.update().where(waiting).values(state=SUPERSEDED, resolved=now))


def _found(place: int, incident: Incident, event: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "place": place,
        "event": dict(event),
        "networks": list(incident.networks),
        "urls": list(incident.urls),
        "domains": list(incident.domains),
        "occurred_text": incident.occurred_text,
        "time_certain": incident.time_certain,
        "language": incident.language,
        "confidence": round(incident.confidence, 3),
    }


def _storable(value: Json) -> Json:
    """Text that JSON and every database take: halves of characters, as strangers send them, are replaced."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {str(key): _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list | tuple) else value


def shown_reviews(connection: Connection, rows: Sequence[Any]) -> list[dict[str, Json]]:
    """Reviews as the API and the pages show them."""
    return [_shown(row) for row in rows]


def _shown(row: Any) -> dict[str, Json]:
    kept = orjson.loads(row.found)
    return {
        "id": row.id,
        "state": row.state,
        "reason": row.reason,
        "received_at": format_time(from_us(row.opened)),
        "source": row.source,
        "digest": row.digest,
        "subject": kept["subject"],
        "text": kept.get("text", ""),
        "sender": kept["sender"],
        "notes": kept["notes"],
        "incidents": [_shown_incident(row.digest, each) for each in kept["incidents"]],
        "more_incidents": kept["more"],
        "seen": [dict(zip(("what", "value", "where", "line", "ours"), each, strict=True)) for each in kept["seen"]],
        "resolved_at": None if row.resolved is None else format_time(from_us(row.resolved)),
        "by": row.by,
        "note": row.note,
        "events": orjson.loads(row.events),
    }


def _shown_incident(digest: str, kept: Mapping[str, Json]) -> dict[str, Json]:
    event = kept["event"]
    fields = ("ips", "service", "category", "reporter", "reporter_address", "report_id", "targets", "severity",
              "occurred_at", "upstream_deadline", "excerpt")  # fmt: skip
    return {
        "event": event_id(digest, kept["place"]),
        **{name: event.get(name) for name in fields},
        **{name: kept[name] for name in kept if name not in ("place", "event")},
    }


class Reviews:
    """What staff decide about such messages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def message(self, id_: str) -> tuple[str, bytes]:
        """(content type, bytes) of the message as it came. Raises NotFound, NotAllowed where nobody may see it."""
        with self._desk.store.read() as connection:
            query = select(complaints.c.content_type, complaints.c.body, complaints.c.withheld)
            row = connection.execute(
                query.join(reviews, reviews.c.digest == complaints.c.digest).where(reviews.c.id == id_)
            ).first()
        if row is None:
            raise NotFound(f"no review {id_!r}")
        if row.withheld:
            raise NotAllowed("the message reports child abuse: it is held by reference and digest and shown to nobody")
        return row.content_type, row.body

    def resolve(
        self, id_: str, resolution: str, corrections: Sequence[Correction], note: str | None, source: Source
    ) -> list[str]:
        """Accept it, with corrections, or file it as no complaint; the ids of the events that came of it.

        corrections  what the n-th incident found really is (`ips` or `service`, `category` …); of more corrections
                     than incidents were found, the rest are further incidents of the message; where there are fewer,
                     the other incidents stand as they were found, if they name an address
        Raises NotFound, Conflict where it is decided already, InvalidInput naming the field.
        """
        if resolution not in RESOLUTIONS:
            raise InvalidInput("resolution", f"{resolution[:60]!r} is not one of {', '.join(RESOLUTIONS)}")
        if resolution == NO_COMPLAINT and corrections:
            raise InvalidInput("corrections", "are for a complaint that is accepted")
        return self._desk.store.write(lambda unit: self._resolve(unit, id_, resolution, corrections, note, source))

    def _resolve(
        self, unit: Unit, id_: str, resolution: str, corrections: Sequence[Correction], note: str | None, source: Source
    ) -> list[str]:
        row = unit.connection.execute(select(reviews).where(reviews.c.id == id_)).first()
        if row is None:
            raise NotFound(f"no review {id_!r}")
        if row.state != OPEN:
            raise Conflict(f"review {id_} is {row.state}, not {OPEN}")
        by, why = named(source), said(note)
        made = self._accept(unit, row, corrections, source) if resolution == ACCEPTED else []
        if why and is_withheld(unit, row.digest):
            why = without_links(why)
        now = to_us(self._desk.clock.wall())
        verdict = {"state": resolution, "resolved": now, "by": by, "verified": source.verified, "note": why}
        events = orjson.dumps(made).decode()
        unit.connection.execute(reviews.update().where(reviews.c.id == id_).values(**verdict, events=events))
        return made

    def _accept(self, unit: Unit, row: Any, corrections: Sequence[Correction], source: Source) -> list[str]:
        kept = orjson.loads(row.found)
        now = self._desk.clock.now()
        made: list[str] = []
        for number, (place, base) in enumerate(_bases(kept, len(corrections))):
            if number >= len(corrections) and not base.get("ips") and (number or corrections):
                continue
            correction = corrections[number] if number < len(corrections) else {}
            raw = _corrected(base, correction, f"corrections[{number}]")
            raw |= {"id": event_id(row.digest, place), "type": "complaint.received", "at": format_time(now)}
            event = parse_event(raw)
            receipt = self._desk.take(unit, event, raw, source)
            if not receipt.duplicate:
                unit.connection.execute(complaint_events.insert(), {"event": event.id, "digest": row.digest})
                took_in(unit, event.id, raw["category"], row.digest)
            made.append(event.id)
        return made


def _bases(kept: Mapping[str, Json], wanted: int) -> list[tuple[int, Mapping[str, Json]]]:
    """(place, event) of what was found; places behind the message's own for further incidents that staff name.

    Of a message that was decided, and only holds more than was read, nothing further need be named.
    """
    found = [(each["place"], each["event"]) for each in kept["incidents"]]
    common = {
        name: value
        for name, value in (found[0][1] if found else {}).items()
        if name in ("reporter", "reporter_address", "read")
    }
    decided = bool(kept.get("read"))
    first = kept["places"] if found or decided else 0
    return found + [(first + extra, common) for extra in range(max(wanted, 0 if decided else 1) - len(found))]


def _corrected(base: Mapping[str, Json], correction: Correction, where: str) -> dict[str, Json]:
    """The event that was found, with what staff say instead. Raises InvalidInput naming the field."""
    unknown = sorted(set(correction) - CORRECTED)
    if unknown:
        raise InvalidInput(f"{where}.{unknown[0][:60]}", f"cannot be corrected; {', '.join(sorted(CORRECTED))} can")
    replaced = {"ip", "ips", "service"} if correction.keys() & {"ip", "ips", "service"} else set()
    raw = {name: value for name, value in base.items() if name not in replaced and value is not None}
    raw |= {name: value for name, value in correction.items() if value is not None}
    if raw.get("ips") == []:
        del raw["ips"]
    raw["complete"] = True
    if "occurred_at" in correction and "read" in raw:
        raw["read"] = {**raw["read"], "time_certain": True}
    if not raw.keys() & {"ip", "ips", "service"}:
        raise InvalidInput(f"{where}.ips", "say which of our addresses, or which service, the complaint is about")
    return raw | {"reviewed": True}


def case_of_event(connection: Connection, event: str) -> str | None:
    """The case that the complaint of that event is part of."""
    query = select(case_complaints.c.case).where(case_complaints.c.event == event).limit(1)
    found = connection.execute(query).scalar()
    return None if found is None else str(found)
