"""A YAML document that knows its lines: every refusal names file, line and the nearest right word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.scalarfloat import ScalarFloat
from ruamel.yaml.scalarint import ScalarInt

from bridge.errors import InvalidInput, InvalidPack
from bridge.policy.facts import nearest

MAX_BYTES = 1_000_000
DEEPEST = 50
T = TypeVar("T")


class Node:
    """One place in a document: its value, its line (from 1) and how a person would name it."""

    def __init__(self, value: Any, file: str, line: int, name: str) -> None:
        self.value = value
        self.file = file
        self.line = line
        self.name = name

    def wrong(self, problem: str) -> InvalidPack:
        return InvalidPack(self.file, self.line, f"{self.name}: {problem}" if self.name else problem)

    def keys(self, *, needed: frozenset[str] = frozenset(), allowed: frozenset[str] | None = None) -> dict[str, Node]:
        """The members of a mapping; unknown and missing ones are refused."""
        if not isinstance(self.value, CommentedMap):
            raise self.wrong("must be a mapping")
        members: dict[str, Node] = {}
        for key, value in self.value.items():
            line = self.value.lc.key(key)[0] + 1
            word = str(key)
            if allowed is not None and word not in allowed:
                raise InvalidPack(self.file, line, nearest(word, allowed))
            members[word] = Node(value, self.file, line, word)
        for word in sorted(needed - members.keys()):
            raise self.wrong(f"needs {word!r}")
        return members

    def items(self) -> Iterator[Node]:
        """The items of a list; a single value counts as a list of one."""
        if not isinstance(self.value, CommentedSeq):
            yield self
            return
        for place, value in enumerate(self.value):
            yield Node(value, self.file, self.value.lc.item(place)[0] + 1, self.name)

    def text(self) -> str:
        if not isinstance(self.value, str | int | float) or isinstance(self.value, bool) or not str(self.value).strip():
            raise self.wrong("must be text")
        return " ".join(str(self.value).split())

    def read(self, reader: Callable[..., T], *arguments: Any) -> T:
        """Run a reader over the plain value; its refusal is told with this line."""
        try:
            return reader(plain(self.value), *arguments)
        except InvalidInput as refusal:
            raise InvalidPack(self.file, self.line, str(refusal)) from refusal


def plain(value: Any) -> Any:
    """The value without ruamel's own types."""
    if isinstance(value, CommentedMap):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, CommentedSeq):
        return [plain(item) for item in value]
    if isinstance(value, ScalarFloat):
        return float(value)
    if isinstance(value, ScalarInt):
        return int(value)
    if isinstance(value, str):
        return str(value)
    return value


class _Plainly(RoundTripConstructor):
    """A date is kept as it is written: the loader reads it, and knows the line of one that cannot be."""


_Plainly.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


def _too_deep(text: str) -> int | None:
    """The line where too many brackets are open; reading them would take for ever, and no pack needs them."""
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        for char in line:
            if char in "[{":
                depth += 1
                if depth > DEEPEST:
                    return number
            elif char in "]}":
                depth = max(0, depth - 1)
    return None


_PERHAPS_ALIASED = re.compile(r"""(?:^|[^\w/"'])[&*]|<<""")
"""Where none of this stands, there is no anchor, alias or merge, and the text need not be read twice to find them."""


def _refuse_aliases(text: str, name: str) -> None:
    for event in YAML(typ="rt").parse(text):
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) or getattr(event, "value", "") == "<<":
            raise InvalidPack(name, event.start_mark.line + 1, "anchors, aliases and merges are not used in packs")


def open_document(path: Path) -> Node:
    """The document of a file; raises InvalidPack with the line, also for anchors and duplicate keys."""
    try:
        data = path.read_bytes()
    except OSError as trouble:
        raise InvalidPack(str(path), 1, f"cannot be read: {trouble.strerror}") from trouble
    return read_document(data, str(path))


def read_document(data: bytes, name: str) -> Node:
    """As `open_document`, of what a file of that name holds."""
    if len(data) > MAX_BYTES:
        raise InvalidPack(name, 1, f"is larger than {MAX_BYTES} bytes")
    try:
        text = data.decode("utf-8")
        if (line := _too_deep(text)) is not None:
            raise InvalidPack(name, line, f"more than {DEEPEST} brackets stand open")
        if _PERHAPS_ALIASED.search(text):
            _refuse_aliases(text, name)
        reader = YAML(typ="rt")
        reader.Constructor = _Plainly
        value = reader.load(text)
    except UnicodeDecodeError as trouble:
        raise InvalidPack(name, 1, "is not UTF-8 text") from trouble
    except MarkedYAMLError as trouble:
        mark = trouble.problem_mark or trouble.context_mark
        raise InvalidPack(name, mark.line + 1 if mark else 1, _in_plain_words(str(trouble.problem or ""))) from trouble
    except (YAMLError, ValueError, RecursionError) as trouble:
        raise InvalidPack(name, 1, f"is not YAML: {str(trouble).splitlines()[0]}") from trouble
    return Node(value, name, 1, "")


_MEANT: Mapping[str, str] = {
    "mapping values are not allowed here": "a colon stands where none may: text with a colon is put in quotes",
    "expected alphabetic or numeric character": "text that begins with * or & is put in quotes",
    "found character '\\t'": "lines are indented by spaces, not by tabs",
}


def _in_plain_words(problem: str) -> str:
    """What the reader of YAML found wrong; of common mistakes, what to do about them."""
    meant = next((plain for begins, plain in _MEANT.items() if problem.startswith(begins)), None)
    return meant or problem or "is not YAML"
