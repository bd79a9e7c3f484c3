"""The documented calls of the admin API as data (api.json), and what a call does that is not in it.

Tests and the sandbox hold every call of ours against this table; the client does not need it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

Pairs = Sequence[tuple[str, str]]

_OPERATIONS = ("suspend", "unsuspend", "suspend_net", "unsuspend_net", "delete", "bwreset", "vs_status")
_LIST_INDEX = re.compile(r"\[\d*\]$")
_ROW_INDEX = re.compile(r"\[\d+\](?=\[)")
_WHOLE = re.compile(r"-?\d+")


@dataclass(frozen=True)
class Parameter:
    """`place` is `query` or `body`; `kind` as the table's `types` explains."""

    name: str
    place: str
    kind: str
    required: bool

    def takes(self, value: str) -> bool:
        """Whether a value is of this kind."""
        if self.kind == "text":
            return True
        if self.kind == "int":
            return bool(_WHOLE.fullmatch(value))
        if self.kind == "ints":
            return all(_WHOLE.fullmatch(part) for part in value.split(","))
        return value in self.kind.split("|")


@dataclass(frozen=True)
class Call:
    """One documented call; `answer` names the fields of a good answer."""

    name: str
    methods: frozenset[str]
    parameters: tuple[Parameter, ...]
    answer: tuple[str, ...]
    confidence: str

    def violations(self, method: str, query: Pairs, form: Pairs) -> Iterator[str]:
        """What of a request is not in the table; a form that is only read needs no submit flag."""
        if method not in self.methods:
            yield f"{method} is not documented"
        sent = {"query": query, "body": form}
        for place, pairs in sent.items():
            for name, value in pairs:
                yield from self._violations_of(place, name, value)
        for parameter in self.parameters:
            needed = parameter.required and (parameter.place == "query" or method == "POST")
            if needed and parameter.name not in {bare_name(name) for name, _ in sent[parameter.place]}:
                yield f"{parameter.name} is missing in the {parameter.place}"

    def _violations_of(self, place: str, name: str, value: str) -> Iterator[str]:
        known = [each for each in self.parameters if each.name == bare_name(name) and each.place == place]
        if not known:
            yield f"{name} is not documented in the {place}"
        elif not any(parameter.takes(value) for parameter in known):
            yield f"{name} is not {known[0].kind}"


def bare_name(name: str) -> str:
    """A form field without its numbers: `ips[0]` as `ips[]`, `space[2][size]` as `space[n][size]`."""
    return _ROW_INDEX.sub("[n]", _LIST_INDEX.sub("[]", name))


def call_name(act: str, query: Mapping[str, str], form: Mapping[str, str]) -> str:
    """Which call of the table a request is: operations of `vs` are told by the parameter that carries them."""
    if act == "vs":
        if "action" in query:
            return f"vs:action={query['action']}"
        return next((f"vs:{operation}" for operation in _OPERATIONS if operation in query), "vs")
    if act == "users":
        return next((f"users:{operation}" for operation in ("suspend", "unsuspend") if operation in form), "users")
    return act


@cache
def calls() -> Mapping[str, Call]:
    """Every documented call by name; read from the package once."""
    table = json.loads((resources.files("adapters.virtualizor") / "api.json").read_text(encoding="utf-8"))
    always = [_parameter(entry) for entry in table["always"]]
    entries = table["calls"]
    return {
        name: Call(
            name=name,
            methods=frozenset(entry["methods"]),
            parameters=tuple(always + [_parameter(each) for each in _all_parameters(entry, entries)]),
            answer=tuple(entry["answer"]),
            confidence=entry["confidence"],
        )
        for name, entry in entries.items()
    }


def _all_parameters(entry: dict[str, object], entries: dict[str, dict[str, object]]) -> list[dict[str, object]]:
    own = entry["params"]
    borrowed = entries[str(entry["also"])]["params"] if "also" in entry else []
    assert isinstance(own, list)
    assert isinstance(borrowed, list)
    return own + borrowed


def _parameter(entry: Mapping[str, object]) -> Parameter:
    return Parameter(str(entry["name"]), str(entry["in"]), str(entry["type"]), entry.get("required") is True)
