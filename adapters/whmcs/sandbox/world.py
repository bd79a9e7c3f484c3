"""All of one sandbox installation in one place: rows, hooks, faults, journal, clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.whmcs.sandbox.faults import Faults
from adapters.whmcs.sandbox.hook_sender import Actor, HookSender
from adapters.whmcs.sandbox.journal import Journal
from adapters.whmcs.sandbox.seed import Seed
from adapters.whmcs.sandbox.server_module import ServerModule
from adapters.whmcs.sandbox.state import State


@dataclass(frozen=True, kw_only=True)
class World:
    """What the API, the pages and the people in front of them work on."""

    seed: Seed
    state: State
    hooks: HookSender
    faults: Faults
    journal: Journal
    module: ServerModule
    now: Callable[[], datetime]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.seed.timezone)

    @property
    def api_actor(self) -> Actor:
        """Hooks of API calls carry no admin session: they look like automation."""
        return Actor()

    def local(self, moment: datetime | None) -> str:
        """An instant as the panel writes it: local time without a zone."""
        if moment is None:
            return "0000-00-00 00:00:00"
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")

    def today(self) -> str:
        return self.local(self.now())[:10]
