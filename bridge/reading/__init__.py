"""What the pages show: read from the last commit, many things at a time, never from a panel."""

from __future__ import annotations

from bridge.letters import Letters
from bridge.ports import Clock
from bridge.reading.beside import Beside
from bridge.reading.cases import Cases
from bridge.reading.figures import Overviews
from bridge.reading.own import OwnCases
from bridge.reading.standings import Standings
from bridge.reading.trail import Trails
from bridge.reading.waiting import Waiting
from bridge.rules import Rules
from bridge.store.store import Store


class Reading:
    """One room per page; nothing here changes anything."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, letters: Letters, *, secret: bytes) -> None:
        self.waiting = Waiting(store, clock, rules, letters, secret)
        self.cases = Cases(store)
        self.standings = Standings(store)
        self.overviews = Overviews(store, clock)
        self.trails = Trails(store)
        self.beside = Beside(store)
        self.own = OwnCases(store)
