"""Trouble on order: what the next call, or the next call of one action, runs into."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum


class FaultKind(Enum):
    """`…_after`, CUT_JSON and SLOW happen once the call has had its effect, the others before."""

    HTTP_500 = "http_500"
    HTTP_500_AFTER = "http_500_after"
    LOST_BEFORE = "lost_before"
    LOST_AFTER = "lost_after"
    HTML = "html"
    HTML_AFTER = "html_after"
    CUT_JSON = "cut_json"
    REDIRECT = "redirect"
    RATE_LIMITED = "rate_limited"
    ERROR = "error"
    SLOW = "slow"

    @property
    def is_after(self) -> bool:
        return self in _AFTER_EFFECT


_AFTER_EFFECT = frozenset(
    {FaultKind.HTTP_500_AFTER, FaultKind.LOST_AFTER, FaultKind.HTML_AFTER, FaultKind.CUT_JSON, FaultKind.SLOW}
)


@dataclass(kw_only=True)
class Fault:
    """`action` None is any; `times` left; `seconds` before a SLOW answer, which is whole; `words` for ERROR."""

    kind: FaultKind
    action: str | None = None
    times: int = 1
    seconds: float = 0.0
    words: str = "An unexpected error occurred"


class Faults:
    """Ordered faults; the first that fits is used up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        with self._lock:
            self._ordered.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._ordered.clear()

    def take(self, action: str) -> Fault | None:
        """The fault of this call, if any."""
        with self._lock:
            for fault in self._ordered:
                if fault.action in (None, action) and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None
