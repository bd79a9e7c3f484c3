"""One message read: bytes in, a Reading out. Pure: no clock, no network, no store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from bridge.categories import CHILD_ABUSE
from bridge.errors import InvalidInput
from bridge.intake import combine, envelope, limits
from bridge.intake.context import Context
from bridge.intake.formats import all_formats
from bridge.intake.formats.xarf.report import incident_of, is_xarf
from bridge.intake.general import several
from bridge.intake.general.doubt import why_doubtful
from bridge.intake.general.nocomplaint import why_no_complaint
from bridge.intake.general.reader import General
from bridge.intake.mail.document import Mail
from bridge.intake.mail.opening import HARMLESS, open_mail
from bridge.intake.model import CONFIDENT, Incident, Kind, Networks, Reading, ReporterKind
from bridge.intake.reporters import for_rights, for_upstreams
from bridge.intake.sightings import sightings, words
from bridge.intake.text.times import TimeFrame

MORE_INCIDENTS = "it reports more incidents than are taken from one message"
_DOUBTED = 0.45
"""The most that a reading is trusted of which a person has to say whether it is a complaint at all."""


def read(
    data: bytes,
    *,
    content_type: str | None = None,
    own: Networks = (),
    received_at: datetime,
    reporters: Mapping[str, ReporterKind] | None = None,
) -> Reading:
    """What a message reports.

    content_type  `message/rfc822`, `text/plain`, `application/json` (XARF, one report or a list) or
                  `application/x-ndjson`; None guesses between JSON and mail
    own           our networks; empty where they are unknown: then candidates are ranked instead of filtered
    received_at   aware; the year of log lines that have none, and the last resort for a time
    reporters     an address, or the end of one (`@cert.example`), to the kind it counts as

    Raises InvalidInput naming the field for JSON that is no XARF; for mail and text never.
    """
    frame = TimeFrame(received_at.astimezone(UTC))
    context = Context(received_at, own, reporters or {}, times=frame)
    match (content_type or "").partition(";")[0].strip().lower():
        case "application/json":
            return _of_json(data, context)
        case "application/x-ndjson" | "application/jsonl" | "application/ndjson":
            return _of_lines(data, context)
        case "":
            return _guessing(data, context)
        case _:
            return _of_mail(data, context)


def _guessing(data: bytes, context: Context) -> Reading:
    """A file of no declared type: JSON if all of it is a report, lines if its first line is one, else mail."""
    if _holds_xarf(data):
        return _of_json(data, context)
    if _holds_xarf(data.lstrip().partition(b"\n")[0]):
        return _of_lines(data, context)
    return _of_mail(data, context)


def _holds_xarf(data: bytes) -> bool:
    if data.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return is_xarf(value[0] if isinstance(value, list) and value else value)


def _of_json(data: bytes, context: Context) -> Reading:
    value = _parsed(data, "")
    if isinstance(value, list):
        if not value:
            raise InvalidInput("", "the list holds no report")
        reports = [(f"[{number}].", item) for number, item in enumerate(value)]
    else:
        reports = [("", value)]
    return _of_reports(data, reports, context)


def _of_lines(data: bytes, context: Context) -> Reading:
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    if not lines:
        raise InvalidInput("", "there is no report")
    return _of_reports(data, [(f"line {number}: ", _parsed(line, f"line {number}")) for number, line in lines], context)


def _parsed(data: bytes, where: str) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(where, "is no valid JSON") from error


def _of_reports(data: bytes, reports: list[tuple[str, object]], context: Context) -> Reading:
    if len(reports) > limits.INCIDENTS:
        raise InvalidInput("", f"more than {limits.INCIDENTS} reports at once")
    incidents = []
    for path, value in reports:
        if not isinstance(value, Mapping):
            raise InvalidInput(path.rstrip(".: "), "must be an object")
        if not is_xarf(value):
            raise InvalidInput(path + "xarf_version", "is missing: this is no XARF report")
        incidents.append(incident_of(value, context, path=path))
    first = incidents[0]
    return Reading(
        kind=Kind.COMPLAINT,
        digest=_digest(data),
        incidents=tuple(incidents),
        sender=first.reporter.address,
        message_id=first.report_id,
    )


def _of_mail(data: bytes, context: Context) -> Reading:
    outer = open_mail(data)
    inner = envelope.main_mail(outer)
    frame = envelope.time_frame(inner if inner.headers.first("date") else outer, context.received_at)
    context = context.with_times(frame)
    context = replace(context, sender=envelope.reporter(outer, inner, context))
    reason = why_no_complaint(outer) or (why_no_complaint(inner) if inner is not outer else "")
    if reason:
        return _reading(data, outer, Kind.NOT_A_COMPLAINT, reason, (), context)
    found = islice(_incidents(outer, inner, context), limits.INCIDENTS)
    incidents = tuple(_finished(each, inner, context) for each in found)
    sure = max((each.confidence for each in incidents), default=0.0) >= CONFIDENT
    doubt = _doubt(incidents, inner) if sure else "nothing in it is plainly the source of an abuse"
    if not doubt:
        reading = _reading(data, outer, Kind.COMPLAINT, "", incidents, context)
        return _shown(replace(reading, unread=_unread(reading.notes)), outer, context)
    named = tuple(
        replace(each, confidence=min(each.confidence, _DOUBTED))
        for each in incidents
        if each.ips or each.networks or each.urls or each.domains
    )
    return _shown(_reading(data, outer, Kind.UNSURE, doubt, named, context), outer, context)


def _doubt(incidents: Sequence[Incident], inner: Mail) -> str:
    """What speaks against acting upon a general reading; a known format leaves no doubt."""
    return why_doubtful(inner) if all(each.source_format == "general" for each in incidents) else ""


def _unread(notes: Sequence[str]) -> str:
    """What a message that reports something holds besides, and nobody has read."""
    return "; ".join(note for note in notes if note not in HARMLESS)


def _shown(reading: Reading, outer: Mail, context: Context) -> Reading:
    """With what a person has to see, where one has to look; of child abuse nothing is written down."""
    clear = all(each.confidence >= CONFIDENT and each.ips for each in reading.incidents)
    secret = any(each.category in CHILD_ABUSE for each in reading.incidents)
    if secret or (reading.kind is Kind.COMPLAINT and clear):
        return reading
    return replace(reading, seen=sightings(outer, context), text=words(outer))


def _incidents(outer: Mail, inner: Mail, context: Context) -> Iterator[Incident]:
    several = envelope.complaints_in(inner)
    if not several:
        yield from _of_one(outer, inner, context)
        return
    for each in several:
        frame = envelope.time_frame(each, context.received_at)
        for incident in _of_one(each, each, context.with_times(frame)):
            yield combine.dated(incident, frame.sent)


def _of_one(outer: Mail, inner: Mail, context: Context) -> Iterator[Incident]:
    context = context.with_times(context.times.declaring(inner.tidy_body[: limits.DECLARING]))
    general = General(inner, context)
    for each in all_formats():
        found = each.read(outer, context)
        if found:
            yield from combine.combined(found, general)
            return
    yield from several.apart(general.incident(), inner, context)


def _finished(incident: Incident, mail: Mail, context: Context) -> Incident:
    whole = combine.reported_by(combine.dated(incident, context.times.sent), context.sender)
    reporter = for_rights(whole.reporter, whole.category, context)
    reporter = for_upstreams(reporter, mail.tidy_body, sets_term=whole.deadline is not None, context=context)
    return whole if reporter is whole.reporter else replace(whole, reporter=reporter)


def _reading(
    data: bytes, mail: Mail, kind: Kind, reason: str, incidents: tuple[Incident, ...], context: Context
) -> Reading:
    cut = len(incidents) >= limits.INCIDENTS
    secret = any(each.category in CHILD_ABUSE for each in incidents)
    return Reading(
        kind=kind,
        digest=_digest(data),
        reason=reason,
        incidents=incidents,
        subject="" if secret else mail.subject[:500],
        sender=mail.sender[1],
        message_id=mail.headers.first("message-id").strip("<> \t")[:300],
        notes=(*mail.notes, *context.remarks, *((MORE_INCIDENTS,) if cut else ())),
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
