"""How often somebody may do a thing: so many in an hour, kept in memory."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from bridge.ports import Clock

HOUR = timedelta(hours=1)
MOST_REMEMBERED = 20_000
_V6_PREFIX = 64


class RateLimit:
    """per_hour  for one address, of IPv6 for its /64; in_all: for everybody together"""

    def __init__(self, per_hour: int, in_all: int, clock: Clock) -> None:
        self._per_hour = per_hour
        self._in_all = in_all
        self._clock = clock
        self._lock = threading.Lock()
        self._everybody: deque[datetime] = deque()
        self._by_peer: OrderedDict[str, deque[datetime]] = OrderedDict()

    def admit(self, address: str | None) -> int:
        """0 where it may be done, which then counts; else the seconds to wait."""
        now, peer = self._clock.wall(), _peer(address)
        with self._lock:
            mine = self._by_peer.setdefault(peer, deque())
            self._by_peer.move_to_end(peer)
            for times in (mine, self._everybody):
                while times and times[0] <= now - HOUR:
                    times.popleft()
            full = [
                times[0]
                for times, most in ((mine, self._per_hour), (self._everybody, self._in_all))
                if len(times) >= most
            ]
            if full:
                return int((max(full) + HOUR - now).total_seconds()) + 1
            mine.append(now)
            self._everybody.append(now)
            while len(self._by_peer) > MOST_REMEMBERED:
                self._by_peer.popitem(last=False)
        return 0


def _peer(address: str | None) -> str:
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, _V6_PREFIX), strict=False))
    return str(known)
