"""The one place that reads the system's clock; inside the program time is data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock; `now` and `wall` are the same."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wall(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that tests move; `now` and `wall` move together."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def wall(self) -> datetime:
        return self._now

    def move(self, step: timedelta) -> None:
        self._now += step


class OffsetClock:
    """The machine's clock with decisions and deadlines shifted forward: what the demo's control moves."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def move(self, step: timedelta) -> None:
        """Only forward: a decision's time never goes back."""
        self._offset += max(step, timedelta())
