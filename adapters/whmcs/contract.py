"""The documented parameters and answers of the WHMCS actions in use, read from api.json beside this file.

The client refuses to send what is not in the table; the sandbox answers from the same table. The file was made once
from the vendor's reference of the external API; README.md says which actions are in use and why.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

_BRACKETS = re.compile(r"(?:\[[A-Za-z0-9_]*\])+$")


@dataclass(frozen=True, kw_only=True)
class ActionContract:
    """What one action takes and answers.

    parameters  documented name -> documented type (`int`, `string`, `bool`, `float`, `array`, `string[]` …)
    indexed     the same for numbered names (`itemamount1`): pattern -> type
    required    names without which the panel refuses; one_of: of each group at least one
    aliases     older name -> today's name; still read, never sent by us
    errors      the documented error texts
    answer      the documented sample with types in place of values; numbers in strings are `string` there
    """

    name: str
    parameters: Mapping[str, str]
    indexed: Mapping[str, str]
    required: frozenset[str]
    one_of: tuple[frozenset[str], ...]
    aliases: Mapping[str, str]
    errors: tuple[str, ...]
    answer: Mapping[str, Any]

    def undocumented(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Those of the form fields that the reference does not list; `unset[0]` counts as `unset`."""
        return tuple(name for name in fields if not self._is_documented(name))

    def missing(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Required names that are not among the form fields, a group of alternatives as `a or b`."""
        given = {self.aliases.get(name, name) for name in (_BRACKETS.sub("", field) for field in fields)}
        lacking = [name for name in sorted(self.required) if name not in given]
        lacking += [" or ".join(sorted(group)) for group in self.one_of if not group & given]
        return tuple(lacking)

    def _is_documented(self, field: str) -> bool:
        if field in self.parameters or field in self.aliases:
            return True
        if any(re.fullmatch(pattern, field) for pattern in self.indexed):
            return True
        base = _BRACKETS.sub("", field)
        kind = self.parameters.get(base, "")
        return base != field and (kind == "array" or kind.endswith("[]"))


@functools.cache
def actions() -> Mapping[str, ActionContract]:
    """The table by action name; the file is read on first use."""
    text = resources.files("adapters.whmcs").joinpath("api.json").read_text(encoding="utf-8")
    return {name: _contract(name, entry) for name, entry in json.loads(text).items()}


def _contract(name: str, entry: Mapping[str, Any]) -> ActionContract:
    return ActionContract(
        name=name,
        parameters=entry["parameters"],
        indexed=entry.get("indexed", {}),
        required=frozenset(entry.get("required", ())),
        one_of=tuple(frozenset(group) for group in entry.get("one_of", ())),
        aliases=entry.get("aliases", {}),
        errors=tuple(entry["errors"]),
        answer=entry["answer"],
    )
