"""Which lines of a long file may be about us, told without reading them: most rows of a feed are about others."""

from __future__ import annotations

from functools import lru_cache

from bridge.intake.model import Network, Networks

_GROUP, _OCTET = 16, 8


class Near:
    """Whether a line may name an address inside our networks. A false yes costs time, a false no would cost a row.

    Where our networks are not known every line may. What is written as a network (`/`) or with marks in an address
    (`192.0[.]2.1`) is always looked at.
    """

    def __init__(self, own: Networks) -> None:
        self._any = not own
        self._beginnings = tuple({_beginning(network) for network in own})

    def may_be_ours(self, line: str) -> bool:
        if self._any or "/" in line or "[" in line or "(" in line:
            return True
        lowered = line.lower()
        return any(beginning in lowered for beginning in self._beginnings)


@lru_cache(maxsize=8)
def near(own: tuple[Network, ...]) -> Near:
    return Near(own)


def _beginning(network: Network) -> str:
    """How all its addresses begin, by whole octets or by the first group; a very large one begins in any way."""
    if network.version == 6:
        return f"{int(network.network_address) >> 112:x}:" if network.prefixlen >= _GROUP else ":"
    octets = str(network.network_address).split(".")[: min(network.prefixlen // _OCTET, 3)]
    return "".join(f"{octet}." for octet in octets) or "."
