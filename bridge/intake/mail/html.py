"""HTML into plain text whose lines follow the page's blocks."""

from __future__ import annotations

import html as entities
import re

from selectolax.lexbor import LexborHTMLParser

from bridge.intake import limits

_BLOCKS = "br,p,div,tr,li,h1,h2,h3,h4,h5,h6,pre,table,blockquote,dt,dd,center"
_HIDDEN = "script,style,head,title,noscript,template"
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
_UNNESTED = frozenset("br hr img input meta link p li td th tr option dt dd area col".split())
_SPACES = re.compile(r"[^\S\n\t]+")
_BLANKS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_MOST_TAGS = 40_000
_DEEPEST = 400


def html_to_text(html: str) -> str:
    """What a reader sees: a line for each block and row, a tab between cells; scripts and styles left out.

    A page nested deeper than any honest one is stripped of its tags instead: building its tree takes quadratic time.
    """
    bounded = html[: limits.HTML]
    if _is_monstrous(bounded):
        return _tidy(entities.unescape(_TAGS.sub("\n", bounded)))
    keeps_lines = "<pre" in bounded.lower()
    tree = LexborHTMLParser(bounded.replace("\r", "") if keeps_lines else bounded.replace("\r", " ").replace("\n", " "))
    for node in tree.css(_HIDDEN):
        node.decompose()
    body = tree.body
    if body is None:
        return ""
    for node in body.css("td,th"):
        node.insert_after("\t")
    for node in body.css(_BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    return _tidy(body.text())


def _is_monstrous(html: str) -> bool:
    """Too many tags, or too many open at once."""
    depth = 0
    for count, match in enumerate(_TAG.finditer(html)):
        if match.group(2).lower() not in _UNNESTED:
            depth = max(0, depth - 1) if match.group(1) else depth + 1
        if depth > _DEEPEST or count > _MOST_TAGS:
            return True
    return False


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip()
