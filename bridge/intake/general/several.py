"""Running text that reports several addresses, each with an account of its own: blocks of labels, or sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile

from bridge.intake import limits
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
_BLOCKS = re.compile(r"\n[ \t>*=_-]*\n")
_LABEL = re.compile(r"^[ \t>*\u2022-]{0,8}([^\W\d_][\w /()-]{1,30}?)[ \t]{0,12}[:=](?!//)[ \t]{0,12}\S", re.MULTILINE)
_FEWEST_LABELS = 2
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
    """The reading itself or, where the writer plainly tells of each by itself, one for each."""
    body = mail.tidy_body
    blocks = _blocks(reading, body) if len(reading.ips) > 1 else ()
    if blocks:
        return _each(blocks, reading, context)
    if not reading.ips or len(body) > _LONGEST or find_addresses(prose.tidy(mail.subject[:1000])):
        return (reading,)
    own = prose.own_words(body)
    if len({mention.ip for mention in find_addresses(own)}) < _LEAST:
        return (reading,)
    for division in (_ITEMS, _SENTENCES):
        accounts = _accounts(division.split(own), reading, context)
        if len({each.category for each in accounts}) > 1:
            return _each(accounts, reading, context)
    return (reading,)


def _blocks(reading: Incident, body: str) -> tuple[_Account, ...]:
    """Paragraphs under the same labels that name one address after the other; none where one of them is left out."""
    texts: dict[tuple[str, ...], str] = {}
    common: set[str] = set()
    wanted = frozenset(reading.ips)
    for piece in _BLOCKS.split(body[: limits.PROSE]):
        labels = {label.lower() for label in _LABEL.findall(piece)}
        ips = unique(each.ip for each in find_addresses(piece) if each.ip in wanted)
        if len(labels) < _FEWEST_LABELS or not ips:
            continue
        common = common & labels if texts else labels
        texts[ips] = texts[ips] + "\n" + piece if ips in texts else piece
    named = [ip for ips in texts for ip in ips]
    if len(texts) < _LEAST or len(common) < _FEWEST_LABELS or len(named) > len(wanted) or set(named) != wanted:
        return ()
    return tuple(_Account(text, _category(text) or reading.category, ips) for ips, text in texts.items())


def _category(text: str) -> str:
    """What a piece plainly says by itself; empty if it does not."""
    weights = offences.weigh("", text)
    category = heaviest(weights)
    return category if weights.get(category, 0.0) >= _PLAIN else ""


def _accounts(pieces: list[str], reading: Incident, context: Context) -> tuple[_Account, ...]:
    """Of the pieces that blame somebody; none where an address is left out, where one does not plainly say for what,
    or blames whom another does."""
    blaming = tuple((piece, ips) for piece in pieces[: _MOST * 4] if (ips := _blamed(piece, context)))
    named = [ip for _, ips in blaming for ip in ips]
    if not (_LEAST <= len(blaming) <= _MOST and len(set(named)) == len(named) and set(reading.ips) <= set(named)):
        return ()
    accounts = (_Account(piece, _category(piece), ips) for piece, ips in blaming)
    plain = tuple(takewhile(lambda account: account.category, accounts))
    return plain if len(plain) == len(blaming) else ()


def _blamed(piece: str, context: Context) -> tuple[str, ...]:
    mentions = [mention for mention in find_addresses(piece) if mention.prefix is None]
    return context.ours(unique(each.ip for each in mentions if weigh_mention(each, piece) > 0))


def _each(accounts: tuple[_Account, ...], reading: Incident, context: Context) -> tuple[Incident, ...]:
    """An incident for each; the time found is common to all unless it belongs to one of them."""
    if any(reading.occurred_text in each.text for each in accounts):
        reading = replace(reading, occurred_at=None, occurred_text="", time_certain=False)
    return tuple(_incident(each, reading, context) for each in accounts)


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
