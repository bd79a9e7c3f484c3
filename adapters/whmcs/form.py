"""How values travel to WHMCS: a form the way PHP reads it.

Booleans are 1 or left out (the text `false` is true in PHP), lists are `name[0]=…`, attachments are base64 of a JSON
list whose `data` is base64 in turn.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from bridge.ports import Attachment

Value = str | int | bool | Decimal | Sequence[str] | None

_LAST_OF_BASIC_PLANE = 0xFFFF
_KEPT_CONTROLS = "\n\t"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def fields(parameters: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Form fields in order; None and False are left out."""
    return list(_fields(parameters))


def _fields(parameters: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for name, value in parameters.items():
        if value is None or value is False:
            continue
        if value is True:
            yield name, "1"
        elif isinstance(value, str):
            yield name, clean(value)
        elif isinstance(value, int | Decimal):
            yield name, str(value)
        else:
            yield from ((f"{name}[{index}]", clean(item)) for index, item in enumerate(value))


def body(pairs: Sequence[tuple[str, str]]) -> bytes:
    """The form as bytes of a request body."""
    return urlencode(pairs, encoding="utf-8", errors="replace").encode("ascii")


def clean(text: str) -> str:
    """Text that the panel's database keeps whole.

    Many installations store three-byte UTF-8: a character beyond the basic plane would cut the field there and lose the
    mark at its end. Such characters, lone surrogates and control characters become U+FFFD; line ends become LF.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char if _is_kept(char) else _REPLACEMENT for char in unified)


def _is_kept(char: str) -> bool:
    if char in _KEPT_CONTROLS:
        return True
    point = ord(char)
    is_surrogate = 0xD800 <= point <= 0xDFFF
    is_control = point < 0x20 or 0x7F <= point <= 0x9F
    return point <= _LAST_OF_BASIC_PLANE and not is_surrogate and not is_control


def attached(files: Sequence[Attachment]) -> str | None:
    """The `attachments` parameter; None where there is nothing to attach."""
    if not files:
        return None
    listed = [{"name": clean(file.name), "data": base64.b64encode(file.content).decode("ascii")} for file in files]
    return base64.b64encode(json.dumps(listed).encode("utf-8")).decode("ascii")
