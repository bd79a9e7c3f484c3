"""The policy as a page, and what another one would have done with what happened here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bridge.errors import InvalidInput
from bridge.model import AUTO
from bridge.office import Office
from bridge.policy.comparing import WHAT
from bridge.policy.load import shipped_packs
from bridge.policy.pack import Rule, Verb
from bridge.policy.spelling import spelled_condition, spelled_trigger, spelled_value
from bridge.rehearsal.background import Rehearsals
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit, clean

Json = Any

WINDOWS = {"1d": timedelta(days=1), "7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90)}
MOST_ROWS = 200


class PolicyPages:
    """The page `/policy`."""

    def __init__(self, office: Office, rehearsals: Rehearsals) -> None:
        self._office = office
        self._rehearsals = rehearsals

    def show(self, visit: Visit) -> PageAnswer:
        rules = self._office.desk.rules
        known = {pack.name: pack for pack in (*rules.earlier, *rules.packs)}
        pack = known[visit.one_of("pack", known) or rules.pack.name]
        named = visit.one_of("version", [version.number for version in pack.versions])
        version = pack.version(named) if named else pack.version_at(visit.now)
        return visit.page(
            "policy.html",
            pack.title,
            pack=pack,
            in_use=self._in_use(),
            version=version,
            mode=rules.mode,
            clauses=[
                {"clause": clause, "rules": [self._told(rule) for rule in clause.rules]}
                for clause in version.clauses.values()
            ],
            packs=[name for name in shipped_packs() if name != rules.pack.name or len(pack.versions) > 1],
            windows=tuple(WINDOWS),
            rehearsal=self._rehearsals.last,
            what=WHAT,
            most=MOST_ROWS,
        )

    def _in_use(self) -> list[dict[str, Json]]:
        """The policies where there are several, each with whom it is for; `rest`: whatever no route is for."""
        rules = self._office.desk.rules
        if not rules.routes:
            return []
        return [
            {
                "name": pack.name,
                "for": [route.told for route in rules.routes if route.pack.name == pack.name],
                "rest": pack.name == rules.pack.name,
            }
            for pack in rules.packs
        ]

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

    def act(self, visit: Visit) -> PageAnswer:
        """Begin a rehearsal; the page tells how far it is."""
        pack, window = visit.filled("rehearse"), visit.filled("since")
        file = next((file for file in visit.request.files.get("file", ()) if file.content), None)
        if window not in WINDOWS or (file is None and pack not in shipped_packs()):
            raise InvalidInput("rehearse", visit.text("policy.choose"))
        name, content = (clean(file.name)[:80], file.content) if file is not None else (pack, None)
        self._rehearsals.begin(name, window, WINDOWS[window], visit.request.viewer.id, file=content)
        return visit.go("/policy", did="rehearse")
