"""What a person is shown who has to read a message himself: its words, and each address and link with its line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bridge.intake.context import Context
from bridge.intake.mail.document import Mail
from bridge.intake.model import Sighting
from bridge.intake.text import prose
from bridge.intake.text.addresses import find_addresses
from bridge.intake.text.links import find_urls

_MOST = 40
_LOOKED_AT = 30_000
_AROUND = 100
_MAILS, _WORDS = 4, 6000


def sightings(mail: Mail, context: Context) -> tuple[Sighting, ...]:
    """Each address and link once, in the order of the message; those inside our networks first."""
    found: dict[str, Sighting] = {}
    for where, text in islice(_texts(mail), 12):
        for sighting in _of_text(where, text, context):
            found.setdefault(sighting.value, sighting)
            if len(found) >= _MOST * 4:
                break
    return tuple(sorted(found.values(), key=lambda each: not each.ours)[:_MOST])


def words(mail: Mail) -> str:
    """The beginning of what it says, decoded and freed of mark-up, and of what the mails attached to it say."""
    said = ("\n\n".join((f"> {each.subject[:300]}" * (each is not mail), each.body[:_WORDS])) for each in mail.walk())
    return "\n\n".join(islice(said, _MAILS)).strip()[:_WORDS]


def _texts(mail: Mail) -> Iterator[tuple[str, str]]:
    for each in mail.walk():
        yield "subject", each.subject[:1000]
        yield "body", each.body[:_LOOKED_AT]
        for part in each.attachments[:8]:
            yield part.name, part.plain[:_LOOKED_AT]


def _of_text(where: str, text: str, context: Context) -> Iterator[Sighting]:
    plain = prose.tidy(text)
    for mention in find_addresses(plain)[:200]:
        value = mention.ip if mention.prefix is None else f"{mention.ip}/{mention.prefix}"
        ours = bool(context.own) and bool(context.ours((mention.ip,)))
        yield Sighting("address", value[:300], where, _line(plain, mention.start, mention.end), ours)
    for url, start, end in find_urls(plain)[:100]:
        yield Sighting("link", url[:300], where, _line(plain, start, end))


def _line(text: str, start: int, end: int) -> str:
    first = max(text.rfind("\n", 0, start) + 1, start - _AROUND)
    last = text.find("\n", end)
    return " ".join(text[first : min(len(text) if last < 0 else last, end + _AROUND)].split())
