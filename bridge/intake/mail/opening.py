"""Bytes into a Mail: our own splitter, because it must end in bounded time on any input and never raise.

The standard library's parser takes quadratic time on deep nesting and raises on hostile headers; this one keeps to
the bounds of `limits` and treats whatever is malformed as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from bridge.intake import limits
from bridge.intake.mail.archives import is_archive, members
from bridge.intake.mail.document import Mail, Part
from bridge.intake.mail.headers import Headers, decode_value, read_headers, value_and_params
from bridge.intake.mail.office import office_texts

_BLANK_LINE = re.compile(rb"\n[ \t]*\r?\n")
_FIELD_START = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_FIELDS = re.compile(rb"(?:[!-9;-~]{1,76}[ \t]*:[^\n]*(?:\n|\Z)(?:[ \t][^\n]*(?:\n|\Z))*+)*+")
_OF_A_MAIL = frozenset(
    "from to cc subject sender reply-to received return-path delivered-to message-id mime-version content-type"
    " content-transfer-encoding content-disposition".split()
)
"""Of these every mail has one at least."""
_OF_ONE_SENT = frozenset(
    "received return-path delivered-to message-id mime-version content-type content-transfer-encoding".split()
)
"""Of these a mail that went over the wire has one; a form typed into a file has none, whatever its first line says."""
_OF_A_READER = _OF_A_MAIL | frozenset(
    "bcc in-reply-to references user-agent importance priority precedence organization auto-submitted keywords".split()
)
_EXTENSIONS = ("x-", "list-", "resent-", "arc-", "dkim-", "authentication-")
_FIELD_LINES = re.compile(rb"([!-9;-~]{1,76})[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*")
_MBOX_FROM = re.compile(rb">?From [^\n]{0,500}\n")
_MESSAGE_TYPES = ("message/rfc822", "message/global", "text/rfc822", "message/partial")
_LONGEST_BOUNDARY = 300
_NESTS = "the message nests deeper than what is read, or its parts are not marked"
HARMLESS = frozenset({_NESTS})
"""Notes on what was read all the same, as text."""
_HEADER_TYPES = ("text/rfc822-headers", "message/rfc822-headers")


@dataclass
class _Budget:
    """What is left of the bounds while one message is opened."""

    parts: int = limits.PARTS
    unpacked: int = limits.UNPACKED
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def open_mail(data: bytes) -> Mail:
    """The message in `data`, whatever it is: without headers it is one part of plain text."""
    budget = _Budget()
    if len(data) > limits.MESSAGE:
        budget.note("the message is longer than what is read of it")
    mail = _message(data[: limits.MESSAGE], "", 0, budget)
    return Mail(headers=mail.headers, parts=mail.parts, nested=mail.nested, notes=tuple(budget.notes))


def split_message(data: bytes, outermost: bool = False) -> tuple[Headers, bytes]:
    """Header block and body; a first line that is no field makes all of it body.

    outermost   the whole of what was sent: a form such as "IP: …, Attack: …" has fields, too, but none of a mail's
    """
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t")
    mbox = _MBOX_FROM.match(data)
    data = data[mbox.end() :] if mbox else data
    if not _FIELD_START.match(data):
        return Headers(), data
    blank = _BLANK_LINE.search(data, 0, limits.HEADERS)
    fields = None if blank else _FIELDS.match(data, 0, limits.HEADERS)
    end, start = (blank.start(), blank.end()) if blank else (fields.end(), fields.end()) if fields else (0, 0)
    headers = read_headers(data[:end])
    if outermost and _OF_A_MAIL.isdisjoint(headers.names):
        return Headers(), data
    if outermost and _OF_ONE_SENT.isdisjoint(headers.names):
        return headers, _form(headers, data[:end]) + data[start:]
    return headers, data[start:]


def _form(headers: Headers, block: bytes) -> bytes:
    """What stands in a header block typed by hand and is no field of a mail, such as `IP: …` behind the subject."""
    lines = []
    for match in islice(_FIELD_LINES.finditer(block), limits.HEADER_LINES):
        name = match.group(1).decode("ascii").lower()
        told = name in _OF_A_READER or name.startswith(_EXTENSIONS) or (name == "date" and headers.first("from"))
        if not told:
            lines.append(match.group().rstrip())
    return b"\n".join([*lines, b"\n"]) if lines else b""


def _message(data: bytes, name: str, depth: int, budget: _Budget) -> Mail:
    headers, body = split_message(data, outermost=depth == 0)
    parts: list[Part] = []
    nested: list[Mail] = []
    _entity(headers, body, name, depth, budget, parts, nested)
    return Mail(headers=headers, parts=tuple(parts), nested=tuple(nested))


def _entity(
    headers: Headers, body: bytes, name: str, depth: int, budget: _Budget, parts: list[Part], nested: list[Mail]
) -> None:
    """One MIME entity: a multipart is split, an attached message opened, an archive unpacked, all else is a leaf."""
    kind, params = value_and_params(headers.first("content-type"))
    if kind.startswith("multipart/"):
        pieces = _split(body, params.get("boundary", ""), budget)
        if pieces and depth < limits.DEPTH:
            for number, piece in enumerate(pieces, 1):
                inner_headers, inner = _split_part(piece)
                _entity(inner_headers, inner, f"{name}{number}.", depth + 1, budget, parts, nested)
            return
        budget.note(_NESTS)
        kind = "text/plain"
    if budget.parts <= 0:
        budget.note("the message has more parts than what is read")
        return
    budget.parts -= 1
    part = _leaf(headers, kind, params, body, name)
    if depth < limits.DEPTH and _is_message(part):
        nested.append(_message(part.data, f"{name}m.", depth + 1, budget))
    elif depth < limits.DEPTH and is_archive(part.head):
        parts.append(part)
        _unpack(part, depth, budget, parts, nested)
    else:
        parts.append(part)


def _split_part(piece: bytes) -> tuple[Headers, bytes]:
    """A part may begin with its blank line: then it has no headers."""
    if piece.startswith((b"\n", b"\r\n")):
        return Headers(), piece.lstrip(b"\r\n")
    if not _FIELD_START.match(piece):
        return Headers(), piece
    blank = _BLANK_LINE.search(piece, 0, limits.HEADERS)
    if not blank:
        return read_headers(piece), b""
    return read_headers(piece[: blank.start()]), piece[blank.end() :]


def _split(body: bytes, boundary: str, budget: _Budget) -> list[bytes]:
    """The pieces between boundary lines; preamble and epilogue left out."""
    marker = b"--" + boundary.encode("utf-8", "replace")
    if not boundary or len(marker) > _LONGEST_BOUNDARY:
        return []
    pieces: list[bytes] = []
    start = -1
    for line_start, line_end, last in _boundary_lines(body, marker):
        if start >= 0:
            pieces.append(body[start:line_start].removesuffix(b"\n").removesuffix(b"\r"))
        start = -1 if last else line_end
        if last and pieces:
            break
        if len(pieces) >= limits.PARTS:
            budget.note("the message has more parts than what is read")
            return pieces
    if start >= 0:
        pieces.append(body[start:])
    return pieces


def _boundary_lines(body: bytes, marker: bytes) -> Iterator[tuple[int, int, bool]]:
    """(start, end, is the last one) of each line that is the boundary, white space behind it allowed."""
    at = body.find(marker)
    while at >= 0:
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end + 1
        rest = body[at + len(marker) : min(end, at + len(marker) + 80)].strip()
        if rest in (b"", b"--") and (at == 0 or body[at - 1 : at] == b"\n"):
            yield at, end, rest == b"--"
        at = body.find(marker, at + len(marker))


def _leaf(headers: Headers, kind: str, params: dict[str, str], body: bytes, name: str) -> Part:
    disposition, extra = value_and_params(headers.first("content-disposition"))
    filename = decode_value((extra.get("filename") or params.get("name") or "").encode("utf-8", "replace"))[-120:]
    return Part(
        name=(name.rstrip(".") or "1") + (f"/{filename}" if filename else ""),
        content_type=kind or "text/plain",
        filename=filename,
        sent=body,
        encoding=headers.first("content-transfer-encoding"),
        charset=params.get("charset", ""),
        attached=disposition == "attachment" or bool(filename),
    )


def _is_message(part: Part) -> bool:
    if part.content_type in _MESSAGE_TYPES + _HEADER_TYPES:
        return True
    return part.filename.lower().endswith(".eml") and bool(_FIELD_START.match(part.head.lstrip()))


def _unpack(part: Part, depth: int, budget: _Budget, parts: list[Part], nested: list[Mail]) -> None:
    office = office_texts(part.data, budget.unpacked)
    for filename, content in members(part.data, part.filename, budget.unpacked) if office is None else office:
        if budget.parts <= 0 or budget.unpacked <= 0:
            budget.note("an archive holds more than what is read")
            return
        budget.parts -= 1
        budget.unpacked -= len(content)
        inner = Part(
            name=f"{part.name}!{filename}",
            content_type="application/octet-stream",
            filename=filename,
            sent=content,
            attached=True,
        )
        if _is_message(inner):
            nested.append(_message(content, f"{part.name}!m.", depth + 1, budget))
        elif is_archive(content) and depth + 1 < limits.DEPTH:
            _unpack(inner, depth + 1, budget, parts, nested)
        else:
            parts.append(inner)
