"""What is attached to a ticket by which somebody complains: fetched from the panel, read with the ticket's words.

The hook tells the words alone, and they are read at once. A ticket that came to nothing by its words is read as a
whole, once the panel has been asked; one that was decided brings its attachments alone, so that it counts once.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
from collections.abc import Iterator, Sequence
from email.header import Header
from email.utils import format_datetime, formataddr

from sqlalchemy import select

from bridge.desk import Desk
from bridge.doorway import HOOKS, is_decided, keep_ticket
from bridge.ports import Attachment, Enclosures, Ticket, TicketMessage
from bridge.reception import Reception
from bridge.store.engine import storable, to_us
from bridge.store.store import Unit
from bridge.store.tables import correspondence

MOST_FILES = 20
MOST_BYTES = 8 * 1024 * 1024
"""Of the attachments of a ticket, all together; further ones stay in the panel, which the case's file says."""
_LONGEST_NAME = 100
_MAIL, _ANY = "message/rfc822", "application/octet-stream"


class Tickets:
    """Reads tickets of the abuse department again. Taken twice they are known by their digest."""

    def __init__(self, panel: Enclosures, desk: Desk, reception: Reception) -> None:
        self._panel = panel
        self._desk = desk
        self._reception = reception

    def read(self, ticket: str) -> None:
        """Take in what is attached to it and was not taken yet. Raises PanelError."""
        shown = self._panel.ticket(ticket)
        theirs = [message for message in shown.messages if not message.by_staff] if shown is not None else []
        with self._desk.store.read() as connection:
            decided = is_decided(connection, ticket)
            known = select(correspondence.c.id).where(correspondence.c.ticket == ticket)
            told = set(connection.execute(known).scalars())
        new = [each for each in theirs if each.enclosed and _row_id(ticket, each) not in told]
        wanted = new if decided else [each for each in theirs if each.enclosed]
        if shown is None or not wanted:
            return
        files, left = self._fetched(ticket, wanted)
        letter = as_mail(shown, [] if decided else [message.text for message in theirs], files)
        self._reception.take_complaints(letter, _MAIL, HOOKS)
        self._desk.store.write(lambda unit: self._note(unit, ticket, letter, new, left, decided=decided))

    def _fetched(self, ticket: str, messages: Sequence[TicketMessage]) -> tuple[list[Attachment], set[str]]:
        """The attachments that were had, and the names of those that were left where they are."""
        files: list[Attachment] = []
        left: set[str] = set()
        room = MOST_BYTES
        for where, index, name in ((message.id, *each) for message in messages for each in message.enclosed):
            file = self._panel.enclosure(ticket, where, index) if len(files) < MOST_FILES and room > 0 else None
            if file is None or len(file.content) > room:
                left.add(name)
                continue
            files.append(file)
            room -= len(file.content)
        return files, left

    def _note(
        self, unit: Unit, ticket: str, letter: bytes, new: Sequence[TicketMessage], left: set[str], *, decided: bool
    ) -> None:
        now = to_us(self._desk.clock.wall())
        if not decided:
            keep_ticket(unit, ticket, hashlib.sha256(letter).hexdigest(), now)
        for message in new:
            names = [
                f"{_plain(name)} (left in the ticket)" if name in left else _plain(name) for _, name in message.enclosed
            ]
            row = {"id": _row_id(ticket, message), "ticket": ticket, "text": storable(f"Attached: {', '.join(names)}")}
            unit.connection.execute(correspondence.insert(), {**row, "at": now})


def _row_id(ticket: str, message: TicketMessage) -> str:
    return f"{ticket}.{message.id}.attached"


def as_mail(ticket: Ticket, texts: Sequence[str], files: Sequence[Attachment]) -> bytes:
    """A ticket as a mail, for the readers; the same bytes for the same ticket."""
    parts = [*_text_part(texts), *(_file_part(file) for file in files)]
    boundary = hashlib.sha256(b"".join(parts)).hexdigest()[:40]
    head = [
        f"From: {formataddr((_plain(ticket.author), _ascii(ticket.address)))}",
        f"Subject: {Header(_plain(ticket.subject), 'utf-8').encode()}",
        f"Date: {format_datetime(ticket.opened)}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{boundary}"',
    ]
    body = b"".join(b"--" + boundary.encode() + b"\n" + part for part in parts)
    return "\n".join(head).encode() + b"\n\n" + body + b"--" + boundary.encode() + b"--\n"


def _text_part(texts: Sequence[str]) -> Iterator[bytes]:
    if texts:
        yield _part("text/plain; charset=utf-8", "", "\n\n".join(texts).encode("utf-8", "replace"))


def _file_part(file: Attachment) -> bytes:
    name = _plain(file.name).replace('"', "")
    kind = _MAIL if name.lower().endswith(".eml") else mimetypes.guess_type(name)[0] or _ANY
    return _part(kind, f'Content-Disposition: attachment; filename="{Header(name, "utf-8").encode()}"\n', file.content)


def _part(kind: str, more: str, content: bytes) -> bytes:
    head = f"Content-Type: {kind}\n{more}Content-Transfer-Encoding: base64\n\n"
    return head.encode() + base64.encodebytes(content)


def _plain(text: str) -> str:
    """One line that holds nothing but characters that are shown."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())[:_LONGEST_NAME]


def _ascii(address: str) -> str:
    return _plain(address).encode("ascii", "ignore").decode()
