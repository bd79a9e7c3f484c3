"""Every action by name: what undoes it, what a panel must be able to do, and the steps it consists of.

One definition feeds everything: a class's fields are what the action's own fields are read into, its docstring is the
reference, its decorator says the rest.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar

from bridge.actions.errand import Errand
from bridge.actions.step import ByHand, Step
from bridge.errors import InvalidInput
from bridge.marks import mark
from bridge.ports import Capability

Json = Any


@dataclass(frozen=True, kw_only=True)
class Action(ABC):
    """Something to be done in the panels, as an ordered list of steps."""

    name: ClassVar[str] = ""
    undo: ClassVar[str | None] = None
    needs: ClassVar[frozenset[Capability]] = frozenset()
    main: ClassVar[str] = ""
    """The step whose mark stands for the action; empty where none leaves one."""

    @abstractmethod
    def steps(self, errand: Errand) -> Iterable[Step]:
        """In order; the same names at the same places whenever it is asked. Reads no panel; what an earlier step left
        in `errand.results` may say which come after it, where they are made one by one."""

    def by_hand(self, errand: Errand) -> str:
        """What an admin has to do where no panel can."""
        return f"{self.name} for {whom(errand)}: do it by hand, then confirm here."


ACTIONS: dict[str, type[Action]] = {}

A = TypeVar("A", bound=type[Action])


def action(
    name: str, *, undo: str | None = None, needs: frozenset[Capability] | set[Capability] = frozenset(), main: str = ""
) -> Callable[[A], A]:
    """Register an action under its name in interface 4."""

    def register(cls: A) -> A:
        if name in ACTIONS:
            raise ValueError(f"{name} is registered twice")
        cls.name, cls.undo, cls.needs, cls.main = name, undo, frozenset(needs), main
        ACTIONS[name] = cls
        return cls

    return register


def build(name: str, own: Mapping[str, Json]) -> Action:
    """The action with its own fields; those it does not know are left aside. Raises InvalidInput for a missing one."""
    cls = ACTIONS.get(name)
    if cls is None:
        raise InvalidInput("action", f"{name!r} is not known")
    known = {item.name for item in fields(cls)}
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in own.items() if key in known}
    try:
        return cls(**values)
    except TypeError as error:
        raise InvalidInput(name, str(error)) from error


def main_mark(secret: bytes, name: str, action_id: str) -> str | None:
    """The mark to look for in a panel, to be shown with the action; None for an action that leaves none."""
    cls = ACTIONS.get(name)
    return mark(secret, action_id, cls.main) if cls is not None and cls.main else None


def whom(errand: Errand) -> str:
    """The service, or else the client, an admin has to look for; with the machine where there is one."""
    work = errand.work
    if work.service is None:
        return f"client {work.client}"
    machine = ""
    if work.service.vpsid:
        uuid = f", uuid {work.service.vps_uuid}" if work.service.vps_uuid else ""
        machine = f" (VPS {work.service.server}/{work.service.vpsid}{uuid})"
    return f"service {work.service.id}{machine} of client {work.client}"


def insist_on_module(has_module: bool, action: Action, errand: Errand) -> None:
    """A service without a server module is manual for module commands."""
    if not has_module:
        raise ByHand(f"No server module stands behind the service. {action.by_hand(errand)}")
