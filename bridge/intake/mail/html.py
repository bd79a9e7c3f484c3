"""HTML into plain text whose lines follow the page's blocks."""

from __future__ import annotations

import html as entities
import re
from itertools import accumulate
from operator import sub

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bridge.intake import limits

_BLOCKS = "br,p,div,tr,li,h1,h2,h3,h4,h5,h6,pre,table,blockquote,dt,dd,center"
_INSIDE_CELLS = "br,p,div,h1,h2,h3,h4,h5,h6,center"
_LEAST_COLUMNS, _LONGEST_CELL = 2, 1500
_HIDDEN = "script,style,head,title,noscript,template"
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}")
_UNNESTED = frozenset("br hr img input meta link p li td th tr option dt dd area col".split())
_SPACES = re.compile(r"[^\S\n\t]+")
_BLANKS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_MOST_TAGS = 40_000
_DEEPEST = 400


def html_to_text(html: str, *, with_quotations: bool = True) -> str:
    """What a reader sees: a line for each block and row, a tab between cells; scripts and styles left out.

    A page nested deeper than any honest one is stripped of its tags instead: building its tree takes quadratic time.
    """
    bounded = html[: limits.HTML]
    if _is_monstrous(bounded):
        return _tidy(entities.unescape(_TAGS.sub("\n", bounded)))
    keeps_lines = "<pre" in bounded.lower()
    tree = LexborHTMLParser(bounded.replace("\r", "") if keeps_lines else bounded.replace("\r", " ").replace("\n", " "))
    for node in tree.css(_HIDDEN if with_quotations else f"{_HIDDEN},blockquote"):
        node.decompose()
    body = tree.body
    if body is None:
        return ""
    inside = _blocks_in_data(body)
    for node in body.css("td,th"):
        node.insert_after("\t")
    for node in body.css(_BLOCKS):
        edge = " " if node.mem_id in inside else "\n"
        node.insert_before(edge)
        node.insert_after(edge)
    return _tidy(body.text())


def _blocks_in_data(body: LexborNode) -> frozenset[int]:
    """Paragraphs and breaks inside the cells of rows of data: these keep to their row. Cells that lay out a page, by
    their length or by tables in them, do not count."""
    found: set[int] = set()
    for row in body.css("tr"):
        if row.css_first(_INSIDE_CELLS) is None or row.css_first("table") is not None:
            continue
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
        if len(cells) < _LEAST_COLUMNS:
            continue
        inside = [node.mem_id for cell in cells for node in cell.css(_INSIDE_CELLS)]
        if inside and all(len(cell.text()) <= _LONGEST_CELL for cell in cells):
            found.update(inside)
    return frozenset(found)


def _is_monstrous(html: str) -> bool:
    """Too many tags, or too many open at once."""
    if html.count("<") < _DEEPEST:
        return False
    tags = _TAG.findall(html)
    steps = {tag: _step(tag.lower()) for tag in set(tags)}
    opened = list(accumulate(map(steps.__getitem__, tags)))
    depths = map(sub, opened, accumulate(opened, min, initial=0))
    return len(tags) > _MOST_TAGS or max(depths, default=0) > _DEEPEST


def _step(tag: str) -> int:
    """How much deeper the page goes on behind the tag."""
    return 0 if tag.lstrip("</") in _UNNESTED else -1 if tag.startswith("</") else 1


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() if "\t" in line else " ".join(line.split()) for line in text.split("\n"))
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip()
