"""The page as Markdown. Every text is escaped: what a pack says cannot become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bridge.policy.telling.page import Page, Section, Table

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~])")
_AT_THE_START = re.compile(r"^(\d*)([-+=.)])(?=\s|$)")


def escaped(text: str) -> str:
    """The text as it is, on one line, whatever a Markdown reader makes of it."""
    marked = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    return _AT_THE_START.sub(r"\1\\\2", marked)


def to_markdown(page: Page) -> str:
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield f"# {escaped(page.title)}"
    yield ""
    yield f"Version {escaped(page.version)}, in force from {page.effective.date()}."
    yield from _table(page.kinds)
    yield ""
    yield "## Clauses"
    for section in page.sections:
        yield from _section(section)
    for table in page.tables:
        yield from _table(table)
    yield ""
    yield "## In every case"
    yield ""
    for sentence in page.common:
        yield f"- {escaped(sentence)}"


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield f"### {escaped(section.number)}"
    yield ""
    yield escaped(section.says)
    if section.reading:
        yield ""
        yield f"*Reading:* {escaped(section.reading)}"
    for effect in section.effects:
        yield ""
        yield f"{escaped(effect.when)}:"
        yield ""
        for sentence in effect.then:
            yield f"- {escaped(sentence)}"


def _table(table: Table) -> Iterator[str]:
    yield ""
    yield f"## {escaped(table.title)}"
    yield ""
    yield f"| {' | '.join(map(escaped, table.headings))} |"
    yield f"|{' --- |' * len(table.headings)}"
    for row in table.rows:
        yield f"| {' | '.join(map(escaped, row))} |"
