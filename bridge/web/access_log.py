"""One line of JSON for each request. Never a query string, a header or a body: they hold secrets and letters."""

from __future__ import annotations

import sys
from typing import Any

import orjson
import structlog

from bridge.ports import Clock
from bridge.timeformat import format_time

Logger = Any
_LONGEST_PATH = 300


def stderr_logger() -> Logger:
    """Lines of JSON on standard error."""
    return structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),
        processors=[structlog.processors.JSONRenderer(serializer=_as_json)],
        wrapper_class=structlog.BoundLogger,
    )


def _as_json(said: Any, **_: Any) -> str:
    return orjson.dumps(said, default=str).decode()


class AccessLog:
    """What was asked, by whom, and how it was answered."""

    def __init__(self, logger: Logger, clock: Clock) -> None:
        self._logger = logger
        self._clock = clock

    def answered(self, *, method: str, path: str, status: int, seconds: float, caller: str | None) -> None:
        said = {} if caller is None else {"caller": caller}
        self._logger.info(
            "request",
            at=format_time(self._clock.wall()),
            method=method[:20],
            path=path[:_LONGEST_PATH],
            status=status,
            ms=round(seconds * 1000, 2),
            **said,
        )

    def failed(self, *, method: str, path: str, error: str, where: list[str]) -> None:
        """An error nobody foresaw: its kind and where. Its words may quote what a sender wrote, and stay out."""
        self._logger.error(
            "failure",
            at=format_time(self._clock.wall()),
            method=method[:20],
            path=path[:_LONGEST_PATH],
            error=error,
            where=where,
        )
