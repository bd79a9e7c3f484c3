"""Appeals: who may decide a case that its customer appealed. Whoever sends the finding, by whatever way, it counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, and_, select

from bridge.errors import NotAllowed
from bridge.events import FindingRecorded
from bridge.state import OPEN_STATUSES
from bridge.store.tables import actions, approvals, cases, decisions, events, findings

Json = Any


def check_finding(connection: Connection, event: FindingRecorded, by: str | None) -> None:
    """A finding on an appealed case is another admin's than whoever decided it before.

    by  who sends it, where that is not whom the event names
    Raises NotAllowed.
    """
    case = event.case or _case_of_service(connection, event.service)
    if case is not None:
        _refuse_judge_in_own_cause(connection, case, {_same(name) for name in (event.by, by) if name})


def _case_of_service(connection: Connection, service: str | None) -> str | None:
    """Its newest open case, else its newest: the one a finding on a service means."""
    wanted = select(cases.c.id, cases.c.status).where(cases.c.service == service).order_by(cases.c.seq.desc())
    rows = connection.execute(wanted).all()
    return next((row.id for row in rows if row.status in OPEN_STATUSES), rows[0].id if rows else None)


def _refuse_judge_in_own_cause(connection: Connection, case: str, names: set[str]) -> None:
    """Nothing where the customer did not appeal; else the names may have had no part in the case before."""
    row = connection.execute(select(cases.c.client, cases.c.seq).where(cases.c.id == case)).first()
    appealed = _newest_appeal(connection, case, row) if row is not None else None
    if appealed is None:
        return
    agreed = (
        select(approvals.c.by)
        .select_from(approvals.join(actions, actions.c.id == approvals.c.action))
        .where(and_(actions.c.case == case, approvals.c.at < appealed.accepted))
    )
    found = select(findings.c.by).where(and_(findings.c.case == case, findings.c.at < appealed.at))
    judges = {_same(name) for query in (agreed, found) for name in connection.execute(query).scalars()}
    if names & judges:
        raise NotAllowed("the customer appealed: an admin decides who had no part in the decision")


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


def _newest_appeal(connection: Connection, case: str, row: Any) -> Any:
    """Its row, or None. Approvals bear the wall's time, as does `accepted`; findings that of events, as does `at`."""
    told = (
        select(events.c.at, events.c.accepted, events.c.body)
        .select_from(decisions.join(events, events.c.seq == decisions.c.seq))
        .where(and_(decisions.c.client == row.client, decisions.c.seq >= row.seq, events.c.type == "customer.replied"))
        .order_by(decisions.c.seq.desc())
    )
    for said in connection.execute(told):
        raw: Mapping[str, Json] = orjson.loads(said.body)
        if raw.get("case") == case and raw.get("appeal") is True:
            return said
    return None
