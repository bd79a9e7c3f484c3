"""A message opened: its headers, its leaf parts in order, the messages it carries."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bridge.intake import limits
from bridge.intake.mail.charsets import decode
from bridge.intake.mail.headers import Headers, address_of, undo
from bridge.intake.mail.html import html_to_text
from bridge.intake.model import Evidence
from bridge.intake.text import prose

_TEXT_NAMES = (".txt", ".log", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xml", ".yaml", ".yml", ".eml", ".md")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HAS_ADDRESS = re.compile(r"\d{1,3}(?:\.|\[\.\])\d{1,3}(?:\.|\[\.\])\d{1,3}|https?://|hxxp")


_PIECE = 1024 * 1024
_HEAD, _LEAST_DENSE = 4000, 3
"""Bytes of a part's beginning, and how many are sent at most for one of them."""


@dataclass(frozen=True)
class Part:
    """One leaf of a message, decoded as far as it is asked for.

    name          unique within the message: `2/report.csv`
    content_type  as declared, lower case
    filename      as declared, may be empty
    sent          its bytes in their transfer encoding
    """

    name: str
    content_type: str
    filename: str
    sent: bytes
    encoding: str = ""
    charset: str = ""
    attached: bool = False

    @cached_property
    def data(self) -> bytes:
        """The bytes, transfer encoding undone."""
        return undo(self.sent, self.encoding)

    @cached_property
    def head(self) -> bytes:
        """The first of them, enough to tell what they are."""
        return undo(self.sent[: _HEAD * _LEAST_DENSE], self.encoding)[:_HEAD]

    @cached_property
    def text(self) -> str:
        """The decoded text, bounded; HTML is not yet turned into text."""
        return decode(self.data[: limits.PART_TEXT], self.charset).replace("\r\n", "\n").replace("\r", "\n")

    def lines(self) -> Iterator[str]:
        """All of it, line by line, decoded piece by piece: a table may be longer than any text."""
        if self.charset.lower().startswith(("utf-16", "utf16", "utf-32", "utf32")):
            yield from self.text.split("\n")
            return
        charset, at = self.charset, 0
        while at < len(self.data):
            end = self.data.rfind(b"\n", at, at + _PIECE) + 1 or at + _PIECE
            text = decode(self.data[at:end], charset).replace("\r\n", "\n").replace("\r", "\n")
            yield from text.removesuffix("\n").split("\n")
            at = end

    @cached_property
    def plain(self) -> str:
        """What a reader sees of it: HTML as text, all else as it is."""
        return html_to_text(self.text) if self.is_html else self.text

    @property
    def said(self) -> str:
        """The same without what a page marks as quoted."""
        if self.is_html and "<blockquote" in self.text.lower():
            return html_to_text(self.text, with_quotations=False)
        return self.plain

    @cached_property
    def tidy(self) -> str:
        """The same made fit for reading (see `prose.tidy`)."""
        return prose.tidy(self.plain)

    @property
    def is_html(self) -> bool:
        return self.content_type == "text/html" or self.filename.lower().endswith((".html", ".htm"))

    @property
    def is_textual(self) -> bool:
        """Readable as text, whatever type it claims: octet-stream attachments are often logs."""
        if self.content_type.startswith(("image/", "audio/", "video/", "font/")):
            return False
        by_name = self.content_type.startswith("text/") or self.filename.lower().endswith(_TEXT_NAMES)
        return by_name or not _BINARY.search(self.head)

    def evidence(self) -> Evidence:
        digest = hashlib.sha256(self.data).hexdigest()
        return Evidence(part=self.name, sha256=digest, size=len(self.data), content_type=self.content_type)


@dataclass(frozen=True)
class Mail:
    """A message: `parts` are its own leaves, `nested` the messages attached to it."""

    headers: Headers
    parts: tuple[Part, ...] = ()
    nested: tuple[Mail, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def subject(self) -> str:
        return self.headers.first("subject")

    @cached_property
    def sender(self) -> tuple[str, str]:
        """(name, address) of From."""
        return address_of(self.headers.first("from"))

    @cached_property
    def body(self) -> str:
        """The running text: the plain parts, or the HTML where they say nothing."""
        return "\n".join(part.plain for part in self.body_parts)

    @cached_property
    def body_parts(self) -> list[Part]:
        """Those that the running text is made of."""
        inline = [part for part in self.parts if not part.attached]
        plain = [part for part in inline if part.content_type in ("text/plain", "")]
        said = "\n".join(part.plain for part in plain)
        if said.strip() and (len(said) > 1500 or _HAS_ADDRESS.search(said)):
            return plain
        pages = [part for part in inline if part.is_html]
        shown = "\n".join(part.plain for part in pages)
        says_more = len(shown.strip()) > len(said.strip()) or _HAS_ADDRESS.search(shown)
        return pages if says_more else plain

    @cached_property
    def own_words(self) -> str:
        """Of the running text what the writer added himself (see `prose.own_words`)."""
        return prose.own_words("\n".join(part.said for part in self.body_parts))

    @cached_property
    def tidy_body(self) -> str:
        """The running text made fit for reading (see `prose.tidy`)."""
        return self.body_parts[0].tidy if len(self.body_parts) == 1 else prose.tidy(self.body)

    @property
    def attachments(self) -> tuple[Part, ...]:
        """Textual parts beside the running text."""
        return tuple(
            part
            for part in self.parts
            if part.is_textual and (part.attached or part.content_type not in ("text/plain", "text/html", ""))
        )

    def walk(self) -> Iterator[Mail]:
        """This message and all it carries, outer first."""
        yield self
        for mail in self.nested:
            yield from mail.walk()

    def every_part(self) -> Iterator[Part]:
        for mail in self.walk():
            yield from mail.parts
