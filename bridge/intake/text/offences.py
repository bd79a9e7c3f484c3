"""Which offence a text speaks of: the weights of its words, added up; the subject counts threefold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice

from bridge.intake.text.sieve import Sieve
from bridge.intake.text.vocabulary import Words, attacks, content, mail_and_services, works_and_usage

WORDS: dict[str, Words] = {**attacks.WORDS, **content.WORDS, **mail_and_services.WORDS, **works_and_usage.WORDS}
_PLAIN, _HINT = 3.0, 1.0
_SUBJECT, _REST = 3.0, 0.4
_MOST_HINTED = 2.9
"""Hints alone never weigh as much as one plain word."""
_HEAD = 4000
_SAID = 4.0
"""What a word is worth that stands behind a label for the kind of trouble."""
_MOST_LABELS = 3
_LABELLED = re.compile(
    r"^[ \t>*|-]{0,8}(?:(?:abuse|attack|incident|threat|violation|infringement|report|complaint|event|fraud"
    r"|offen[cs]e)[ _-]?"
    r"(?:type|category|class(?:ification)?|kind|reason)"
    r"|(?:type|kind|nature|category|classification|reason) of (?:the )?"
    r"(?:abuse|attack|incident|threat|violation|infringement|report|complaint|event|fraud|offen[cs]e|intrusion)"
    r"|incident classification|art des (?:angriffs|missbrauchs|vorfalls)|tipo de (?:ataque|incidente|abuso|fraude))"
    r"[ \t]{0,20}[:=|][ \t*]{0,6}\n?[ \t*|-]{0,6}([^\n]{2,80})",
    re.IGNORECASE | re.MULTILINE,
)
_NOISE = re.compile(
    r"^[> \t]{0,20}(?:x-spam|x-virus|x-[\w-]{0,20}spam|authentication-results|x-ms-|dkim-|arc-|list-"
    r"|x-abuse)[\w-]*:[^\n]*(?:\n[ \t]+[^\n]*)*"
    r"|blocklist\.de|https?://\S{1,300}|(?<!\S)[^\s@]{1,80}@\S{1,120}|spam ?(?:filter|protect|assassin)\w*",
    re.MULTILINE,
)


@dataclass(frozen=True)
class _Word:
    """One phrase, what it speaks for and how much."""

    pattern: re.Pattern[str]
    category: str
    weight: float


@cache
def _words() -> Sieve[_Word]:
    return Sieve(
        (phrase, _Word(re.compile(phrase), category, weight))
        for category, words in WORDS.items()
        for phrases, weight in ((words.plain, _PLAIN), (words.hints, _HINT))
        for phrase in phrases
    )


def weigh(subject: str, body: str) -> dict[str, float]:
    """Each category that the words speak for, with its weight; links, addresses and spam filters' lines left out."""
    labelled = " \n".join(match.group(1) for match in islice(_LABELLED.finditer(body[: _HEAD * 3]), _MOST_LABELS))
    texts = (
        (subject.replace("_", " "), _SUBJECT),
        (labelled, _SAID),
        (body[:_HEAD], 1.0),
        (body[_HEAD : _HEAD * 3], _REST),
    )
    named: dict[str, float] = {}
    hinted: dict[str, float] = {}
    for raw, factor in texts:
        text = _NOISE.sub(" ", raw.lower())
        for word in _words().possible(text) if text.strip() else ():
            found = _presence(word.pattern, text)
            if found:
                weights = named if word.weight == _PLAIN else hinted
                weights[word.category] = weights.get(word.category, 0.0) + found * word.weight * factor
    return {
        category: named.get(category, 0.0) + min(hinted.get(category, 0.0), _MOST_HINTED)
        for category in dict.fromkeys((*named, *hinted))
    }


def _presence(pattern: re.Pattern[str], text: str) -> float:
    """1 for the first find, half as much again for the second."""
    total, worth = 0.0, 1.0
    for _ in pattern.finditer(text):
        total += worth
        worth /= 2
        if worth < 0.4:
            break
    return total
