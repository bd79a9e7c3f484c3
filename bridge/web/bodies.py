"""What comes in: media types, JSON that cannot do harm, and lines of events. What is wrong is InvalidInput or 415."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from flask import Request, Response
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from bridge.errors import InvalidInput
from bridge.jsontext import decoded

Json = Any

LARGEST = 10 * 1024 * 1024
"""Bytes of a body."""
DEEPEST = 64
"""Levels of nesting in JSON: far more than anything has that means something, far less than any encoder's limit."""

JSON = "application/json"
NDJSON = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
_UTF8 = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
_BOM = b"\xef\xbb\xbf"
_NUL_ESCAPE = b"\\u0000"


def media_type(incoming: Request, *accepted: str) -> str:
    """The media type of the body, one of those accepted; JSON must be UTF-8. Raises UnsupportedMediaType."""
    given = incoming.mimetype
    if given not in accepted:
        raise _unsupported(f"{given or 'a body without a content type'} is not read here", accepted)
    charset = incoming.mimetype_params.get("charset", "").strip().lower()
    if charset not in _UTF8 and given not in ("text/plain", "message/rfc822"):
        raise _unsupported(f"{given} is UTF-8, not {charset[:40]}", accepted)
    return given


def _unsupported(problem: str, accepted: tuple[str, ...]) -> UnsupportedMediaType:
    return UnsupportedMediaType(
        f"{problem}; send {', '.join(sorted(set(accepted)))}",
        Response(status=415, headers={"Accept": ", ".join(accepted)}),
    )


class BoundedRequest(Request):
    """A request whose body is never cut: Werkzeug ends one that comes in chunks at the limit without a word."""

    def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> Any:
        try:
            data = super().get_data(cache, False, parse_form_data)
        except (ParseException, OSError) as trouble:
            raise BadRequest("the body cannot be read: it ended early, or is not what its headers say") from trouble
        if self.content_length is not None and len(data) < min(self.content_length, LARGEST):
            raise BadRequest(f"the body ended after {len(data)} of {self.content_length} bytes")
        if len(data) >= LARGEST and self.content_length is None and self.environ["wsgi.input"].read(1):
            raise RequestEntityTooLarge
        return data.decode(errors="replace") if as_text else data


def body_of(incoming: Request) -> bytes:
    """The whole body; raises RequestEntityTooLarge where it is larger than LARGEST, announced or not."""
    data: bytes = incoming.get_data(cache=False)
    return data


def read_json(data: bytes) -> Json:
    """Decoded JSON; raises InvalidInput naming where it is too deep or holds a NUL, which no text does."""
    value = decoded(data.removeprefix(_BOM))
    if data.count(b"{") + data.count(b"[") > DEEPEST:
        _check(value, _check_depth)
    if _NUL_ESCAPE in data:
        _check(value, _check_text)
    return value


def read_object(data: bytes) -> Mapping[str, Json]:
    """As `read_json`, where it must be an object."""
    value = read_json(data)
    if not isinstance(value, dict):
        raise InvalidInput("", "the body must be a JSON object")
    return value


def _check(value: Json, one: Callable[[Json, int], None]) -> None:
    """Apply `one` to every value and key, without recursion; what it refuses is named by its field of the top level."""
    top = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in top or [("", value)]:
        waiting: list[tuple[Json, int]] = [(name, 1), (inner, 1)]
        while waiting:
            item, level = waiting.pop()
            try:
                one(item, level)
            except InvalidInput as refusal:
                raise InvalidInput(str(name).replace("\x00", "")[:60], refusal.problem) from None
            if isinstance(item, dict):
                waiting.extend((part, level + 1) for pair in item.items() for part in pair)
            elif isinstance(item, list):
                waiting.extend((part, level + 1) for part in item)


def _check_depth(item: Json, level: int) -> None:
    if level > DEEPEST:
        raise InvalidInput("", f"is nested deeper than {DEEPEST} levels")


def _check_text(item: Json, level: int) -> None:
    if isinstance(item, str) and "\x00" in item:
        raise InvalidInput("", "holds a NUL character, which is no text")


class Lines:
    """The lines of an event file on their way to the desk; ends before the first that it may not see.

    rewritten  what a line becomes, once decoded; None: lines stay as they are
    """

    def __init__(self, data: bytes, rewritten: Callable[[Mapping[str, Json]], Mapping[str, Json]] | None) -> None:
        self._data = data
        self._rewritten = rewritten
        self.failed: int | None = None
        self.problem: InvalidInput | None = None

    def __iter__(self) -> Iterator[bytes]:
        for number, line in enumerate(self._data.removeprefix(_BOM).split(b"\n"), 1):
            try:
                checked = self._checked(line)
            except InvalidInput as refusal:
                self.failed, self.problem = number, refusal
                return
            yield checked

    def _checked(self, line: bytes) -> bytes:
        if not line.strip():
            return line
        suspicious = _NUL_ESCAPE in line or line.count(b"{") + line.count(b"[") > DEEPEST
        if not suspicious and self._rewritten is None:
            return line
        value = read_json(line)
        if self._rewritten is None or not isinstance(value, dict):
            return line
        changed = self._rewritten(value)
        return line if changed is value else orjson.dumps(changed)
