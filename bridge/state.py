"""What decisions rest on: one client with all his services, folded from the log and from nothing else.

The objects are changed by `bridge.evolve` alone; everybody else only reads them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from bridge.events import OrderPlaced, Reporter
from bridge.model import Basis, DeadlineRecord

Json = Any

DEPOSIT = "deposit"
FORFEITED = "forfeited"

OURS = "ours"
THEIRS = "theirs"

OPEN_STATUSES = frozenset({"opened", "awaiting_customer", "awaiting_staff", "awaiting_reporter"})


class _Kept(Protocol):
    """What a register keeps."""

    @property
    def id(self) -> str: ...
    @property
    def service(self) -> str | None: ...
    @property
    def case(self) -> str | None: ...


K = TypeVar("K", bound=_Kept)


@dataclass(slots=True)
class Register(Generic[K]):
    """Things kept by their id, and found by their service and case without looking at all the others."""

    _by_id: dict[str, K] = field(default_factory=dict)
    _by_service: dict[str | None, dict[str, K]] = field(default_factory=dict)
    _by_case: dict[str | None, dict[str, K]] = field(default_factory=dict)

    def keep(self, item: K) -> None:
        """Keep it, in place of what bore its id before."""
        id_ = item.id
        if id_ in self._by_id:
            self.drop(id_)
        self._by_id[id_] = item
        self._by_service.setdefault(item.service, {})[id_] = item
        self._by_case.setdefault(item.case, {})[id_] = item

    def drop(self, id_: str) -> None:
        item = self._by_id.pop(id_, None)
        if item is None:
            return
        for index, key in ((self._by_service, item.service), (self._by_case, item.case)):
            del index[key][id_]
            if not index[key]:
                del index[key]

    def get(self, id_: str | None) -> K | None:
        return self._by_id.get(id_) if id_ is not None else None

    def __getitem__(self, id_: str) -> K:
        return self._by_id[id_]

    def __contains__(self, id_: str) -> bool:
        return id_ in self._by_id

    def __len__(self) -> int:
        return len(self._by_id)

    def values(self) -> Collection[K]:
        """All of them, in the order in which they were first kept."""
        return self._by_id.values()

    def of_service(self, service: str | None) -> Collection[K]:
        return self._by_service.get(service, _NOTHING).values()

    def of_case(self, case: str | None) -> Collection[K]:
        return self._by_case.get(case, _NOTHING).values()


_NOTHING: dict[str, Any] = {}


class Notice(NamedTuple):
    """The last notice of a case that asked for something: what `not_remediated` sends again.

    basis  without its sentence: what is sent again has a reason of its own
    own    the action's own fields but its time; nobody may change them
    """

    basis: Basis
    own: Mapping[str, Json]
    for_: str = "reply"
    stages: tuple[int, ...] = ()


@dataclass(slots=True, kw_only=True)
class Hold:
    """One reason why a service must stay suspended; `noted` ones answer no question and keep nothing suspended."""

    id: str
    basis: Basis
    service: str
    case: str | None
    since: datetime
    irrevocable: bool
    scope: str
    ip: str | None
    until: tuple[tuple[str, ...], ...]
    charge: str | None
    proposal: str | None
    simulated: bool
    noted: bool = False
    ended: datetime | None = None

    @property
    def active(self) -> bool:
        return self.ended is None and not self.noted


@dataclass(slots=True, kw_only=True)
class Charge:
    """A fine, fee or deposit that was carried out; status open, paid, closed, or of a deposit forfeited.

    service    None where it is the client's and no service's
    asked_for  `case`, or the question that led to it; invoiced: what the invoice really took, with its currency
    """

    id: str
    charge: str
    basis: Basis
    service: str | None
    case: str | None
    amount: str
    currency: str
    invoice: str
    invoiced: str | None
    due: datetime
    status: str
    ips: tuple[str, ...]
    asked_for: str
    simulated: bool


Timer = DeadlineRecord
"""A deadline that has not fired yet: the record that set it."""


@dataclass(slots=True, kw_only=True)
class Pending:
    """An action that was decided and is neither done nor given up."""

    id: str
    action: str
    basis: Basis
    service: str | None
    case: str | None
    own: Mapping[str, Json]
    plan: Mapping[str, Json]
    approval: str | int
    state: str
    simulated: bool
    withdrawn: bool = False


class Opening(NamedTuple):
    """What a case was opened as. It is the same for many cases, and one copy is kept for all of them.

    policy      the pack that decided it; empty: the general one
    counts      whether the incident is a strike
    new_target  whether it names a target that no complaint of its group named before
    """

    category: str
    group: str
    policy: str
    version: str
    severity: str
    deliberate: bool | None
    complete: bool
    new_target: bool
    counts: bool = False


class Rarely(NamedTuple):
    """What few cases have, kept apart so that the others need not have room for it.

    done_once  what is in force for good because of it
    elsewhere  other services of the client that are held or marked because of it
    forfeits   the deposit that was to be forfeited because of it
    """

    not_culpable: bool = False
    released: bool = False
    done_once: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    forfeits: str | None = None


_NEVER = Rarely()


@dataclass(slots=True, kw_only=True)
class Case:
    """The file of one incident.

    deposit     the deposit that it needs, by its action
    undertaken  whether an undertaking was signed after it was opened
    counted_at  when it was known well enough to be a strike, which may be after it was opened
    requested   the request for evidence that no evidence has met yet
    """

    id: str
    service: str
    opening: Opening
    status: str
    strike: int
    strike_of_group: int
    strike_of_category: int
    opened_at: datetime
    counted_at: datetime
    reporter: Reporter
    ips: tuple[str, ...]
    targets: tuple[str, ...]
    replied: bool = False
    found_at: datetime | None = None
    remediated: bool = False
    complaints: int = 1
    notice: Notice | None = None
    fined: tuple[str, ...] = ()
    requested: Notice | None = None
    asked: int = 0
    deposit: str | None = None
    undertaken: bool = False
    rarely: Rarely = _NEVER

    @property
    def category(self) -> str:
        return self.opening.category

    @property
    def group(self) -> str:
        return self.opening.group

    @property
    def policy(self) -> str:
        return self.opening.policy

    @property
    def version(self) -> str:
        return self.opening.version

    @property
    def severity(self) -> str:
        return self.opening.severity

    @property
    def deliberate(self) -> bool | None:
        return self.opening.deliberate

    @property
    def complete(self) -> bool:
        return self.opening.complete

    @property
    def new_target(self) -> bool:
        return self.opening.new_target

    @property
    def counts(self) -> bool:
        return self.opening.counts

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def counted(self) -> bool:
        """Whether it is a live strike."""
        return self.opening.counts and self.opening.complete and self.status != "dismissed"


HELD = "held"
RELEASED = "released"
REFUSED = "refused"


@dataclass(slots=True, kw_only=True)
class Order:
    """An order: as it was placed last, and what was carried out about it: HELD, RELEASED, REFUSED or nothing yet.

    placed     None where it was never told of before it was refused
    simulated  what was carried out was only simulated
    """

    id: str
    placed: OrderPlaced | None = None
    status: str = ""
    simulated: bool = False


class Excess(NamedTuple):
    """Too much of a resource is used, by all readings since then; `acted`: the second consequence was decided."""

    since: datetime
    acted: bool


@dataclass(slots=True, kw_only=True)
class NoRefund:
    """The lasting no-refund mark of a service: the clause that made it and the cases it rests on.

    caseless  it rests on something else too, which no finding dismisses
    """

    basis: Basis
    cases: tuple[str, ...]
    simulated: bool
    caseless: bool = False


@dataclass(slots=True, kw_only=True)
class Service:
    """One product of the client. `suspension` says whose it is: ours, theirs, or empty while it is active.

    suspended_at  since when we know of the suspension
    unmarked      it is ours, but somebody else made it
    moved_to      who has it by now: for this client it is over, as if it were terminated
    amends        what was decided already to make good a declared incident: the action and the incident
    asn_traffic   by network: the last month (UTC) in which it was observed, and its highest share of the rate then
    """

    id: str
    product_kind: str = "other"
    product: str | None = None
    exclusive_bandwidth: bool = False
    region: str | None = None
    ips: tuple[str, ...] = ()
    status: str = "active"
    suspension: str = ""
    suspended_at: datetime | None = None
    unmarked: bool = False
    attributes: dict[str, Json] = field(default_factory=dict)
    paid_at: datetime | None = None
    paid_amount: Decimal | None = None
    currency: str | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    vps: str | None = None
    cases: list[str] = field(default_factory=list)
    strikes: list[str] = field(default_factory=list)
    tally: dict[str, int] = field(default_factory=dict)
    joinable: dict[tuple[str, str, str], str] = field(default_factory=dict)
    joinable_before: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    named: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    no_refund: NoRefund | None = None
    refund_granted_at: datetime | None = None
    refund_refused: Basis | None = None
    terminated_by_policy: bool = False
    excess: dict[str, Excess] = field(default_factory=dict)
    expired: bool = False
    moved_to: str | None = None
    amends: frozenset[tuple[str, str]] = frozenset()
    blocks: dict[str, Json] = field(default_factory=dict)
    asn_traffic: dict[int, tuple[tuple[int, int], Decimal]] = field(default_factory=dict)

    @property
    def terminated(self) -> bool:
        return self.status == "terminated"

    def stays_suspended_for(self, hold: Hold) -> bool:
        """A block suspends nothing; but what became ours as automation was refused rests on every hold, blocks too."""
        return hold.scope != "network" or self.unmarked

    def active_holds(self, *, simulated: bool = False) -> Iterator[Hold]:
        """Holds that answer questions: real ones, and the simulated ones too where only simulating."""
        return (hold for hold in self.holds.values() if hold.active and (simulated or not hold.simulated))


@dataclass(slots=True, kw_only=True)
class Client:
    """One client with all his services: what a decision reads."""

    id: str | None
    kind: str = "customer"
    group: str | None = None
    locale: str | None = None
    currency: str | None = None
    verified: dict[str, bool] = field(default_factory=dict)
    refused: bool = False
    closed: bool = False
    staff_abused: bool = False
    refunds_granted: int = 0
    refunds_untold: dict[str, tuple[datetime, ...]] = field(default_factory=dict)
    """By service: when refunds of ours were carried out of which no panel has told yet."""
    orders: dict[str, Order] = field(default_factory=dict)
    marks_ahead: dict[str, NoRefund] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    charges: Register[Charge] = field(default_factory=Register)
    invoices: dict[str, list[str]] = field(default_factory=dict)
    barred: dict[str, list[str]] = field(default_factory=dict)
    timers: Register[Timer] = field(default_factory=Register)
    pending: Register[Pending] = field(default_factory=Register)
    last_at: datetime | None = None

    @property
    def is_reseller(self) -> bool:
        return self.kind == "reseller"

    def pending_for(self, service: str | None, *actions: str) -> Iterator[Pending]:
        """Pending actions of those names for one service, withdrawn ones left out."""
        return (
            item
            for item in self.pending.of_service(service)
            if not item.withdrawn and (not actions or item.action in actions)
        )
