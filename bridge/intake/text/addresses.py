"""IP addresses and nets in text: what is one, and what only looks like one (versions, clocks, host names)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import islice
from typing import NamedTuple

from bridge.intake import limits
from bridge.intake.model import Networks

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(
    rf"(?<![\d.])(?P<ip>{_OCTET}(?:\.{_OCTET}){{3}})(?:\.(?P<port>\d{{1,5}})(?=\s{{0,20}}[>:,=<)\]]|\s{{0,20}}$|\s-|\sto\b|\s{{1,20}}\d))?"
    r"(?P<mask>/(?:3[0-2]|[12]?\d)(?![\d./]))?(?!\.?\d)(?!\.[a-z][\w-]*\.|\.[a-z]{2,12}\b|-?[a-z]{2})",
    re.MULTILINE,
)
_DOTTED = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}")
_FROM_FIRST_DOT = re.compile(r"\.(?<=\d\.)\d{1,3}\.\d{1,3}\.\d{1,3}")
"""An address behind its first number: a dot is sought much faster than digits, of which logs are full."""
_LONGEST_NUMBER = 4
"""One digit more than the number before the first dot may have."""
_IPV6 = re.compile(
    r"(?:(?<=[Ii][Pp][Vv]6:)|(?<![\w:.]))(?P<ip>[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?::\d{1,3}(?:\.\d{1,3}){3}"
    r"|(?<=:)\d{1,3}(?:\.\d{1,3}){3})?)"
    r"(?:\.\d{1,5}(?=\s?[>:,<]))?(?P<mask>/(?:12[0-8]|1[01]\d|\d?\d)(?![\d./]))?(?![\w:]|\.\d)"
)
_SEVEN_COLONS = re.compile(r":(?:[0-9A-Fa-f]{1,4}:){6}")
"""What an address of IPv6 has that leaves no group out."""
_VERSION_BEFORE = re.compile(
    r"(?:\bv(?:er(?:sion)?s?)?\.?|\b(?:build|release|openssh|openssl|rv|firmware|section"
    r"|chapter|rfc)|[A-Za-z]/)[ \t]?[:=#_]?[ \t]?\Z",
    re.IGNORECASE,
)
_CLIENT_BEFORE = re.compile(
    r"\b(?:client|user[- ]agent|browser|software)\s?[:=]\s{0,10}[A-Za-z][\w .-]{1,24}\s$", re.IGNORECASE
)
"""`Client: SomeTorrent 1.1.0.26` is a version."""
_SIGNATURES = ("\n-- \n", "\n--\n")
_VERSIONS_OF_GIT = ("1.", "2.")
"""What git writes as the signature of a patch that it mails."""
_MAY_END_VERSION = frozenset("vrnsdehlcVRNSDEHLC./")
"""The last characters of what `_VERSION_BEFORE` finds, marks and spaces behind it left out."""
_MARKS = " \t\n\r\u00a0:=#_"
_IN_LINK = re.compile(r"://\S{0,280}$")
_NEVER = frozenset(
    {"0.0.0.0", "255.255.255.255", "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "::", "::1", "1.2.3.4"}
)


class Mention(NamedTuple):
    """An address or net in a text: `ip` normalised, `prefix` its length where a net was written, else None."""

    ip: str
    start: int
    end: int
    prefix: int | None = None


def find_addresses(text: str) -> list[Mention]:
    """Every address in the (refanged) text, in its order."""
    found = list(islice(_ipv4_mentions(text), limits.MENTIONS))
    if _may_hold_ipv6(text):
        longer = list(_ipv6_mentions(text))
        spans = {mention.end for mention in longer}
        found = [mention for mention in found if mention.end not in spans] + longer
        found.sort(key=lambda mention: mention.start)
    return found[: limits.MENTIONS]


def names_any(text: str) -> bool:
    """Whether an address or net stands in the text."""
    first = next(_ipv4_mentions(text), None) or (next(_ipv6_mentions(text), None) if _may_hold_ipv6(text) else None)
    return first is not None


def _ipv4_mentions(text: str) -> Iterator[Mention]:
    for dotted in _FROM_FIRST_DOT.finditer(text):
        dot = dotted.start()
        before = text[max(0, dot - _LONGEST_NUMBER) : dot]
        match = _IPV4.match(text, dot - len(before) + len(before.rstrip("0123456789")))
        mention = _mention_v4(match, text) if match else None
        if mention:
            yield mention


def _mention_v4(match: re.Match[str], text: str) -> Mention | None:
    if _is_version(text, match.start()):
        return None
    ip, mask = match.group("ip", "mask")
    prefix = int(mask[1:]) if mask else None
    if ip in _NEVER or (ip.endswith(".0.0.0") and prefix is None):
        return None
    return Mention(ip, match.start("ip"), match.end(), prefix if prefix is not None and 8 <= prefix < 32 else None)


def _is_version(text: str, start: int) -> bool:
    """What stands before says that the four numbers tell a version."""
    before = text[max(0, start - 16) : start]
    if before.endswith(_SIGNATURES) and text.startswith(_VERSIONS_OF_GIT, start):
        return True
    if before.rstrip(_MARKS)[-1:] in _MAY_END_VERSION and _VERSION_BEFORE.search(before):
        return not _IN_LINK.search(text[max(0, start - 300) : start])
    return before[-1:].isspace() and _CLIENT_BEFORE.search(text, max(0, start - 50), start) is not None


def _ipv6_mentions(text: str) -> Iterator[Mention]:
    for count, match in enumerate(_IPV6.finditer(text)):
        if count >= limits.MENTIONS * 4:
            return
        written = match.group("ip")
        if written.count(":") < 7 and "::" not in written:
            continue
        ip = normalised(written)
        if ip is None or ip in _NEVER or len(written.replace(":", "")) < 3:
            continue
        mask = match.group("mask")
        prefix = int(mask[1:]) if mask else None
        yield Mention(ip, match.start("ip"), match.end(), prefix if prefix is not None and 16 <= prefix < 128 else None)


def names_one(text: str, ips: Set[str]) -> bool:
    """Whether one of the addresses, which are normalised, stands in the text."""
    if not ips.isdisjoint(_DOTTED.findall(text)):
        return True
    if not _may_hold_ipv6(text) or not any(":" in ip for ip in ips):
        return False
    return any(mention.ip in ips for mention in find_addresses(text))


def _may_hold_ipv6(text: str) -> bool:
    return "::" in text or (text.count(":") > 6 and _SEVEN_COLONS.search(text) is not None)


def normalised(text: str) -> str | None:
    """The address in its canonical spelling, IPv4 out of IPv4-mapped IPv6; None if the text is no address."""
    written = text.strip().strip("[]").partition("%")[0]
    if ":" not in written and not written[-1:].isdigit():
        return None
    try:
        address = ip_address(written)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def network_of(text: str) -> str | None:
    """`192.0.2.7/24` as `192.0.2.0/24`; None if it is no net of more than one address."""
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    return str(network) if network.num_addresses > 1 else None


def is_within(ip: str, networks: Networks) -> bool:
    """The address lies in one of the networks."""
    address: IPv4Address | IPv6Address = ip_address(ip)
    return any(address.version == network.version and address in network for network in networks)


def overlaps(cidr: str, networks: Networks) -> bool:
    """The net shares addresses with one of the networks."""
    network = ip_network(cidr)
    first, last = int(network.network_address), int(network.broadcast_address)
    return any(
        other.version == network.version
        and first <= int(other.broadcast_address)
        and int(other.network_address) <= last
        for other in networks
    )


@lru_cache(maxsize=4096)
def is_public(ip: str) -> bool:
    """Could be met on the internet; documentation networks count as public, private and loopback ones do not."""
    address = ip_address(ip)
    if address.is_loopback or address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    if not address.is_private:
        return not address.is_reserved
    return _is_documentation(address)


def _is_documentation(address: IPv4Address | IPv6Address) -> bool:
    return any(address.version == net.version and address in net for net in _DOCUMENTATION)


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order of first sight."""
    return tuple(dict.fromkeys(items))


_DOCUMENTATION = tuple(
    ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "198.18.0.0/15")
)
