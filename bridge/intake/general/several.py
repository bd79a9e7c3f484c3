"""Running text that reports different offences of different addresses: an account of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bridge.intake.context import Context
from bridge.intake.general import when
from bridge.intake.general.category import heaviest
from bridge.intake.mail.document import Mail
from bridge.intake.model import Incident
from bridge.intake.text import offences, prose
from bridge.intake.text.addresses import find_addresses, unique
from bridge.intake.text.roles import weigh_mention
from bridge.intake.text.times import find_times

_ITEMS = re.compile(r"\n[ \t]*\n|\n(?=[ \t]{0,4}(?:\d{1,2}[.)]|[-*\u2022])[ \t])")
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_])|\n[ \t]*\n|\n(?=[ \t]{0,4}(?:\d{1,2}[.)]|[-*\u2022])[ \t])")
_LONGEST = 4000
"""Longer mails hold logs or lists, in which a word beside an address says little."""
_LEAST, _MOST = 2, 12
_PLAIN = 3.0


@dataclass(frozen=True)
class _Account:
    """What one paragraph, item or sentence says."""

    text: str
    category: str
    ips: tuple[str, ...]


def apart(reading: Incident, mail: Mail, context: Context) -> tuple[Incident, ...]:
    """The reading itself or, where the writer plainly tells of different offences, one for each."""
    body = mail.tidy_body
    if not reading.ips or len(body) > _LONGEST or find_addresses(prose.tidy(mail.subject[:1000])):
        return (reading,)
    own = prose.own_words(body)
    if len({mention.ip for mention in find_addresses(own)}) < _LEAST:
        return (reading,)
    for division in (_ITEMS, _SENTENCES):
        accounts = _accounts(division.split(own), context)
        if _tell_different_things(accounts, reading):
            taken = any(reading.occurred_text in each.text for each in accounts)
            common = _undated(reading) if taken else reading
            return tuple(_incident(each, common, context) for each in accounts)
    return (reading,)


def _accounts(pieces: list[str], context: Context) -> tuple[_Account, ...]:
    """Of the pieces that blame somebody; none where one does not plainly say for what, or blames whom another does."""
    found: list[_Account] = []
    for piece in pieces[: _MOST * 4]:
        mentions = [mention for mention in find_addresses(piece) if mention.prefix is None]
        ips = context.ours(unique(each.ip for each in mentions if weigh_mention(each, piece) > 0))
        if not ips:
            continue
        weights = offences.weigh("", piece)
        category = heaviest(weights)
        if weights.get(category, 0.0) < _PLAIN or any(set(ips) & set(each.ips) for each in found):
            return ()
        found.append(_Account(piece, category, ips))
    return tuple(found)


def _tell_different_things(accounts: tuple[_Account, ...], reading: Incident) -> bool:
    """No address is left out, and the offences are not all one."""
    return (
        _LEAST <= len(accounts) <= _MOST
        and len({each.category for each in accounts}) > 1
        and set(reading.ips) <= {ip for each in accounts for ip in each.ips}
    )


def _undated(reading: Incident) -> Incident:
    """Without a time: the one found belongs to one of the accounts."""
    return replace(reading, occurred_at=None, occurred_text="", time_certain=False)


def _incident(account: _Account, reading: Incident, context: Context) -> Incident:
    times = context.times.declaring(account.text)
    stamp = when.incident_time(find_times(account.text, times), account.text, times, frozenset(account.ips))
    links = tuple(url for url in reading.urls if url in account.text)
    return replace(
        reading,
        category=account.category,
        ips=account.ips,
        urls=links,
        targets=links,
        domains=tuple(domain for domain in reading.domains if domain in account.text),
        occurred_at=stamp.at if stamp else reading.occurred_at,
        occurred_text=stamp.text[:100] if stamp else reading.occurred_text,
        time_certain=stamp.is_certain if stamp else reading.time_certain,
    )
