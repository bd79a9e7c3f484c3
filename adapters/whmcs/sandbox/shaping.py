"""Answers in the shape of the documented samples: number strings, flat lists, empty lists, entities."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from adapters.whmcs.sandbox.seed import Quirks

_FLAT = re.compile(r"(\w+)\[(\w+)\]\[n\]\[(\w+)\]")
_BLANK: Mapping[str, Any] = {"string": "", "int": 0, "bool": False, "null": None}


def shaped(sample: Mapping[str, Any], reply: Mapping[str, Any], quirks: Quirks) -> dict[str, Any]:
    """`reply` with exactly the keys and types of the sample; a key the sandbox does not know gets the type's blank."""
    answer: dict[str, Any] = {}
    for key, kind in sample.items():
        flat = _FLAT.fullmatch(key)
        if flat is None:
            answer[key] = _cast(kind, reply.get(key), quirks)
        elif quirks.flat_lists:
            for index, row in enumerate(reply[flat[1]][flat[2]]):
                answer[f"{flat[1]}[{flat[2]}][{index}][{flat[3]}]"] = _cast(kind, row.get(flat[3]), quirks)
        else:
            answer[flat[1]] = _nested(sample, flat[1], flat[2], reply, quirks)
    return {key: value for key, value in answer.items() if value is not _MISSING}


_MISSING = object()


def _nested(sample: Mapping[str, Any], plural: str, singular: str, reply: Mapping[str, Any], quirks: Quirks) -> Any:
    matches = [(match, kind) for key, kind in sample.items() if (match := _FLAT.fullmatch(key))]
    row = {match[3]: kind for match, kind in matches if match[1] == plural}
    return _cast({singular: [row]}, reply[plural], quirks)


def _cast(kind: Any, value: Any, quirks: Quirks) -> Any:
    if isinstance(kind, Mapping):
        return _cast_object(kind, value, quirks)
    if isinstance(kind, list):
        return [_cast(kind[0], item, quirks) if kind else item for item in value or ()]
    if value is None:
        return _BLANK[kind]
    if isinstance(value, Mapping | list):
        return value
    if kind == "string":
        return html.escape(str(value)) if quirks.encoded_text else str(value)
    return int(value) if kind == "int" else value


def _cast_object(kind: Mapping[str, Any], value: Any, quirks: Quirks) -> Any:
    if _is_list_wrapper(kind) and isinstance(value, Mapping) and not next(iter(value.values()), None):
        return {"nested": {next(iter(kind)): []}, "list": [], "text": "", "missing": _MISSING}[quirks.empty_list]
    if not isinstance(value, Mapping):
        value = {}
    cast = {key: _cast(inner, value.get(key), quirks) for key, inner in kind.items()}
    return {key: inner for key, inner in cast.items() if inner is not _MISSING}


def _is_list_wrapper(kind: Mapping[str, Any]) -> bool:
    return len(kind) == 1 and isinstance(next(iter(kind.values())), list)
