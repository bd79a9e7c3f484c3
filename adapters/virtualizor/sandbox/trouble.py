"""Faults to order, and what was asked of the panel: the journal and the violations of the documented calls."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

_JOURNAL_LENGTH = 10_000
_SECRETS = frozenset({"adminapikey", "adminapipass", "apikey"})


class FaultKind(Enum):
    """SERVER_ERROR 500, TOO_MANY 429, LOST the line is cut, HTML the log-in page with 200, REDIRECT 302, SLOW a late
    answer, CUT half the JSON, ERROR the panel's own error text, SILENT no `done` in it.
    """

    SERVER_ERROR = "500"
    TOO_MANY = "429"
    LOST = "lost"
    HTML = "html"
    REDIRECT = "redirect"
    SLOW = "slow"
    CUT = "cut"
    ERROR = "error"
    SILENT = "silent"


@dataclass
class Fault:
    """`call` is a pattern over the names of the table (`vs:suspend_net`, `managevps`, `vs:*`, `*`); `times` calls are
    hit, 0 for all; `after` says whether the work is done first. SLOW is always after, ERROR never. `shape` of an ERROR
    is list, object, error_msg or fatal.
    """

    call: str
    kind: FaultKind
    times: int = 1
    after: bool = False
    seconds: float = 1.0
    words: str = "An error occurred"
    shape: str = "list"


class Faults:
    """The faults that are still to come, in the order they were set."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def set(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, call: str) -> Fault | None:
        """The first fault that fits, used up by one."""
        with self._lock:
            fault = next((each for each in self._faults if fnmatchcase(call, each.call)), None)
            if fault is None or fault.times == 0:
                return fault
            fault.times -= 1
            if fault.times == 0:
                self._faults.remove(fault)
            return fault

    def shown(self) -> list[dict[str, Any]]:
        with self._lock:
            return [{**asdict(fault), "kind": fault.kind.value} for fault in self._faults]


class Journal:
    """Calls in the order they came, without credentials, and how each ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[dict[str, Any]] = deque(maxlen=_JOURNAL_LENGTH)
        self._violations: deque[dict[str, Any]] = deque(maxlen=_JOURNAL_LENGTH)

    def note(  # one line of a journal has these columns
        self, at: datetime, call: str, method: str, query: Mapping[str, str], form: Mapping[str, str], outcome: str
    ) -> None:
        entry = {
            "at": at.isoformat(),
            "call": call,
            "method": method,
            "query": {name: value for name, value in query.items() if name not in _SECRETS},
            "form": dict(form),
            "outcome": outcome,
        }
        with self._lock:
            self._entries.append(entry)

    def blame(self, call: str, problem: str) -> None:
        with self._lock:
            self._violations.append({"call": call, "problem": problem})

    def entries(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._entries)

    def violations(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._violations)
