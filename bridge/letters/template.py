"""One letter's template: a subject line, an empty line, then text with {placeholders}.

A line that names something not known is left out, and so is a part of the subject between commas. A paragraph whose
list is empty is left out whole, its heading too.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridge.errors import InvalidInput

_SUBJECT = "Subject: "
_FORMATTER = string.Formatter()

Said = Mapping[str, str | Sequence[str]]
"""What the placeholders stand for: a text, or a list that becomes one line each; empty: not known."""


@dataclass(frozen=True)
class Template:
    """`paragraphs` are lines each."""

    subject: str
    paragraphs: tuple[tuple[str, ...], ...]

    def fill(self, said: Said) -> tuple[str, str]:
        """Subject and text."""
        blocks = [block for paragraph in self.paragraphs if (block := _paragraph(paragraph, said))]
        return _subject(self.subject, said), "\n\n".join(blocks) + "\n"


def read_template(written: str, file: str, *, known: frozenset[str], needed: frozenset[str]) -> Template:
    """Raises InvalidInput naming `file` and line for a placeholder that is unknown, missing or not plainly written."""
    lines = written.splitlines()
    if not lines or not lines[0].startswith(_SUBJECT) or lines[1:2] != [""]:
        raise InvalidInput(f"{file}:1", f"must begin with {_SUBJECT.strip()!r} and an empty line")
    named: set[str] = set()
    for number, line in enumerate(lines, start=1):
        for name in _placeholders(line, f"{file}:{number}"):
            if name not in known:
                raise InvalidInput(f"{file}:{number}", f"{{{name}}} is none of {', '.join(sorted(known))}")
            named.add(name)
    if missing := sorted(needed - named):
        raise InvalidInput(file, f"must say {', '.join(f'{{{name}}}' for name in missing)}")
    return Template(lines[0].removeprefix(_SUBJECT).strip(), _paragraphs(lines[2:]))


def _paragraphs(lines: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return tuple(tuple(block) for block in blocks if block)


def _placeholders(line: str, where: str) -> list[str]:
    try:
        parts = list(_FORMATTER.parse(line))
    except ValueError as error:
        raise InvalidInput(where, str(error)) from error
    names = []
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise InvalidInput(where, f"{{{name}}} must be a bare name in braces")
        names.append(name)
    return names


def _subject(line: str, said: Said) -> str:
    parts = [part for part in line.split(", ") if all(said.get(name, "") for name in _placeholders(part, ""))]
    return ", ".join(_filled(part, said) for part in parts)


def _paragraph(lines: Sequence[str], said: Said) -> str:
    kept = []
    for line in lines:
        values = [said.get(name, "") for name in _placeholders(line, "")]
        if all(values):
            kept.append(_filled(line, said))
        elif any(not isinstance(value, str) for value in values):
            return ""
    return "\n".join(kept)


def _filled(line: str, said: Said) -> str:
    shown = {
        name: value if isinstance(value, str) else "\n".join(f"- {item}" for item in value)
        for name, value in said.items()
    }
    return line.format_map(shown)
