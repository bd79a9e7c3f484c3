"""Files that customers give as evidence: bounded, told by their content, kept by digest, never opened or shown here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from bridge.categories import CHILD_ABUSE
from bridge.custody import is_preserved
from bridge.errors import Conflict, InvalidInput, NotAllowed, NotFound
from bridge.store.engine import storable, to_us
from bridge.store.store import Store, Unit
from bridge.store.tables import case_exhibits, cases, exhibits

Json = Any

LARGEST = 3 * 1024 * 1024
"""Bytes of one file."""

MOST_OF_CASE = 10
LARGEST_OF_CASE = 6 * 1024 * 1024
"""Files of one case, and their bytes together: its evidence file holds them all and has to pass through the panel."""

_LONGEST_NAME = 120
_LONGEST_STEM = 50
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_MAGIC: Mapping[str, bytes] = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}

KINDS = (*_MAGIC, "txt")
"""What may be given, by the ending it is handed out with."""


@dataclass(frozen=True)
class Exhibit:
    """One file; `name` is as its sender calls it, `kind` what its content is: one of KINDS."""

    name: str
    kind: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def told(self) -> dict[str, Json]:
        """As the log keeps it."""
        return {"name": self.name, "kind": self.kind, "size": len(self.content), "sha256": self.digest}


def exhibit(name: str, content: bytes) -> Exhibit:
    """Raises InvalidInput naming the file for what is empty, too large or of no kind that is taken."""
    known = " ".join(storable(name).split())[:_LONGEST_NAME] or "?"
    if not content:
        raise InvalidInput("files", f"{known} is empty")
    if len(content) > LARGEST:
        raise InvalidInput("files", f"{known} is larger than {LARGEST >> 20} MiB")
    kind = _kind_of(content)
    if kind is None:
        raise InvalidInput("files", f"{known} is none of {', '.join(KINDS)}")
    return Exhibit(known, kind, content)


def _kind_of(content: bytes) -> str | None:
    """By the content alone: what a name or a browser says of it proves nothing."""
    for kind, magic in _MAGIC.items():
        if content.startswith(magic):
            return kind
    return None if _BINARY.search(content) else "txt"


def check_room(unit: Unit, case: str, given: Sequence[Exhibit]) -> None:
    """Raises NotAllowed for a case of child abuse, Conflict where the case has no room for them."""
    category = unit.connection.execute(select(cases.c.category).where(cases.c.id == case)).scalar()
    if category in CHILD_ABUSE:
        raise NotAllowed("no file is taken in a case of this kind")
    kept = select(func.count(), func.coalesce(func.sum(case_exhibits.c.size), 0)).where(case_exhibits.c.case == case)
    count, size = unit.connection.execute(kept).one()
    if count + len(given) > MOST_OF_CASE or size + sum(len(one.content) for one in given) > LARGEST_OF_CASE:
        raise Conflict(f"a case takes {MOST_OF_CASE} files of {LARGEST_OF_CASE >> 20} MiB together")


def keep(unit: Unit, event: str, case: str, given: Sequence[Exhibit], now: datetime) -> None:
    """The files of an event, each content once; locked at once where the case is to be preserved."""
    preserved = is_preserved(unit, case)
    for place, one in enumerate(given):
        digest = one.digest
        known = unit.connection.execute(select(exhibits.c.digest).where(exhibits.c.digest == digest)).first()
        if known is None:
            row = {"digest": digest, "received": to_us(now), "body": one.content, "preserved": preserved}
            unit.connection.execute(exhibits.insert(), row)
        elif preserved:
            unit.connection.execute(exhibits.update().where(exhibits.c.digest == digest).values(preserved=True))
        told = {"event": event, "place": place, "case": case, "digest": digest}
        row = {**told, "name": one.name, "kind": one.kind, "size": len(one.content)}
        unit.connection.execute(case_exhibits.insert(), row)


def fetch(store: Store, event: str, place: int) -> tuple[str, bytes]:
    """The name to hand a file out with, and its content; raises NotFound."""
    wanted = (
        select(case_exhibits.c.name, case_exhibits.c.kind, case_exhibits.c.digest, exhibits.c.body)
        .select_from(case_exhibits.join(exhibits, exhibits.c.digest == case_exhibits.c.digest))
        .where(and_(case_exhibits.c.event == event, case_exhibits.c.place == place))
    )
    with store.read() as connection:
        row = connection.execute(wanted).first()
    if row is None:
        raise NotFound("no such file")
    return safe_name(row.name, row.kind, row.digest), bytes(row.body)


def safe_name(name: str, kind: str, digest: str) -> str:
    """A name that no system runs, hides or takes for a device; its ending says what the content is."""
    stem = _UNSAFE.sub("-", name.rpartition(".")[0] or name).strip("-")[:_LONGEST_STEM]
    return f"evidence-{digest[:12]}{'-' if stem else ''}{stem}.{kind}"
