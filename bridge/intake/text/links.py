"""Links and host names in text."""

from __future__ import annotations

import re
from functools import lru_cache

from bridge.intake.text.sieve import Sought

_URL = Sought(r"\b(?:https?|ftps?)://[^\s<>\"'`\u00ab\u00bb\u201c\u201d\u2018\u2019|\\^{}]{2,2000}")
_HOST = re.compile(r"^[a-z][a-z0-9+.-]{1,10}://(?:[^\s/@?#]*@)?(\[[0-9A-Fa-f:.]+\]|[^\s/:?#\[\]]+)", re.IGNORECASE)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{4,253}}$)(?:{_LABEL}\.){{1,10}}(?:[a-z]{{2,24}}|xn--[a-z0-9-]{{2,59}})\.?", re.IGNORECASE)
_HOST_CHARACTERS = re.compile(r"[\w-]+(?:\.[\w-]+)*|[0-9a-f:.]{2,45}")
_TRAILING = ".,;:!?)]}>*'\""


def is_url(text: str) -> bool:
    return bool(host_of(text))


@lru_cache(maxsize=1024)
def host_of(url: str) -> str:
    """The host of a link in lower case, brackets of IPv6 taken off; empty if there is none."""
    match = _HOST.match(url)
    host = match.group(1).strip("[]").lower().rstrip(".") if match else ""
    return host if _HOST_CHARACTERS.fullmatch(host) else ""


def is_domain(text: str) -> bool:
    return _DOMAIN.fullmatch(text.strip()) is not None


def _closes(url: str) -> bool:
    """The bracket at its end was opened inside it."""
    opening = {")": "(", "]": "["}.get(url[-1])
    return opening is not None and url.count(opening) >= url.count(url[-1])


def find_urls(text: str) -> list[tuple[str, int, int]]:
    """(link, start, end) of every link in the (refanged) text, punctuation of the sentence around it taken off."""
    found: list[tuple[str, int, int]] = []
    if "://" not in text:
        return found
    for match in _URL.finditer(text):
        url = match.group(0)
        while url and url[-1] in _TRAILING and not _closes(url):
            url = url[:-1]
        if host_of(url):
            found.append((url, match.start(), match.start() + len(url)))
    return found
