"""Why a person has to look although a mail reads like a complaint: it may only repeat one."""

from __future__ import annotations

import re

from bridge.intake.general.answers import DEMANDS, GOES_ON
from bridge.intake.general.wanted import points_at_something
from bridge.intake.mail.document import Mail
from bridge.intake.text import offences, prose
from bridge.intake.text.addresses import names_any
from bridge.intake.text.sieve import Sought

_NAMED = 2.5
"""From this weight on words name an offence."""
_LEAST_SAID = 30
_FIRST, _OPENING, _LOOKED_THROUGH = 200, 1500, 4000
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
    if _repeats_a_letter(mail):
        return "a few words that accuse nobody stand before a letter that begins anew: it may answer that letter"
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


def _repeats_a_letter(mail: Mail) -> bool:
    """Two salutations: below the first nobody is accused and nothing wanted, below the second somebody is."""
    own = mail.own_words[:_LOOKED_THROUGH]
    places = [found.start() for found in _SALUTATION.finditer(own)][:2]
    if len(places) < 2 or places[0] > _FIRST or not names_any(own[places[1] :]):
        return False
    opening = own[places[0] : places[1]]
    if not _LEAST_SAID < len(opening.strip()) < _OPENING or names_any(opening):
        return False
    if DEMANDS.occur_in(opening) or GOES_ON.occur_in(opening):
        return False
    return _heaviest(opening) < _NAMED


def _heaviest(words: str) -> float:
    return max(offences.weigh("", words).values(), default=0.0)
