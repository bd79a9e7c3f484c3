"""What carrying an action out will do, told beforehand: its calls, or the instructions where a person does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn, cast

from bridge.actions import ACTIONS, Errand, Panels, build
from bridge.actions.step import ByHand, Call, Impossible
from bridge.errors import TipstaffError
from bridge.letters import Letters
from bridge.ports import BillingPanel, ServerPanel
from bridge.queue import Work


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """calls: in order; instructions: where no panel does it; undo: the action that takes it back, None for none."""

    calls: tuple[Call, ...] = ()
    instructions: str = ""
    undo: str | None = None


class _NoPanel:
    """Stands where a panel would: looking ahead asks nobody."""

    def __getattr__(self, name: str) -> NoReturn:
        raise Impossible(f"{name} would ask the panel")


def _no_server(server: str) -> ServerPanel | None:
    return None


def foresee(work: Work, letters: Letters, secret: bytes, now: datetime) -> Foresight:
    """Reads no panel and nothing else; what cannot be told is left out."""
    known = ACTIONS.get(work.action)
    undo = known.undo if known is not None else None
    panels = Panels(billing=cast("BillingPanel", _NoPanel()), servers=_no_server)
    errand = Errand(work=work, panels=panels, letters=letters, mailer=None, secret=secret, now=now)
    try:
        steps = build(work.action, work.own).steps(errand)
        calls = tuple(call for step in steps for call in step.foreseen(errand))
    except ByHand as task:
        return Foresight(instructions=task.instructions, undo=undo)
    except (Impossible, TipstaffError, LookupError, ValueError) as trouble:
        return Foresight(instructions=str(trouble), undo=undo)
    return Foresight(calls=calls, undo=undo)
