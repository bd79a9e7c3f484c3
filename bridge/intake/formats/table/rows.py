"""Rows out of text: with a heading line, or as JSON objects line by line."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bridge.intake import limits
from bridge.intake.formats.table.columns import meaning

_DELIMITERS = (",", ";", "|", "\t")
_DELIMITED = re.compile(f"[{''.join(_DELIMITERS)}]")
_HEADING_LENGTH = 4000
_GAP = 3
_RULE = "-+=| "
_AROUND = {"\t": " \r"}
"""What is taken off a line by its delimiter; white space otherwise. A tab in front is an empty cell."""
_TABS = "\t\t"
"""Delimiter of columns that as many tabs as needed keep one below the other."""
_RUN_OF_TABS = re.compile(r"\s*\t[\t ]*")
_DOTTED = re.compile(r"\.(?<=\d\.)\d{1,3}\.\d{1,3}\.\d")
"""An address stands in rows, and in no heading."""
_SOURCE_HINTS = "ip addr adres src source attack offend client host origin infected url uri link domain fqdn".split()
"""Some part of every heading that names a source: most lines of a text need no closer look."""


@dataclass(frozen=True)
class Row:
    """One line of a table.

    places  by meaning, the places of its columns: found once for all rows of a table
    """

    headings: Sequence[str]
    places: Mapping[str, Sequence[int]]
    cells: Sequence[str]

    def all(self, wanted: str) -> tuple[tuple[str, str], ...]:
        """(heading, value) of each filled cell of that meaning."""
        places = self.places.get(wanted)
        if not places:
            return ()
        cells, headings = self.cells, self.headings
        return tuple([(headings[place], cells[place]) for place in places if place < len(cells) and cells[place]])


def _places(headings: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        found.setdefault(meaning(heading), []).append(place)
    return found


class _Lines:
    """Lines that are taken one by one, and can be put back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._back: list[str] = []

    def take(self) -> str | None:
        return self._back.pop(0) if self._back else next(self._lines, None)

    def put_back(self, lines: Sequence[str]) -> None:
        self._back[:0] = lines

    def begin_a_list(self) -> bool:
        """Whether the first line that says anything opens a JSON list."""
        while (line := self.take()) is not None:
            if line.strip():
                self.put_back([line])
                return line.lstrip().startswith(("[{", "[ ")) or line.strip() == "["
        return False

    def together(self) -> str:
        """What is left of them, as one text that is not too long."""
        left: list[str] = []
        room = limits.PART_TEXT
        while room > 0 and (line := self.take()) is not None:
            left.append(line)
            room -= len(line) + 1
        return "\n".join(left)


def find_rows(text: Iterable[str], may_be_ours: Callable[[str], bool] = lambda line: True) -> Iterator[Row]:
    """The rows of every table in the lines; those that are plainly about the addresses of others are left out."""
    lines = _Lines(text)
    if lines.begin_a_list():
        yield from islice(_json_rows(lines.together()), limits.INCIDENTS)
        return
    strays = 0
    while strays < limits.STRAYS and (taken := lines.take()) is not None:
        line = taken.strip()
        strays += 1
        if not line:
            continue
        if line.startswith("{") and '"' in line:
            row = _json_row(line)
            if row:
                yield row
            continue
        delimiter = _heading_delimiter(line)
        if delimiter:
            yield from _body(lines, _split(line, delimiter), delimiter, may_be_ours)


def _heading_delimiter(line: str) -> str:
    """The delimiter of a line that names columns; empty if it does not."""
    if not (6 <= len(line) <= _HEADING_LENGTH and _DELIMITED.search(line)):
        return ""
    found = [delimiter for delimiter in _DELIMITERS if delimiter in line]
    if not any(map(line.lower().__contains__, _SOURCE_HINTS)) or _DOTTED.search(line):
        return ""
    for delimiter in found:
        meanings = [meaning(heading) for heading in _split(line, delimiter)]
        known = sum(bool(each) for each in meanings)
        names_source = "ip" in meanings or "link" in meanings or {"domain", "kind"} <= set(meanings)
        dated = "ip" in meanings and "time" in meanings and len(meanings) >= 3
        aligned = delimiter == "\t" and "" in meanings and _TABS in line
        if names_source and known >= 2 and (dated or len(meanings) <= max(known * 12, 8)):
            return _TABS if aligned else delimiter
    return ""


def _body(lines: _Lines, headings: Sequence[str], delimiter: str, may_be_ours: Callable[[str], bool]) -> Iterator[Row]:
    """The rows below a heading; ends after lines that are no rows, which are put back."""
    missed: list[str] = []
    places = _places(headings)
    sources = [*places.get("ip", ()), *places.get("link", ()), *places.get("domain", ())]
    by_address = bool(places.get("ip")) and not places.keys() & {"link", "domain"}
    around = _AROUND.get(delimiter)
    while len(missed) < _GAP and (taken := lines.take()) is not None:
        line = taken.strip(around)
        if not line.strip() or not line.strip(_RULE):
            continue
        if delimiter != _TABS and 0 < line.count(delimiter) < len(headings) - 1:
            line = _unwrapped(line, lines, len(headings), delimiter, sources)
        if by_address and delimiter in line and not may_be_ours(line):
            missed.clear()
            continue
        cells = _split(line, delimiter)
        if len(cells) < min(2, len(headings)) or (not _names_source(cells, sources) and _heading_delimiter(line)):
            missed.append(taken)
            continue
        missed.clear()
        yield Row(headings, places, cells[: len(headings)])
    lines.put_back(missed)


def _unwrapped(line: str, lines: _Lines, columns: int, delimiter: str, sources: Sequence[int]) -> str:
    """The row with what a mail program has put on the next line, where that makes it whole and is no row itself."""
    following = lines.take()
    if following is None:
        return line
    rest = following.strip(_AROUND.get(delimiter))
    makes_whole = line.count(delimiter) + rest.count(delimiter) == columns - 1
    if makes_whole and delimiter in rest and not _names_source(_split(rest, delimiter), sources):
        return f"{line} {rest}"
    lines.put_back([following])
    return line


def _names_source(cells: Sequence[str], sources: Sequence[int]) -> bool:
    """A cell below a heading for addresses or links holds something like one: the line is no heading itself."""
    return any(place < len(cells) and ("." in cells[place] or "::" in cells[place]) for place in sources)


def _split(line: str, delimiter: str) -> list[str]:
    line = line.strip(_AROUND.get(delimiter)).lstrip("#").strip(_AROUND.get(delimiter))
    line = line.strip("|") if delimiter == "|" else line
    if delimiter == _TABS:
        return [cell.strip() for cell in _RUN_OF_TABS.split(line)]
    if '"' in line:
        try:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])]
        except csv.Error:
            return []
    return [cell.strip() for cell in line.split(delimiter)]


def _json_rows(text: str) -> Iterator[Row]:
    """The objects of one list."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return
    for value in values if isinstance(values, list) else ():
        row = _row_of(value)
        if row:
            yield row


def _json_row(line: str) -> Row | None:
    try:
        return _row_of(json.loads(line.rstrip(",")))
    except (ValueError, RecursionError):
        return None


def _row_of(value: object) -> Row | None:
    if not isinstance(value, Mapping):
        return None
    cells = [(str(key), str(cell)) for key, cell in islice(value.items(), 200) if isinstance(cell, str | int | float)]
    places = _places([heading for heading, _ in cells])
    if not places.keys() & {"ip", "link"}:
        return None
    return Row([heading for heading, _ in cells], places, [cell for _, cell in cells])
