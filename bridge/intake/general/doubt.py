"""Why a person has to look although a mail reads like a complaint: it may only repeat one."""

from __future__ import annotations

import re
from itertools import islice

from bridge.intake.general.answers import DEMANDS, GOES_ON, HANDS_ON, REPLY_SUBJECT
from bridge.intake.general.machines import HAS_SOURCE
from bridge.intake.general.offers import came_over_list
from bridge.intake.general.wanted import points_at_something
from bridge.intake.mail.document import Mail
from bridge.intake.text import offences, prose
from bridge.intake.text.addresses import names_any
from bridge.intake.text.language import language_of
from bridge.intake.text.sieve import Sought

_NAMED = 2.5
"""From this weight on words name an offence."""
_LEAST_SAID = 20
_FIRST, _OPENING, _LOOKED_THROUGH = 200, 1500, 4000
_MOST_PARAGRAPHS = 30
_PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*\n?)+")
_FROM_ME_TO_YOU = re.compile(
    r"\b(?:we|i|our)\b[^.\n]{0,80}\byou\b|\byou(?:r|rs)?\b[^.\n]{0,80}\b(?:us|we|our)\b", re.IGNORECASE
)
_SALUTATION = Sought(
    r"^[ \t>*]{0,6}(?:dear|hello|hi|hey|to whom|good (?:morning|day|afternoon|evening)|greetings|sehr geehrte"
    r"|guten (?:tag"
    r"|morgen)|hallo|moin|beste|geachte|hej|hei|bonjour|madame|cher|estimad[oa]|buenos d|buenas|hola|prezad[oa]"
    r"|ol[áa]\b"
    r"|gentile|spett|buongiorno|здравствуйте|уважаем|добрый|вітаю|шановн|szanown|dzie[nń] dobry|v[áa][žz]en"
    r"|dobr[ýy] den"
    r"|tisztelt|kedves|bun[ăa] ziua|stimat|merhaba|say[ıi]n|καλησπέρα|αγαπητ|안녕하|您好|尊敬的|مرحبا|kính gửi|halo\b)"
    r"[^\n]{0,60}$",
    re.MULTILINE,
)


def why_doubtful(mail: Mail) -> str:
    """A plain sentence for the person who has to look; empty where there is no such doubt."""
    if _only_subject_accuses(mail):
        return "only its subject names an address, and its text tells of no abuse"
    if mail.headers.first("list-post") and came_over_list(mail):
        return "it came over a mailing list, where people talk of abuse"
    if _merely_answers(mail):
        return "it answers a letter, and its own words point at nobody"
    if not HANDS_ON.occur_in(mail.body) and _repeats_another_text(mail.own_words[:_LOOKED_THROUGH]):
        return "words that accuse nobody stand before a text of another hand: it may answer that text"
    return ""


def _only_subject_accuses(mail: Mail) -> bool:
    """What a text repeats of the subject, tickets above all, says nothing new."""
    subject = prose.tidy(mail.subject)
    if mail.nested or not names_any(subject):
        return False
    texts = "\n".join((mail.tidy_body, *(part.tidy for part in mail.attachments)))
    said = "\n".join(line for line in texts.split("\n") if not _repeats(line, subject))
    return not points_at_something(said, mail.sender[1]) and _heaviest(said) < _NAMED


def _repeats(line: str, subject: str) -> bool:
    """Words of it, not the address or the link alone."""
    said = line.strip(' \t"').rpartition(": ")[2]
    return " " in said and said in subject


def _merely_answers(mail: Mail) -> bool:
    """A quotation accuses; above it stands neither an address nor a wish."""
    own = mail.own_words.strip()
    answers = REPLY_SUBJECT.search(mail.subject) and _LEAST_SAID < len(own) < len(mail.body) - _LEAST_SAID
    if not answers or mail.nested or mail.attachments or points_at_something(own, mail.sender[1]):
        return False
    return not (DEMANDS.occur_in(own) or GOES_ON.occur_in(own) or HANDS_ON.occur_in(mail.body))


def _repeats_another_text(own: str) -> bool:
    """It begins anew, with a salutation or in another language, and only there somebody is accused."""
    for start in (_second_letter(own), _other_language(own)):
        if start and _accuses_nobody(own[:start]) and names_any(own[start:]):
            return True
    return False


def _second_letter(own: str) -> int:
    """Where a salutation stands below a first one, or below words from the writer to whom he writes; 0 if nowhere."""
    places = [found.start() for found in _SALUTATION.finditer(own)][:2]
    if len(places) == 2 and places[0] <= _FIRST:
        return places[1]
    return places[0] if places and _FROM_ME_TO_YOU.search(own[: places[0]]) else 0


def _other_language(own: str) -> int:
    """Where the paragraphs end that are in the language of the first, if others follow and it never returns; else 0."""
    first, end, left = "", 0, False
    for paragraph in islice(_PARAGRAPH.finditer(own), _MOST_PARAGRAPHS):
        language = language_of(paragraph.group())
        first = first or language
        if language and language == first:
            end = paragraph.end()
            if left or not _may_be_opening(own[:end]):
                return 0
        left = left or bool(language and language != first)
    return end if left else 0


def _accuses_nobody(opening: str) -> bool:
    if not (len(opening.strip()) > _LEAST_SAID and _may_be_opening(opening)):
        return False
    return not (DEMANDS.occur_in(opening) or GOES_ON.occur_in(opening) or _heaviest(opening))


def _may_be_opening(words: str) -> bool:
    return len(words.strip()) < _OPENING and not HAS_SOURCE.search(words)


def _heaviest(words: str) -> float:
    return max(offences.weigh("", words).values(), default=0.0)
