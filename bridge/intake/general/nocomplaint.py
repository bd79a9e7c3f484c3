"""Mail that is no complaint, told by what kind of mail it is; it may well quote real offenders."""

from __future__ import annotations

import re
from functools import cache, cached_property

from bridge.intake.general.answers import ACKNOWLEDGED, ANSWERED, ASKS_FOR_SUPPORT, ENQUIRES, REPLY_SUBJECT
from bridge.intake.mail.document import Mail
from bridge.intake.text.sieve import Heard, Sieve
from bridge.intake.text.signs import in_lower_case
from bridge.intake.text.words import Phrases

_DMARC_FILE = re.compile(r"^[\w.-]+![\w.-]+!\d{9,11}!\d{9,11}", re.IGNORECASE)
_DMARC_SUBJECT = re.compile(
    r"report domain:.{0,200}submitter:|\bdmarc (?:aggregate|report|xml)|^\[?dmarc|smtp tls report|tls-?rpt",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"^(?:mailer-daemon|mail-daemon|mailerdaemon|mdaemon)@", re.IGNORECASE)
_FROM_DAEMON = re.compile(
    r"^[\"'\s]{0,3}(?:mailer-daemon|mail delivery (?:sub)?system)\b(?![^<]*<[^@>]+@)", re.IGNORECASE
)
_DIGEST = re.compile(r"\bdigest\b.{0,40}\b(?:vol|no|issue|nr)\b|\bdigest,? (?:vol|of)\b", re.IGNORECASE)
_POSTMASTER = re.compile(r"^postmaster@", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed|report|incomplete"
    r"|notification)|mail delivery (?:failed|system|failure|problem)|returned mail"
    r"|failure notice|unzustellbar|non remis|no se puede entregar|delivery delayed"
    r"|could not be delivered|message not delivered|не доставлен|n[ãa]o entregue|devuelto"
    r"|niedostarczon",
    re.IGNORECASE,
)
_UNDELIVERED = Phrases(
    r"(?:not|n't) (?:be )?(?:able to )?deliver|undeliver|delivery (?:to|of|has|failed|status|temporarily)"
    r"|returned (?:to|mail)|error (?:delivering|sending) your (?:mail|message)|(?:could|can) ?not be (?:sent|delivered)"
    r"|permanent (?:fatal )?error|user unknown|mailbox (?:full|unavailable)|unzustellbar|nicht zugestellt|non remis"
    r"|no se pudo entregar|não (?:foi|pôde) (?:ser )?entregue|не (?:был[ао]? )?доставлен|mail delivery (?:system"
    r"|subsystem)"
)
_AUTO_SUBJECT = re.compile(
    r"^(?:\s{0,20}(?:re|aw|fwd?|sv|antw)\s{0,20}:)*\s{0,20}\[?(?:auto(?:matic|mated|matisch\w*)?[ -]?(?:reply"
    r"|response|antwort|responder|acknowledg\w*)|automatische antwort|out of (?:the )?office"
    r"|abwesen\w*|r[ée]ponse automatique|respuesta autom[aá]tica|resposta autom[aá]tica"
    r"|risposta automatica|autom[a-z]+ odpowied|автоответ|автоматический ответ|自动回复|自動返信"
    r"|vacation|ooo\b|automatisch antwoord)",
    re.IGNORECASE,
)
_ACKNOWLEDGED = Phrases(
    r"we(?:'ve| have)? (?:have )?(?:received|got) your (?:e-?mail|message|request|report"
    r"|inquiry|enquiry|complaint|ticket|submission|abuse)|your (?:e-?mail|message|request"
    r"|report|inquiry|complaint|submission|ticket|abuse (?:report|complaint)) (?:has been"
    r"|was) (?:received|logged|registered|assigned|created|closed|resolved|opened|submitted"
    r"|forwarded|processed)"
    r"|thank(?:s| you) for (?:bringing (?:this|that|it) to our attention|contacting|reaching out"
    r"|your (?:e-?mail|message|report|request"
    r"|submission|inquiry|complaint|abuse|notification|patience|reply))|(?:ticket|case|request"
    r"|issue|incident|support request) (?:#?\S{1,30} )?(?:has been|was|is now|is) (?:closed"
    r"|resolved|solved|created|received|opened for you|updated and closed|marked as)"
    r"|this is an auto(?:mated|matic|-)[ -]?(?:reply|response|acknowledg\w*|confirmation)|(?:a"
    r"|your) (?:new )?(?:support )?ticket (?:has been|was) (?:opened|created) (?:for|from"
    r"|with) your|has been received and (?:will|a ticket)|do not reply to this (?:automatic"
    r"|auto) (?:reply|response)"
    r"|vielen dank f[üu]r ihre (?:e-?mail|anfrage|nachricht|meldung)|ihre (?:anfrage|nachricht"
    r"|e-?mail|meldung) (?:ist|wurde)\b[^.\n]{0,40}(?:eingegangen|erhalten|geschlossen)"
    r"|wir haben ihre (?:e-?mail|anfrage|nachricht|meldung) (?:erhalten|empfangen)"
    r"|nous avons bien reçu votre|votre (?:demande|message"
    r"|ticket)[^.\n]{0,20} a (?:bien )?[ée]t[ée]"
    r"|hemos recibido su|gracias por (?:contactar|su (?:mensaje|correo|reporte))"
    r"|recebemos (?:a )?(?:sua|seu)|obrigado por (?:entrar em contato|sua mensagem)"
    r"|ваш\w* (?:обращение|запрос|заявка|письмо|сообщение)[^.\n]{0,40}(?:принят"
    r"|зарегистрирован|получен|закрыт)|спасибо за (?:обращение|ваше)"
    r"|dziękujemy za (?:zgłoszenie|wiadomość|kontakt)"
    r"|grazie per averci contattato|abbiamo ricevuto|bedankt voor uw (?:bericht|melding"
    r"|e-?mail)|i am (?:currently )?out of (?:the )?office|i will be out of|ich bin (?:derzeit"
    r"|zur ?zeit|bis)[^.\n]{0,40}(?:nicht im|abwesend)|mailbox is (?:not monitored|unattended"
    r"|no longer)"
)
_TICKET_MADE = Phrases(
    r"thank you for (?:submitting|reporting|your (?:abuse )?(?:report|submission|complaint"
    r"|notification|e-?mail|message))"
    r"|we have (?:notified|informed|contacted|forwarded)[^.\n]{0,40}(?:our|the"
    r"|to our) (?:customer|client|user|subscriber)"
    r"|your (?:request|ticket|e-?mail|message|inquiry|complaint|report) (?:has been"
    r"|was) (?:received|logged|registered|created|closed|resolved|updated)"
    r"|ticket (?:#?\S{1,30} )?(?:has been|was|is now) (?:created|opened for you|closed"
    r"|resolved|solved)"
    r"|we(?:'ve| have)? received your|this is an auto(?:mated|matic|-)[ -]?(?:reply|response"
    r"|acknowledg\w*)|wir haben ihre|ihre (?:anfrage|nachricht|meldung) (?:ist|wurde)"
    r"|nous avons bien reçu|hemos recibido su|recebemos (?:a )?sua|ваш\w* (?:обращение|запрос"
    r"|заявка)"
)
_SETTLED = Phrases(
    r"(?:takedown|issue|incident|case|attack|site|content|phish\w*|listing|problem|malware"
    r"|url)(?:[^.\n]|\.(?=\S)){0,120}(?:has been|was|is now|is|have been"
    r"|appears to be) (?:successfully )?(?:resolved|closed|removed|taken (?:down|offline)"
    r"|offline|completed|delisted|confirmed (?:as )?(?:removed|offline)|no longer (?:active"
    r"|listed|accessible|online))"
    r"|no (?:further )?action (?:is )?(?:required|needed|necessary)|(?:has"
    r"|have) been (?:delisted|removed from (?:the|our) (?:[\w/-]{1,20}\s){0,3}(?:block|black|dns)?\s?list)"
    r"|(?:was|is|were|be) (?:indeed )?a false positive|is (?:now )?no longer (?:black)?listed\b"
    r"|please (?:ignore|disregard) (?:this|our|the) (?:previous|earlier"
    r"|report|message|notice|complaint)|we (?:have |hereby )?(?:retract|withdraw)\w*"
)
_CLOSING = Phrases(
    r"changing the status of your ticket|status: ?closed|ticket (?:has been|was|is) (?:automatically )?closed"
    r"|(?:takedown|removal|delisting) request for [^\n]{1,80} was approved|reports have been removed from our database"
    r"|^this (?:ip(?: address)?|server|service|account) has been terminated"
)
_SHORT_NOTE = 1500
_ACCOUNT = 4000
"""Characters in which a writer names whom he blames."""
_MONEY = re.compile(
    r"\b(?:bitcoin|btc|monero|xmr|litecoin|usdt|crypto ?wallet|wallet address)\b"
    r"|\b(?:bc1[a-z0-9]{20,60}|[13][a-km-zA-HJ-NP-Z1-9]{26,34})\b|\b\d(?:[.,]\d)? ?(?:BTC|XMR|ETH)\b"
)
_THREAT = Phrases(
    r"webcam|masturbat|recorded you|video of you|i(?:'ve| have)? infected|adult (?:web)?site"
    r"|your (?:device|computer|account|system|os"
    r"|operating system) (?:was|has been|is|were) (?:hacked|infected|compromised)"
    r"|i (?:have )?hacked|i know your password|rat software|porn|explicit video"
    r"|send (?:the )?video|your contacts|will (?:start|begin|launch) (?:a |the )?(?:ddos"
    r"|attack)|pay (?:us|me|the|within)|ransom|have (?:full )?access to your"
    r"|will be (?:subject to|hit by|the target of) (?:a |an )?(?:ddos|attack)|(?:small|short) demonstration"
    r"|leave you alone"
)
_PAYMENT = re.compile(r"\b(?:pay|send|transfer|zahlen|überweis\w*|pagar|payez|заплат\w*|перевед\w*)\b", re.IGNORECASE)
_NEWSLETTER = Phrases(
    r"view (?:this (?:e-?mail )?)?(?:in|online)(?: your)? browser|webinar|register now"
    r"|save the date|early bird|special offer|\d{1,2} ?% off|limited time|free trial"
    r"|case study|white ?paper|newsletter|product update|what'?s new|our services"
    r"|seo (?:service|agency|expert|ranking)|guest post|backlinks?|price list|quotation"
    r"|we are a (?:leading|professional)|increase (?:your )?(?:traffic|sales|revenue)"
    r"|this (?:week|month) in|top stories|weekly (?:round-?up|digest)|\bunsubscribe\b"
    r"|partnership opportunit|lead generation|web ?design|buy now|shop now|call for papers"
    r"|conference|job (?:offer|opening)|subscribe to|update your preferences"
)
_VALIDATION = Phrases(
    r"abuse[- ]?(?:c |contact|mailbox)[^.\n]{0,40}(?:validat\w*|verif\w*|confirm\w*)"
    r"|(?:validat\w*|verif\w*|confirm\w*) (?:your |the )?abuse[- ](?:c|contact|mailbox|e-?mail)"
)
_ADMINISTRATIVE = Phrases(
    r"scheduled maintenance|planned (?:maintenance|outage|work)|maintenance (?:window|notification)|peering request"
    r"|request(?:ing)? (?:for )?peering|invoice (?:#|no|number|\d|attached)|payment (?:received|reminder|due)"
    r"|your (?:invoice|order|subscription|domain renewal)|renewal notice|password (?:reset|changed)|verification code"
    r"|weekly (?:digest|summary) of (?:posts|news)|purchase order|request for quot"
)
_ANNOUNCED = Phrases(
    r"(?:part of|for) an? (?:academic|scientific|internet-?wide|research)\b[^.\n]{0,60}(?:survey|study|scan|project"
    r"|measurement)|opt[- ]out of (?:our|these|future) scans"
    r"|let you know that my (?:server|vps|machine)|if you (?:get|receive) (?:any )?(?:abuse )?complaints"
    r"|authori[sz]ed (?:penetration|security) test|change of (?:our |the )?abuse contact"
)
"""Somebody tells beforehand what he does himself, or will do."""
_SURVEYS = Phrases(
    r"\brate (?:our|your) (?:handling|support|service|help)|how (?:did we do|was our|satisfied)|satisfaction survey"
    r"|take our survey"
)
_SYSTEM_REPORT = re.compile(
    r"^\W{0,3}(?:cron\b|anacron|logwatch|rkhunter|smartd|unattended-upgrades|backup|nagios|zabbix|icinga|prometheus)"
    r"|\b(?:raid (?:event|degraded)|disk (?:failure|space|usage)|backup of \S{1,60} (?:finished|completed|failed))",
    re.IGNORECASE,
)
"""What a machine tells whoever runs it."""
_UNDER_ATTACK = Phrases(
    r"\byour (?:ip|server|host|service|vps|machine)(?: address)?\s[\w.:-]{0,45}\s?(?:is|was|has been|came) "
    r"(?:currently )?(?:under (?:a |an |heavy )?(?:\w+ )?attack|(?:the )?target of|receiving|attacked|ddosed)\b",
)
"""Whom we host suffers; he is not the one who does it."""
_REPORTING = Phrases(
    r"abuse|attack|spam|phish|malware|malicious|incident|scan|copyright|infring|brute|fraud|complain|hack|botnet"
    r"|vulnerab|жалоб|атак|beschwerde|missbrauch",
)
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_DETECTED = Phrases(r"\b(?:we|systems?|monitoring|scanner) (?:ha(?:s|ve) )?(?:detected|observed|identified|noticed)\b")
_ONCE = Phrases(
    r"\b(?:when|once|until|if|as soon as) (?:you (?:believe|think|feel) (?:that )?)?(?:the|this|your) "
    r"(?:case|issue|incident|request|ticket|content|site)\b",
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
)
_HAS_SOURCE = re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|https?://|hxxps?://|\[\.\]")
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
    ACKNOWLEDGED, ANSWERED, ASKS_FOR_SUPPORT, ENQUIRES, _ACCUSING, _ACKNOWLEDGED, _ADMINISTRATIVE, _ANNOUNCED, _CLOSING,
    _COMPLAINS, _DETECTED, _IN_OUR_NAME, _NEWSLETTER, _NOTICE, _ONCE, _PASTES_HEADERS, _REPORTING, _SETTLED, _SURVEYS,
    _THREAT, _TICKET_MADE, _UNDER_ATTACK, _VALIDATION,
)  # fmt: skip
"""All that is asked about the words of a letter."""
_FIRST_WORDS, _OPENING, _WHOLE_THREAT, _LOOKED_THROUGH, _HEARD = 500, 900, 6000, 8000, 16_000
"""Characters below the subject in which one thing or the other is looked for."""


def why_no_complaint(mail: Mail) -> str:
    """What the mail is instead of a complaint (`bounce`, `autoreply`, `dmarc_aggregate` …); empty if it may be one."""
    return _by_structure(mail) or _by_words(mail)


def _by_structure(mail: Mail) -> str:
    kind = mail.headers.first("content-type").lower()
    types = {part.content_type for part in mail.parts}
    if any(_DMARC_FILE.match(part.filename) for part in mail.parts) or "application/tlsrpt+gzip" in types:
        return "dmarc_aggregate"
    if _DMARC_SUBJECT.search(mail.subject):
        return "dmarc_aggregate"
    if any(b"<report_metadata>" in part.head and b"<feedback" in part.head for part in mail.parts):
        return "dmarc_aggregate"
    feedback = next((part.head.lower() for part in mail.parts if part.content_type == "message/feedback-report"), b"")
    if feedback:
        return _by_feedback_type(feedback)
    if "report-type=delivery-status" in kind.replace('"', "").replace(" ", "") or "message/delivery-status" in types:
        return "bounce"
    if "disposition-notification" in kind or "message/disposition-notification" in types:
        return "receipt"
    if _is_bounce(mail):
        return "bounce"
    if mail.headers.first("list-id") and _DIGEST.search(mail.subject):
        return "newsletter"
    if "text/calendar" in types:
        return "invitation"
    return _by_automat_headers(mail)


def undelivered(mail: Mail) -> bool:
    """It speaks of a mail that did not arrive, in its subject or first words."""
    return bool(_BOUNCE_SUBJECT.search(mail.subject)) or _UNDELIVERED.occur_in(mail.body[:1500])


def _is_bounce(mail: Mail) -> bool:
    """A mail server wrote it: by its name, or with no way back and about delivery."""
    if _FROM_DAEMON.match(mail.headers.first("from")) or _DAEMON.search(mail.sender[1]):
        return True
    if _POSTMASTER.search(mail.sender[1]) and _is_about_delivery(mail):
        return True
    return mail.headers.first("return-path").strip() == "<>" and undelivered(mail)


def _is_about_delivery(mail: Mail) -> bool:
    """A postmaster also complains; a bounce says so in its subject or first words."""
    if _BOUNCE_SUBJECT.search(mail.subject):
        return True
    return not _REPORTING.occur_in(mail.subject) and _UNDELIVERED.occur_in(mail.body[:1500])


def _by_feedback_type(report: bytes) -> str:
    match = re.search(rb"feedback-type:[ \t]*([\w-]{1,30})", report)
    kind = match.group(1).decode("ascii") if match else ""
    return {
        "opt-out": "opt_out",
        "opt-out-list": "opt_out",
        "not-spam": "not_spam",
        "auth-failure": "dmarc_failure",
    }.get(kind, "")


def _by_automat_headers(mail: Mail) -> str:
    submitted = mail.headers.first("auto-submitted").lower()
    answering = submitted.startswith("auto-replied") or bool(
        mail.headers.first("x-autoreply") or mail.headers.first("x-autorespond")
    )
    if _AUTO_SUBJECT.search(mail.subject):
        return "autoreply"
    if answering and not _HAS_SOURCE.search(mail.own_words[:3000]):
        return "autoreply"
    return ""


@cache
def _asked() -> Sieve[Phrases]:
    return Sieve(((pattern, words) for words in _ASKED for pattern in words.patterns), lowered=True)


class _Letter:
    """What a writer says himself, below his subject: searched once for all that is asked about it."""

    def __init__(self, subject: str, own: str) -> None:
        self.subject = subject
        self.own = own
        self._start = len(subject) + 1
        self._text = in_lower_case(f"{subject}\n{own[:_HEARD]}")
        self._heard = Heard(_asked(), self._text)

    def says(self, words: Phrases, within: int = _HEARD) -> bool:
        """In so many characters below the subject."""
        return self._heard.says(words, self._start, self._start + within)

    def begins(self, words: Phrases, within: int = _FIRST_WORDS) -> bool:
        """In the subject, or in so many characters below it."""
        return self._heard.says(words, 0, self._start + within)

    def times(self, words: Phrases) -> int:
        """How many of the words are there, those in the subject counted."""
        return self._heard.times(words, 0, self._start + _LOOKED_THROUGH)

    def names_source(self, within: int = _ACCOUNT) -> bool:
        return _HAS_SOURCE.search(self.own, 0, within) is not None

    def accuses(self, within: int = _ACCOUNT) -> bool:
        """The writer himself points at somebody: an acknowledgement only repeats what it was sent."""
        return self.says(_ACCUSING, within) and self.names_source(within)

    @cached_property
    def opening(self) -> _Letter:
        """How it begins, without what is said of the time when the matter will be settled."""
        begins = self._text[self._start : self._start + _OPENING]
        return _Letter("", _ONCE.cut_from(begins)) if self.says(_ONCE, _OPENING) else self


def _by_words(mail: Mail) -> str:
    letter = _Letter(mail.subject, mail.own_words)
    if _extorts(letter):
        return "extortion"
    found_out = _found_out(letter) or _passes_on(letter)
    if not found_out and _acknowledges(letter):
        return "autoreply"
    if _closes(letter):
        return "closed"
    reports = letter.begins(_REPORTING)
    if letter.begins(_VALIDATION) or (letter.begins(_ADMINISTRATIVE) and not reports):
        return "administrative"
    if _is_reply(mail) and letter.says(ANSWERED, 700) and not letter.accuses():
        return "reply"
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
    if letter.begins(ENQUIRES) and not reports:
        return "enquiry"
    return "newsletter" if _advertises(mail, letter) else ""


def _acknowledges(letter: _Letter) -> bool:
    """It says that something came in, and at most repeats what that was."""
    opening = letter.opening
    if opening.says(_ACKNOWLEDGED, _OPENING) or opening.says(ACKNOWLEDGED, _OPENING):
        named = _ABUSE_OF.search(letter.subject) and not REPLY_SUBJECT.search(letter.subject)
        if not (letter.accuses() or named):
            return True
    return opening.says(_TICKET_MADE, 400) and not letter.accuses(150)


def _closes(letter: _Letter) -> bool:
    """It says that the matter is settled; a short note about a ticket may repeat whom it was about."""
    if letter.opening.says(_SETTLED, _OPENING) and not letter.accuses():
        return True
    return len(letter.own) < _SHORT_NOTE and letter.says(_CLOSING)


def _found_out(letter: _Letter) -> bool:
    """A new ticket about an address whose writer saw the trouble himself: a data centre blames its tenant."""
    fresh = not REPLY_SUBJECT.search(letter.subject) and _ADDRESS.search(letter.subject)
    return bool(fresh) and letter.begins(_REPORTING, 0) and letter.says(_DETECTED, _OPENING)


def _passes_on(letter: _Letter) -> bool:
    """A desk opened a ticket in our name and tells us all of the notice it is about."""
    if REPLY_SUBJECT.search(letter.subject) or not letter.begins(_REPORTING, 0):
        return False
    return letter.says(_IN_OUR_NAME, _OPENING) and letter.says(_NOTICE) and letter.names_source(_HEARD)


def _is_reply(mail: Mail) -> bool:
    return bool(REPLY_SUBJECT.search(mail.subject) or mail.headers.first("in-reply-to"))


def _extorts(letter: _Letter) -> bool:
    """It threatens and asks for coins; a pasted header would make it a complaint about such mail."""
    own = letter.own[:_WHOLE_THREAT]
    if not letter.says(_THREAT, _WHOLE_THREAT) or "received:" in own.lower():
        return False
    return _MONEY.search(own) is not None and _PAYMENT.search(own) is not None


def _advertises(mail: Mail, letter: _Letter) -> bool:
    if letter.says(_PASTES_HEADERS):
        return False
    advertising = letter.times(_NEWSLETTER)
    bulk = bool(mail.headers.first("list-unsubscribe") or mail.headers.first("list-id"))
    if advertising >= (1 if bulk else 2) and not letter.begins(_REPORTING, 1500):
        return True
    return advertising >= (2 if bulk else 3) and not letter.accuses()
