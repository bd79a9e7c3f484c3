"""Cases: the list, and each case with its story, its deadlines, and what may be done about it."""

from __future__ import annotations

import re

import orjson

from bridge.categories import CATEGORIES
from bridge.errors import InvalidInput
from bridge.office import Office
from bridge.policy.pack import Trigger
from bridge.reading import Reading
from bridge.reading.cases import OPEN, OVERDUE, URGENT, Search
from bridge.state import OPEN_STATUSES
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.visit import Visit

FINDINGS = (
    "remediated", "not_remediated", "culpable", "not_culpable", "authorized", "unfounded", "lawful",
    "verified_opt_in",
)  # fmt: skip
"""In the order in which they are offered."""

STATUSES = (
    OPEN, OVERDUE, URGENT, "opened", "awaiting_staff", "awaiting_customer", "awaiting_reporter", "resolved",
    "dismissed", "closed",
)  # fmt: skip
GROUPS = tuple(sorted({name.partition("/")[0] for name in CATEGORIES}))
_DID = ("finding", "note", "lift", "undo", "release", "approve", "reject", "retry", "confirm", "defer")
_FILE = re.compile(r"[^A-Za-z0-9._-]+")


class CasePages:
    """The pages `/cases` and `/cases/ID`."""

    def __init__(self, office: Office, reading: Reading) -> None:
        self._office = office
        self._reading = reading

    def list(self, visit: Visit) -> PageAnswer:
        search = Search(
            now=visit.now,
            words=visit.asked("q")[:256],
            status=visit.one_of("status", STATUSES),
            group=visit.one_of("category", (*GROUPS, *CATEGORIES)),
            page=visit.number("page"),
        )
        found = self._reading.cases.find(search)
        kept = {"q": search.words, "status": search.status, "category": search.group}
        return visit.page(
            "cases.html",
            visit.text("nav.cases"),
            found=found,
            search=search,
            statuses=STATUSES,
            groups=GROUPS,
            kept=kept,
        )

    def show(self, visit: Visit) -> PageAnswer:
        if visit.asked("download") == "evidence":
            return self._evidence_file(visit)
        did = visit.asked("did")
        case = self._reading.cases.dossier(visit.subject)
        return visit.page(
            "case.html",
            f"{visit.text('word.Case')} {visit.subject[:60]}",
            case=case,
            releases=case.row.status in OPEN_STATUSES and self._withholds(case.policy, case.version),
            cards=self._reading.waiting.of_case(visit.subject),
            findings=FINDINGS,
            done=visit.text(f"did_case.{did}") if did in _DID else "",
        )

    def act(self, visit: Visit) -> PageAnswer:
        """A finding, a note, the lifting of holds, one action taken back, the release of a notice."""
        case, by, do = visit.subject, visit.request.source, visit.filled("do")
        words = visit.filled("note")
        if do == "finding":
            self._office.record_finding(case, visit.filled("finding"), words or None, by)
        elif do == "note":
            self._office.casework.note(case, words, by)
        elif do == "lift":
            self._office.casework.lift_holds("case", case, words, by)
        elif do == "undo":
            self._office.casework.undo(visit.filled("action"), words, by)
        elif do == "release":
            self._office.casework.release_notice(case, by)
        else:
            raise InvalidInput("do", visit.text("cases.choose"))
        return visit.go(f"/cases/{case}", did=do)

    def _withholds(self, policy: str, version: str) -> bool:
        """Whether the policy lets staff release a notice that it held back."""
        return Trigger("released") in self._office.desk.rules.named(policy).version(version).by_trigger

    def _evidence_file(self, visit: Visit) -> PageAnswer:
        file = orjson.dumps(self._office.evidence_file(visit.subject), option=orjson.OPT_INDENT_2)
        name = _FILE.sub("-", visit.subject)[:80].strip("-.") or "case"
        return visit.hand_out(f"evidence-{name}.json", "application/json", file)
