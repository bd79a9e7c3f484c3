"""`value`: the dataclasses that are made by the million, events and records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """A dataclass with slots and keywords only, frozen by the type checker and not at run time.

    Freezing at run time makes each of them three times as dear to build, and a replay builds ten for an event: it would
    cost a quarter of the whole run to guard against what mypy refuses anyway.
    """
    return dataclass(slots=True, kw_only=True)(cls)
