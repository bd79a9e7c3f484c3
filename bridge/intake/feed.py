"""Feeds: files of many rows, plain, zipped or gzipped, read line by line; rows about others cost next to nothing.

A row is read by the same room as a table in mail, with its heading and its file's name. What a row brings is small and
stands by itself: a customer may see it, and nobody else's rows with it.
"""

from __future__ import annotations

import gzip
import ipaddress
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO, cast

from bridge.categories import UNCLASSIFIED
from bridge.errors import InvalidInput
from bridge.intake.context import Context
from bridge.intake.formats.table import reader as table
from bridge.intake.formats.table.columns import meaning
from bridge.intake.formats.table.feeds import category_of_file
from bridge.intake.mail.charsets import decode
from bridge.intake.mail.document import Mail, Part
from bridge.intake.mail.headers import Headers
from bridge.intake.model import Incident
from bridge.intake.near import near

UNPACKED = 256 * 1024 * 1024
"""Bytes that one file may unpack to."""
LINES = 2_000_000
MEMBERS = 200
LONGEST_LINE = 64 * 1024
"""Bytes of a row: what is longer is none, and no row is read in two halves."""
_LONGEST_HEADING = 4096
SURE, UNSURE = 0.8, 0.3

_ADDRESS = re.compile(rb"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,8}")
_FIRST = re.compile(r"[\"']?([0-9A-Fa-f:.]{2,45}(?:/\d{1,3})?)(?![\w.:])")
_NETWORK = re.compile(r"\{.{0,200}?\"cidr\"\s*:\s*\"([0-9A-Fa-f:.]{2,45}/\d{1,3})\"")
"""In lines of JSON: Spamhaus's lists are written so."""
_DELIMITERS = (",", ";", "|", "\t")


@dataclass(frozen=True)
class FeedRow:
    """An incident with the text it was read from: the heading, if there is one, and the row.

    place  among the incidents of one row, from 0
    """

    incident: Incident
    text: bytes
    place: int


def read_feed(stream: IO[bytes], name: str, context: Context) -> Iterator[FeedRow]:
    """The incidents of a file, in its order; with `context.own`, only those of rows about our own networks.

    Raises InvalidInput for an archive that is none, is encrypted, or unpacks to more than anybody sends; and at its end
    for a file that neither names an address nor a column for one: nobody would learn that it brings nothing.
    """
    left = UNPACKED
    lines = 0
    readers: list[_Reader] = []
    for member, content in _members(stream, name):
        reader = _Reader(member, context)
        readers.append(reader)
        try:
            while line := content.readline(LONGEST_LINE):
                left -= len(line)
                lines += 1
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    raise InvalidInput("", f"line {lines} is longer than {LONGEST_LINE} bytes")
                if left < 0 or lines > LINES:
                    raise InvalidInput("", f"holds more than {UNPACKED} bytes or {LINES} lines")
                yield from reader.rows(line)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as trouble:
            raise InvalidInput("", f"the archive is broken or encrypted: {type(trouble).__name__}") from trouble
    if any(reader.holds_words for reader in readers) and not any(reader.is_feed for reader in readers):
        raise InvalidInput("", "is no feed: it names neither an address nor a column for addresses")


def _members(stream: IO[bytes], name: str) -> Iterator[tuple[str, IO[bytes]]]:
    """(name, stream) of each file in it; one that is no archive is itself."""
    beginning = stream.read(4)
    stream.seek(0)
    if beginning.startswith(b"\x1f\x8b"):
        with gzip.GzipFile(fileobj=stream) as unpacked:
            yield name.removesuffix(".gz"), cast("IO[bytes]", unpacked)
    elif beginning.startswith(b"PK"):
        try:
            archive = zipfile.ZipFile(stream)
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as trouble:
            raise InvalidInput("", f"is no archive that can be read: {type(trouble).__name__}") from trouble
        if len(entries) > MEMBERS:
            raise InvalidInput("", f"holds more than {MEMBERS} files")
        for entry in entries:
            try:
                with archive.open(entry) as member:
                    yield entry.filename.rpartition("/")[2], member
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as trouble:
                raise InvalidInput("", f"the archive is broken or encrypted: {type(trouble).__name__}") from trouble
    else:
        yield name, stream


class _Reader:
    """Reads one file, whose heading stands before its rows.

    holds_words  there was a line that is no remark; is_feed: one that names columns, or an address
    """

    def __init__(self, name: str, context: Context) -> None:
        self._name = name
        self._context = context
        self._near = near(tuple(context.own))
        self._heading = b""
        self._category = category_of_file(name)
        self.holds_words = self.is_feed = False

    def rows(self, line: bytes) -> Iterator[FeedRow]:
        line = line.removeprefix(b"\xef\xbb\xbf").strip()
        if not line:
            return
        if _is_heading(line):
            self._heading = line
        elif not _ADDRESS.search(line):
            self._remark(line)
            self.holds_words = self.holds_words or line[:1] not in b"#;/"
            return
        elif self._is_ours(line):
            yield from self._ours(line)
        self.is_feed = True

    def _ours(self, line: bytes) -> Iterator[FeedRow]:
        """What a line about us says; one that says nothing plainly is put before a person with others of its kind."""
        text = b"\n".join(part for part in (self._heading, line) if part) + b"\n"
        incidents = tuple(self._incidents(text, line)) or (Incident(category=self._category, confidence=UNSURE),)
        for place, incident in enumerate(incidents):
            yield FeedRow(replace(incident, evidence=()), text, place)

    def _remark(self, line: bytes) -> None:
        """A comment at the top may say what the file is about."""
        if self._category == UNCLASSIFIED and line[:1] in b"#;/":
            self._category = category_of_file(decode(line, ""))

    def _is_ours(self, line: bytes) -> bool:
        """Whether an address in the line lies inside our networks, or a network at its start touches them."""
        if not self._near.may_be_ours(line.decode("latin-1")):
            return False
        if not self._context.own:
            return True
        for match in _ADDRESS.finditer(line):
            try:
                found = ipaddress.ip_address(match[0].decode())
            except ValueError:
                continue
            if any(found.version == network.version and found in network for network in self._context.own):
                return True
        return self._listed(line) is not None

    def _incidents(self, text: bytes, line: bytes) -> Iterator[Incident]:
        listed = None if self._heading else self._listed(line)
        if listed is not None:
            yield listed
            return
        if self._heading or line.startswith(b"{"):
            part = Part(name=self._name, content_type="text/csv", filename=self._name, sent=text, attached=True)
            yield from table.read(Mail(headers=Headers(), parts=(part,)), self._context)

    def _listed(self, line: bytes) -> Incident | None:
        """A row of a bare list: an address or a network, and whatever stands behind it."""
        match = (_NETWORK if line.startswith(b"{") else _FIRST).match(decode(line, ""))
        try:
            network = ipaddress.ip_network(match[1], strict=False) if match else None
        except ValueError:
            return None
        if network is None or not self._touches(network):
            return None
        single = network.prefixlen == network.max_prefixlen
        return Incident(
            category=self._category,
            ips=(str(network.network_address),) if single else (),
            networks=() if single else (str(network),),
            reporter=self._context.sender,
            confidence=SURE if self._category != UNCLASSIFIED else UNSURE,
            source_format="list",
        )

    def _touches(self, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
        return not self._context.own or any(
            network.version == own.version and (own.network_address in network or network.network_address in own)
            for own in self._context.own
        )


def _is_heading(line: bytes) -> bool:
    """Whether a line names columns, one of them an address."""
    if not 6 <= len(line) <= _LONGEST_HEADING or line.startswith(b"{"):
        return False
    text = decode(line, "").lstrip("#; ")
    for delimiter in _DELIMITERS:
        if delimiter in text:
            meanings = [meaning(cell.strip(" \"'")) for cell in text.split(delimiter)]
            if ("ip" in meanings or "link" in meanings) and sum(bool(each) for each in meanings) >= 2:
                return True
    return False
