"""What admins answer, as the queue's rows keep it: who, why, and what may still be answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select

from bridge.errors import Conflict, InvalidInput, NotFound
from bridge.events import MAX_ID, MAX_TEXT, ActionDone, ActionEvent, ActionRejected
from bridge.policy.verbs import CHARGED_BY
from bridge.store.engine import storable
from bridge.store.store import Unit
from bridge.store.tables import actions, approvals, steps
from bridge.views import Source

Json = Any


def update_row(unit: Unit, action: str, **values: Json) -> None:
    unit.connection.execute(actions.update().where(actions.c.id == action).values(**values))


def _row(unit: Unit, action: str) -> Any:
    row = unit.connection.execute(select(actions).where(actions.c.id == action)).first()
    if row is None:
        raise NotFound(f"no action {action!r}")
    return row


def row_in_state(unit: Unit, action: str, state: str) -> Any:
    row = _row(unit, action)
    if row.state != state:
        raise Conflict(f"action {action} is {row.state}, not {state}")
    return row


def named(source: Source) -> str:
    """Who decides, spelled so that the same admin is the same; raises InvalidInput."""
    by = " ".join(storable(source.by or "").split())
    if not by:
        raise InvalidInput("by", "say who decides")
    if len(by) > MAX_ID:
        raise InvalidInput("by", f"is longer than {MAX_ID} characters")
    return by


def said(reason: str | None) -> str | None:
    """An admin's reason as it is kept; raises InvalidInput."""
    if reason is not None and len(reason) > MAX_TEXT:
        raise InvalidInput("reason", f"is longer than {MAX_TEXT} characters")
    return storable(reason) if reason else None


def agreed(unit: Unit, action: str) -> list[Json]:
    """Who agreed so far, for the log to prove: the table alone proves nothing."""
    rows = unit.connection.execute(select(approvals).where(approvals.c.action == action).order_by(approvals.c.by))
    return [[row.by, row.verified, row.reason, row.at] for row in rows]


def check_invoice(unit: Unit, action: str, invoice: str) -> None:
    """Whether an invoice made by hand may be this action's; raises InvalidInput."""
    if action not in CHARGED_BY.values():
        raise InvalidInput("invoice", f"{action} makes none")
    if not invoice.strip() or len(invoice) > MAX_ID:
        raise InvalidInput("invoice", f"must be the invoice's number, of at most {MAX_ID} characters")
    if unit.directory.client_of_invoice(invoice) is not None:
        raise InvalidInput("invoice", f"{invoice!r} belongs to another charge")


def is_answer(event: ActionEvent) -> bool:
    """Whether an admin ended the action with it: rejected it, or confirmed it as done by hand."""
    return isinstance(event, ActionRejected | ActionDone) and event.by is not None


def has_begun(unit: Unit, action: str) -> bool:
    """Whether a call of the action took effect, or may have."""
    begun = select(steps.c.place).where(and_(steps.c.action == action, steps.c.state.in_(("intended", "done"))))
    return unit.connection.execute(begun.limit(1)).first() is not None
