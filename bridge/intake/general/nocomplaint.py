"""Mail that is no complaint, told by what kind of mail it is; it may well quote real offenders."""

from __future__ import annotations

import re

from bridge.intake.general.answers import ACKNOWLEDGED, ANSWERED, ASKS_FOR_SUPPORT, ENQUIRES, REPLY_SUBJECT
from bridge.intake.mail.document import Mail
from bridge.intake.text.sieve import Sought
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
_UNDER_ATTACK = Sought(
    r"\byour (?:ip|server|host|service|vps|machine)(?: address)?\s[\w.:-]{0,45}\s?(?:is|was|has been|came) "
    r"(?:currently )?(?:under (?:a |an |heavy )?(?:\w+ )?attack|(?:the )?target of|receiving|attacked|ddosed)\b",
)
"""Whom we host suffers; he is not the one who does it."""
_REPORTING = Sought(
    r"abuse|attack|spam|phish|malware|malicious|incident|scan|copyright|infring|brute|fraud|complain|hack|botnet"
    r"|vulnerab|жалоб|атак|beschwerde|missbrauch",
)
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_DETECTED = Sought(r"\b(?:we|systems?|monitoring|scanner) (?:ha(?:s|ve) )?(?:detected|observed|identified|noticed)\b")
_ONCE = Sought(
    r"\b(?:when|once|until|if|as soon as) (?:you (?:believe|think|feel) (?:that )?)?(?:the|this|your) "
    r"(?:case|issue|incident|request|ticket|content|site)\b",
)
"""What is asked for the time when the matter will be settled does not say that it is."""
_IN_OUR_NAME = Sought(
    r"created on your behalf|(?:we|i) (?:have )?received the following|forward\w* (?:you )?the following"
)
_NOTICE = Sought(
    r"good faith belie[fv]|penalty of perjury"
    r"|(?:reported|infringing) (?:url|link|material)s?\b|please (?:remove|disable)"
    r"|(?:dmca|copyright|abuse) (?:notice|complaint|report)",
)
_PASTES_HEADERS = Sought(r"^[>|* \t]{0,8}received: (?:from|by) ", re.MULTILINE)
"""Whoever pastes the headers of a mail complains about that mail, which may well be a newsletter."""
_COMPLAINS = re.compile(
    r"please (?:investigate|stop|block|suspend|take|remove)|\b(?:attack|brute|spam|scann?)(?:ed|ing|s)? (?:my|our|us)\b"
    r"|from your (?:network|ip|server)",
    re.IGNORECASE,
)
_HAS_SOURCE = re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|https?://|hxxps?://|\[\.\]")


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
    return not _REPORTING.search(mail.subject) and _UNDELIVERED.occur_in(mail.body[:1500])


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


def _by_words(mail: Mail) -> str:
    own = mail.own_words
    opening = own[:900]
    if _extorts(own[:6000]):
        return "extortion"
    found_out = _found_out(mail.subject, opening) or _passes_on(mail.subject, own)
    if not found_out and _acknowledges(mail.subject, own):
        return "autoreply"
    if _closes(mail, own):
        return "closed"
    heading = mail.subject + "\n" + opening[:500]
    if _VALIDATION.occur_in(heading) or (_ADMINISTRATIVE.occur_in(heading) and not _REPORTING.search(heading)):
        return "administrative"
    if _is_reply(mail) and ANSWERED.occur_in(own[:700]) and not _accuses("", own):
        return "reply"
    if _SYSTEM_REPORT.search(mail.subject) and not _ACCUSING.occur_in(own[:_ACCOUNT]):
        return "system_report"
    if _SURVEYS.occur_in(heading) and not _accuses("", own):
        return "newsletter"
    if ASKS_FOR_SUPPORT.occur_in(opening) and not (_COMPLAINS.search(opening) or _PASTES_HEADERS.search(own)):
        return "enquiry"
    if _ANNOUNCED.occur_in(opening) and not _COMPLAINS.search(opening):
        return "announcement"
    if _UNDER_ATTACK.search(opening) and len(set(_ADDRESS.findall(own[:_ACCOUNT]))) <= 1:
        return "we_are_the_target"
    if ENQUIRES.occur_in(heading) and not _REPORTING.search(heading):
        return "enquiry"
    return "newsletter" if _advertises(mail, own) else ""


def _acknowledges(subject: str, own: str) -> bool:
    """It says that something came in, and at most repeats what that was."""
    opening = _ONCE.cut_from(own[:900])
    if (_ACKNOWLEDGED.occur_in(opening) or ACKNOWLEDGED.occur_in(opening)) and not _accuses(subject, own):
        return True
    return _TICKET_MADE.occur_in(opening[:400]) and not _accuses("", own[:150])


def _closes(mail: Mail, own: str) -> bool:
    """It says that the matter is settled; a short note about a ticket may repeat whom it was about."""
    if _SETTLED.occur_in(_ONCE.cut_from(own[:900])) and not _accuses("", own):
        return True
    return len(own) < _SHORT_NOTE and _CLOSING.occur_in(own)


def _found_out(subject: str, opening: str) -> bool:
    """A new ticket about an address whose writer saw the trouble himself: a data centre blames its tenant."""
    fresh = not REPLY_SUBJECT.search(subject) and _ADDRESS.search(subject) and _REPORTING.search(subject)
    return bool(fresh) and _DETECTED.search(opening) is not None


def _passes_on(subject: str, own: str) -> bool:
    """A desk opened a ticket in our name and tells us all of the notice it is about."""
    if REPLY_SUBJECT.search(subject) or not _REPORTING.search(subject):
        return False
    return bool(_IN_OUR_NAME.search(own[:900]) and _NOTICE.search(own) and _HAS_SOURCE.search(own))


def _is_reply(mail: Mail) -> bool:
    return bool(REPLY_SUBJECT.search(mail.subject) or mail.headers.first("in-reply-to"))


def _extorts(own: str) -> bool:
    """It threatens and asks for coins; a pasted header would make it a complaint about such mail."""
    if not _THREAT.occur_in(own) or "received:" in own.lower():
        return False
    return _MONEY.search(own) is not None and _PAYMENT.search(own) is not None


def _advertises(mail: Mail, own: str) -> bool:
    if _PASTES_HEADERS.search(own):
        return False
    advertising = _NEWSLETTER.count_in(mail.subject + "\n" + own[:8000])
    bulk = bool(mail.headers.first("list-unsubscribe") or mail.headers.first("list-id"))
    if advertising >= (1 if bulk else 2) and not _REPORTING.search(mail.subject + own[:1500]):
        return True
    return advertising >= (2 if bulk else 3) and not _accuses("", own)


_ACCUSING = Phrases(
    r"(?:your|ihr\w*|votre|ваш\w*|su) (?:server|network|ip|host|customer|client|user|system"
    r"|machine|netzwerk|rechner|kunde|сервер|сеть)|we (?:have )?(?:detected|observed|noticed"
    r"|received (?:a |an |the |this |following |several |multiple )?(?:abuse|complaint|report"
    r"|notification))|(?:has been|was|is) (?:attacking|scanning|spamming|sending|hosting"
    r"|involved|observed|used to)|originat\w+ from|please (?:investigate|take|stop|remove"
    r"|check|suspend|look into|disable|shut)|log (?:lines|excerpt|entries|extract)"
    r"|we are writing|hiermit|i hereby|unauthori[sz]ed|from your|assigned to you|urge you to|remedial action"
)


def _accuses(subject: str, own: str) -> bool:
    """The writer himself points at somebody: an acknowledgement only repeats what it was sent."""
    return bool(_HAS_SOURCE.search(own[:4000]) and _ACCUSING.occur_in(own[:4000])) or bool(
        re.search(r"\babuse (?:from|report|complaint)\b.{0,80}\d\.\d", subject, re.I)
        and not REPLY_SUBJECT.search(subject)
    )
