"""Offender or victim: what the words around an address say about its part in the trouble."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from itertools import islice, pairwise

from bridge.intake.text.addresses import Mention, find_addresses, is_public
from bridge.intake.text.wording import (
    CONTINUES,
    DID_IT,
    LONE,
    OFFENDER,
    RANGE_AFTER,
    RANGE_BEFORE,
    SUFFERED,
    VICTIM_LINE,
    WHOIS,
    YOURS,
    by_context,
)

_ADDRESS_LINE = re.compile(
    r"^[\s*\-•\d.)#\"'\[(]{0,8}(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]{3,40})"
)
_COLUMN = re.compile(r"^\W{0,4}(?:ip|ips|hosts?|source|address\w*|src|attacker|offender)\b", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"attack\w*|abus\w*|spam\w*|scann\w*|infect\w*|follow\w*|involved|your|ihr\w*|listed"
    r"|malicious|suspicious|offen\w*|ваш\w*|seguintes|siguientes|suivant\w*",
    re.IGNORECASE,
)
_LIST_OF_OFFENDERS = re.compile(
    r"^\W{0,4}(?:offending|attacking|abusive|abusing|malicious|infected|scanning|spamming|source|hostile)\s"
    r"(?:\w{2,10}\s){0,2}(?:ips?|hosts?|address(?:es)?)\b(?:[ \w()]{0,20}):\s?$",
    re.IGNORECASE,
)
_OUTRIGHT = 4.5
"""What a list is worth whose heading calls its addresses the offenders: whatever else is told of others."""
_REACH = 80
_OFTEN = 10
"""So many mentions tell an address's part: a log repeats it a thousand times."""
_PLAINLY, _SPARED = 3.0, -3.0
_WRAPPED = 12
_UNCLEAR = -1.0
_MOST_SHAPED = 300
_NET_ITSELF = -4.0
_PLAIN = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?=[ ),;.\]\n]|$)")
_SPACED_LIST = re.compile(r"(?<=\d)(?: {1,2}\d{1,3}(?:\.\d{1,3}){3}){2,60}(?=[),;.\]\n]|$)")
_DASHES = ("-", "\u2013", "\u2014")
_LINK = re.compile(r"https?://$", re.IGNORECASE)
_LINKS = re.compile(r"https?://\S+", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[A-Za-z]+")
_LONG_LINE = 60
_LIST_REACH = 25


@dataclass(frozen=True)
class Candidate:
    """An address with what speaks for its being the offender.

    score  of all its mentions together; above 0 more speaks for it than against it
    first  where it stands first
    places what its lines look like up to it: addresses in lines of one kind play one part
    """

    ip: str
    score: float
    first: int
    count: int
    best: float
    named: bool
    places: frozenset[str] = frozenset()


def weigh_mention(mention: Mention, text: str) -> float:
    """How much the words around one mention speak for an offender (positive) or a victim (negative)."""
    line_start = text.rfind("\n", 0, mention.start) + 1
    before = text[max(line_start, mention.start - _REACH) : mention.start]
    after = text[mention.end : mention.end + 90].partition("\n")[0]
    if WHOIS.match(text[line_start : mention.start]) or RANGE_AFTER.match(after) or _ends_range(before):
        return -4.0
    if len(before) < _WRAPPED and _is_wrapped(text, line_start):
        return by_context(text[max(0, line_start - _REACH) : line_start - 1].rpartition("\n")[2] + " " + before, after)
    if _LINK.search(before) and _ADDRESS_LINE.match(before):
        return _UNCLEAR
    score = by_context(before, after)
    if score < _PLAINLY and VICTIM_LINE.match(text[line_start : mention.start]):
        return -4.0
    if LONE.match(before) and line_start > 1 and score > 0:
        return _under_heading(_heading(text, line_start), score)
    return score


def _ends_range(before: str) -> bool:
    return before.rstrip().endswith(_DASHES) and RANGE_BEFORE.search(before) is not None


def _is_wrapped(text: str, line_start: int) -> bool:
    """The line goes on with a sentence that the line above began: that one is long and ends in the middle of it."""
    above = text[text.rfind("\n", 0, max(0, line_start - 1)) + 1 : max(0, line_start - 1)].rstrip()
    return len(above) > _LONG_LINE and above[-1] not in ".:;!?=->|)" and not _ADDRESS_LINE.match(above)


def _under_heading(heading: str, score: float) -> float:
    """What a line above says of the addresses listed below it: a short label says it outright, a sentence announces."""
    if SUFFERED.search(heading) and not DID_IT.search(heading):
        return -4.0
    if _LIST_OF_OFFENDERS.match(heading):
        return _OUTRIGHT
    if len(heading.split()) <= 4:
        labelled = by_context(heading, "")
        return max(labelled, 2.0 if _COLUMN.match(heading) else score) if labelled > 0 else score + labelled
    return 2.5 if OFFENDER.search(heading) or YOURS.search(heading) or _ANNOUNCES.search(heading) else score


def _heading(text: str, line_start: int) -> str:
    """The line that announces an address which begins its own line; other such lines between are passed over."""
    end = line_start - 1
    for _ in range(_LIST_REACH):
        start = text.rfind("\n", 0, end) + 1
        line = text[max(start, end - 80) : end].strip()
        if line and not _ADDRESS_LINE.match(text[start : start + 60]):
            return line + " " if line.endswith((":", "=", "?", "-")) or len(line) < 60 else ""
        end = start - 1
        if end <= 0:
            break
    return ""


class Suspects:
    """The addresses of several texts, with all that speaks for and against them."""

    def __init__(self) -> None:
        self._scores: dict[str, list[float]] = {}
        self._first: dict[str, int] = {}
        self._named: set[str] = set()
        self._places: dict[str, set[str]] = {}
        self._base = 0

    def add(self, text: str, bonus: float) -> None:
        """A further text; `bonus` is what standing in it is worth."""
        end, weight = -1, 0.0
        found = find_addresses(text)
        mentions = [mention for mention in found if mention.prefix is None]
        second = _second_in_line(mentions, text)
        bounds = _bounds_of(mention for mention in found if mention.prefix is not None)
        spaced = _spaced(mentions, text)
        for mention in mentions:
            known = self._scores.get(mention.ip, [])
            if len(known) >= _OFTEN:
                weight = known[-1] - bonus
            elif end < 0 or not (mention.start in spaced or _goes_on(mention, end, text, weight)):
                weight = weigh_mention(mention, text)
                weight = min(weight, _UNCLEAR) if mention.start in second and weight < _PLAINLY else weight
                weight = _NET_ITSELF if mention.ip in bounds else weight
            end = mention.end
            accused = weight > _SPARED
            self._scores.setdefault(mention.ip, []).append(weight + bonus if accused else weight)
            self._first.setdefault(mention.ip, self._base + mention.start)
            if accused and len(known) < _OFTEN:
                self._places.setdefault(mention.ip, set()).add(_place(mention, text))
            if bonus >= 4 and accused:
                self._named.add(mention.ip)
        self._base += len(text) + 1

    def ranked(self) -> list[Candidate]:
        """Every address with its score, highest first."""
        found = [
            Candidate(
                ip,
                score=_together(ip, each),
                first=self._first[ip],
                count=len(each),
                best=max(each),
                named=ip in self._named,
                places=frozenset(self._places.get(ip, ())),
            )
            for ip, each in self._scores.items()
        ]
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.first))


def _bounds_of(nets: Iterable[Mention]) -> frozenset[str]:
    """First and last addresses of nets that are written out: these stand for the net, nobody uses them."""
    whole = [ip_network(f"{net.ip}/{net.prefix}", strict=False) for net in islice(nets, _MOST_SHAPED)]
    return frozenset(str(ip) for net in whole for ip in (net.network_address, net.broadcast_address))


def _spaced(mentions: Sequence[Mention], text: str) -> frozenset[int]:
    """Where addresses stand that go on a list of at least three with nothing but spaces between."""
    if not any(one.end < other.start <= one.end + 2 for one, other in pairwise(mentions)):
        return frozenset()
    lists = islice(_SPACED_LIST.finditer(text), _MOST_SHAPED)
    return frozenset(found.start() + each.start() for found in lists for each in _PLAIN.finditer(found.group()))


def _goes_on(mention: Mention, end: int, text: str, weight: float) -> bool:
    """The address only continues an enumeration that another, which ended at `end`, is part of; on a line of its own
    if nothing else stands there and nothing speaks for a victim."""
    between = text[end : min(mention.start, end + 80)]
    if not CONTINUES.match(between):
        return False
    if "\n" not in between:
        return True
    return weight > 0 and not text[mention.end : mention.end + 80].partition("\n")[0].strip(" \t,;.")


def _place(mention: Mention, text: str) -> str:
    """The line up to the address and the character after it, numbers made equal."""
    before = text[max(text.rfind("\n", 0, mention.start) + 1, mention.start - 60) : mention.start]
    return (
        _SPACES.sub(" ", _DIGITS.sub("0", _LINKS.sub("link", before)))
        + "|"
        + text[mention.end : mention.end + 1].strip()
    )


def _second_in_line(mentions: Sequence[Mention], text: str) -> frozenset[int]:
    """Where addresses stand that come second in lines of one shape: such lines name who did it first, then to whom."""
    lines: dict[int, list[Mention]] = {}
    for mention in mentions[:_MOST_SHAPED]:
        lines.setdefault(text.rfind("\n", 0, mention.start), []).append(mention)
    pairs: dict[str, list[Mention]] = {}
    for start, found in lines.items():
        if len(found) > 1:
            between = _LETTERS.sub("a", _DIGITS.sub("0", text[found[0].end : found[1].start][:80]))
            if not CONTINUES.match(text[found[0].end : found[1].start][:80]):
                shape = _DIGITS.sub("0", text[start + 1 : found[0].start][-60:]) + "|" + between
                pairs.setdefault(shape, []).append(found[1])
    firsts = {found[0].ip for found in lines.values()}
    return frozenset(
        mention.start for alike in pairs.values() if len(alike) > 1 for mention in alike if mention.ip not in firsts
    )


def _together(ip: str, scores: list[float]) -> float:
    """The best mention counts, the worst takes off, repetition helps a little."""
    total = max(scores) + min(1.5, 0.25 * (len(scores) - 1))
    worst = min(scores)
    if worst < 0:
        total += worst * 0.6 if max(scores) < 3 else worst * 0.2
    return total if is_public(ip) else total - 1.0
