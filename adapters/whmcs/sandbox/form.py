"""A request as PHP reads it: form fields by name, brackets as lists, any text but `0` and nothing true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from adapters.whmcs.contract import ActionContract

_KINDS = {
    "int": re.compile(r"[0-9]{1,18}"),
    "float": re.compile(r"-?[0-9]+(?:\.[0-9]{1,2})?"),
    "bool": re.compile(r"1"),
}


class Form:
    """The fields of one call, the older names under today's."""

    def __init__(self, pairs: Mapping[str, str], aliases: Mapping[str, str]) -> None:
        self.pairs = {aliases.get(name, name): value for name, value in pairs.items()}

    def text(self, name: str) -> str:
        return self.pairs.get(name, "")

    def has(self, name: str) -> bool:
        return name in self.pairs

    def number(self, name: str) -> int | None:
        """The number PHP makes of it: what is none counts as 0."""
        if name not in self.pairs:
            return None
        digits = re.match(r"\s*([0-9]{1,18})", self.pairs[name])
        return int(digits[1]) if digits else 0

    def flag(self, name: str) -> bool:
        return self.text(name) not in ("", "0")

    def many(self, name: str) -> list[str]:
        return [value for key, value in self.pairs.items() if re.fullmatch(re.escape(name) + r"\[[0-9]*\]", key)]


def offences(contract: ActionContract, pairs: Mapping[str, str]) -> Iterator[str]:
    """What a call does against the documentation, in plain words."""
    for name in contract.undocumented(pairs):
        yield f"{contract.name}: undocumented parameter {name}"
    for name in contract.missing(pairs):
        yield f"{contract.name}: required parameter {name} is missing"
    for name, value in pairs.items():
        kind = contract.parameters.get(contract.aliases.get(name, name), "") or _indexed_kind(contract, name)
        pattern = _KINDS.get(kind)
        if pattern is not None and not pattern.fullmatch(value):
            yield f"{contract.name}: parameter {name} is no {kind} as it should be sent"


def page(form: Form, rows: Sequence[object], most: int) -> tuple[int, int]:
    """First and last index of the page that was asked for."""
    start = form.number("limitstart") or 0
    asked = form.number("limitnum")
    size = min(25 if asked is None else asked, most)
    return start, min(start + size, len(rows))


def _indexed_kind(contract: ActionContract, name: str) -> str:
    return next((kind for pattern, kind in contract.indexed.items() if re.fullmatch(pattern, name)), "")
