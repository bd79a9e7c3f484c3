"""Names into addresses and texts, of the machine's own name servers or of named ones; never more than one at a time."""

from __future__ import annotations

from collections.abc import Sequence

from dns.exception import DNSException
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.IN.A import A
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from bridge.errors import SourceUnreachable

_TIMEOUT = 5.0
_MOST_TEXTS = 4


class DnsLookup:
    """Implements `bridge.ports.NameLookup`.

    servers  (address, port) of each name server to ask; empty: those of this machine, read when first asked
    """

    def __init__(self, servers: Sequence[tuple[str, int]] = ()) -> None:
        self._servers = tuple(servers)
        self._resolver: Resolver | None = None

    def addresses(self, name: str) -> tuple[str, ...]:
        """IPv4 addresses of a name; none where it does not exist. Raises SourceUnreachable where nobody knows."""
        return tuple(item.address for item in self._asked(name, "A") if isinstance(item, A))

    def texts(self, name: str) -> tuple[str, ...]:
        """The first few texts of a name. Raises SourceUnreachable."""
        found = [item for item in self._asked(name, "TXT") if isinstance(item, TXT)]
        return tuple(b"".join(item.strings).decode("utf-8", "replace") for item in found[:_MOST_TEXTS])

    def _asked(self, name: str, kind: str) -> Sequence[object]:
        try:
            if self._resolver is None:
                self._resolver = self._made()
            return tuple(self._resolver.resolve(name, kind, search=False, lifetime=_TIMEOUT))
        except (NXDOMAIN, NoAnswer):
            return ()
        except (DNSException, OSError, ValueError) as trouble:
            raise SourceUnreachable(f"{name}: {type(trouble).__name__}") from trouble

    def _made(self) -> Resolver:
        resolver = Resolver(configure=not self._servers)
        if self._servers:
            resolver.nameservers = [address for address, _ in self._servers]
            resolver.nameserver_ports = dict(self._servers)
        return resolver
