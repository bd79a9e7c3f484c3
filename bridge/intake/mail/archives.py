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
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()[: limits.MEMBERS]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, RuntimeError, IndexError):
        return
    for entry in entries:
        content = b"" if entry.is_dir() or entry.flag_bits & 1 else _member(archive, entry, room)
        room -= len(content)
        if content:
            yield entry.filename[-120:], content
        if room <= 0:
            return


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    try:
        with archive.open(entry) as stream:
            return stream.read(room)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError, RuntimeError):
        return b""


def _gunzip(data: bytes, room: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            return stream.read(room)
    except (OSError, EOFError, zlib.error, ValueError):
        return b""
