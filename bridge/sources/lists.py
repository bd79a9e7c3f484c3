"""What a blocklist says of our addresses: a DNS zone that is asked (RFC 5782), or a file of addresses and networks."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bridge.errors import SourceUnreachable
from bridge.ports import NameLookup

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_ANSWERS = ipaddress.ip_network("127.0.0.0/8")
_ERRORS = ipaddress.ip_network("127.255.255.0/24")
"""Answers by which a list says that it does not answer: too many questions, an open resolver, no such zone."""
_NEVER_LISTED, _ALWAYS_LISTED = ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("127.0.0.2")
_LONGEST_SAYING = 300
_LONGEST_LINE = 1000
_MOST_LINES = 2_000_000
_TOKEN = re.compile(r"(?:\{.{0,200}?\"(?:cidr|ip)\"\s*:\s*\"|\")?([0-9A-Fa-f:.]{2,45}(?:/\d{1,3})?)")


class Listed(NamedTuple):
    """A list names this address or network of ours; `says` is what it says about it, in its own words."""

    subject: str
    says: str


@dataclass(frozen=True)
class Zone:
    """A DNSBL. `codes`: answers that count, with their meaning; empty: every answer that is no error."""

    name: str
    lookup: NameLookup
    codes: Mapping[str, str]

    def check(self) -> None:
        """Raises SourceUnreachable for a list that is gone, or that lists the whole world (RFC 5782, 5)."""
        if not self._answers(_ALWAYS_LISTED):
            raise SourceUnreachable(f"{self.name}: the test entry 127.0.0.2 is missing: is this still a list?")
        if self._answers(_NEVER_LISTED):
            raise SourceUnreachable(f"{self.name}: it lists 127.0.0.1, and so everything: it is not believed")

    def look(self, address: Address) -> Listed | None:
        """What is said of an address; None where it is not listed. Raises SourceUnreachable where nobody knows."""
        answers = self._answers(address)
        known = [answer for answer in answers if not self.codes or answer in self.codes]
        if not known:
            return None
        words = [self.codes.get(answer, answer) for answer in known]
        return Listed(str(address), _said([*words, *self._texts(address)]))

    def _answers(self, address: Address) -> Sequence[str]:
        answers = self.lookup.addresses(self._question(address))
        for answer in answers:
            code = ipaddress.ip_address(answer)
            if code not in _ANSWERS or code in _ERRORS:
                raise SourceUnreachable(f"{self.name}: it answers {answer}, which says that it does not answer us")
        return answers

    def _texts(self, address: Address) -> Sequence[str]:
        try:
            return self.lookup.texts(self._question(address))
        except SourceUnreachable:
            return ()

    def _question(self, address: Address) -> str:
        return f"{address.reverse_pointer.removesuffix('.in-addr.arpa').removesuffix('.ip6.arpa')}.{self.name}"


@dataclass(frozen=True)
class ListFile:
    """A file with an address or a network at the start of each line; what follows is a remark. Or lines of JSON that
    have it under `cidr` or `ip`, as Spamhaus's lists are."""

    path: Path

    def check(self) -> None:
        """Raises SourceUnreachable where there is no such file, or nothing in it."""
        for _ in self.listed(()):
            return

    def listed(self, ours: Sequence[Network]) -> Iterator[Listed]:
        """Entries that touch our networks. Raises SourceUnreachable where there is no such file, or nothing in it."""
        entries = 0
        try:
            with self.path.open(encoding="utf-8", errors="replace") as lines:
                for _ in range(_MOST_LINES):
                    line = lines.readline(_LONGEST_LINE)
                    if not line:
                        break
                    entry = _entry(line)
                    entries += entry is not None
                    if entry is not None and any(_touch(entry, network) for network in ours):
                        yield Listed(_subject(entry), _said([line.strip()]))
        except OSError as trouble:
            raise SourceUnreachable(f"{self.path.name}: {trouble.strerror}") from trouble
        if not entries:
            raise SourceUnreachable(f"{self.path.name}: there is no address in it: nothing is concluded from that")


def _entry(line: str) -> Network | None:
    match = _TOKEN.match(line.strip())
    try:
        return ipaddress.ip_network(match[1], strict=False) if match else None
    except ValueError:
        return None


def _touch(entry: Network, own: Network) -> bool:
    return entry.version == own.version and (
        (isinstance(entry, ipaddress.IPv4Network) and isinstance(own, ipaddress.IPv4Network) and entry.overlaps(own))
        or (isinstance(entry, ipaddress.IPv6Network) and isinstance(own, ipaddress.IPv6Network) and entry.overlaps(own))
    )


def _subject(entry: Network) -> str:
    return str(entry.network_address) if entry.prefixlen == entry.max_prefixlen else str(entry)


def _said(words: Sequence[str]) -> str:
    text = " ".join(" ".join(words).split())
    return "".join(char for char in text if char.isprintable())[:_LONGEST_SAYING]
