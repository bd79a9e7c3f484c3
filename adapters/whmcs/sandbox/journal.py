"""Every call the sandbox got, without credentials, and whatever went against the documentation."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

PRIVATE = frozenset({"identifier", "secret", "accesskey", "username", "password", "action", "responsetype"})


@dataclass(frozen=True, kw_only=True)
class Call:
    """`outcome` is `success`, the panel's error words, or the name of a fault."""

    at: datetime
    action: str
    parameters: Mapping[str, str]
    outcome: str


class Journal:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._violations: list[str] = []

    def note(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def accuse(self, violation: str) -> None:
        with self._lock:
            self._violations.append(violation)

    @property
    def violations(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(self._violations)

    def calls(self, action: str | None = None) -> tuple[Call, ...]:
        with self._lock:
            return tuple(call for call in self._calls if action in (None, call.action))

    def counts(self) -> dict[str, int]:
        """Calls by action, whatever came of them."""
        return dict(Counter(call.action for call in self.calls()))

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()
            self._violations.clear()
