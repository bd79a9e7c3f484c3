"""Where in a TOML text a key stands. The parser tells the line of bad syntax alone, and people mend by lines."""

from __future__ import annotations

import re
from collections import Counter

_HEADER = re.compile(r"\s*\[(?P<many>\[)?\s*(?P<name>[^\[\]]+?)\s*\]")
_KEY = re.compile(r"\s*(?P<key>[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")
_PART = re.compile(r"(?P<name>[^.\[\]]+)|\[(?P<place>\d+)\]")


def line_of(text: str, field: str) -> int | None:
    """The line (from 1) of a field such as `server.listen` or `token[1].scopes`, or of the nearest it lies in."""
    places = _places(text)
    parts = [match["name"] or int(match["place"]) for match in _PART.finditer(field)]
    while parts:
        if (line := places.get(tuple(parts))) is not None:
            return line
        parts.pop()
    return None


def _places(text: str) -> dict[tuple[str | int, ...], int]:
    found: dict[tuple[str | int, ...], int] = {}
    tables: Counter[str] = Counter()
    table: tuple[str | int, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            name = header["name"]
            table = tuple(part.strip().strip("\"'") for part in name.split("."))
            if header["many"]:
                table = (*table, tables[name])
                tables[name] += 1
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key["key"].strip("\"'")), number)
    return found
