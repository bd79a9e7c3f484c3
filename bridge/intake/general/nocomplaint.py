"""Mail that is no complaint, told by what kind of mail it is; it may well quote real offenders."""

from __future__ import annotations

import re
from functools import cache, cached_property

from bridge.intake.general.answers import (
    ANSWERED,
    ASKS_FOR_SUPPORT,
    CAME_IN,
    CLOSING,
    DEMANDS,
    ENQUIRES,
    GOES_ON,
    HANDS_ON,
    REPLY_SUBJECT,
    SETTLED,
    TICKET_DETAILS,
    TICKET_SUBJECT,
)
from bridge.intake.general.machines import HAS_SOURCE, REPORTING, by_structure
from bridge.intake.general.offers import NEWSLETTER, PITCH, came_over_list, is_list_talk, tells_of_service
from bridge.intake.general.receipts import AWAY, RECEIVED, UNATTENDED
from bridge.intake.general.wanted import points_at_something
from bridge.intake.mail.document import Mail
from bridge.intake.text import offences
from bridge.intake.text.prose import attribution
from bridge.intake.text.sieve import Heard, Sieve
from bridge.intake.text.signs import in_lower_case
from bridge.intake.text.words import Phrases

_SHORT_NOTE = 1500
_MANY, _PITCHED = 3, 2
"""So many marks of a newsletter, or of a pitch, outweigh the bait: `your address is listed` is no complaint."""
_PLAINLY = 2.5
"""From this weight on words name an offence."""
_FEW = 15
"""Characters that are no sentence yet."""
_SENTENCE = 250
"""Characters after which a receipt repeats what was sent."""
_ACCOUNT = 4000
"""Characters in which a writer names whom he blames."""
_WRAPPED = re.compile(r"(?<=[^\W\d_]) ?\n(?=[a-zà-ÿа-яё])")
"""Where a sentence goes on in the next line."""
_MONEY = re.compile(
    r"\b(?:bitcoins?|btc|monero|xmr|litecoin|usdt|crypto ?wallet|wallet address)\b"
    r"|\b(?:bc1[a-z0-9]{20,60}|[13][a-km-zA-HJ-NP-Z1-9]{26,34})\b|\b\d(?:[.,]\d)? ?(?:BTC|XMR|ETH)\b"
)
_THREAT = Phrases(
    r"webcam|masturbat|recorded you|video of you|i(?:'ve| have)? infected|adult (?:web)?site"
    r"|your (?:device|computer|account|system|os"
    r"|operating system) (?:was|has been|is|were) (?:hacked|infected|compromised)"
    r"|i (?:have )?hacked|i know your password|rat software|porn|explicit video"
    r"|send (?:the )?video|your contacts|will (?:start|begin|launch) (?:a |the )?(?:ddos"
    r"|attack)|pay (?:us|me|the|within)|ransom|have (?:full )?access to your"
    r"|will be (?:hit|sold|leaked|published|auctioned)\b|unless you (?:pay|send|transfer)|(?:is|are) (?:copied"
    r"|stolen|encrypted)\b"
    r"|will be (?:subject to|hit by|the target of) (?:a |an )?(?:ddos|attack)|(?:small|short) demonstration"
    r"|leave you alone|will be ddos|if you (?:don't|do not) pay|protection fee"
)
_PAYMENT = re.compile(r"\b(?:pay|send|transfer|zahlen|überweis\w*|pagar|payez|заплат\w*|перевед\w*)\b", re.IGNORECASE)
_VALIDATION = Phrases(
    r"abuse[- ]?(?:c |contact|mailbox)[^.\n]{0,40}(?:validat\w*|verif\w*|confirm\w*)"
    r"|(?:validat\w*|verif\w*|confirm\w*) (?:your |the )?abuse[- ](?:c|contact|mailbox|e-?mail)"
    r"|validat\w* (?:the|your|this) e-?mail address|abuse-c (?:mailbox )?(?:check|test)|is the abuse-c of"
)
_ADMINISTRATIVE = Phrases(
    r"registry check|de-?peering|annual validation|all systems operational|(?:bgp"
    r"|ebgp|peering) sessions?\b"
    r"|max(?:imum)?[ -]prefix\w*|scheduled maintenance|planned (?:maintenance|outage|work)|maintenance (?:window"
    r"|notification)|peering request"
    r"|request(?:ing)? (?:for )?peering|invoice (?:#|no|number|\d|attached|for|inv)|(?:die|ihre) rechnung"
    r"|votre facture|su factura"
    r"|payment (?:received|reminder|due)"
    r"|your (?:invoice|order|subscription|domain renewal)|renewal notice|password (?:reset|changed)|verification code"
    r"|weekly (?:digest|summary) of (?:posts|news)|purchase order|request for quot"
)
_ANNOUNCED = Phrases(
    r"(?:part of|for) an? (?:academic|scientific|internet-?wide|research)\b[^.\n]{0,60}(?:survey|study|scan|project"
    r"|measurement)|opt[- ]out of (?:our|these|future) scans"
    r"|internet(?:-wide)? (?:measurement|scan\w*) (?:study|project|survey|research)|for an? (?:\w+ )?(?:study"
    r"|survey) of\b"
    r"|do not wish to be (?:included|scanned|probed)|let you know that my (?:server|vps|machine)|if you (?:get"
    r"|receive) (?:any )?(?:abuse )?complaints"
    r"|authori[sz]ed (?:penetration|security) test|(?:change of|new) (?:our |the )?abuse contact"
    r"|from now on,? please send"
)
"""Somebody tells beforehand what he does himself, or will do."""
_SURVEYS = Phrases(
    r"\brate (?:our|your) (?:handling|support|service|help)|how (?:did we do|was our|satisfied)|satisfaction survey"
    r"|take our survey"
)
_SYSTEM_REPORT = re.compile(
    r"^\W{0,3}(?:problem|recovery|acknowledgement|flapping\w*|firing)\b[^\n]{0,120}\b(?:is|critical|warning|unknown"
    r"|down|up|ok)\b|"
    r"^\W{0,3}(?:rfo\b|reason for outage|post-?mortem)|^lfd on \S{1,80}: [^\n]{0,40}\blogin alert\b"
    r"|^\[fail2ban\][^\n]{0,60}\b(?:started|stopped)\b|"
    r"^\W{0,3}(?:cron\b|anacron|logwatch|monit alert|rkhunter|smartd|unattended-upgrades|backup|nagios|zabbix|icinga"
    r"|prometheus)"
    r"|\b(?:raid (?:event|degraded)|disk (?:failure|space|usage)|backup of \S{1,60} (?:finished|completed|failed))",
    re.IGNORECASE,
)
"""What a machine tells whoever runs it."""
_UNDER_ATTACK = Phrases(
    r"\byour (?:ip|server|host|service|vps|machine)(?: address)?\s[\w.:-]{0,45}\s?(?:is|was|has been|came) "
    r"(?:currently )?(?:under (?:a |an |heavy )?(?:\w+ )?attack|(?:the )?target of|receiving|attacked|ddosed)\b",
)
"""Whom we host suffers; he is not the one who does it."""
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_DETECTED = Phrases(r"\b(?:we|systems?|monitoring|scanner) (?:ha(?:s|ve) )?(?:detected|observed|identified|noticed)\b")
_ONCE = Phrases(
    r"\b(?:when|once|until|if|as soon as) (?:you (?:believe|think|feel) (?:that )?)?(?:the|this|your) "
    r"(?:case|issue|incident|request|ticket|content|site)\b"
    r"|\b(?:when|once|until|if|as soon as) (?:they|you|the (?:client|customer)) [^.\n]{0,50}"
    r"\b(?:problem|issue|vulnerabilit)\w*",
)
"""What is asked for the time when the matter will be settled does not say that it is."""
_IN_OUR_NAME = Phrases(
    r"created on your behalf|(?:we|i) (?:have )?received the following|forward\w* (?:you )?the following"
)
_NOTICE = Phrases(
    r"good faith belie[fv]|penalty of perjury"
    r"|(?:reported|infringing) (?:url|link|material)s?\b|please (?:remove|disable)"
    r"|(?:dmca|copyright|abuse) (?:notice|complaint|report)",
)
_PASTES_HEADERS = Phrases(r"^[>|* \t]{0,8}received: (?:from|by) ")
"""Whoever pastes the headers of a mail complains about that mail, which may well be a newsletter."""
_COMPLAINS = Phrases(
    r"please (?:investigate|stop|block|suspend|take|remove)|\b(?:attack|brute|spam|scann?)(?:ed|ing|s)? (?:my|our|us)\b"
    r"|from your (?:network|ip|server)"
    r"|received (?:\w+ ){0,3}(?:reports?|complaints?) (?:that|about|of|concerning|regarding) your\b"
    r"|your (?:\w+ )?(?:instance|server|vps|machine|host|ip)(?: [^ \n]{1,60})? (?:is|was|has been)"
    r" (?:scanning|attacking|spamming|involved|implicated)"
)
_ACCUSING = Phrases(
    r"(?:your|ihr\w*|votre|ваш\w*|su) (?:server|network|ip|host|customer|client|user|system"
    r"|machine|netzwerk|rechner|kunde|сервер|сеть)|we (?:have )?(?:detected|observed|noticed"
    r"|received (?:a |an |the |this |following |several |multiple )?(?:abuse|complaint|report"
    r"|notification))|(?:has been|was|is) (?:attacking|scanning|spamming|sending|hosting"
    r"|involved|observed|used to)|originat\w+ from|please (?:investigate|take|stop|remove"
    r"|check|suspend|look into|disable|shut)|log (?:lines|excerpt|entries|extract)"
    r"|we are writing|hiermit|i hereby|unauthori[sz]ed|from your|assigned to you|urge you to|remedial action"
)
_ABUSE_OF = re.compile(r"\babuse (?:from|report|complaint)\b.{0,80}\d\.\d", re.IGNORECASE)
_ASKED = (
    ANSWERED, ASKS_FOR_SUPPORT, ENQUIRES, _ACCUSING, CAME_IN, _ADMINISTRATIVE, _ANNOUNCED, CLOSING,
    _COMPLAINS, _DETECTED, _IN_OUR_NAME, NEWSLETTER, _NOTICE, _ONCE, _PASTES_HEADERS, REPORTING, SETTLED, _SURVEYS,
    _THREAT, _UNDER_ATTACK, _VALIDATION, DEMANDS, PITCH, UNATTENDED, AWAY, GOES_ON,
    RECEIVED,
)  # fmt: skip
"""All that is asked about the words of a letter."""
_FIRST_WORDS, _OPENING, _WHOLE_THREAT, _LOOKED_THROUGH, _HEARD = 500, 900, 6000, 8000, 16_000
"""Characters below the subject in which one thing or the other is looked for."""


def why_no_complaint(mail: Mail) -> str:
    """What the mail is instead of a complaint (`bounce`, `autoreply`, `dmarc_aggregate` …); empty if it may be one."""
    return by_structure(mail) or _by_words(mail)


@cache
def _asked() -> Sieve[Phrases]:
    return Sieve(((pattern, words) for words in _ASKED for pattern in words.patterns), lowered=True)


class _Letter:
    """What a writer says himself, below his subject: searched once for all that is asked about it."""

    def __init__(self, subject: str, own: str) -> None:
        self.subject = subject
        self.own = own
        self._start = len(subject) + 1
        self._text = in_lower_case(f"{subject}\n{_WRAPPED.sub(' ', own[:_HEARD])}")
        self._heard = Heard(_asked(), self._text)

    def says(self, words: Phrases, within: int = _HEARD, after: int = 0) -> bool:
        """In so many characters below the subject, the first ones left out where it says so."""
        return self._heard.says(words, self._start + after, self._start + within)

    def place_of(self, words: Phrases, within: int) -> int | None:
        """Where they begin that are said first, in so many characters below the subject."""
        place = self._heard.place_of(words, self._start, self._start + within)
        return None if place is None else place - self._start

    def begins(self, words: Phrases, within: int = _FIRST_WORDS) -> bool:
        """In the subject, or in so many characters below it."""
        return self._heard.says(words, 0, self._start + within)

    def times(self, words: Phrases) -> int:
        """How many of the words are there, those in the subject counted."""
        return self._heard.times(words, 0, self._start + _LOOKED_THROUGH)

    def names_source(self, within: int = _ACCOUNT) -> bool:
        return HAS_SOURCE.search(self.own, 0, within) is not None

    def accuses(self, within: int = _ACCOUNT) -> bool:
        """The writer himself points at somebody: an acknowledgement only repeats what it was sent."""
        return self.says(_ACCUSING, within) and self.names_source(within)

    @cached_property
    def opening(self) -> _Letter:
        """How it begins, without what is said of the time when the matter will be settled."""
        begins = self._text[self._start : self._start + _OPENING]
        return _Letter("", _ONCE.cut_from(begins)) if self.says(_ONCE, _OPENING) else self


def _by_words(mail: Mail) -> str:
    letter = _Letter(mail.subject, _own_words(mail))
    if _extorts(letter):
        return "extortion"
    found_out = _found_out(letter) or _passes_on(letter)
    if not found_out and _acknowledges(letter):
        return "autoreply"
    if _closes(letter):
        return "closed"
    return _as_administration(letter) or _as_reply(mail, letter) or _as_other_talk(mail, letter)


def _is_ticket(mail: Mail) -> bool:
    """Its subject is the one that a ticket was opened with, and a desk's particulars stand in it."""
    return TICKET_SUBJECT.search(mail.subject) is not None and TICKET_DETAILS.search(mail.body) is not None


def _own_words(mail: Mail) -> str:
    return TICKET_DETAILS.sub("", mail.own_words) if _is_ticket(mail) else mail.own_words


def _as_administration(letter: _Letter) -> str:
    if letter.begins(_VALIDATION) or (letter.begins(_ADMINISTRATIVE) and not letter.begins(REPORTING)):
        return "administrative"
    return "administrative" if tells_of_service(letter.subject, letter.own) and not letter.accuses() else ""


def _as_reply(mail: Mail, letter: _Letter) -> str:
    if _is_reply(mail) and letter.says(ANSWERED, 700) and not letter.accuses():
        return "reply"
    if _merely_answers(mail, letter):
        return "reply"
    return "discussion" if _is_reply(mail) and is_list_talk(mail.body) else ""


def _as_other_talk(mail: Mail, letter: _Letter) -> str:
    if _SYSTEM_REPORT.search(mail.subject) and not letter.says(_ACCUSING, _ACCOUNT):
        return "system_report"
    if letter.begins(_SURVEYS) and not letter.accuses():
        return "newsletter"
    complains = letter.says(_COMPLAINS, _OPENING)
    if letter.says(ASKS_FOR_SUPPORT, _OPENING) and not (complains or letter.says(_PASTES_HEADERS)):
        return "enquiry"
    if letter.says(_ANNOUNCED, _OPENING) and not complains:
        return "announcement"
    if letter.says(_UNDER_ATTACK, _OPENING) and len(set(_ADDRESS.findall(letter.own[:_ACCOUNT]))) <= 1:
        return "we_are_the_target"
    if letter.begins(ENQUIRES) and not letter.begins(REPORTING):
        return "enquiry"
    return "newsletter" if _advertises(mail, letter) else ""


def _acknowledges(letter: _Letter) -> bool:
    """It says that something came in, and at most repeats what that was."""
    opening = letter.opening
    if opening.says(UNATTENDED, _OPENING) and not letter.names_source(_HEARD):
        return True
    if any(opening.says(words, _OPENING) for words in (AWAY, CAME_IN, RECEIVED)):
        named = _ABUSE_OF.search(letter.subject) and not REPLY_SUBJECT.search(letter.subject)
        if not (letter.accuses() or named):
            return True
    return _begins_with_receipt(opening)


def _begins_with_receipt(letter: _Letter) -> bool:
    """Before he accuses anybody he says that something came in or he is away, not that it goes on nevertheless."""
    places = [letter.place_of(words, _FIRST_WORDS) for words in (AWAY, RECEIVED)]
    at = min((place for place in places if place is not None), default=None)
    if at is None or letter.accuses(at):
        return False
    return not letter.says(GOES_ON, at + _SENTENCE, at)


def _closes(letter: _Letter) -> bool:
    """It says that the matter is settled; a short note about a ticket may repeat whom it was about."""
    if letter.opening.says(SETTLED, _OPENING) and not letter.accuses():
        return True
    return len(letter.own) < _SHORT_NOTE and letter.says(CLOSING)


def _found_out(letter: _Letter) -> bool:
    """A new ticket about an address whose writer saw the trouble himself: a data centre blames its tenant."""
    fresh = not REPLY_SUBJECT.search(letter.subject) and _ADDRESS.search(letter.subject)
    return bool(fresh) and letter.begins(REPORTING, 0) and letter.says(_DETECTED, _OPENING)


def _passes_on(letter: _Letter) -> bool:
    """A desk opened a ticket in our name and tells us all of the notice it is about."""
    if REPLY_SUBJECT.search(letter.subject) or not letter.begins(REPORTING, 0):
        return False
    return letter.says(_IN_OUR_NAME, _OPENING) and letter.says(_NOTICE) and letter.names_source(_HEARD)


def _is_reply(mail: Mail) -> bool:
    return bool(REPLY_SUBJECT.search(mail.subject) or mail.headers.first("in-reply-to"))


def _merely_answers(mail: Mail, letter: _Letter) -> bool:
    """His own words above what he quotes name no offence, nobody and no wish: all of that is in the quotation, or in
    the subject that a ticket was opened with."""
    words = letter.own.strip()
    if not len(words) < _SHORT_NOTE or letter.says(DEMANDS) or letter.says(GOES_ON):
        return False
    if mail.attachments or mail.nested or HANDS_ON.occur_in(mail.body):
        return False
    if points_at_something(words, mail.sender[1]) or _offends(words):
        return False
    if any(address in attribution(mail.body) for address in _recipients(mail)):
        return True
    quotes = len(words) + _FEW <= len(mail.body)
    return len(words) > _FEW and ((_is_reply(mail) and quotes) or _is_ticket(mail))


def _offends(words: str) -> bool:
    return max(offences.weigh("", words).values(), default=0.0) >= _PLAINLY


def _recipients(mail: Mail) -> list[str]:
    return re.findall(r"[\w.+-]{1,64}@[\w.-]{1,120}\w", mail.headers.first("to")[:2000].lower())


def _extorts(letter: _Letter) -> bool:
    """It threatens and asks for coins; a pasted header would make it a complaint about such mail."""
    own = letter.own[:_WHOLE_THREAT]
    if not letter.says(_THREAT, _WHOLE_THREAT) or "received:" in own.lower():
        return False
    return _MONEY.search(own) is not None and _PAYMENT.search(own) is not None


def _offers_to_leave(letter: _Letter) -> bool:
    """Above all else it says how to get no more of it."""
    return "unsubscribe" in letter.own[:_FIRST_WORDS].lower()


def _advertises(mail: Mail, letter: _Letter) -> bool:
    if letter.says(_PASTES_HEADERS):
        return False
    marks = letter.times(NEWSLETTER)
    bulk = came_over_list(mail) or _offers_to_leave(letter)
    if marks >= (1 if bulk else 2) and not letter.begins(REPORTING, 1500):
        return True
    offers = letter.times(PITCH) >= _PITCHED or marks >= (_MANY if bulk else _MANY + 1)
    if offers and not letter.says(_COMPLAINS, _ACCOUNT):
        return True
    return marks >= (2 if bulk else 3) and not letter.accuses()
