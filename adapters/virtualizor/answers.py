"""What came back from the panel, judged: an answer to use, or a trouble of a kind.

Virtualizor says 200 to success, refusal and nonsense alike. An answer counts only where it is a JSON object, names no
error and carries the field that this call is answered with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

Answer = dict[str, Any]

DASHBOARD_TITLE = "Admin Panel"
_LONGEST_WORDS = 500


class Kind(Enum):
    """NOT_SENT: no connection stood. LOST: sent, and no usable answer. TURNED_AWAY: sent to the log-in page.
    REFUSED: the panel itself said that it did not do it, or did not know what was asked.
    """

    NOT_SENT = "not sent"
    LOST = "lost"
    TURNED_AWAY = "turned away"
    REFUSED = "refused"


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer; `words` are the panel's own where it said any."""

    kind: Kind
    words: str


def judge(status: int, body: bytes, *, expects: str) -> Answer | Trouble:
    """The answer, or what is wrong with it; `expects` is the success field of the call (`done`, `vs`, …)."""
    if status == 429 or status >= 500:
        return Trouble(Kind.LOST, f"answered HTTP {status}")
    if status != 200:
        return Trouble(Kind.TURNED_AWAY, f"answered HTTP {status}: credentials, our address or rights are refused")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return Trouble(Kind.TURNED_AWAY, "answered with a web page: credentials, our address or rights are refused")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return Trouble(Kind.LOST, "answered with broken JSON")
    if not isinstance(answer, dict):
        return Trouble(Kind.LOST, "answered with JSON that is no object")
    return _judge_content(answer, expects)


def _judge_content(answer: Answer, expects: str) -> Answer | Trouble:
    words = error_words(answer)
    if words is not None:
        return Trouble(Kind.REFUSED, words)
    if expects == "done":
        found = is_done(answer.get("done"))
    else:
        found = expects in answer and (bool(answer[expects]) or answer.get("title") != DASHBOARD_TITLE)
    if found:
        return answer
    if answer.get("title") == DASHBOARD_TITLE:
        return Trouble(Kind.REFUSED, "does not know this call: it showed its dashboard")
    return Trouble(Kind.REFUSED, f"answered without {expects}: nothing was done")


def is_done(value: object) -> bool:
    """Whether `done` says so: 1, true, "1", any other number but zero, an object; `{"done": …}` by what is inside."""
    if isinstance(value, dict) and "done" in value:
        return is_done(value["done"])
    if isinstance(value, str):
        return value.strip().lower() not in ("", "0", "false")
    return bool(value)


def error_words(answer: Answer) -> str | None:
    """The panel's words of complaint, in one line; None where it has none."""
    texts = list(_texts(answer.get("error")))
    for name in ("error_msg", "fatal_error_heading", "fatal_error_text"):
        texts += _texts(answer.get(name))
    unique = list(dict.fromkeys(one_line(text) for text in texts))
    if not unique:
        return None
    return one_line("; ".join(text for text in unique if text)) or "an error without words"


def _texts(value: object) -> Iterator[str]:
    if value is None or value is False or value in (0, "", "0"):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            texts = list(_texts(inner))
            yield from texts or [str(key)]
    elif isinstance(value, list):
        for inner in value:
            yield from list(_texts(inner)) or [""]
    else:
        yield str(value)


def one_line(text: str) -> str:
    """Printable, on one line, bounded."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * _LONGEST_WORDS])
    cleaned = " ".join(shown.split())
    return cleaned if len(cleaned) <= _LONGEST_WORDS else cleaned[: _LONGEST_WORDS - 1] + "…"
