"""Offender or victim: what the words around an address say about its part in the trouble."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bridge.intake.text.addresses import Mention, find_addresses, is_public

_GAP = r"[\s:=\"'`\[\](){}*#<>|,-]*"
_OFFENDER = re.compile(
    r"(?:\b(?:source|src|saddr|orig\w*|attack(?:er|ing|s)?|offend\w*|abus\w*|infring\w*"
    r"|malicious|suspicious|infected|compromised|spam\w*|hostile|intruder"
    r"|rhost|remote|client|peer|scann\w*|bots?|c2|angreifer|quell\w*|origem|origen|atacante"
    r"|источник\w*|(?:listed|blocked|banned|reported)(?! by)|listing|ban|unban|drop|involved|affected"
    r"|concern\w*|rip|failed for|host_?from|cip|c-ip)\b"
    r"|src_?ip|source_?ip|attacker_?ip|ip_?src|srcip|remote_?ip|clientip)[^\n\d]{0,28}$",
    re.IGNORECASE,
)
_YOURS = re.compile(
    r"\b(?:your|yours|ihr\w{0,2}|eure?\w{0,2}|votre|vos|su|sus|vuestr\w+|sua|seu|vostr\w+"
    r"|ваш\w*|państwa|under your|in your|belong\w* to you)\b[^\n\d]{0,60}$",
    re.IGNORECASE,
)
_NAMED_IP = re.compile(
    r"(?:\bip(?:v[46])?(?:[ _-]?(?:addr\w*|adress\w*|number|no))?|\baddress(?:es)?|\badresse"
    r"|ip-адрес\w*|\bадрес\w*|\bhosts?|\bserver|\bdirecci[oó]n ip"
    r"|endere[cç]o ip)\b(?:\(e?s\))?\s?(?:is|was|are|of|lautet)?" + _GAP + "$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:from|at|on|von|aus|de|desde|da|od|от|с|by|van|depuis|através)\b[^\n\d]{0,12}$|\bfrom\s\S{0,80}[\[(]$",
    re.IGNORECASE,
)
_HOSTED = re.compile(
    r"(?:hosted|located|resolv\w*|points?|pointing|gehostet|h[ée]berg\w*|alojad\w*|hospedad\w*"
    r"|размещ\w*)\b[^\n\d]{0,25}$",
    re.IGNORECASE,
)
_VICTIM = re.compile(
    r"(?:\b(?:dest\w*|dst|daddr|target\w*|victim\w*|honeypot\w*|sinkhole\w*|ziel\w*|destino"
    r"|opfer|laddr|lip|our|my|unser\w*|mein\w*|notre|mon|nos|nuestr\w*|mi|nosso|nossa|meu"
    r"|minha|наш\w*"
    r"|to|towards|against|gegen|auf|hacia|contra|vers|receiv\w*|reporter|reporting"
    r"|name ?servers?|dns servers?|ns\d?|mx|gateway|relay|via|(?:scanned|submitted|reported"
    r"|detected|seen|observed|logged) by|victime"
    r"|cible|alvo|v[ií]tima|жертв\w*)\b"
    r"|dst_?ip|dest_?ip|target_?ip|victim_?ip|ip_?dst|dstip)[\s:=\"'`\[\](){}*#<]*(?:(?:ip|ips"
    r"|host|hosts|server|servers|address|adresse|network|machine|system|mail|mx|web|is|was|on"
    r"|at|@|n[ao]me|service|customer|port|hostname|scann\w*|sensors?|firewall|nas|website|site"
    r"|domain|clients?|users?|infrastructure|vpn|honeypots?|customer'?s|router|machine|probe|v[46]"
    r"|adresse|serveur|servidor|rechner|netz|netzwerk|клиент\w*|сервер\w*|хост\w*|сет[иья]\w*|узел\w*"
    r"|узл\w*)\b[\s:=\"'`\[\](){}#<-]*){0,4}$"
    r"|\b(?:attack\w*|floods?|traffic|packets|scans?|directed|aimed|angriff\w*|ataques?)\b[^\n]{0,60}"
    r"\b(?:on|against|to|towards|auf|gegen|contra)\s{1,3}(?:the\s|die\s)?(?:ip\s)?(?:address\s|adresse\s)?$",
    re.IGNORECASE,
)
_OURS_IN_BRACKETS = re.compile(
    r"\b(?:our|my|unser\w*|mein\w*|notre|nos|mon|nuestr\w+|nuestra|mi|noss[oa]s?|meu|minha|наш\w*|nostr\w+|onze|ons"
    r"|nasz\w*|naš\w*)\s(?:(?!ips?\b|address|adresse?|indirizzo|endere|direcci|ha[sv]e?\b|wurde|was\b|from\b"
    r"|\w+ed\b)[\w.-]+\s){1,4}[\[(]$",
    re.IGNORECASE,
)
"""`our firewall (192.0.2.1)`: what stands in the brackets is the writer's own."""
_VICTIM_LINE = re.compile(
    r"^[\s>*\-•|#]{0,8}(?:victim\w*|target\w*|dest(?:ination)?s?|dst|ziel\w*|opfer\w*|cible|destino|alvo|v[ií]tima"
    r"|cel"
    r"|our|my|unser\w*|reporte[rd](?: by)?|detected by|observed by|logged by|sensor|honeypot|server name|attacked"
    r"|affected (?:service|customer)|жертв\w*|цель|назначени\w*|получател\w*)"
    r"(?:[ _-][\w.'/]{1,20}){0,3}\s{0,8}(?:\([^)\n]{0,20}\)\s?)?[:=|]",
    re.IGNORECASE,
)
"""A line that is labelled as the victim's: whatever address stands in it, unless an arrow or a word says otherwise."""
_OUR_MACHINE = re.compile(
    r"\b(?:our|my|unser\w*|notre|nuestr\w+|noss[oa]s?|наш\w*|nostr\w+|onze|ons)\s(?:[\w/-]{2,15}\s){1,2}"
    r"(?:servers?|hosts?|firewall|gateway|router|machines?|systems?|network|netz|rechner|serveur|servidor"
    r"|сервер\w*)\s(?:at\s)?[\[(]?$",
    re.IGNORECASE,
)
_AIMED_AT_YOU = re.compile(
    r"\b(?:attack\w*|flood\w*|angriff\w*|ataques?|attaques?|атак\w*)\s(?:directed\s|aimed\s|was\s|is\s)?(?:on"
    r"|against|at|towards?|auf"
    r"|gegen|contra|sur|на)\s(?:your|our|my|ihren?|ihre|votre|vos|su|sua|seu|ваш\w*)\s(?:[\w-]{1,20}\s){0,3}[\[(]?$",
    re.IGNORECASE,
)
_SUFFERS = re.compile(
    r"^[^\n.;]{0,20}\b(?:is|are|was|wird|est|est[aá]|находится)\s(?:currently\s|being\s)?(?:under (?:a |an "
    r"|heavy )?(?:\w+\s)?attack"
    r"|attacked\b|ddosed|flooded|angegriffen|attaqu[eé]e?\b|atacad[oa]\b|под атакой)",
    re.IGNORECASE,
)
_LET_IN = re.compile(r"\bAccepted (?:publickey|gssapi-with-mic) for \S{1,60} from $")
_WHOIS = re.compile(
    r"^[ \t>*]{0,8}(?:inetnum|inet6num|net-?range|cidr|route6?|netblock|nserver|name ?server|net ?name|ip range"
    r"|prefix"
    r"|as-?block|address range)\s{0,3}:",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^(?::\d{1,5})?(?:\s\([^)\n]{0,60}\))?\s{0,2}(?:,|;|&|/|\+|,?\s?\b(?:and|und|et|y|e|or|oder|i|и|a)\b)\s{0,2}$"
)
_NOT_AIMED_AT = re.compile(
    r"\b(?:due|report|related|belong\w*|assigned|allocated|according|respect|resolv\w*|regard|points?|attributed"
    r"|registered|response)\s{1,20}(?:\w+\s)?to\b",
    re.IGNORECASE,
)
_BY_HOST = re.compile(r"\bby\s\S{1,80}\s?[\[(][^\n]{0,40}$", re.IGNORECASE)
_ARROW_BEFORE = re.compile(r"(?:->|=>|-->|>|→|»)\s{0,20}[\[(]?$")
_ARROW_AFTER = re.compile(
    r"^(?:[:.#/\s]{1,8}\d{1,5})?[\])]?\s{0,20}(?:\([^)]{0,60}\)\s{0,20})?(?:->|=>|-->|>|→|»)\s{0,20}[\[(\d]"
)
_ACCESS_LOG = re.compile(r"^\s{0,20}[\"'\[]?$")
_ACCESS_REST = re.compile(r"^\S{0,10}\s(?:\S{1,60}\s\S{1,60}\s\[|-\s|,\s-)")
_LONE = re.compile(r"^[\s*\-•\d.)#\"'\[(]{0,8}$")
_TRACEROUTE = re.compile(r"^\)?\s{1,3}(?:\[[^\]]{0,40}\]\s{0,20})?<?\d{1,4}(?:\.\d{1,3})?\s?ms\b")
_HOP = re.compile(r"^[ \t>]{0,6}\d{1,2}[ \t]{1,4}[\w.-]{3,90}\s\($")
_LOOKUP = re.compile(r"https?://\S{0,200}$")
_LINK_TO = re.compile(r"\bh\w{3,4}s?://$", re.IGNORECASE)
_LINK_AT = re.compile(
    r"(?:https?://|www\.)\S{1,400}\s{0,20}(?:[\[(]|->|is\s|at\s|:)\s{0,20}$"
    r"|\b(?:[\w-]{1,63}\.){1,5}[a-z]{2,12}\s?[\[(]$",
    re.IGNORECASE,
)
_TRACE = re.compile(
    r"^\s{0,20}(?:received|x-received|delivered|return-path|x-mx|x-mailer)\b|\bby\s\S+\s(?:with|\()", re.IGNORECASE
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
_REACH = 80
_OFTEN = 10
"""So many mentions tell an address's part: a log repeats it a thousand times."""
_PLAINLY, _SPARED = 3.0, -3.0
_WRAPPED = 12
_LONG_LINE = 60
_LIST_REACH = 25


@dataclass(frozen=True)
class Candidate:
    """An address with what speaks for its being the offender.

    score  of all its mentions together; above 0 more speaks for it than against it
    first  where it stands first
    """

    ip: str
    score: float
    first: int
    count: int
    best: float
    named: bool


def weigh_mention(mention: Mention, text: str) -> float:
    """How much the words around one mention speak for an offender (positive) or a victim (negative)."""
    line_start = text.rfind("\n", 0, mention.start) + 1
    before = text[max(line_start, mention.start - _REACH) : mention.start]
    after = text[mention.end : mention.end + 90].partition("\n")[0]
    if _WHOIS.match(text[line_start : mention.start]):
        return -4.0
    if len(before) < _WRAPPED and _is_wrapped(text, line_start):
        return _by_context(text[max(0, line_start - _REACH) : line_start - 1].rpartition("\n")[2] + " " + before, after)
    score = _by_context(before, after)
    if score < _PLAINLY and _VICTIM_LINE.match(text[line_start : mention.start]):
        return -4.0
    if _LONE.match(before) and line_start > 1 and score > 0:
        return _under_heading(_heading(text, line_start), score)
    return score


def _is_wrapped(text: str, line_start: int) -> bool:
    """The line goes on with a sentence that the line above began: that one is long and ends in the middle of it."""
    above = text[text.rfind("\n", 0, max(0, line_start - 1)) + 1 : max(0, line_start - 1)].rstrip()
    return len(above) > _LONG_LINE and above[-1] not in ".:;!?=->|)" and not _ADDRESS_LINE.match(above)


def _under_heading(heading: str, score: float) -> float:
    """What a line above says of the addresses listed below it: a short label says it outright, a sentence announces."""
    if len(heading.split()) <= 4:
        labelled = _by_context(heading, "")
        return max(labelled, 2.0 if _COLUMN.match(heading) else score) if labelled > 0 else score + labelled
    return 2.5 if _OFFENDER.search(heading) or _YOURS.search(heading) or _ANNOUNCES.search(heading) else score


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


def _by_context(before: str, after: str) -> float:
    tail = before[-_REACH:]
    if _TRACEROUTE.search(after) or _HOP.match(before):
        return -3.0
    if _ARROW_AFTER.match(after):
        return 3.0
    if _ARROW_BEFORE.search(tail) and not _FROM.search(tail):
        return -4.0
    if _AIMED_AT_YOU.search(tail) or _SUFFERS.search(after):
        return -4.0
    if _OUR_MACHINE.search(tail) or _OURS_IN_BRACKETS.search(tail) or _LET_IN.search(tail):
        return -3.0
    if _VICTIM.search(tail) and not _NOT_AIMED_AT.search(tail):
        return -4.0
    if _BY_HOST.search(tail) or tail.endswith("@"):
        return -3.0
    score = max(_accusation(tail), 2.5 if _LINK_TO.search(tail) else 0.0)
    if _ACCESS_LOG.match(before) and _ACCESS_REST.match(after):
        score = max(score, 3.0)
    if score == 0.0:
        score = 1.5 if _LONE.match(before) else 1.0 if _LOOKUP.search(tail) else 0.5
    return score


def _accusation(tail: str) -> float:
    """How plainly the words right before an address accuse it; 0 if they do not."""
    score = 3.0 if _OFFENDER.search(tail) else 0.0
    if _YOURS.search(tail):
        score = max(score, 3.0) + 0.5
    if _HOSTED.search(tail) or _LINK_AT.search(tail):
        score = max(score, 2.5)
    for naming in (_FROM, _NAMED_IP):
        if naming.search(tail):
            score = max(score, 2.0) + (0.5 if score else 0.0)
    return score


def candidates(sections: Iterable[tuple[str, float]]) -> list[Candidate]:
    """Every address with its score, highest first; the number beside a text is what standing in it is worth."""
    scores: dict[str, list[float]] = {}
    first: dict[str, int] = {}
    named: set[str] = set()
    base = 0
    for text, bonus in sections:
        end, weight = -1, 0.0
        for mention in find_addresses(text):
            if mention.prefix is not None:
                continue
            known = scores.get(mention.ip, [])
            if len(known) >= _OFTEN:
                weight = known[-1] - bonus
            elif end < 0 or not _CONTINUES.match(text[end : min(mention.start, end + 80)]):
                weight = weigh_mention(mention, text)
            end = mention.end
            accused = weight > _SPARED
            scores.setdefault(mention.ip, []).append(weight + bonus if accused else weight)
            first.setdefault(mention.ip, base + mention.start)
            if bonus >= 4 and accused:
                named.add(mention.ip)
        base += len(text) + 1
    found = [
        Candidate(ip, _together(ip, each), first[ip], len(each), max(each), ip in named) for ip, each in scores.items()
    ]
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.first))


def _together(ip: str, scores: list[float]) -> float:
    """The best mention counts, the worst takes off, repetition helps a little."""
    total = max(scores) + min(1.5, 0.25 * (len(scores) - 1))
    worst = min(scores)
    if worst < 0:
        total += worst * 0.6 if max(scores) < 3 else worst * 0.2
    return total if is_public(ip) else total - 1.0
