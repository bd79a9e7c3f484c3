"""The frame that the panel puts around a page of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from adapters.whmcs.sandbox.form import Form, page
from adapters.whmcs.sandbox.registry import Reply
from adapters.whmcs.sandbox.world import World

T = TypeVar("T")


def paged(
    world: World, form: Form, found: Sequence[T], names: tuple[str, str], row: Callable[[T], dict[str, Any]]
) -> Reply:
    """One page of `found`; `names` are plural and singular of the list."""
    start, end = page(form, found, world.seed.quirks.most_rows)
    shown = [row(item) for item in found[start:end]]
    return {
        "totalresults": len(found),
        "startnumber": start,
        "numreturned": len(shown),
        names[0]: {names[1]: shown},
    }
