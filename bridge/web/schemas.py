"""What the API reads and answers, as marshmallow schemas: what comes in is checked by them, what goes out described.

Objects that go out may hold more than is listed; what is listed is the interface's (section 6).
"""

from __future__ import annotations

import base64
import re
from typing import Any

from marshmallow import EXCLUDE, INCLUDE, RAISE, Schema, ValidationError, fields, validate

from bridge.categories import CATEGORIES
from bridge.events import EVENT_TYPES, FINDINGS, MAX_ID, MAX_TEXT

CASE_STATUSES = (
    "opened", "awaiting_customer", "awaiting_staff", "awaiting_reporter", "resolved", "dismissed", "closed",
)  # fmt: skip
ACTION_STATES = (
    "proposed", "approved", "executing", "done", "rejected", "expired", "cancelled", "failed", "manual",
)  # fmt: skip
REVIEW_STATES = ("open", "accepted", "not_a_complaint", "superseded")
RESOLUTIONS = ("accepted", "not_a_complaint")
MOST_INCIDENTS = 100
LARGEST_PAGE = 500
USUAL_PAGE = 100
LONGEST_CURSOR = 1000


def _printable(value: str) -> None:
    if not value.isprintable():
        raise ValidationError("must be printable text")


def _text(value: str) -> None:
    if "\x00" in value:
        raise ValidationError("holds a NUL character, which is no text")


def _one_of(words: Any) -> validate.OneOf:
    return validate.OneOf(sorted(words), error="{input} is not one of {choices}")


def _id(**more: Any) -> fields.Str:
    return fields.Str(validate=[validate.Length(max=MAX_ID), _printable], **more)


def _optional_id() -> fields.Str:
    return fields.Str(load_default=None, allow_none=True, validate=[validate.Length(1, MAX_ID), _printable])


def _optional_text() -> fields.Str:
    return fields.Str(load_default=None, allow_none=True, validate=[validate.Length(max=MAX_TEXT), _text])


# ---- in ----


class ListQuery(Schema):
    """What a list is narrowed to; a parameter that is not known is refused, so that a slip does not widen a list."""

    class Meta:
        unknown = RAISE

    status = fields.Str(load_default=None, validate=_one_of(CASE_STATUSES))
    state = fields.Str(load_default=None, validate=_one_of(ACTION_STATES))
    service = _id(load_default=None)
    client = _id(load_default=None)
    case = _id(load_default=None)
    category = fields.Str(load_default=None, validate=_one_of(CATEGORIES))
    limit = fields.Int(load_default=USUAL_PAGE, validate=validate.Range(1, LARGEST_PAGE))
    cursor = fields.Str(load_default=None, validate=[validate.Length(1, LONGEST_CURSOR), _printable])


class DecisionIn(Schema):
    """An admin's decision; `by` is needed where the token names no admin."""

    class Meta:
        unknown = EXCLUDE

    by = _optional_id()
    reason = _optional_text()


class ConfirmationIn(DecisionIn):
    """`invoice`: the number of the invoice that was made by hand for a charge; its payment is known by it."""

    invoice = _optional_id()


class FindingIn(Schema):
    class Meta:
        unknown = EXCLUDE

    finding = fields.Str(required=True, validate=_one_of(FINDINGS))
    by = _optional_id()
    note = _optional_text()


class ReviewQuery(Schema):
    class Meta:
        unknown = RAISE

    state = fields.Str(load_default=None, validate=_one_of(REVIEW_STATES))
    limit = fields.Int(load_default=USUAL_PAGE, validate=validate.Range(1, LARGEST_PAGE))
    cursor = fields.Str(load_default=None, validate=[validate.Length(1, LONGEST_CURSOR), _printable])


class ResolutionIn(Schema):
    """What a person makes of a message; a correction holds fields of complaint.received."""

    class Meta:
        unknown = EXCLUDE

    resolution = fields.Str(required=True, validate=_one_of(RESOLUTIONS))
    correction = fields.Dict(keys=fields.Str(), load_default=None, allow_none=True)
    corrections = fields.List(
        fields.Dict(keys=fields.Str()), load_default=list, validate=validate.Length(max=MOST_INCIDENTS)
    )
    by = _optional_id()
    note = _optional_text()


# ---- out ----


class _Out(Schema):
    class Meta:
        unknown = INCLUDE


class Problem(_Out):
    """RFC 9457."""

    type = fields.Str()
    title = fields.Str()
    status = fields.Int()
    detail = fields.Str()
    field = fields.Str(metadata={"description": "what is wrong, as the sender wrote it"})
    line = fields.Int(metadata={"description": "of many events, the first that was refused, from 1"})


class EventIn(_Out):
    """One event of interface 3; each type has further fields."""

    id = fields.Str(required=True)
    type = fields.Str(required=True, validate=validate.OneOf(sorted(
        name for name, cls in EVENT_TYPES.items() if not cls.internal
    )))  # fmt: skip
    at = fields.AwareDateTime(required=True)


class Record(_Out):
    """A record of interface 4; each kind has further fields."""

    record = fields.Str()
    at = fields.Str()
    policy = fields.Str()
    version = fields.Str()
    clause = fields.Str()
    because = fields.Str()


class ReceiptOut(_Out):
    event = fields.Str()
    records = fields.List(fields.Nested(Record))
    duplicate = fields.Bool(metadata={"description": "present where the event was accepted before"})


class TakenComplaint(_Out):
    id = fields.Str()
    status = fields.Str(validate=validate.OneOf(["accepted", "duplicate", "unattributed", "incomplete"]))
    case = fields.Str(allow_none=True)


class ComplaintsOut(_Out):
    complaints = fields.List(fields.Nested(TakenComplaint))


class Approval(_Out):
    by = fields.Str()
    at = fields.Str()
    verified = fields.Bool(metadata={"description": "false: the name was only said"})
    reason = fields.Str(allow_none=True)


class ActionOut(Record):
    id = fields.Str()
    action = fields.Str()
    state = fields.Str(validate=validate.OneOf(ACTION_STATES))
    approvals = fields.List(fields.Nested(Approval))
    rejected = fields.Nested(Approval, metadata={"description": "present where an admin said no"})
    confirmed = fields.Nested(Approval, metadata={"description": "present where an admin did it by hand"})
    attempts = fields.Int()
    error = fields.Str(allow_none=True, metadata={"description": "the panel's own words"})
    mark = fields.Str(allow_none=True)


class ReportLine(_Out):
    """What one reporter sent about the same thing, however often."""

    reporter = fields.Dict()
    category = fields.Str()
    ips = fields.List(fields.Str())
    count = fields.Int()
    first = fields.Str()
    last = fields.Str()


class CaseOut(_Out):
    id = fields.Str()
    status = fields.Str(validate=validate.OneOf(CASE_STATUSES))
    strike = fields.Int()
    service = fields.Str()
    client = fields.Str()
    category = fields.Str()
    opened_at = fields.Str()
    complaints = fields.List(fields.Dict())
    reports = fields.List(fields.Nested(ReportLine))
    correspondence = fields.List(fields.Dict())
    findings = fields.List(fields.Dict())
    deadlines = fields.List(fields.Dict())
    actions = fields.List(fields.Nested(ActionOut))


class _Page(_Out):
    total = fields.Int()
    next = fields.Str(allow_none=True)


class CasesOut(_Page):
    items = fields.List(fields.Nested(CaseOut))


class ActionsOut(_Page):
    items = fields.List(fields.Nested(ActionOut))


class ComplaintSource(_Out):
    name = fields.Str()
    kind = fields.Str()
    state = fields.Str(validate=validate.OneOf(["ok", "failing", "silent", "new"]))
    last_message = fields.Str(allow_none=True)
    last_success = fields.Str(allow_none=True)
    last_try = fields.Str(allow_none=True)
    failing_since = fields.Str(allow_none=True)
    error = fields.Str(allow_none=True)
    silent_after = fields.Str(allow_none=True)
    messages = fields.Int()


class Listing(_Out):
    list = fields.Str()
    subject = fields.Str()
    since = fields.Str()
    seen = fields.Str()
    says = fields.Str()
    ips = fields.List(fields.Str())
    removal = fields.Str(validate=validate.OneOf(["provider", "customer"]))
    event = fields.Str()


class ListingsOut(_Page):
    items = fields.List(fields.Nested(Listing))


class SourcesOut(_Page):
    items = fields.List(fields.Nested(ComplaintSource))


class Hold(_Out):
    id = fields.Str()
    case = fields.Str(allow_none=True)
    clause = fields.Str()
    since = fields.Str()
    ended = fields.Str(allow_none=True)
    irrevocable = fields.Bool()


class Strike(_Out):
    case = fields.Str()
    at = fields.Str()
    void = fields.Bool()


class Charge(_Out):
    id = fields.Str()
    charge = fields.Str()
    amount = fields.Str()
    currency = fields.Str()
    invoice = fields.Str(allow_none=True)
    due = fields.Str()
    status = fields.Str(validate=validate.OneOf(["open", "paid", "closed"]))


class Refund(_Out):
    refused = fields.Bool()
    clause = fields.Str(allow_none=True)


HeldAddress = _Out.from_dict(
    {"ip": fields.Str(), "from": fields.Str(), "to": fields.Str(allow_none=True)}, name="HeldAddress"
)


class ServiceOut(_Out):
    holds = fields.List(fields.Nested(Hold))
    bars = fields.List(fields.Nested(Hold))
    strikes = fields.List(fields.Nested(Strike))
    charges = fields.List(fields.Nested(Charge))
    refund = fields.Nested(Refund)
    ips = fields.List(fields.Nested(HeldAddress))


class Sighting(_Out):
    what = fields.Str(validate=validate.OneOf(["address", "link"]))
    value = fields.Str()
    where = fields.Str()
    line = fields.Str()
    ours = fields.Bool()


class ReviewOut(_Out):
    """A message that a person has to look at: what was found in it, and where."""

    id = fields.Str()
    state = fields.Str(validate=validate.OneOf(REVIEW_STATES))
    reason = fields.Str()
    received_at = fields.Str()
    digest = fields.Str()
    subject = fields.Str()
    sender = fields.Str()
    incidents = fields.List(fields.Dict())
    seen = fields.List(fields.Nested(Sighting))
    resolved_at = fields.Str(allow_none=True)
    by = fields.Str(allow_none=True)
    note = fields.Str(allow_none=True)
    events = fields.List(fields.Str())


class ReviewsOut(_Page):
    items = fields.List(fields.Nested(ReviewOut))


class HealthOut(_Out):
    status = fields.Str()


class VerdictOut(_Out):
    """The answer to a hook: `event` for one that tells, the rest for one that asks."""

    event = fields.Str(allow_none=True)
    ignored = fields.Bool()
    outcome = fields.Str(validate=validate.OneOf(["allow", "refuse", "hold"]))
    reason = fields.Str()
    clause = fields.Str(allow_none=True)


class HookIn(_Out):
    hook = fields.Str(required=True)
    vars = fields.Dict(required=True)
    at = fields.AwareDateTime(required=True)
    by = fields.Str(validate=validate.OneOf(["admin", "automation"]))
    admin = fields.Str()


class HoldChange(_Out):
    service = fields.Str()
    clause = fields.Str()
    bar = fields.Bool()
    status = fields.Str(validate=validate.OneOf(["placed", "ended"]))


class HoldsOut(_Out):
    holds = fields.List(fields.Nested(HoldChange))
    cursor = fields.Str()


# ---- pages ----


class FormField(fields.Field[dict[str, list[str]]]):
    """Names and values of a form or query, as PHP has them: a value is text, a number, or a list of these."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, list[str]]:
        if value == []:
            return {}
        if not isinstance(value, dict):
            raise ValidationError("must be an object")
        return {str(name)[:MAX_ID]: self._values(str(name), given) for name, given in value.items()}

    def _values(self, name: str, given: Any) -> list[str]:
        listed = given if isinstance(given, list) else [given]
        for one in listed:
            if one is not None and (isinstance(one, bool) or not isinstance(one, str | int)):
                raise ValidationError({name[:60]: ["must be text or a list of text"]})
        return ["" if one is None else str(one)[:MAX_TEXT] for one in listed]


def _form() -> FormField:
    return FormField(load_default=dict, metadata={"type": "object"})


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ADDRESS = re.compile(r"[A-Za-z0-9._~/?&=;%:@!$()*+,\[\]-]{1,2000}", re.ASCII)


def _address_of_ours(value: str) -> None:
    """Where links may lead: within the panel's site, or an http(s) address; never a script or another host by `//`."""
    safe = value.startswith(("https://", "http://")) or not (value.startswith("//") or _SCHEME.match(value))
    if not safe or not _ADDRESS.fullmatch(value):
        raise ValidationError("must be a relative or http(s) address")


class ViewerIn(Schema):
    """Who looks; `id` is who acts."""

    class Meta:
        unknown = EXCLUDE

    id = fields.Raw(required=True)
    name = fields.Str(load_default="", allow_none=True, validate=validate.Length(max=MAX_ID))
    role = fields.Str(required=True)
    locale = fields.Str(load_default="", allow_none=True, validate=validate.Length(max=MAX_ID))
    timezone = fields.Str(
        load_default="",
        allow_none=True,
        validate=validate.Length(max=MAX_ID),
        metadata={"description": "the viewer's time zone by its IANA name; UTC where it is none"},
    )


class _Base64(fields.Field[bytes]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (ValueError, TypeError) as refusal:
            raise ValidationError("is not base64") from refusal


class FileIn(Schema):
    """An uploaded file."""

    class Meta:
        unknown = EXCLUDE

    name = fields.Str(required=True, validate=validate.Length(max=MAX_ID))
    type = fields.Str(load_default="", validate=validate.Length(max=MAX_ID))
    content = _Base64(required=True, metadata={"type": "string", "format": "byte"})


MOST_FILES = 20


class PageIn(Schema):
    """What the panel asks to be shown."""

    class Meta:
        unknown = EXCLUDE

    viewer = fields.Nested(ViewerIn, required=True)
    method = fields.Str(load_default="GET", validate=validate.OneOf(["GET", "POST"]))
    path = fields.Str(load_default="/", validate=[validate.Length(1, 1000), _printable])
    query = _form()
    form = _form()
    files = fields.Dict(
        keys=fields.Str(validate=validate.Length(max=MAX_ID)),
        values=fields.List(fields.Nested(FileIn), validate=validate.Length(max=MOST_FILES)),
        load_default=dict,
    )
    base = fields.Str(required=True, validate=_address_of_ours)
    hidden = FormField(
        load_default=dict,
        metadata={"type": "object", "description": "fields every form carries along, such as the panel's own token"},
    )


class PageOut(_Out):
    status = fields.Int()
    title = fields.Str()
    html = fields.Str()
    location = fields.Str()
    download = fields.Dict(metadata={"description": "a file to hand out: name, type, content in base64"})
