"""One copy of what many cases say alike: a replay keeps hundreds of thousands of them in memory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from bridge.model import Basis
from bridge.state import Notice, Opening

Json = Any


def one_notice(basis: Basis, own: Mapping[str, Json], for_: str, stages: tuple[int, ...]) -> Notice:
    """The same notice for the same content; the sentence of the basis is left out."""
    return _notice(basis.policy, basis.version, basis.clause, orjson.dumps(own), for_, stages)


@lru_cache(maxsize=4096)
def _notice(policy: str, version: str, clause: str, own: bytes, for_: str, stages: tuple[int, ...]) -> Notice:
    return Notice(Basis(policy, version, clause, ""), orjson.loads(own), for_, stages)


@lru_cache(maxsize=4096)
def one_opening(opening: Opening) -> Opening:
    """The same value for the same content."""
    return opening


@lru_cache(maxsize=65_536)
def one_row(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same tuple for the same items."""
    return items


@lru_cache(maxsize=4096)
def tally_keys(group: str, category: str) -> tuple[str, str, str]:
    """Under which a service counts a strike: all of them, those of the group, those of the category."""
    return ("", f"group {group}", f"category {category}")
