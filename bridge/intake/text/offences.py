"""Which offence a text speaks of: the weights of its words, added up; the subject counts threefold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice

from bridge.intake.text.sieve import Finds, Phrase, Sieve
from bridge.intake.text.signs import in_lower_case
from bridge.intake.text.vocabulary import Words, attacks, content, mail_and_services, works_and_usage
from bridge.intake.text.words import Phrases

WORDS: dict[str, Words] = {**attacks.WORDS, **content.WORDS, **mail_and_services.WORDS, **works_and_usage.WORDS}
_PLAIN, _HINT, _TRACE = 3.0, 1.0, 2.0
_SUBJECT, _REST = 3.0, 0.4
LEFT_OPEN = frozenset({"connection/intrusion", "connection/port_scan"})
"""What writers call many things by: log lines then settle what it was; otherwise the words do."""
_MOST_HINTED = 2.9
"""Hints alone never weigh as much as one plain word."""
_WORTH = (1.0, 0.5)
"""The first find of a phrase in a text, the second."""
_HEAD = 4000
_SAID = 4.0
"""What a word is worth that stands behind a label for the kind of trouble."""
_LABELLED = re.compile(
    r"^[ \t>*|-]{0,8}(?:(?:abuse|attack|incident|threat|violation|infringement|report|complaint|event|fraud"
    r"|offen[cs]e)[ _-]?"
    r"(?:type|category|class(?:ification)?|kind|reason)"
    r"|(?:type|kind|nature|category|classification|reason) of (?:the )?"
    r"(?:abuse|attack|incident|threat|violation|infringement|report|complaint|event|fraud|offen[cs]e|intrusion)"
    r"|type|category|classification|reason|issue|violation|offen[cs]e|threat|kategorie|vorwurf|categor[ií]a|motivo|motif"
    r"|incident classification|art des (?:angriffs|missbrauchs|vorfalls)|tipo de (?:ataque|incidente|abuso|fraude))"
    r"[ \t]{0,20}[:=|][ \t*]{0,6}\n?[ \t*|-]{0,6}([^\n]{2,80})",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL = re.compile(
    r"^[ \t>*\u2022-]{0,8}((?:phish|malware|fraud|spam|scam|spoof|fake|counterfeit|copyright|infring|gambl)[\w-]{0,12})"
    r" (?:web ?)?(?:urls?|links?|sites?|domains?|pages?|hosts?)(?:\(s\))?[ \t]{0,10}:",
    re.IGNORECASE | re.MULTILINE,
)
"""`Phishing URL:` says what is wrong with the link."""
_LABELS = Sieve((label, label) for label in (_LABELLED, _LABEL))
_ADDRESS = re.compile(r"(?<!\S)[^\s@]{1,80}@\S{1,120}")
_LONGEST_NAME = 82
_WRAPPED = re.compile(r"\n(?:(?<=[^\W\d_]\n)|(?<=[^\W\d_] \n))(?=[^\W\d_]{2}(?![^\n:]{0,30}:))")
"""Where a sentence runs on in the next line."""
_JOINED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3](?=[a-z])")
"""Where a Latin word follows Chinese, Japanese or Korean, which put no space before it."""
_REQUESTED = re.compile(r"\b(?:get|post|head) (/[^ ?\"]{0,200})")
_LOGIN_PAGE = re.compile(r"(?:wp-login|xmlrpc)\.php")
_MANY_PATHS = 5
"""So many in one log are a search, not the way to a log-in page."""
_NOISE = Phrases(
    r"^[> \t]{0,20}(?:x-spam|x-virus|x-[\w-]{0,20}spam|authentication-results|x-ms-|dkim-|arc-|list-"
    r"|x-abuse)[\w-]*:[^\n]*(?:\n[ \t]+[^\n]*)*"
    r"|^[> \t]{0,8}[#%](?![^\n]*#[ \t]*$)[^\n]*"
    r"|^[^\n]{0,60}[-\u2013:] ?(?:\d{1,3}|one|two|three|five|seven|ten) ?(?:hrs?|hours?|(?:business )?days?)[ .]*$"
    r"|blocklist\.de|https?://\S{1,300}|spam[- ]?(?:filter|protect|assassin|lists?\b)\w*"
    r"|\[(?:possible |suspected |\*{1,3})?spam\*{0,3}\]|\*\* ?spam ?\*\*"
    r"|e-?mail abuse report|reverse[- ]proxy|mozilla/\d\S*"
    r"|copyright (?:\(c\)|\u00a9|\d{4})[^\n]*|all rights reserved"
    r"|(?:may|might|could|can) contain (?:computer )?virus\w*|(?:may|might|could) (?:lead to|result in)[^.\n]{0,60}"
    r"|(?:can|could|may|might) (?:\w+ )?be (?:\(?ab\)?|mis)?used (?:for|to|by|in) [^.\n]{0,80}"
    r"|allow(?:s|ing)? (?:\w+ )?(?:attackers?|hackers?|criminals?) to [^.\n]{0,80}"
    r"|(?:attackers|hackers|criminals) (?:can|could|may|might) [^.\n]{0,80}"
    r"|(?:scan|check|review|examin)\w* (?:for|by)[^\n]{0,60}virus\w*|virus[- ]free"
    r"|anti[- ]?(?:fraud|spam|virus|phishing|malware|piracy|abuse)(?: \w+){0,2}"
    r"|fraud (?:team|department|prevention|command|unit)\w*|in case of (?:hack|spam|abuse|attack)[^.\n]{0,80}"
    r"|vulnerabilit(?:y|ies) (?:that was |which was )?(?:exploited|used) by"
    r"|(?:may|might|could|probably|possibly|likely) (?:also |even |already |well )?(?:be|have been|has been|is|been)"
    r" (?:\w+ )?(?:compromised|infected|hacked)\w*"
    r"|(?:is|are|was|were) (?:most )?(?:probably|possibly|likely|perhaps|presumably) (?:\w+ ){0,2}"
    r"(?:compromised|infected|hacked)[^.\n]{0,60}"
    r"|(?:does|do|did) not (?:contain|include|carry) [^.\n]{0,60}|spam (?:and/or|and|or) abuse"
    r"|\([\w/ -]{3,30}(?:, [\w/ -]{3,30}){1,8},? (?:or|and/or|oder|ou) [\w/ -]{3,40}\)"
    r"|(?:such as|e\. ?g\.?,?|for example,?|including|z\. ?b\.) [\w/ -]{3,30}(?:, [\w/ -]{3,30}){1,8},? "
    r"(?:or|and/or|oder|ou|etc)\b(?: [\w/-]{3,30})?"
    r"|either (?:your|this|the|a) (?:machine|host|server|system|computer)[^.]{0,160}"
    r"|(?:signs|symptoms|traces) of [^.\n]{0,40}"
    r"|\beither\b[^\n]{0,40}\n{1,2}[ \t>]{0,8}\(?a\)[^\n]*(?:\n{1,2}[ \t>]{0,8}\(?[b-h]\)[^\n]*){1,7}",
)
"""Boilerplate and tools: header fields, comments of whois servers, response times, footers, names of departments."""


@dataclass(frozen=True)
class _Word:
    """What a phrase speaks for and how much."""

    category: str
    weight: float


@cache
def _words() -> Sieve[_Word]:
    told = (
        (Phrase(phrase), _Word(category, weight))
        for category, words in WORDS.items()
        for phrases, weight in ((words.plain, _PLAIN), (words.hints, _HINT), (words.traces, _TRACE))
        for phrase in phrases
    )
    return Sieve(told, lowered=True)


def weigh(subject: str, body: str) -> dict[str, float]:
    """Each category that the words speak for, with its weight; links, addresses and spam filters' lines left out."""
    labels = _LABELS.possible(body[: _HEAD * 3])
    said = (match.group(1) for _, finds in labels for match in islice(finds.each(), 3))
    labelled = " \n".join(dict.fromkeys(each.lower() for each in said))
    texts = (
        (subject.replace("_", " "), _SUBJECT),
        (labelled, _SAID),
        (body[:_HEAD], 1.0),
        (body[_HEAD : _HEAD * 3], _REST),
    )
    named: dict[str, float] = {}
    hinted: dict[str, float] = {}
    traced: set[str] = set()
    for raw, factor in texts:
        text = _without_probed_pages(_NOISE.cut_from(_joined(_without_addresses(in_lower_case(raw)))))
        counted: dict[str, list[tuple[int, int]]] = {}
        for word, finds in _words().possible(text) if text.strip() else ():
            found = _presence(finds, counted.setdefault(word.category, []))
            if found and word.weight == _TRACE:
                traced.add(word.category)
            elif found:
                weights = named if word.weight == _PLAIN else hinted
                weights[word.category] = weights.get(word.category, 0.0) + found * word.weight * factor
    if named.keys() - LEFT_OPEN:
        traced.clear()
    return {
        category: named.get(category, 0.0)
        + min(hinted.get(category, 0.0), _MOST_HINTED)
        + (_TRACE if category in traced else 0.0)
        for category in dict.fromkeys((*named, *hinted, *sorted(traced)))
    }


def _joined(text: str) -> str:
    """With sentences in one line and words apart."""
    text = _WRAPPED.sub(" ", text)
    return text if text.isascii() else _JOINED.sub(r"\g<0> ", text)


def _without_addresses(text: str) -> str:
    """With a space for each mail address: the names in it accuse nobody."""
    pieces, done = list[str](), 0
    at = text.find("@")
    while at >= 0:
        before = text[max(done, at - _LONGEST_NAME) : at].split()
        start = at - len(before[-1]) if before and not text[at - 1].isspace() else at
        found = _ADDRESS.match(text, start) if start < at else None
        if found:
            pieces.append(text[done:start])
            done = found.end()
        at = text.find("@", max(at + 1, done))
    return " ".join([*pieces, text[done:]])


def _without_probed_pages(text: str) -> str:
    """Whoever asks for one path after another looks for holes, though log-in pages are among them; who tries passwords
    asks for the same page again and again."""
    if _LOGIN_PAGE.search(text) is None or len(set(_REQUESTED.findall(text))) < _MANY_PATHS:
        return text
    return _LOGIN_PAGE.sub("", text)


def _presence(finds: Finds, counted: list[tuple[int, int]]) -> float:
    """1 for the first find, half as much again for the second; words that another phrase of the category has counted
    say nothing new."""
    places = list[tuple[int, int]]()
    for find in finds.each():
        start, end = find.span()
        if all(end <= begun or over <= start for begun, over in counted):
            places.append((start, end))
        if len(places) == len(_WORTH):
            break
    counted += places
    return sum(_WORTH[: len(places)])
