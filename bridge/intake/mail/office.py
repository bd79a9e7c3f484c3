"""Office files as text: the rows of spreadsheets with a tab between cells, the paragraphs of letters.

They are read by their tags: nothing is resolved, expanded or computed as an office program would.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bridge.intake import limits
from bridge.intake.mail.archives import opened, unpacked

_SHEET = re.compile(r"xl/worksheets/sheet\d{1,3}\.xml")
_ITEM = re.compile(r"<si\b.{0,40000}?</si>", re.DOTALL)
_ROW = re.compile(r"<row\b[^>]{0,500}>(.{0,200000}?)</row>", re.DOTALL)
_CELL = re.compile(r"<c\b([^>]{0,200}?)(?:/>|>(.{0,40000}?)</c>)", re.DOTALL)
_TEXT = re.compile(r"<t\b[^>]{0,100}>([^<]{0,40000})</t>")
_VALUE = re.compile(r"<v>([^<]{0,1000})</v>")
_ATTRIBUTE = re.compile(r"\b(r|s|t)=\"([^\"]{0,20})\"")
_PARAGRAPH = re.compile(r"</w:p>|<w:br\b[^>]{0,50}/>")
_ROW_END = re.compile(r"</w:tr>")
_TAB = re.compile(r"<w:tab\b[^>]{0,50}/>|</w:tc>")
_WORD_TEXT = re.compile(r"<w:t\b[^>]{0,100}>([^<]{0,40000})</w:t>|(\n)|(\t)")
_CELL_FORMATS = re.compile(r"<cellXfs\b.{0,200000}?</cellXfs>", re.DOTALL)
_FORMAT_OF_CELL = re.compile(r"<xf\b[^>]{0,300}?numFmtId=\"(\d{1,5})\"")
_OWN_FORMAT = re.compile(r"<numFmt\b[^>]{0,300}?numFmtId=\"(\d{1,5})\"[^>]{0,300}?formatCode=\"([^\"]{0,200})\"")
_SPEAKS_OF_DAYS = re.compile(r"y|d|h:|m/", re.IGNORECASE)
_BUILT_IN_DATES = frozenset(range(14, 23)) | frozenset(range(45, 48))
_DAY_ZERO = datetime(1899, 12, 30)
_SERIAL_DAYS = (20_000, 80_000)
"""Days between which a number in a cell for dates is taken for one: 1954 to 2119."""
_MOST_ROWS = 20_000
_MOST_COLUMNS = 100


@dataclass(frozen=True)
class _Book:
    """What cells refer to: the strings that all sheets share, and which styles show dates."""

    strings: tuple[str, ...]
    dated: frozenset[int]


def office_texts(data: bytes, room: int) -> Iterator[tuple[str, bytes]] | None:
    """(name, text in UTF-8) of each sheet of a spreadsheet, or of a letter; None if the archive is no office file.

    At most `room` bytes are unpacked. Never raises.
    """
    archive = opened(data)
    if archive is None:
        return None
    names = archive.namelist()
    if "xl/workbook.xml" in names:
        return _sheets(archive, [name for name in names if _SHEET.fullmatch(name)], room)
    if "word/document.xml" in names:
        return iter([("document.txt", _letter(_member(archive, "word/document.xml", room)).encode("utf-8", "replace"))])
    return None


def _member(archive: zipfile.ZipFile, name: str, room: int) -> str:
    """A member as text; empty if it is missing or broken."""
    return unpacked(archive, name, min(room, limits.PART_TEXT)).decode("utf-8", "replace")


def _sheets(archive: zipfile.ZipFile, names: list[str], room: int) -> Iterator[tuple[str, bytes]]:
    shared = _member(archive, "xl/sharedStrings.xml", room)
    strings = tuple("".join(map(html.unescape, _TEXT.findall(item))) for item in _ITEM.findall(shared))
    book = _Book(strings, _dated_styles(_member(archive, "xl/styles.xml", room)))
    room -= len(shared)
    for name in names[: limits.MEMBERS]:
        sheet = _member(archive, name, max(room, 0))
        room -= len(sheet)
        lines = ["\t".join(_cells(match.group(1), book)) for match in islice(_ROW.finditer(sheet), _MOST_ROWS)]
        if lines:
            yield name.rpartition("/")[2].removesuffix(".xml") + ".tsv", "\n".join(lines).encode("utf-8", "replace")


def _dated_styles(styles: str) -> frozenset[int]:
    """Places of the cell styles that show a number as a date."""
    own = {int(number) for number, code in _OWN_FORMAT.findall(styles) if _SPEAKS_OF_DAYS.search(code)}
    formats = _CELL_FORMATS.search(styles)
    numbers = [int(number) for number in _FORMAT_OF_CELL.findall(formats.group())] if formats else []
    return frozenset(place for place, number in enumerate(numbers) if number in own or number in _BUILT_IN_DATES)


def _cells(row: str, book: _Book) -> list[str]:
    """The row's cells, each in the column that its reference names."""
    found: list[str] = []
    for match in islice(_CELL.finditer(row), _MOST_COLUMNS):
        attributes = dict(_ATTRIBUTE.findall(match.group(1)))
        place = _column(attributes.get("r", ""))
        if place is not None and len(found) < place < _MOST_COLUMNS:
            found.extend([""] * (place - len(found)))
        found.append(" ".join(_content(match.group(2) or "", attributes, book).split()))
    return found


def _column(reference: str) -> int | None:
    """`B7` as 1; None where the reference is none."""
    letters = reference.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha() or len(letters) > 2:
        return None
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _content(cell: str, attributes: dict[str, str], book: _Book) -> str:
    value = _VALUE.search(cell)
    if value is None:
        return "".join(map(html.unescape, _TEXT.findall(cell)))
    written = html.unescape(value.group(1))
    if attributes.get("t") == "s":
        return book.strings[int(written)] if written.isdigit() and int(written) < len(book.strings) else ""
    style = attributes.get("s", "")
    return _as_date(written) if style.isdigit() and int(style) in book.dated else written


def _as_date(number: str) -> str:
    """Days since the end of 1899 as date and clock."""
    try:
        days = float(number)
    except ValueError:
        return number
    if not _SERIAL_DAYS[0] <= days <= _SERIAL_DAYS[1]:
        return number
    return (_DAY_ZERO + timedelta(seconds=round(days * 86400))).isoformat(" ")


def _letter(document: str) -> str:
    """A line for each paragraph, a tab between the cells of tables."""
    marked = _TAB.sub("\t", _PARAGRAPH.sub("\n", _ROW_END.sub("\n", document)))
    return "".join(html.unescape(text) or line or tab for text, line, tab in _WORD_TEXT.findall(marked))
