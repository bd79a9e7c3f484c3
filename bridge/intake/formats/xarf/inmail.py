"""XARF reports carried by mail: a JSON attachment, or the body itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bridge.errors import InvalidInput
from bridge.intake.context import Context
from bridge.intake.formats.xarf.report import incident_of, is_xarf
from bridge.intake.mail.document import Mail
from bridge.intake.model import Incident

_LIST = re.compile(r"\s*\[\s*\{\s*\"")
_OBJECT = re.compile(r"\{\s*\"")
"""How a list of reports begins, and a report itself."""


def read(mail: Mail, context: Context) -> Sequence[Incident]:
    """The incidents of all reports in the message; a report with a broken field is left to the general reader."""
    found: list[Incident] = []
    for value in _values(mail):
        try:
            incident = incident_of(value, context)
        except InvalidInput:
            continue
        kept = context.ours(incident.ips)
        found.append(
            replace(incident, ips=kept, reporter=incident.reporter if incident.reporter.address else context.sender)
        )
    return tuple(found)


def _values(mail: Mail) -> Iterator[Mapping[str, object]]:
    for part in mail.every_part():
        if not part.is_textual or "{" not in part.text or '"' not in part.text:
            continue
        opening = _LIST.match(part.text) or _OBJECT.search(part.text)
        for value in _parsed(part.text[opening.start() :]) if opening else ():
            if is_xarf(value) and isinstance(value, Mapping):
                yield value


def _parsed(text: str) -> Sequence[object]:
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return ()
    return value if isinstance(value, list) else (value,)
