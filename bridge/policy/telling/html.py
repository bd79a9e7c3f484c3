"""The page as one HTML document that needs nothing else. Every text is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bridge.policy.telling.page import Page, Section, Table

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border-bottom:1px solid #ccc;padding:.3rem .6rem;"
    "text-align:left;vertical-align:top}.reading{color:#555}section{border-top:1px solid #ddd;margin-top:1.5rem}"
    "@media print{body{font-size:11pt;max-width:none;margin:0}h2,h3{break-after:avoid}tr,li{break-inside:avoid}}"
)


def to_html(page: Page) -> str:
    """A whole document."""
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    return f"{head}{to_fragment(page)}\n</body>\n</html>\n"


def to_fragment(page: Page) -> str:
    """The page's own part, to be put into another page."""
    return "\n".join(_lines(page))


def _lines(page: Page) -> Iterator[str]:
    yield f"<h1>{escape(page.title)}</h1>"
    yield f"<p>Version {escape(page.version)}, in force from {page.effective.date()}.</p>"
    yield from _table(page.kinds)
    yield "<h2>Clauses</h2>"
    for section in page.sections:
        yield from _section(section)
    for table in page.tables:
        yield from _table(table)
    yield "<h2>In every case</h2>"
    yield from _list(page.common)


def _section(section: Section) -> Iterator[str]:
    yield f"<section>\n<h3>{escape(section.number)}</h3>\n<p>{escape(section.says)}</p>"
    if section.reading:
        yield f'<p class="reading"><em>Reading:</em> {escape(section.reading)}</p>'
    for effect in section.effects:
        yield f"<p>{escape(effect.when)}:</p>"
        yield from _list(effect.then)
    yield "</section>"


def _list(sentences: tuple[str, ...]) -> Iterator[str]:
    yield "<ul>"
    for sentence in sentences:
        yield f"<li>{escape(sentence)}</li>"
    yield "</ul>"


def _table(table: Table) -> Iterator[str]:
    yield f"<h2>{escape(table.title)}</h2>\n<table>"
    yield f"<tr>{''.join(f'<th>{escape(heading)}</th>' for heading in table.headings)}</tr>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
    yield "</table>"
