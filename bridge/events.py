"""Untrusted JSON into typed events (interface 3): one class per event type, each field with its reader.

A class is the only definition: the parser, the reference page and the API's description are made from it. Unknown types
and ill-typed fields raise InvalidInput naming the field; unknown extra fields are ignored here and kept in the log.
"""

from __future__ import annotations

import ipaddress
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import MISSING, field, fields
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, TypeVar, dataclass_transform

from bridge.categories import CATEGORIES
from bridge.errors import InvalidInput
from bridge.timeformat import parse_time
from bridge.values import value

Json = Any
Reader = Callable[[Json, str], Any]

MAX_TEXT = 100_000
MAX_ID = 256
MAX_ITEMS = 10_000

REPORTER_KINDS = frozenset({
    "blocklist", "operator", "rights_holder", "court", "law_enforcement", "authority", "cert", "provider", "customer",
    "automated", "individual",
})  # fmt: skip
FINDINGS = frozenset({
    "remediated", "not_remediated", "culpable", "not_culpable", "authorized", "unfounded", "lawful", "verified_opt_in",
})  # fmt: skip
CHARGES = frozenset({"fine", "fee", "deposit"})


class Reporter(NamedTuple):
    """Who complained; `kind` is one of REPORTER_KINDS or empty where nobody said."""

    name: str
    kind: str


NOBODY = Reporter("", "")

# ---- readers: (value, field name) -> typed value, or InvalidInput ----


def text(value: Json, name: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput(name, "must be text")
    if len(value) > MAX_TEXT:
        raise InvalidInput(name, f"is longer than {MAX_TEXT} characters")
    return value


def identifier(value: Json, name: str) -> str:
    """Ids are strings; a number is no id, so that `1`, `1.0` and `"01"` cannot be taken for each other."""
    if not isinstance(value, str) or not value or value.isspace():
        raise InvalidInput(name, "must be a non-empty id, as text")
    if len(value) > MAX_ID or not value.isprintable():
        raise InvalidInput(name, f"must be printable and at most {MAX_ID} characters")
    return value


def panels_id(value: Json, name: str) -> str:
    """An id as a panel writes it: text, or a whole number, which is taken for its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return identifier(str(value), name)
    return identifier(value, name)


def truth(value: Json, name: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(name, "must be true or false")
    return value


def number(value: Json, name: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(name, "must be a number")
    result = Decimal(str(value))
    if not result.is_finite() or abs(result) > Decimal("1e12"):
        raise InvalidInput(name, "is out of range")
    return result


def share(value: Json, name: str) -> Decimal:
    result = number(value, name)
    if not 0 <= result <= 1:
        raise InvalidInput(name, "must lie between 0 and 1")
    return result


def not_negative(value: Json, name: str) -> Decimal:
    result = number(value, name)
    if result < 0:
        raise InvalidInput(name, "must not be negative")
    return result


_MONEY = re.compile(r"\d{1,12}(?:\.\d{1,10})?", re.ASCII)
"""A sum written as text: digits, without a sign of thousands, an exponent or digits of other scripts."""


def money(value: Json, name: str) -> Decimal:
    """Text such as "20.00"; a number is read too."""
    if isinstance(value, str):
        if not _MONEY.fullmatch(value):
            raise InvalidInput(name, f"{value[:40]!r} is not a sum such as 20.00")
        result = Decimal(value)
    else:
        result = not_negative(value, name)
    if result != result.quantize(Decimal("0.01")):
        raise InvalidInput(name, "must have at most two decimals")
    return abs(result).quantize(Decimal("0.01"))


_ASN = re.compile(r"(?:AS)?(\d{1,10})", re.ASCII | re.IGNORECASE)
_HIGHEST_ASN = 2**32 - 1


def asn(value: Json, name: str) -> int:
    """A number; `AS64500` is read too."""
    match = _ASN.fullmatch(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else None
    if match is None or int(match.group(1)) > _HIGHEST_ASN:
        raise InvalidInput(name, f"{str(value)[:40]!r} is not an autonomous system number")
    return int(match.group(1))


_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def currency(value: Json, name: str) -> str:
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise InvalidInput(name, "must be a currency code such as USD")
    return value


_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}", re.ASCII)
_LONGEST_IPV4 = len("255.255.255.255")


@lru_cache(maxsize=65_536)
def _is_ipv4(candidate: str) -> bool:
    """The same addresses are complained about again and again."""
    return _IPV4.fullmatch(candidate) is not None


def address(value: Json, name: str) -> str:
    """One IPv4 or IPv6 address in its canonical spelling."""
    if not isinstance(value, str):
        raise InvalidInput(name, "must be an IP address, as text")
    candidate = value.strip()
    if len(candidate) <= _LONGEST_IPV4 and _is_ipv4(candidate):
        return sys.intern(candidate)
    try:
        found = ipaddress.ip_address(candidate)
    except ValueError:
        raise InvalidInput(name, f"{value[:60]!r} is not an IP address") from None
    if found.version == 6:
        if found.scope_id is not None:
            raise InvalidInput(name, f"{value[:60]!r} has a zone and means nothing outside one machine")
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
    return str(found)


def prefix(value: Json, name: str) -> str:
    """An address, or a network as CIDR; a network of one address is that address."""
    if not isinstance(value, str) or "/" not in value:
        return address(value, name)
    try:
        network = ipaddress.ip_network(value.strip(), strict=False)
    except ValueError:
        raise InvalidInput(name, f"{value[:60]!r} is not an address or a prefix") from None
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def category(value: Json, name: str) -> str:
    if not isinstance(value, str) or value not in CATEGORIES:
        raise InvalidInput(name, f"{str(value)[:60]!r} is not a category")
    return sys.intern(value)


def time(value: Json, name: str) -> datetime:
    return parse_time(value, name)


LAST_YEAR = 2999


def moment(value: Json, name: str) -> datetime:
    """The time of an event; deadlines are counted from it, so it lies far from the end of the calendar."""
    found = parse_time(value, name)
    if found.year > LAST_YEAR:
        raise InvalidInput(name, f"{str(value)[:40]!r} is not a possible time of an event")
    return found


def one_of(*words: str) -> Reader:
    allowed = frozenset(words)
    listed = ", ".join(words)

    def read(value: Json, name: str) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise InvalidInput(name, f"{str(value)[:60]!r} is not one of {listed}")
        return value

    return read


def list_of(reader: Reader, *, least: int = 0) -> Reader:
    def read(value: Json, name: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise InvalidInput(name, "must be a list")
        if not least <= len(value) <= MAX_ITEMS:
            raise InvalidInput(name, f"must hold {least} to {MAX_ITEMS} items")
        if len(value) == 1:
            return (reader(value[0], f"{name}[0]"),)
        return tuple(dict.fromkeys(reader(item, f"{name}[{place}]") for place, item in enumerate(value)))

    return read


def reporter(value: Json, name: str) -> Reporter:
    if not isinstance(value, dict):
        raise InvalidInput(name, "must be an object with name and kind")
    kind = value.get("kind")
    if kind is not None and (not isinstance(kind, str) or kind not in REPORTER_KINDS):
        raise InvalidInput(f"{name}.kind", f"{str(kind)[:60]!r} is not one of {', '.join(sorted(REPORTER_KINDS))}")
    spoken = value.get("name")
    return _reporter("" if spoken is None else text(spoken, f"{name}.name"), kind or "")


@lru_cache(maxsize=4096)
def _reporter(name: str, kind: str) -> Reporter:
    """The same few complain again and again, and every case keeps who did."""
    return Reporter(name, kind)


def flags(value: Json, name: str) -> dict[str, bool]:
    """An object of true and false; only what is said is kept."""
    if not isinstance(value, Mapping):
        raise InvalidInput(name, "must be an object")
    return {str(key): truth(item, f"{name}.{key}") for key, item in value.items() if item is not None}


def attributes(value: Json, name: str) -> dict[str, Json]:
    """What is known of a service; null says nothing and is left out."""
    if not isinstance(value, Mapping):
        raise InvalidInput(name, "must be an object")
    if value.get("mail_port_open") is not None:
        truth(value["mail_port_open"], f"{name}.mail_port_open")
    return {str(key): item for key, item in value.items() if item is not None}


# ---- the events ----


def _read(reader: Reader) -> Any:
    """A field that must be there."""
    return field(metadata={"read": reader})


def _may(reader: Reader, default: Any = None) -> Any:
    """A field that may be left out or null."""
    return field(default=default, metadata={"read": reader})


@value
class Event:
    """Something that happened. `at` is the decision's time."""

    type: ClassVar[str] = ""
    internal: ClassVar[bool] = False
    id: str = _read(identifier)
    at: datetime = _read(moment)

    def check(self) -> None:
        """What holds between fields; raises InvalidInput."""


class _Fields(NamedTuple):
    """What may be said of one type of event: the readers of its fields in order, and the fields that must be there."""

    cls: type[Event]
    readers: Mapping[str, Reader]
    needed: frozenset[str]


EVENT_TYPES: dict[str, type[Event]] = {}
_FIELDS: dict[str, _Fields] = {}

E = TypeVar("E", bound=Event)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def _event(type_: str, *, internal: bool = False) -> Callable[[type[E]], type[E]]:
    def register(cls: type[E]) -> type[E]:
        made = value(cls)
        made.type = type_
        made.internal = internal
        EVENT_TYPES[type_] = made
        _FIELDS[type_] = _Fields(
            made,
            {f.name: f.metadata["read"] for f in fields(made)},
            frozenset(f.name for f in fields(made) if f.default is MISSING),
        )
        return made

    return register


def _needs_one(event: Event, *names: str) -> None:
    for name in names:
        if getattr(event, name) not in (None, ()):
            return
    raise InvalidInput(names[0], f"{event.type} needs {' or '.join(names)}")


@_event("service.observed")
class ServiceObserved(Event):
    """What the panels show of a service; a field left out keeps its last value, `ips` is always the whole list.

    product  the billing panel's id of the product
    """

    service: str = _read(identifier)
    client: str = _read(identifier)
    product_kind: str | None = _may(one_of("vps", "dedicated", "shared", "colocation", "other"))
    product: str | None = _may(panels_id)
    exclusive_bandwidth: bool | None = _may(truth)
    region: str | None = _may(text)
    ips: tuple[str, ...] | None = _may(list_of(prefix))
    status: str | None = _may(one_of("pending", "active", "suspended", "terminated"))
    attributes: dict[str, Json] | None = _may(attributes)
    paid_at: datetime | None = _may(time)
    paid_amount: Decimal | None = _may(money)
    currency: str | None = _may(currency)
    period_start: datetime | None = _may(time)
    period_end: datetime | None = _may(time)
    vps: str | None = _may(identifier)
    domains: tuple[str, ...] | None = _may(list_of(text))


@_event("client.observed")
class ClientObserved(Event):
    """What the panels show of a client; `group` is the billing panel's id of the client group."""

    client: str = _read(identifier)
    group: str | None = _may(panels_id)
    kind: str | None = _may(one_of("customer", "reseller"))
    verified: dict[str, bool] | None = _may(flags)
    locale: str | None = _may(text)
    currency: str | None = _may(currency)


@_event("complaint.received")
class ComplaintReceived(Event):
    """An IP, URL or service was abused; `ips` holds what `ip` or `ips` named.

    delisting  of a blocklist: who may ask to be taken off it
    """

    ip: str | None = _may(address)
    ips: tuple[str, ...] = _may(list_of(address), ())
    service: str | None = _may(identifier)
    category: str = _read(category)
    reporter: Reporter = _may(reporter, NOBODY)
    report_id: str | None = _may(text)
    targets: tuple[str, ...] = _may(list_of(text), ())
    severity: str = _may(one_of("normal", "severe"), "normal")
    deliberate: bool | None = _may(truth)
    complete: bool = _may(truth, True)
    occurred_at: datetime | None = _may(time)
    delisting: str | None = _may(one_of("provider", "customer"))

    def check(self) -> None:
        _needs_one(self, "ip", "ips", "service")

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address named, in order, each once."""
        if self.ip is None or self.ip in self.ips:
            return self.ips
        return (self.ip, *self.ips)


@value
class CaseEvent(Event):
    """An event about a case, or about a service and then its newest open case."""

    case: str | None = _may(identifier)
    service: str | None = _may(identifier)

    def check(self) -> None:
        _needs_one(self, "case", "service")


@_event("customer.replied")
class CustomerReplied(CaseEvent):
    text: str | None = _may(text)
    claims: str | None = _may(one_of("remediated", "disputes", "evidence", "other"))
    appeal: bool | None = _may(truth)


@_event("finding.recorded")
class FindingRecorded(CaseEvent):
    finding: str = _read(one_of(*sorted(FINDINGS)))
    by: str = _read(identifier)
    note: str | None = _may(text)


@_event("evidence.provided")
class EvidenceProvided(CaseEvent):
    kind: str = _read(one_of("double_opt_in", "authorization", "not_culpable", "other"))


@_event("hold.lifted")
class HoldLifted(CaseEvent):
    by: str = _read(identifier)
    reason: str = _read(text)


@_event("notification.released")
class NotificationReleased(Event):
    case: str = _read(identifier)
    by: str = _read(identifier)


@_event("action.deferred")
class ActionDeferred(Event):
    case: str = _read(identifier)
    by: str = _read(identifier)
    action: str = _read(identifier)
    reason: str = _read(text)


@_event("client.refused")
class ClientRefused(Event):
    client: str = _read(identifier)
    by: str = _read(identifier)


@value
class InvoiceEvent(Event):
    """By invoice, or all open charges of a service of one kind."""

    invoice: str | None = _may(identifier)
    service: str | None = _may(identifier)
    charge: str | None = _may(one_of("fine", "fee", "deposit"))

    def check(self) -> None:
        _needs_one(self, "invoice", "service")
        if self.invoice is None and self.charge is None:
            raise InvalidInput("charge", f"{self.type} with a service needs charge: fine, fee or deposit")


@_event("invoice.paid")
class InvoicePaid(InvoiceEvent):
    pass


@_event("invoice.refunded")
class InvoiceRefunded(InvoiceEvent):
    pass


@_event("invoice.cancelled")
class InvoiceCancelled(InvoiceEvent):
    pass


@_event("undertaking.signed")
class UndertakingSigned(Event):
    service: str = _read(identifier)
    by: str = _read(identifier)


@_event("terms.declined")
class TermsDeclined(Event):
    client: str | None = _may(identifier)
    service: str | None = _may(identifier)

    def check(self) -> None:
        _needs_one(self, "client", "service")


@_event("refund.requested")
class RefundRequested(Event):
    service: str = _read(identifier)
    amount: Decimal | None = _may(money)
    channel: str | None = _may(one_of("credit", "gateway"))
    reason: str | None = _may(one_of("change_of_mind", "product_withdrawn", "outage"))
    outage_hours: Decimal | None = _may(not_negative)
    order_kind: str | None = _may(one_of("trial", "normal"))


@_event("refund.granted")
class RefundGranted(Event):
    service: str = _read(identifier)
    client: str = _read(identifier)


@_event("payment.disputed")
class PaymentDisputed(Event):
    client: str = _read(identifier)
    service: str | None = _may(identifier)
    contacted_support: bool = _read(truth)


@_event("order.placed")
class OrderPlaced(Event):
    """`placed` is False where a panel only asks whether it may be, or where it does not name the order."""

    order: str = _read(identifier)
    client: str = _read(identifier)
    service: str | None = _may(identifier)
    product_kind: str = _read(one_of("vps", "dedicated", "shared", "colocation", "other"))
    region: str | None = _may(text)
    fraud: str | None = _may(one_of("passed", "failed", "unknown"))
    placed: bool = _may(truth, True)


@_event("order.verification_refused")
class OrderVerificationRefused(Event):
    order: str = _read(identifier)
    client: str = _read(identifier)


@_event("unsuspend.requested")
class UnsuspendRequested(Event):
    service: str = _read(identifier)
    by: str = _read(one_of("admin", "automation"))


@_event("ip_replacement.requested")
class IpReplacementRequested(Event):
    service: str = _read(identifier)
    ip: str = _read(address)
    cause: str = _read(one_of("customer", "provider", "third_party"))


@_event("usage.observed")
class UsageObserved(Event):
    """`value` is the share of the allotment; for asn_traffic, of the committed data rate."""

    service: str = _read(identifier)
    metric: str = _read(one_of("cpu", "disk_io", "bandwidth", "asn_traffic"))
    value: Decimal = _read(share)
    hours: Decimal = _read(not_negative)
    asn: int | None = _may(asn)


@_event("sla_credit.requested")
class SlaCreditRequested(Event):
    service: str = _read(identifier)
    kind: str = _read(one_of("loss", "latency", "downtime"))
    asn: int | None = _may(asn)


@_event("incident.declared")
class IncidentDeclared(Event):
    incident: str = _read(identifier)
    cause: str | None = _may(identifier)
    affected: tuple[str, ...] = _read(list_of(identifier))
    started: datetime = _read(time)
    ended: datetime = _read(time)
    migrate: bool = _may(truth, False)

    def check(self) -> None:
        if self.ended < self.started:
            raise InvalidInput("ended", "lies before started")


@_event("staff.abused")
class StaffAbused(Event):
    client: str = _read(identifier)


@_event("listing.cleared")
class ListingCleared(Event):
    ip: str = _read(address)
    list: str = _read(text)


@_event("service.expired")
class ServiceExpired(Event):
    service: str = _read(identifier)


# ---- internal events: made by the program itself, never accepted from outside ----


@_event("deadline.due", internal=True)
class DeadlineDue(Event):
    deadline: str = _read(identifier)
    client: str | None = _may(identifier)


@value
class ActionEvent(Event):
    """Something happened to the action with that id."""

    action: str = _read(identifier)
    client: str | None = _may(identifier)
    by: str | None = _may(text)
    reason: str | None = _may(text)


@_event("action.approved", internal=True)
class ActionApproved(ActionEvent):
    pass


@_event("action.rejected", internal=True)
class ActionRejected(ActionEvent):
    pass


@_event("action.expired", internal=True)
class ActionExpired(ActionEvent):
    pass


@_event("action.cancelled", internal=True)
class ActionCancelled(ActionEvent):
    """A withdrawn action was looked at in the panel and has had no effect."""


@_event("action.done", internal=True)
class ActionDone(ActionEvent):
    """The panels, read back, show it. `invoice`, `invoiced` (its currency and sum) come from charges; `theirs`: the
    service had been suspended by somebody else before we came."""

    invoice: str | None = _may(identifier)
    invoiced: str | None = _may(text)
    theirs: bool = _may(truth, False)
    unconfirmed: bool = _may(truth, False)


@_event("action.failed", internal=True)
class ActionFailed(ActionEvent):
    pass


@_event("regime.changed", internal=True)
class RegimeChanged(Event):
    """Mode or exemptions changed: what was only simulated ends."""

    client: str | None = _may(identifier)


@_event("case.noted", internal=True)
class CaseNoted(Event):
    """An admin wrote a note into a case: a record, which decides nothing."""

    case: str = _read(identifier)
    client: str | None = _may(identifier)
    by: str = _read(identifier)
    text: str = _read(text)


@_event("suspension.restored", internal=True)
class SuspensionRestored(Event):
    """An admin wants a service suspended again that was released by hand while a hold of ours stands."""

    service: str = _read(identifier)
    client: str | None = _may(identifier)
    by: str = _read(identifier)


@_event("action.undone", internal=True)
class ActionUndone(Event):
    """An admin takes back what an action did: its hold, its charge, its mark or its order.

    name    the action's
    clause  that it was decided under
    order   of an action about one
    """

    action: str = _read(identifier)
    name: str = _read(identifier)
    clause: str = _read(identifier)
    service: str = _read(identifier)
    by: str = _read(identifier)
    reason: str = _read(text)
    case: str | None = _may(identifier)
    client: str | None = _may(identifier)
    order: str | None = _may(identifier)


def field_names(kind: type[Event]) -> tuple[str, ...]:
    """The fields of an event type, in order."""
    return tuple(_FIELDS[kind.type].readers)


def needs(kind: str) -> frozenset[str]:
    """The fields that every event of an external type must have."""
    return _FIELDS[kind].needed


def parse_event(raw: Json, *, internal: bool = False) -> Event:
    """A typed event from decoded JSON; raises InvalidInput naming the field.

    internal  also accept the program's own events (reading the log back)
    """
    if not isinstance(raw, dict):
        raise InvalidInput("", "an event must be a JSON object")
    kind = raw.get("type")
    known = _FIELDS.get(kind) if isinstance(kind, str) else None
    if known is None or (known.cls.internal and not internal):
        raise InvalidInput("type", f"{str(kind)[:60]!r} is not an event type" if kind is not None else "is missing")
    cls, readers, needed = known
    values: dict[str, Any] = {}
    try:
        for name, said in raw.items():
            if said is not None and name in readers:
                values[name] = readers[name](said, name)
    except InvalidInput:
        _refuse(raw, known)
    if needed.difference(values):
        _refuse(raw, known)
    event = cls(**values)
    event.check()
    return event


def _refuse(raw: Mapping[str, Json], known: _Fields) -> None:
    """Raise InvalidInput about the first field, in the order of the class, that is missing or ill-typed."""
    for name, reader in known.readers.items():
        said = raw.get(name)
        if said is not None:
            reader(said, name)
        elif name in known.needed:
            raise InvalidInput(name, f"{known.cls.type} needs it")
