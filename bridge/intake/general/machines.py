"""Mail that machines write: bounces, automatic answers, aggregates; told by structure and headers."""

from __future__ import annotations

import re

from bridge.intake.mail.document import Mail
from bridge.intake.text.words import Phrases
from bridge.marks import marks_in
from bridge.ports import OWN_NOTICE

_DMARC_FILE = re.compile(r"^[\w.-]+![\w.-]+!\d{9,11}!\d{9,11}", re.IGNORECASE)
_TLS_REPORTS = frozenset({"application/tlsrpt+gzip", "application/tlsrpt+json"})
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
    r"undeliver|quota exceeded|mailbox (?:is )?full|delivery (?:status notification|failure|has failed|report"
    r"|incomplete"
    r"|notification)|mail delivery (?:failed|system|failure|problem)|returned mail"
    r"|failure notice|unzustellbar|non remis|no se puede entregar|delivery delayed"
    r"|could not be delivered|message not delivered|не доставлен|n[ãa]o entregue|devuelto"
    r"|niedostarczon|недоставлен|не может быть доставлен|impossible de (?:remettre|distribuer)|no entregado"
    r"|mancata consegna"
    r"|onbestelbaar|配信(?:不能|エラー)|退信|(?:mail|message) (?:was )?(?:blocked|rejected|quarantined)\b",
    re.IGNORECASE,
)
_UNDELIVERED = Phrases(
    r"(?:not|n't) (?:be )?(?:able to )?deliver|undeliver|delivery (?:to|of|has|failed|status|temporarily)"
    r"|returned (?:to|mail)|error (?:delivering|sending) your (?:mail|message)|(?:could|can) ?not be (?:sent"
    r"|delivered)"
    r"|permanent (?:fatal )?error|user unknown|mailbox (?:full|unavailable)|mailbox of the recipient"
    r"|over (?:its )?quota|unzustellbar|nicht zugestellt|non remis"
    r"|(?:mail|message) (?:that )?you sent\b[^\n]{0,80} was (?:rejected|blocked|quarantined)|no se pudo entregar"
    r"|não (?:foi|pôde) (?:ser )?entregue|не (?:был[ао]? )?доставлен|mail delivery (?:system"
    r"|subsystem)"
)
_RECEIPT_SUBJECT = re.compile(
    r"^\s{0,5}(?:(?:not )?read|gelesen|lu|le[ií]do|lido|letto|gelezen|прочитано|przeczytano)\s?:", re.IGNORECASE
)
_RECEIPT = Phrases(
    r"was (?:read|deleted without being read) on|wurde [^\n]{0,60}gelesen|a [ée]t[ée] lu\b|fue le[ií]do|foi lida"
    r"|è stato letto"
    r"|is gelezen op|прочитано"
)
_AUTO_SUBJECT = re.compile(
    r"^(?:\s{0,20}(?:re|aw|fwd?|sv|antw)\s{0,20}:)*\s{0,20}\[?(?:auto(?:matic|mated|matisch\w*)?[ -]?(?:reply"
    r"|response|antwort|responder|acknowledg\w*)|automatische antwort|out of (?:the )?office"
    r"|abwesen\w*|r[ée]ponse automatique|respuesta autom[aá]tica|resposta autom[aá]tica"
    r"|risposta automatica|autom[a-z]+ odpowied|автоответ|автоматический ответ|自动回复|自動返信"
    r"|vacation|ooo\b|automatisch antwoord|afwezig\w*|absen(?:t|ce)\b|ausencia|ausência|assenza|nieobecno|frånvaro"
    r"|fravær"
    r"|自動応答|不在)",
    re.IGNORECASE,
)
REPORTING = Phrases(
    r"abuse|attack|spam|phish|malware|malicious|incident|scan|copyright|infring|brute|fraud|complain|hack|botnet"
    r"|vulnerab|жалоб|атак|beschwerde|missbrauch",
)
HAS_SOURCE = re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|https?://|hxxps?://|\[\.\]")


def by_structure(mail: Mail) -> str:
    """What a machine wrote (`bounce`, `autoreply`, `dmarc_aggregate` …); empty if a person may have written it."""
    if mail.headers.first(OWN_NOTICE.lower()) or marks_in(mail.own_words):
        return "own_notice"
    kind = mail.headers.first("content-type").lower()
    types = {part.content_type for part in mail.parts}
    if any(_DMARC_FILE.match(part.filename) for part in mail.parts) or types & _TLS_REPORTS:
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
    if _RECEIPT_SUBJECT.search(mail.subject) and _RECEIPT.occur_in(mail.body[:1500]):
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
    if mail.headers.first("return-path").strip() == "<>" and undelivered(mail):
        return True
    return bool(_BOUNCE_SUBJECT.match(mail.subject)) and _UNDELIVERED.occur_in(mail.body[:1500])


def _is_about_delivery(mail: Mail) -> bool:
    """A postmaster also complains; a bounce says so in its subject or first words."""
    if _BOUNCE_SUBJECT.search(mail.subject):
        return True
    return not REPORTING.occur_in(mail.subject) and _UNDELIVERED.occur_in(mail.body[:1500])


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
    if _AUTO_SUBJECT.search(mail.subject):
        return "autoreply"
    submitted = mail.headers.first("auto-submitted").lower()
    answering = submitted.startswith("auto-replied") or bool(
        mail.headers.first("x-autoreply") or mail.headers.first("x-autorespond")
    )
    return "autoreply" if answering and not HAS_SOURCE.search(mail.own_words[:3000]) else ""
