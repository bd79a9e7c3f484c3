"""Who really wrote, and when: the envelope of a mail, seen through forwards, lists and helpdesks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bridge.intake.context import Context
from bridge.intake.mail.document import Mail
from bridge.intake.mail.headers import address_of
from bridge.intake.model import Reporter
from bridge.intake.reporters import reporter_of
from bridge.intake.text import offences
from bridge.intake.text.addresses import find_addresses
from bridge.intake.text.refang import refang
from bridge.intake.text.sieve import Sought
from bridge.intake.text.times import TimeFrame, find_times, read_time

_FORWARDED = re.compile(
    r"^\s{0,20}(?:\[[^\]]{1,80}\]\s{0,20}){0,3}(?:fwd?|wg|tr|rv|enc|i|пересл)\s{0,20}:", re.IGNORECASE
)
_VIA = re.compile(r"^\s{0,20}\"?(.{1,120}?)\"?\s{1,20}(?:via|über|por)\s{1,20}\S", re.IGNORECASE)
_INLINE_FROM = Sought(
    r"^[ \t>*]{0,8}(?:from|von|de|da|от|od|van)\s?\*?\s?:\*?[ \t]*([^\n]{0,200}@[^\n]{1,200})$",
    re.MULTILINE,
)
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})\b")
_NAMES_SOMETHING = re.compile(
    r"\d{1,3}\.\d{1,3}|\[\.\]|https?://|hxxp|[0-9a-f]:[0-9a-f]{0,4}:|abuse|infring", re.IGNORECASE
)
_CERTIFIED = "posta-certificata"
"""What `X-Trasporto` says on the envelopes of Italian certified mail; the letter is the one mail in it."""
_MOST_HANDED_ON = 50
_PLAINLY = 3.0
_AT_ONCE, _FAR = 500, 20_000
"""Characters in which the writer of a forwarded mail stands, who is named at once where the subject tells nothing."""
_TAG = 10
"""Shorter subjects are alike by chance."""
_FEW_WORDS, _SHORT = 40, 700


def main_mail(mail: Mail) -> Mail:
    """The mail that complains: a mere wrapper (helpdesk, list, forward) gives way to the message it carries."""
    seen = mail
    while len(seen.nested) == 1 and _is_wrapper(seen):
        seen = seen.nested[0]
    return seen


def complaints_in(mail: Mail) -> tuple[Mail, ...]:
    """Several complaints that a mail hands on, each attached; samples of spam do not name whence they came."""
    found = tuple(each for each in mail.nested[:_MOST_HANDED_ON] if _accuses(each))
    return found if len(found) > 1 else ()


def _accuses(mail: Mail) -> bool:
    text = mail.subject + "\n" + mail.body[:2000]
    return (
        bool(find_addresses(refang(text)))
        and not any(field in text for field in ("Received:", "received:"))
        and _complains(mail) >= _PLAINLY
    )


def _is_wrapper(mail: Mail) -> bool:
    """It says little itself, and what it carries reads like a complaint."""
    if any(part.content_type == "message/feedback-report" for part in mail.parts):
        return False
    if mail.headers.first("x-trasporto").strip().lower() == _CERTIFIED:
        return True
    inner = _carried(mail.nested[0])
    own = len(mail.body.strip())
    said = mail.body[:2000] if _same_subject(mail, inner) else mail.subject + "\n" + mail.body[:2000]
    if find_addresses(refang(said)) or not _NAMES_SOMETHING.search(inner.body[:20_000]):
        return False
    if _same_subject(mail, inner) and _complains(inner) >= _PLAINLY and not _FORWARDED.search(mail.subject):
        return True
    if own > _SHORT and not _FORWARDED.search(mail.subject):
        return False
    return _complains(inner) > max(6.0, _complains(mail)) if own > _FEW_WORDS else _complains(inner) >= _PLAINLY


def _carried(mail: Mail) -> Mail:
    """The mail itself or, where it only hands on another without a word, that one."""
    while len(mail.nested) == 1 and len(mail.body.strip()) <= _FEW_WORDS:
        mail = mail.nested[0]
    return mail


def _same_subject(mail: Mail, inner: Mail) -> bool:
    """A gateway or a list handed it on under its own subject, with a tag at most."""
    subject = inner.subject.strip()
    return len(subject) > _TAG and mail.subject.strip().endswith(subject)


def _complains(mail: Mail) -> float:
    return max(offences.weigh(mail.subject, mail.body[:4000]).values(), default=0.0)


def time_frame(mail: Mail, received_at: datetime) -> TimeFrame:
    """When the mail says it was sent, unless that lies ahead of its receipt, and its sender's offset."""
    written = mail.headers.first("date")
    offset = _OFFSET.search(written)
    shift = timedelta(0)
    if offset and int(offset.group(2)) <= 14:
        shift = timedelta(hours=int(offset.group(2)), minutes=int(offset.group(3)))
        shift = shift if offset.group(1) == "+" else -shift
    basis = TimeFrame(received_at.astimezone(UTC), shift)
    stamp = read_time(written, basis) if written else None
    if stamp is None:
        stamp = next(iter(find_times(mail.headers.first("received")[-80:], basis)), None)
    if stamp is None or stamp.at > received_at + timedelta(days=1):
        return basis
    return TimeFrame(stamp.at, shift)


def reporter(outer: Mail, inner: Mail, context: Context) -> Reporter:
    """From of the mail that complains; of a list's or helpdesk's rewritten From, whom it stands for."""
    name, address = inner.sender
    if inner is outer:
        via = _VIA.match(name)
        if via:
            name = via.group(1).strip("'\" ")
            _, original = address_of(outer.headers.first("x-original-from") or outer.headers.first("reply-to"))
            return reporter_of(name, original or address, context)
        quoted = _INLINE_FROM.search(outer.body[: _FAR if _FORWARDED.search(outer.subject) else _AT_ONCE])
        if quoted:
            return reporter_of(*address_of(quoted.group(1)), context)
    return reporter_of(name, address, context)
