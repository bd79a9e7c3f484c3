"""Which service an address belongs to where several claim it at once.

A machine's own address outranks what somebody typed into a record, and a service of a known kind outranks one of none
(a licence sold beside the server bears the server's address). Between equals it is nobody's: a complaint about it is
unattributed and a person decides (clauses G1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from bridge.inventory import network_key

_REUSED = tuple(
    map(
        network_key,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10"),
    )
)
"""Addresses that mean something inside one network only: several machines may have them, no complaint names them."""


class Right(IntEnum):
    """How good a claim is."""

    RECORD = 0
    KIND_KNOWN = 1
    MACHINE = 2


class Claim(NamedTuple):
    service: str
    client: str
    right: Right


class Claims:
    """Finds, while services stream by, the addresses that more than one claims; keeps one number per address."""

    def __init__(self) -> None:
        self._once: set[int] = set()
        self.contested: set[str] = set()

    def note(self, ips: Iterable[str]) -> None:
        for ip in ips:
            version, length, network = network_key(ip)
            key = (network << 9) | (length << 1) | (version == 6)
            if key not in self._once:
                self._once.add(key)
            elif not _is_reused(ip):
                self.contested.add(ip)


@dataclass(frozen=True)
class Award:
    """Who gets which contested address.

    winners   by address; None: nobody
    rivals    by address: the services to be shown to a person, of more than one client or of equal right
    """

    winners: Mapping[str, str | None] = field(default_factory=dict)
    rivals: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def given(self, service: str, ips: Sequence[str]) -> list[str]:
        """Of the addresses that a service claims, those that are its own."""
        return [ip for ip in ips if self.winners.get(ip, service) == service]

    def disputed(self, service: str, ips: Sequence[str]) -> list[str]:
        """Of the addresses that a service claims, those that a person should look at."""
        return [ip for ip in ips if service in self.rivals.get(ip, ())]


def award(claims: Mapping[str, Sequence[Claim]]) -> Award:
    """Decide for each address: the best right wins if one service alone has it."""
    winners: dict[str, str | None] = {}
    rivals: dict[str, Sequence[str]] = {}
    for ip, several in claims.items():
        best = max(claim.right for claim in several)
        top = {claim.service for claim in several if claim.right is best}
        winners[ip] = next(iter(top)) if len(top) == 1 else None
        if len(top) > 1 or len({claim.client for claim in several}) > 1:
            rivals[ip] = sorted({claim.service for claim in several})
    return Award(winners, rivals)


def _is_reused(ip: str) -> bool:
    version, length, number = network_key(ip)
    bits = 32 if version == 4 else 128
    return any(
        version == version_of and length >= shorter and number >> (bits - shorter) == network >> (bits - shorter)
        for version_of, shorter, network in _REUSED
    )
