"""One copy of what many cases say alike: a replay keeps hundreds of thousands of them in memory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

Json = Any


def one_copy(said: Mapping[str, Json]) -> Mapping[str, Json]:
    """The same JSON object for the same content. Nobody may change it."""
    return _read(orjson.dumps(said))


@lru_cache(maxsize=1024)
def _read(said: bytes) -> Mapping[str, Json]:
    read: Mapping[str, Json] = orjson.loads(said)
    return read


@lru_cache(maxsize=65_536)
def one_row(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same tuple for the same items."""
    return items
