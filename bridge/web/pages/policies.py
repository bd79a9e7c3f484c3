"""The policy as a page, and what another one would have done with what happened here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bridge.errors import TipstaffError
from bridge.model import AUTO
from bridge.office import Office
from bridge.policy.comparing import WHAT
from bridge.policy.load import shipped_packs
from bridge.policy.pack import Rule, Verb
from bridge.policy.spelling import spelled_condition, spelled_trigger, spelled_value
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit

Json = Any

WINDOWS = {"1d": timedelta(days=1), "7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90)}
MOST_ROWS = 200


class PolicyPages:
    """The page `/policy`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def show(self, visit: Visit) -> PageAnswer:
        rules = self._office.desk.rules
        version = rules.pack.version_at(visit.now)
        named = visit.asked("version")
        if any(known.number == named for known in rules.pack.versions):
            version = rules.pack.version(named)
        return visit.page(
            "policy.html",
            rules.pack.title,
            pack=rules.pack,
            version=version,
            mode=rules.mode,
            clauses=[
                {"clause": clause, "rules": [self._told(rule) for rule in clause.rules]}
                for clause in version.clauses.values()
            ],
            packs=shipped_packs(),
            windows=tuple(WINDOWS),
            rehearsal=self._rehearsal(visit),
        )

    def _told(self, rule: Rule) -> dict[str, Json]:
        return {
            "on": [spelled_trigger(trigger) for trigger in rule.triggers],
            "when": [spelled_condition(condition) for condition in rule.conditions],
            "then": [self._verb(verb) for verb in rule.verbs],
            "verdict": rule.verdict,
            "because": rule.because,
        }

    def _verb(self, verb: Verb) -> dict[str, Json]:
        approval = self._office.desk.rules.approval(verb.name, verb.approval)
        params = {name: spelled_value(value) for name, value in verb.params.items()}
        return {"name": verb.name, "params": params, "approval": 0 if approval == AUTO else int(approval)}

    def _rehearsal(self, visit: Visit) -> dict[str, Json] | None:
        """None where none is asked for; `trouble` says why there is none."""
        pack, window = visit.asked("rehearse"), visit.asked("since")
        if not pack:
            return None
        since = visit.now - WINDOWS.get(window, WINDOWS["30d"])
        asked = {"pack": pack, "since": window if window in WINDOWS else "30d", "trouble": ""}
        try:
            found = self._office.rehearse(pack, since)
        except TipstaffError as trouble:
            return {**asked, "trouble": str(trouble)}
        return {**asked, "found": found, "what": WHAT, "rows": found["services"][:MOST_ROWS]}
