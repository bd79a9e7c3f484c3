"""The listings of our own addresses: one that begins is a complaint, one that ends is listing.cleared, each once.

What is listed stands in a table beside the log; the event and the row are one transaction, and the event's id derives
from list, address and how often the address was listed before. A list that cannot be trusted changes nothing.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import chain, islice
from threading import Event
from typing import Any

import orjson
import structlog
from sqlalchemy import and_, select

from bridge.config.sources import PROVIDER, BlocklistConfig
from bridge.desk import Desk
from bridge.errors import SourceUnreachable
from bridge.events import parse_event
from bridge.sources.lists import Address, Listed, ListFile, Network, Zone
from bridge.store.engine import to_us
from bridge.store.sources import note_failure, note_success
from bridge.store.store import Unit
from bridge.store.tables import holdings, listings
from bridge.timeformat import format_time
from bridge.views import LIST, Source

Json = Any

_log = structlog.get_logger(__name__)

CLEAR_AFTER = 2
"""Looks in a row that no longer find an address: one may have met a list that was being rebuilt."""
MOST_IN_A_ROW = 3
"""Questions without an answer, one after the other, that end a round."""
MOST_OF_ONE = 256
"""Addresses of one listed network, or of one held prefix, that are looked at by themselves."""
LONGEST_PAUSE = timedelta(minutes=15)

_SBL = re.compile(r"\bSBL\d{1,9}\b")


class BlocklistWatch:
    """Asks one list about our addresses, round after round, never faster than the configuration allows."""

    def __init__(self, config: BlocklistConfig, list_: Zone | ListFile, desk: Desk, own: Sequence[Network]) -> None:
        self.name = config.name
        self._config = config
        self._list = list_
        self._desk = desk
        self._own = own
        self._source = Source(name=config.name, kind=LIST)

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            well = self.round(stop)
            pause = self._config.every if well else min(self._config.every, LONGEST_PAUSE)
            stop.wait(pause.total_seconds())

    def round(self, stop: Event) -> bool:
        """Look at everything once; False where the list did not answer."""
        try:
            if isinstance(self._list, Zone):
                self._ask_all(self._list, stop)
            else:
                self._compare(self._list)
        except SourceUnreachable as trouble:
            words = str(trouble)
            _log.warning("a blocklist cannot be read", source=self.name, error=words)
            self._desk.store.write(lambda unit: note_failure(unit, self.name, LIST, self._desk.clock.wall(), words))
            return False
        self._desk.store.write(lambda unit: note_success(unit, self.name, LIST, self._desk.clock.wall()))
        return True

    # ---- a zone ----

    def _ask_all(self, zone: Zone, stop: Event) -> None:
        zone.check()
        silent, listed = 0, set(self._open())
        for address in self._addresses():
            if stop.wait(1 / self._config.queries_per_second):
                return
            try:
                found = zone.look(address)
            except SourceUnreachable:
                silent += 1
                if silent >= MOST_IN_A_ROW:
                    raise
                continue
            silent = 0
            if found is not None:
                self._desk.store.write(partial(self._seen, found=found, ips=(str(address),)))
            elif str(address) in listed:
                self._desk.store.write(partial(self._missed, subject=str(address)))

    def _addresses(self) -> Iterator[Address]:
        """What is listed first, then what services hold, then the rest of our own IPv4 networks."""
        told: set[Address] = set()
        known = chain(
            (ipaddress.ip_address(subject) for subject in self._open() if "/" not in subject),
            (address for network in self._held() for address in _few_of(network)),
        )
        for address in known:
            if address not in told:
                told.add(address)
                yield address
        for network in self._own:
            if network.version == 4:
                yield from (address for address in network if address not in told)

    def _open(self) -> Sequence[str]:
        with self._desk.store.read() as connection:
            mine = and_(listings.c.list == self.name, listings.c.cleared.is_(None))
            return connection.execute(select(listings.c.subject).where(mine)).scalars().all()

    def _held(self) -> list[Network]:
        with self._desk.store.read() as connection:
            now = select(holdings.c.prefix).where(holdings.c.end.is_(None)).distinct().order_by(holdings.c.prefix)
            return [ipaddress.ip_network(prefix) for prefix in connection.execute(now).scalars()]

    # ---- a file ----

    def _compare(self, file: ListFile) -> None:
        held = self._held()
        found = list(file.listed([*self._own, *held]))
        for listed in found:
            ips = self._ours_in(ipaddress.ip_network(listed.subject), held)
            self._desk.store.write(partial(self._seen, found=listed, ips=ips))
        for gone in set(self._open()) - {listed.subject for listed in found}:
            self._desk.store.write(partial(self._missed, subject=gone))

    def _ours_in(self, listed: Network, held: Sequence[Network]) -> tuple[str, ...]:
        """Addresses of a listed network that services hold; where there is none, the first that is ours."""
        inside = (address for network in held for address in _few_of(network) if address in listed)
        ips = tuple(dict.fromkeys(str(address) for address in islice(inside, MOST_OF_ONE)))
        if ips:
            return ips
        first = next((network for network in self._own if network.network_address in listed), listed)
        return (str(first.network_address),)

    # ---- what follows ----

    def _seen(self, unit: Unit, *, found: Listed, ips: Sequence[str]) -> None:
        key = and_(listings.c.list == self.name, listings.c.subject == found.subject)
        known = unit.connection.execute(select(listings).where(key)).first()
        now = to_us(self._desk.clock.wall())
        if known is not None and known.cleared is None:
            unit.connection.execute(listings.update().where(key).values(seen=now, misses=0))
            return
        place = 1 if known is None else known.round + 1
        event = f"listing.{self.name}.{found.subject}.{place}"
        sbl = _SBL.search(found.says)
        removal = PROVIDER if sbl else self._config.removal
        row: dict[str, Json] = {
            "round": place, "since": now, "seen": now, "misses": 0, "says": found.says, "cleared": None,
            "ips": orjson.dumps(list(ips)).decode(), "removal": removal, "event": event,
        }  # fmt: skip
        if known is None:
            unit.connection.execute(listings.insert(), {"list": self.name, "subject": found.subject, **row})
        else:
            unit.connection.execute(listings.update().where(key).values(**row))
        self._take(
            unit, event, "complaint.received", ips=list(ips), category="reputation/blocklist",
            reporter={"name": self.name, "kind": "blocklist"}, delisting=removal, excerpt=found.says,
            **({"report_id": sbl[0]} if sbl else {}),
        )  # fmt: skip

    def _missed(self, unit: Unit, *, subject: str) -> None:
        key = and_(listings.c.list == self.name, listings.c.subject == subject, listings.c.cleared.is_(None))
        known = unit.connection.execute(select(listings).where(key)).first()
        if known is None:
            return
        if known.misses + 1 < CLEAR_AFTER:
            unit.connection.execute(listings.update().where(key).values(misses=known.misses + 1))
            return
        unit.connection.execute(listings.update().where(key).values(cleared=to_us(self._desk.clock.wall())))
        for ip in orjson.loads(known.ips):
            self._take(unit, f"{known.event}.cleared.{ip}", "listing.cleared", ip=ip, list=self.name)

    def _take(self, unit: Unit, id_: str, type_: str, **fields: Json) -> None:
        raw = {"id": id_, "type": type_, "at": format_time(self._desk.clock.now()), **fields}
        self._desk.take(unit, parse_event(raw), raw, self._source)


def _few_of(network: Network) -> Iterator[Address]:
    """The addresses of a small IPv4 prefix; of IPv6, whose lists name whole /64s, the first."""
    if isinstance(network, ipaddress.IPv6Network):
        return iter((network.network_address,))
    return islice(network, MOST_OF_ONE)
