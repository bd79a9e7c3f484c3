"""The reporter's own number for the matter."""

from __future__ import annotations

import re

from bridge.intake.text.sieve import Sought

_LABELLED = Sought(
    r"\b(?:(?:abuse|case|ticket|report|incident|reference|ref|issue|notice|complaint|tracking"
    r"|request|vorgang\w*|fall|meldungs?|referencia|protocolo|инцидент\w*|номер|zgłoszeni\w*"
    r"|caso)"
    r"[ _-]?(?:case |report |ticket |reference )?(?:id|no|nr|number|num|nummer|token|#|code"
    r"|key)?\.?)\s{0,2}(?:is\s)?[:=#]\s{0,3}[#\[(<]?(?P<id>[A-Za-z0-9][\w./@+-]{2,60}[A-Za-z0-9])"
)
_BRACKETED = re.compile(
    r"[\[(]\s?(?:[\w ./-]{1,30}[ :])?#?\s?(?P<id>(?:[A-Za-z-]{1,20}[-#_:]?)?#?\d[\w.-]{2,30})\s?[\])]"
    r"|#(?P<between>[A-Za-z][\w:-]{5,40})#|(?:^|\s)(?P<hash>#\s?\d{3,20}(?:-\d{1,10}){0,4})\b"
    r"|\b(?P<code>[A-Z]{2,10}-\d{3,12}(?:-\d{1,12}){0,3})\b"
    r"|\b(?P<sbl>SBL\d{4,8})\b|(?<![#\w,])(?!AS\d|[A-Z]+20\d{6}\b)(?P<run>[A-Z]{2,10}\d{6,12})\b(?!,)"
    r"|\b(?P<named>[A-Z][A-Za-z]{1,12}_\d{6,14}(?:[_-]\w{2,14}){1,3})\b"
)
_TAGGED = re.compile(
    r"\[(?P<id>[A-Za-z][\w-]{0,30}#\d[\w-]{3,30})\]|\[[A-Za-z -]{0,20}(?:ID"
    r"|#)[:#\s]{0,3}(?P<code>[A-Z0-9][\w:-]{3,40})\]"
)
_NUMBERED = Sought(
    r"\bID[:\s]{1,2}(?P<short>\d{3,15})\b"
    r"|\b(?:issue|case|ticket|incident(?:e|s|ie)?|incidencia|dossier|protocolo|chamado|segnalazione|zaak|report|complaint|notice|reference|ref|id)(?:\s(?:n[o°ºr]?|num)\b\.?)?"
    r"[\s:]{1,2}#?(?P<id>\d{5,15}|[A-Z]{2,10}[-/]\d[\w/-]{2,30})\b"
)
_EAST_ASIAN = re.compile(
    r"(?:编号|編號|案号|案號|整理番号|受付番号|管理番号|접수번호|사건번호)\s?[:：]\s?(?P<id>[A-Za-z0-9][\w-]{3,60})",
    re.ASCII,
)
_LISTING = re.compile(r"(?P<sbl>SBL(?<!\wSBL)\d{4,8})\b")
_NO_NUMBER = re.compile(
    r"^\d{1,3}[a-z]{1,4}$|\.[a-z]{2,}$|^(?:19|20)\d\d$|^\d{1,5}\.\d+$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$|^(?:19"
    r"|20)\d{6}$"
    r"|^[A-Za-z]{2,}\d{1,2}[A-Za-z]{2,}$|^(?i:AS)\d{1,10}$|^[a-z]{2,}[-_]?\d{1,3}$"
    r"|^[a-z]+\d{0,2}(?:_[a-z]+\d{0,2}){1,6}$"
)
"""A span of time, a host, a year, a measure, a date; what every such mail bears: a program's name such as Fail2Ban, a
machine's such as srv001, our network's number, the kind of a report such as `event4_honeypot`."""


def report_id(subject: str, body: str) -> str:
    """What identifies the report for its sender; empty if nothing does."""
    for text, patterns in (
        (subject, (_TAGGED, _LABELLED, _NUMBERED, _BRACKETED)),
        (body[:6000], (_LABELLED, _EAST_ASIAN, _LISTING)),
    ):
        for pattern in patterns:
            found = _first(pattern, text)
            if found:
                return found
    return ""


def _first(pattern: re.Pattern[str] | Sought, text: str) -> str:
    for match in pattern.finditer(text):
        value = next((group for group in match.groups() if group), "").strip("#. ").strip()
        is_id = any(char.isdigit() for char in value) and not _NO_NUMBER.search(value) and value.count(".") < 3
        if is_id and len(value) >= 3 and "CVE" not in value.upper() and not value.lower().startswith(("http", "www")):
            return value[:100]
    return ""
