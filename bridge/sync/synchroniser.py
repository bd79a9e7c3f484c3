"""Reads the panels and takes in what changed: everything at once, or what a hook named.

A full reading costs one call for every 250 clients, every 250 services and every 500 machines, one for each client that
is new, and a few hundred for clients asked for again in turn. Of every service a few hundred bytes go to a temporary
file, of every machine and address as much to memory. Nothing of the services is taken in before all were read: a panel
that fails midway changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, TypeVar, cast

import orjson
import structlog
from sqlalchemy import and_, bindparam, func, select

from bridge import drift
from bridge.config import PanelNames
from bridge.desk import Desk
from bridge.errors import InvalidInput, PanelError
from bridge.inventory import network_key
from bridge.ports import BillingPanel, Clock, Panels
from bridge.store.store import Unit
from bridge.store.tables import events, holdings, services
from bridge.sync.claims import Award, Claim, Claims, award
from bridge.sync.comparison import between_panels, network_of
from bridge.sync.details import Details
from bridge.sync.machines import Machines, sight_alone
from bridge.sync.mapping import client_facts, service_facts
from bridge.sync.observed import Found, Observer, found
from bridge.sync.orders import Orders
from bridge.sync.payments import Cashbook, Payments
from bridge.sync.period import start_of_day
from bridge.sync.rereads import Reread, Rereads
from bridge.sync.sighting import Sighting
from bridge.timeformat import format_time

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""What is being read (clients, machines, services, changes), how many so far, how many in all (0: not known)."""

BATCH = 200
IN_MEMORY = 16 * 1024 * 1024
FEW_MISSING = 25
MOST_MISSING = 0.1
"""More services gone at once than this share (and than FEW_MISSING) look like the wrong panel or a restored one."""
SYNCED = "synced"

_log = structlog.get_logger(__name__)


@dataclass
class Summary:
    """What a full reading saw and changed.

    gone      services that the billing panel no longer has: terminated
    missing   as many are not in the billing panel, too many to believe it; nothing was done about them
    unread    server panels that could not be read, in words: their services keep the addresses last seen
    unusable  services of which no event can be made, by id
    unreadable  services of which the billing panel says what nobody understands (an unknown status …), by id
    drifts    disagreements that are open now
    """

    clients: int = 0
    services: int = 0
    machines: int = 0
    changed_clients: int = 0
    changed_services: int = 0
    gone: int = 0
    missing: int = 0
    drifts: int = 0
    unread: list[str] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not (self.unread or self.unusable or self.unreadable or self.missing)


class Synchroniser:
    """Safe to run in several processes at once.

    servers     the server panel behind a server id of the billing panel
    server_ids  those server ids that have one
    details     how many new clients are read one by one in one sync; refreshed: how many known ones
    tickets     reads a ticket by which somebody complains, with what is attached to it; raises PanelError
    """

    def __init__(
        self,
        billing: BillingPanel,
        servers: Panels,
        server_ids: Iterable[str],
        desk: Desk,
        names: PanelNames,
        clock: Clock,
        *,
        details: int = 20_000,
        refreshed: int = 300,
        tickets: Callable[[str], None] | None = None,
    ) -> None:
        self._billing = billing
        self._servers = servers
        self._server_ids = tuple(server_ids)
        self._desk = desk
        self._names = names
        self._clock = clock
        self._details = details
        self._refreshed = refreshed
        self._tickets = tickets
        self._observer = Observer(desk)
        self._rereads = Rereads(desk.store)
        self._begins = start_of_day(billing.local_date)
        self._orders = Orders(desk, self.client, self.service)
        self._payments = Payments(cast("Cashbook", billing), desk, clock)

    # ---- everything ----

    def everything(self, progress: Progress | None = None, *, accept_missing: bool = False) -> Summary:
        """Read all panels and take in what changed. Raises PanelError where the billing panel cannot be read.

        accept_missing  believe that services are gone, however many
        """
        tell = progress or _silence
        summary = Summary()
        began = self._last_seq()
        self._all_clients(tell, summary)
        machines = Machines.read(self._servers, self._server_ids, lambda count: tell("machines", count, 0))
        summary.machines, summary.unread = machines.count, machines.unread
        with SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
            claims = Claims()
            seen = self._read_services(machines, spool, claims, tell, summary)
            decided = award(_claims(spool, claims.contested))
            self._take_services(spool, decided, began, tell, summary)
        self._end_missing(seen, began, summary, accept_missing=accept_missing)
        for order in self._billing.pending_orders():
            self._orders.place(order)
        self.payments()
        self._note_end(summary)
        return summary

    def payments(self) -> int:
        """Refunds and reversed payments since the last look; how many were new. Raises PanelError."""
        return self._payments.look()

    def _all_clients(self, tell: Progress, summary: Summary) -> None:
        total = self._billing.client_count()
        details = Details(self._billing, self._desk.store, new=self._details, refreshed=self._refreshed)
        for batch in _batches(self._billing.clients()):
            said = {client.id: client_facts(client, self._names) for client in details.fill(batch)}
            wanted = {client: facts for client, facts in said.items() if facts}
            summary.changed_clients += self._desk.store.write(partial(self._observer.clients, batch=wanted))
            summary.clients += len(batch)
            tell("clients", summary.clients, max(total, summary.clients))
        details.close()

    def _read_services(
        self, machines: Machines, spool: IO[bytes], claims: Claims, tell: Progress, summary: Summary
    ) -> set[str]:
        """Every service into the spool; returns their ids."""
        total = self._billing.service_count()
        seen: set[str] = set()
        strange: dict[str, str] = {}
        for service in self._billing.services(unreadable=strange.__setitem__):
            seen.add(service.id)
            item = self._found(machines.sight(service))
            if item is None:
                summary.unusable.append(service.id)
            else:
                claims.note(item.facts.get("ips", ()))
                spool.write(item.to_json())
            tell("services", len(seen), max(total, len(seen)))
        summary.services = len(seen)
        summary.unreadable = sorted(strange)
        self._note_strange(strange)
        return seen | strange.keys()

    def _note_strange(self, strange: Mapping[str, str]) -> None:
        """What one service says that nobody understands stops no other; it is shown until it can be read."""
        for service, words in strange.items():
            _log.warning("a service cannot be read", service=service, words=words)
        self._desk.store.write(lambda unit: drift.settle_unreadable(unit.connection, strange, self._clock.now()))

    def _found(self, sighting: Sighting) -> Found | None:
        """The facts of a service; None where no event can hold them, which is logged."""
        service = sighting.billing
        facts = service_facts(sighting, self._names, self._begins, self._clock.now())
        try:
            drifts, network = between_panels(sighting), network_of(sighting)
            return found(service.id, service.client, facts, sighting.link, drifts, self._clock.now(), network)
        except InvalidInput as refusal:
            _log.warning("a service cannot be taken in", service=service.id, field=refusal.field)
            return None

    def _take_services(self, spool: IO[bytes], decided: Award, began: int, tell: Progress, summary: Summary) -> None:
        done = 0
        for batch in _batches(_spooled(spool)):
            summary.changed_services += self._take(batch, decided, began)
            done += len(batch)
            tell("changes", done, summary.services)

    def _take(self, batch: Sequence[Found], decided: Award, began: int) -> int:
        """One batch, one transaction; what somebody else changed meanwhile is asked for again."""

        def work(unit: Unit) -> int:
            taken = self._observer.services(unit, batch, decided, began)
            for service in taken.asked_again:
                self._rereads.ask(unit, "service", service, self._clock.wall())
            return taken.changed

        return self._desk.store.write(work)

    def _end_missing(self, seen: set[str], began: int, summary: Summary, *, accept_missing: bool) -> None:
        missing, known = self._missing(seen, began)
        if len(missing) > max(FEW_MISSING, MOST_MISSING * known) and not accept_missing:
            summary.missing = len(missing)
            _log.warning("too many services are missing to believe it", missing=len(missing), known=known)
            return
        for batch in _batches(service for service in missing if self._billing.service(service) is None):
            summary.gone += self._desk.store.write(partial(self._observer.gone, batch=batch, began=began))

    def _missing(self, seen: set[str], began: int) -> tuple[list[str], int]:
        """Running services that the panels once showed and do not show now; and how many services are known."""
        missing: list[str] = []
        known = 0
        after = ""
        while True:
            query = select(services).where(services.c.id > after).order_by(services.c.id).limit(1000)
            with self._desk.store.read() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return missing, known
            after = rows[-1].id
            known += len(rows)
            unseen = [row for row in rows if row.id not in seen and row.seq <= began]
            running = [row.id for row in unseen if orjson.loads(row.facts).get("status") != "terminated"]
            if running:
                missing += self._desk.store.write(partial(self._once_shown, ids=running))

    def _once_shown(self, unit: Unit, ids: Sequence[str]) -> list[str]:
        return [service for service in ids if self._observer.was_in_panel(unit, service)]

    def _note_end(self, summary: Summary) -> None:
        with self._desk.store.read() as connection:
            summary.drifts = drift.count(connection)
        self._desk.store.write(lambda unit: unit.set(SYNCED, format_time(self._clock.now())))

    # ---- one service, one client ----

    def service(self, service: str) -> bool:
        """Read one service, and whoever held an address that it has now: did anything change? Raises PanelError."""
        began = self._last_seq()
        shown = self._billing.service(service)
        if shown is None:
            return self._gone(service, began)
        first = self._found(sight_alone(self._servers, shown))
        if first is None:
            return False
        batch = [first, *self._holders(first)]
        claimed: dict[str, list[Claim]] = {}
        for ip, claim in chain.from_iterable(item.claims() for item in batch):
            claimed.setdefault(ip, []).append(claim)
        decided = award({ip: several for ip, several in claimed.items() if len(several) > 1})
        return self._take(batch, decided, began) > 0

    def _gone(self, service: str, began: int) -> bool:
        def work(unit: Unit) -> int:
            if not self._observer.was_in_panel(unit, service):
                return 0
            return self._observer.gone(unit, [service], began)

        return self._desk.store.write(work) > 0

    def _holders(self, first: Found) -> Iterator[Found]:
        """Others that had one of its addresses until now, as the panels show them now: it moved, or both claim it."""
        ips = first.facts.get("ips", ())
        with self._desk.store.read() as connection:
            others = drift.rivals(connection, ips)
            for ip in ips:
                others.update(connection.execute(_HOLDERS, _key_of(ip)).scalars())
        for other in sorted(others - {first.service}):
            shown = self._billing.service(other)
            item = self._found(sight_alone(self._servers, shown)) if shown is not None else None
            if item is not None:
                yield item

    def client(self, client: str) -> bool:
        """Read one client; whether anything changed. Raises PanelError."""
        shown = self._billing.client(client)
        facts = client_facts(shown, self._names) if shown is not None else {}
        if not facts:
            return False
        return self._desk.store.write(partial(self._observer.clients, batch={client: facts})) > 0

    # ---- what hooks asked for ----

    def rereads_waiting(self) -> int:
        """How many services and clients wait to be read again, due or not."""
        return self._rereads.waiting()

    def due_rereads(self, limit: int = 50) -> int:
        """Read what is due; returns how many were read. A panel that cannot be read leaves them for later."""
        done = 0
        for reread in self._rereads.claim(self._clock.wall(), limit):
            done += self._reread(reread)
        return done

    def _reread(self, reread: Reread) -> int:
        try:
            self._read_again(reread)
        except PanelError as trouble:
            _log.warning("could not be read again", kind=reread.kind, id=reread.id, panel=trouble.panel)
            self._rereads.failed(reread, self._clock.wall())
            return 0
        self._rereads.done(reread)
        return 1

    def _read_again(self, reread: Reread) -> None:
        if reread.kind == "client":
            self.client(reread.id)
        elif reread.kind == "payments":
            self._payments.client(reread.id)
        elif reread.kind == "order":
            order = self._billing.order(reread.id)
            if order is not None:
                self._orders.place(order)
        elif reread.kind == "ticket":
            if self._tickets is not None:
                self._tickets(reread.id)
        else:
            self.service(reread.id)

    def _last_seq(self) -> int:
        with self._desk.store.read() as connection:
            return connection.execute(select(func.max(events.c.seq))).scalar() or 0


_HOLDERS = select(holdings.c.service).where(
    and_(
        holdings.c.version == bindparam("version"),
        holdings.c.length == bindparam("length"),
        holdings.c.network == bindparam("network"),
        holdings.c.end.is_(None),
    )
)


def _key_of(ip: str) -> dict[str, int | str]:
    version, length, network = network_key(ip)
    return {"version": version, "length": length, "network": f"{network:032x}"}


def _silence(what: str, done: int, total: int) -> None:
    """Nobody wants to know."""


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _spooled(spool: IO[bytes]) -> Iterator[Found]:
    spool.seek(0)
    return map(Found.from_json, spool)


def _claims(spool: IO[bytes], contested: set[str]) -> dict[str, list[Claim]]:
    """Who claims the contested addresses; reads the spool again only where there are any."""
    claimed: dict[str, list[Claim]] = {}
    for item in _spooled(spool) if contested else ():
        for ip, claim in item.claims():
            if ip in contested:
                claimed.setdefault(ip, []).append(claim)
    return claimed
