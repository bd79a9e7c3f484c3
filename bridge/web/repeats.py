"""First answers by delivery id: a repeat of a signed page request gets them again and does nothing twice.

Kept in memory: what a page does is done once by the desk anyway (an action is no longer proposed), so after a restart a
repeat costs at most a page that says so.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from flask import Response

_MOST = 512
_LARGEST = 8 * 1024 * 1024


class Repeats:
    """At most so many answers, of at most so many bytes together; the oldest go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, tuple[int, bytes]] = OrderedDict()
        self._size = 0

    def once(self, delivery: str, make: Callable[[], Response]) -> Response:
        """The first answer to that delivery. Two at a time are answered one after the other."""
        with self._lock:
            held = self._held.get(delivery)
            if held is None:
                made = make()
                held = (made.status_code, made.get_data())
                self._keep(delivery, held)
        return Response(held[1], held[0], mimetype="application/json")

    def _keep(self, delivery: str, held: tuple[int, bytes]) -> None:
        self._held[delivery] = held
        self._size += len(held[1])
        while len(self._held) > _MOST or (self._size > _LARGEST and len(self._held) > 1):
            _, dropped = self._held.popitem(last=False)
            self._size -= len(dropped[1])
