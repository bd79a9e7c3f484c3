"""JSON from outside, strictly decoded; where only one field of an object is no JSON, it is named."""

from __future__ import annotations

import json
from typing import Any

import orjson

from bridge.errors import InvalidInput

Json = Any

_LONGEST_NAME = 60
_LONGEST_TEXT = 1_000_000
"""Bytes that are read once more to find out which field is at fault."""


def decoded(data: bytes) -> Json:
    """What the text says; raises InvalidInput, naming the field of the top level where it can be told.

    Stricter than the standard library: NaN, infinite numbers and half a surrogate pair are no JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as trouble:
        where = f"line {trouble.lineno} column {trouble.colno}" if trouble.lineno > 1 else f"column {trouble.colno}"
        raise InvalidInput(_culprit(data), f"not JSON: {trouble.msg}: {where}") from trouble


def _culprit(data: bytes) -> str:
    """The field that a laxer reader takes and a strict one does not; empty where there is none to be named."""
    if len(data) > _LONGEST_TEXT:
        return ""
    try:
        said = json.loads(data.decode())
    except (ValueError, RecursionError):
        return ""
    if not isinstance(said, dict):
        return ""
    name = next((name for name, value in said.items() if not _is_strict(value)), "")
    return name if len(name) <= _LONGEST_NAME and name.isprintable() else ""


def _is_strict(value: Json) -> bool:
    try:
        orjson.loads(json.dumps(value))
    except ValueError:
        return False
    return True
