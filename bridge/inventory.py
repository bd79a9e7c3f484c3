"""Who held which address from when to when, in memory: what replay routes by."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bridge.events import ServiceObserved


@dataclass(slots=True)
class Holding:
    """A service had an address (or prefix) from `start` up to, not including, `end`."""

    service: str
    prefix: str
    start: datetime
    end: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


def network_key(prefix: str) -> tuple[int, int, int]:
    """(version, prefix length, network as a number): how a prefix is found again."""
    network = ipaddress.ip_network(prefix)
    return (network.version, network.prefixlen, int(network.network_address))


@lru_cache(maxsize=65536)
def _number(ip: str) -> tuple[int, int, int]:
    """(number, bits, version) of an address."""
    address = ipaddress.ip_address(ip)
    return int(address), address.max_prefixlen, address.version


def candidate_keys(ip: str, lengths: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Keys of the networks of those (version, length) that hold the address, the longest first."""
    number, bits, version = _number(ip)
    fitting = sorted((length for known, length in lengths if known == version), reverse=True)
    return [(version, length, number >> (bits - length) << (bits - length)) for length in fitting]


class Inventory:
    """Holdings with their history, and which service belongs to whom."""

    def __init__(self) -> None:
        self._clients: dict[str, str] = {}
        self._current: dict[str, dict[str, Holding]] = {}
        self._now: dict[str, Holding] = {}
        self._history: dict[tuple[int, int, int], list[Holding]] = {}
        self._lengths: set[tuple[int, int]] = set()

    def client_of_service(self, service: str) -> str | None:
        return self._clients.get(service)

    def observe(self, event: ServiceObserved) -> None:
        """Take in what was seen: an address seen on another service has moved."""
        first = event.service not in self._clients
        self._clients[event.service] = event.client
        if event.ips is None:
            return
        held = self._current.setdefault(event.service, {})
        for prefix in [prefix for prefix in held if prefix not in event.ips]:
            held.pop(prefix).end = event.at
            del self._now[prefix]
        for prefix in event.ips:
            if prefix not in held:
                held[prefix] = self._begin(event, prefix, first=first)

    def _begin(self, event: ServiceObserved, prefix: str, *, first: bool) -> Holding:
        key = network_key(prefix)
        self._lengths.add(key[:2])
        earlier = self._history.setdefault(key, [])
        start = holding_start(event, first=first, last_end=self._end_others(earlier, event.at))
        holding = Holding(event.service, prefix, start)
        earlier.append(holding)
        self._now[prefix] = holding
        return holding

    def _end_others(self, earlier: list[Holding], moment: datetime) -> datetime | None:
        """End whoever still has it; when the last holder's time ended, None where nobody ever had it."""
        for holding in earlier:
            if holding.end is None:
                holding.end = moment
                self._current[holding.service].pop(holding.prefix, None)
                self._now.pop(holding.prefix, None)
        return max((holding.end for holding in earlier if holding.end is not None), default=None)

    def holds_now(self, ip: str) -> str | None:
        """The service that was seen with this very address last and still has it; None where a prefix may hold it."""
        now = self._now.get(ip)
        return now.service if now is not None else None

    def holder(self, ip: str, moment: datetime) -> str | None:
        """The one service that held the address then, by the longest prefix; None for none or two."""
        now = self._now.get(ip)
        if now is not None and now.start <= moment:
            return now.service
        for key in candidate_keys(ip, self._lengths):
            holders = {holding.service for holding in self._history.get(key, ()) if holding.covers(moment)}
            if holders:
                return holders.pop() if len(holders) == 1 else None
        return None


def holding_start(event: ServiceObserved, *, first: bool, last_end: datetime | None) -> datetime:
    """Only the first sight of a service dates its addresses back to period_start, never into another's time."""
    start = event.at
    if first and event.period_start is not None:
        start = min(event.period_start, event.at)
    return start if last_end is None else max(start, last_end)
