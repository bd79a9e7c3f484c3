"""What the panel's admins are called: the log names them by id, and people know each other by name."""

from __future__ import annotations

from sqlalchemy import select

from bridge.store.store import Store
from bridge.store.tables import meta

LONGEST_NAME = 120
_KEY = "admin_name:"


class Staff:
    """Learns a name from each signed page that its admin asks for; the newest counts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, str] = {}

    def meet(self, id_: str, name: str) -> None:
        """The panel proved that this admin looks, and says the name; written only where it is news."""
        name = " ".join(name.replace("\x00", "").split())[:LONGEST_NAME]
        if name in ("", id_) or self.name(id_) == name:
            return
        self._store.write(lambda unit: unit.set(_KEY + id_, name))
        self._known[id_] = name

    def name(self, id_: str) -> str:
        """Empty where the admin never opened a page."""
        if id_ not in self._known:
            with self._store.read() as connection:
                found = connection.execute(select(meta.c.value).where(meta.c.key == _KEY + id_)).scalar()
            if found is None:
                return ""
            self._known[id_] = found
        return self._known[id_]
