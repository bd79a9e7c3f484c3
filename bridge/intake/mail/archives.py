"""Archives in mail: their members, as far as the bounds allow."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator

from bridge.intake import limits

_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"


def is_archive(data: bytes) -> bool:
    return data.startswith((_ZIP, _GZIP))


def members(data: bytes, name: str, room: int) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of each member; at most `room` bytes in all, what lies beyond is cut off.

    Encrypted, broken and absurdly packed members are passed over. Never raises.
    """
    if data.startswith(_GZIP):
        content = _gunzip(data, room)
        if content:
            yield name.removesuffix(".gz") or "member", content
        return
    archive = opened(data)
    if archive is None:
        return
    for entry in archive.infolist()[: limits.MEMBERS]:
        content = b"" if entry.is_dir() or entry.flag_bits & 1 else unpacked(archive, entry, room)
        room -= len(content)
        if content:
            yield entry.filename[-120:], content
        if room <= 0:
            return


def opened(data: bytes) -> zipfile.ZipFile | None:
    """The archive; None if it is none, or broken."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, RuntimeError, IndexError):
        return None


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo | str, room: int) -> bytes:
    """At most `room` bytes of a member; nothing if it is missing, encrypted or broken."""
    try:
        with archive.open(member) as stream:
            return stream.read(room)
    except (KeyError, zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError, RuntimeError):
        return b""


def _gunzip(data: bytes, room: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            return stream.read(room)
    except (OSError, EOFError, zlib.error, ValueError):
        return b""
