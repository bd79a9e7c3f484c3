"""Which links and domains of a complaint are the bad ones, and which belong to the reporter, the law or the victim."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import lru_cache

from bridge.intake import limits
from bridge.intake.text.addresses import names_any, normalised, unique
from bridge.intake.text.links import find_urls, host_of, is_domain
from bridge.intake.text.sieve import Sieve, Sought

_REFERENCES = Sought(
    r"(?:^|\.)(?:abuseipdb|spamcop|spamhaus|wikipedia|ietf|rfc-editor|google|googleapis"
    r"|gstatic|virustotal|urlscan|phishtank|netcraft|blocklist|x-arf|xarf|abusix|ripe|arin"
    r"|apnic|lacnic|afrinic|iana|icann"
    r"|microsoft|w3|github|shodan|censys|shadowserver|mitre|nist|cisa|us-cert|cert|bsi|bund"
    r"|facebook|twitter|linkedin|youtube|instagram|team-cymru|dshield|sans|projecthoneypot"
    r"|talosintelligence|mxtoolbox|uceprotect|"
    r"fail2ban|cloudflare|openresolver|openresolverproject|dnsinspect|europa|copyright"
    r"|lumendatabase|schema|adobe|apple|mozilla|akamai|whois|domaintools|bitninja|outlook"
    r"|office|amazonaws\.com/tracking|mailchimp|sendgrid"
    r"|zendesk|freshdesk|example-reporter)\.(?:[a-z]{2,6})(?:\.[a-z]{2})?$"
)
_EXAMINERS = Sought(
    r"(?:^|\.)(?:virustotal|urlscan|abuseipdb|valli|talosintelligence|mxtoolbox|domaintools|shodan|censys|imdb"
    r"|joesandbox"
    r"|hybrid-analysis|any\.run|lookyloo\.circl)\.[a-z]{2,4}$"
)
"""Who looks at links and shows what he saw, or lists works: defanged or not, a link to them shows something else."""
_OWN_WORK = re.compile(
    r"(?:(?:fraudulent|fake|illegal|unauthori[sz]ed|exact|phishing)\s(?:copy|clone|imitation|replica|version) of"
    r"|original (?:work|image|photo\w*|picture|content|video|material|page|site|text|copy)|representative list"
    r"|(?:rights|copyright|trademark) ?(?:holder|owner)(?:'?s)? (?:official )?(?:web ?)?site|copyrighted works?"
    r"|my (?:own )?(?:web ?)?(?:site|page|work|shop|blog|photo\w*)|authori[sz]ed (?:copy|example)|authority to act"
    r"|evidences?"
    r"|log ?in\b|support<)(?:(?!infring|unauthori|to be removed|stolen|hosted|located|reported|your)[^\n]){0,120}$",
    re.IGNORECASE,
)
"""What the writer points to as his own, or as proof."""
_BAD_LABEL = re.compile(
    r"(?:urls?|uris?|links?|web ?sites?|web ?pages?|infring\w*|malicious|phish\w*|malware"
    r"|offend\w*|fraud\w*|scam|abus\w*|location|located|hosted|contents?|conte[úu]do|contenido|contenu|inhalte?|dispon[ií]\w*|domains?|site|reported"
    r"|target|adresse|dirección|endereço|ссылк\w*|сайт\w*|страниц\w*|адрес\w*|указател\w*"
    r"|stron\w*|following|folgende\w*|siguiente\w*|seguinte\w*|suivant\w*|following locations?"
    r"|payload|distribution|c2|spamvertis\w*)\b[^\n]{0,40}$",
    re.IGNORECASE,
)
_GOOD_LABEL = re.compile(
    r"(?:\btargets?|(?<!y)our (?:customer|client)|imitat\w*|impersonat\w*|spoof\w*|original"
    r"|legitimate|genuine|official|echte\w*|offizielle\w*|richtige|v[eé]ritable|officiel\w*|leg[ií]tim\w*"
    r"|aut[eé]ntic\w*"
    r"|oficial\w*|официальн\w*|настоящ\w*|prawdziw\w*|官方|公式|正規|"
    r"\bauthori[sz]ed|(?<!y)our (?:client'?s? )?(?:web ?site|site"
    r"|homepage|brand|logo|portal)|brand (?:site|website|url)|more info\w*|for (?:more"
    r"|further)|details? (?:at|on|here)|see|visit|report(?:ed)? (?:at|to|online)|reply|respond"
    r"|view (?:this|the)|track|ticket|unsubscribe|click here|evidence|screenshot|proof"
    r"|reference|source of (?:this )?report|policy|terms|delist\w*|removal|remov\w* request"
    r"|contact|faq|about|http referer|referer|copyrighted work|example of|registered at"
    r"|register|status|manage|feedback|documentation|siehe|informationen|mehr|voir|consulte"
    r"|more at|whois|lookup|check|result|scan)\b[^\n]{0,40}$",
    re.IGNORECASE,
)
_SIGNATURE = Sought(
    r"^[ \t]{0,20}(?:--[ \t]{0,20}|(?:best|kind|mit freundlichen|sincerely|regards|cordialement|atenciosamente"
    r"|saludos|с уважением|respectfully|thank you|thanks|viele grüße"
    r"|freundliche)\b[^\n]{0,40})$",
    re.MULTILINE,
)
_CLOSING = Sought(
    r"^[ \t]{0,20}(?:yours|signed|hochachtungsvoll|cordiali saluti|distinti saluti|atentamente|cordialmente"
    r"|z poważaniem|met vriendelijke)\b[^\n]{0,40}$",
    re.MULTILINE,
)
"""Ends a formal letter, below which may stand the list that it speaks of, and where its writer works."""
_HOMEPAGE = re.compile(r"[a-z]{4,5}://[^/?#]{1,255}/?", re.IGNORECASE)
_ANNEX = Sought(
    r"^[ \t*]{0,6}(?:attachments?|exhibits?|annex|appendix|schedule|(?:list of )?(?:infringing |reported )?(?:urls?"
    r"|links?|domains?|websites?)|anexos?|anlagen?|annexes?|allegat[io])(?:\s\w{1,3}"
    r"|\(s\))?[ \t*]{0,4}:?[ \t*]{0,4}$",
    re.MULTILINE,
)
_LONE_DOMAIN = re.compile(
    r"^[ \t>*\u2022\-\[(\"'\d.)]{0,8}(?P<domain>(?:[\w-]{1,63}\.){1,6}(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59}))"
    r"(?:/\S{0,300})?[ \t\])\"',;.]{0,4}$",
    re.IGNORECASE | re.MULTILINE,
)
_DOMAIN_LABEL = Sought(
    r"\b(?:domains?(?: names?)?|host ?names?|fqdn|web ?sites?|sites?|dom[aä]nen?|dominios?"
    r"|dom[ií]nios?|domaines?|домен\w*|сайт\w*)\b\s?(?:\([^)\n]{0,20}\)\s?)?(?:is|in question"
    r"|name)?\s{0,2}[:=\s]\s{0,3}[\"'<\[(]{0,2}"
    r"(?P<domain>(?:[\w-]{1,63}\.){1,6}(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59}))\b"
)
_SPOKEN_DOMAIN = re.compile(
    r"(?<![@\w./:-])(?P<domain>(?:[A-Za-z0-9][\w-]{0,62}\.){1,5}(?:[a-z]{2}|com|net|org|info|biz|online|site|shop"
    r"|store|xyz"
    r"|top|club|live|life|app|dev|pro|tech|space|website|fun|icu|vip|link|click|cloud|agency|digital|media|news"
    r"|racing|bid"
    r"|win|loan|page|world|group|email|network|host|blog|art|one|example))(?![\w@]|\.\w|-\w)"
)
_FEW = 5
"""More domains than that in a running text are no list of bad ones."""
_DEFANGED_SCHEMES = ("hxxp", "h**p", "meow:")
_DEFANGED = re.compile(r"[hH](?:[xX][xX]|\*\*)[pP][sS]?\S{4}|meow:|\S\[\.\]\S")
_LABELS = Sieve((label, label) for label in (_GOOD_LABEL, _BAD_LABEL))
_LONGEST_LINK = 2000
_FILE_ENDINGS = frozenset(
    "php html htm txt log conf exe zip csv json xml pdf png jpg jpeg gif eml doc docx xls xlsx".split()
)


def bad_links(
    text: str, raw: str, *, own_hosts: Container[str], sender_domains: Iterable[str], generous: bool
) -> tuple[str, ...]:
    """The links complained about.

    text            refanged; `raw` is the same before, to tell what was defanged
    own_hosts       addresses already known to be offenders: links to them are bad ones
    sender_domains  whose links are references
    generous        take links that no word speaks for, as in copyright and phishing complaints
    """
    found: list[tuple[float, str]] = []
    senders = tuple(sender_domains)
    signature, closing = _signature_start(text), _start_near_end(_CLOSING, text)
    annex = _annex_start(text, signature)
    defanged = _defanged_hosts(raw)
    for url, start, _ in find_urls(text)[: limits.MENTIONS]:
        beyond = signature < start <= annex and not _is_headed(text, signature, start)
        beyond = beyond or (start > closing and _HOMEPAGE.fullmatch(url) is not None)
        score = _badness(url, start, text, defanged, own_hosts, senders) - (3.0 if beyond else 0.0)
        found.append((score, url))
    threshold = 1.0 if generous else 2.0
    return unique(url for score, url in found if score >= threshold)[: limits.URLS]


def points_at_something(text: str, writer: str) -> bool:
    """It names an address, or a link that leads neither to the writer's own pages nor to those that everybody knows."""
    if names_any(text):
        return True
    hosts = (writer.rpartition("@")[2],)
    return "://" in text and bool(bad_links(text, text, own_hosts=(), sender_domains=hosts, generous=True))


def _signature_start(text: str) -> int:
    """Where the farewell begins, if it is near the end."""
    return _start_near_end(_SIGNATURE, text)


def _start_near_end(words: Sought, text: str) -> int:
    middle = text.find("\n", len(text) // 2) + 1
    found = words.search(text[middle:]) if middle else None
    return middle + found.start() if found else len(text) + 1


def _annex_start(text: str, signature: int) -> int:
    """Where below the farewell a list begins that the letter speaks of."""
    found = _ANNEX.search(text[signature:])
    return signature + found.end() if found else len(text) + 1


def _is_headed(text: str, signature: int, start: int) -> bool:
    """The link stands in the very line that announces such a list."""
    line_start = max(signature, text.rfind("\n", 0, start) + 1)
    return _ANNEX.search(text[line_start:start]) is not None


def _defanged_hosts(raw: str) -> frozenset[str]:
    lowered = raw.lower()
    if "[." not in raw and not any(scheme in lowered for scheme in _DEFANGED_SCHEMES):
        return frozenset()
    from_text = (word for word in raw.split() if len(word) < _LONGEST_LINK and _DEFANGED.search(word))
    return frozenset(host for host in (host_of(_whole(each)) for each in from_text) if host)


def _whole(text: str) -> str:
    from bridge.intake.text.refang import refang

    whole = refang(text).strip("<>()\"'.,;")
    return whole if "://" in whole else "http://" + whole


def _badness(
    url: str, start: int, text: str, defanged: frozenset[str], own_hosts: Container[str], senders: tuple[str, ...]
) -> float:
    host = host_of(url)
    ip = normalised(host)
    if ip and ip in own_hosts:
        return 5.0
    if _is_examiner(host):
        return -3.0
    if host in defanged:
        return 4.0
    if any(host == sender or host.endswith("." + sender) for sender in senders if sender) or _is_reference(host):
        return -3.0
    line_start = text.rfind("\n", 0, start) + 1
    if _OWN_WORK.search(_introduction(text, line_start, start)):
        return -1.0
    before = text[max(line_start, start - 80) : start]
    if not before.strip(" \t-*•[(<\"'0123456789.)"):
        before = text[max(0, line_start - 160) : line_start].rstrip().rpartition("\n")[2] + " " + before
    says = _LABELS.found_in(before)
    return 1.0 - (2.0 if _GOOD_LABEL in says else 0.0) + (1.5 if _BAD_LABEL in says else 0.0)


@lru_cache(maxsize=1024)
def _is_examiner(host: str) -> bool:
    return _EXAMINERS.search(host) is not None


@lru_cache(maxsize=1024)
def _is_reference(host: str) -> bool:
    return _REFERENCES.search(host) is not None


def _introduction(text: str, line_start: int, start: int) -> str:
    """What stands before a link in its line, or in the line above that introduces it."""
    before = text[max(line_start, start - 200) : start]
    if before.strip(" \t-*•[(<\"'0123456789.)"):
        return before
    above = text[max(0, line_start - 250) : line_start].rstrip().rpartition("\n")[2]
    return above if above.endswith((":", "-")) else ""


def named_domains(text: str, sender_domains: Iterable[str]) -> tuple[str, ...]:
    """Domains that a label names: `Domain: bad.example`."""
    senders = tuple(sender_domains)
    found = []
    for match in _DOMAIN_LABEL.finditer(text[:20_000]):
        line_start = text.rfind("\n", 0, match.start("domain")) + 1
        if not _GOOD_LABEL.search(text[max(line_start, match.start("domain") - 80) : match.start("domain")]):
            found.append(match.group("domain").lower())
    signature = _signature_start(text)
    found += [match.group("domain").lower() for match in _LONE_DOMAIN.finditer(text[: min(signature, 20_000)])]
    return unique(each for each in found if may_be_bad(each, senders))[: limits.URLS]


def spoken_domains(text: str, sender_domains: Iterable[str]) -> tuple[str, ...]:
    """Domains in the subject, which is the text's first line, else in the sentences of a letter that names no link."""
    senders = tuple(sender_domains)
    subject, _, body = text[: min(_signature_start(text), 20_000)].partition("\n")
    for part in (subject, body):
        found = unique(
            match.group("domain").lower()
            for match in _SPOKEN_DOMAIN.finditer(part)
            if not _GOOD_LABEL.search(part[max(0, match.start() - 80) : match.start()].rpartition("\n")[2])
        )
        bad = tuple(each for each in found if may_be_bad(each, senders))
        if 0 < len(bad) <= _FEW:
            return bad
    return ()


def may_be_bad(domain: str, senders: tuple[str, ...]) -> bool:
    """It is a name, and neither a sender's nor one of those that everybody refers to."""
    if not is_domain(domain) or domain.rpartition(".")[2] in _FILE_ENDINGS or _is_reference(domain):
        return False
    return not any(domain == sender or domain.endswith("." + sender) for sender in senders if sender)
