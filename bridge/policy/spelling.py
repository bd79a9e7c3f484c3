"""Words of a pack as its author wrote them: triggers, conditions, lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from bridge.policy.pack import Condition, Trigger
from bridge.timeformat import format_duration


def spelled_trigger(trigger: Trigger) -> str:
    """`strike`, `no_reply: 6h`, `finding: culpable`."""
    if trigger.argument is None:
        return trigger.name
    argument = trigger.argument
    if isinstance(argument, int):
        argument = format_duration(timedelta(seconds=argument))
    return f"{trigger.name}: {argument}"


def spelled_condition(condition: Condition) -> str:
    """`group: spam`, `unless deliberate: false`."""
    return f"{'unless ' if condition.negated else ''}{condition.fact}: {condition.wanted}"


def spelled_value(value: Any) -> str:
    """What a fact was."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, frozenset | set | tuple | list):
        return listed(map(str, value)) if value else "none"
    return str(value) or "none"


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    all_ = list(words)
    return all_[0] if len(all_) == 1 else f"{', '.join(all_[:-1])} {last} {all_[-1]}"
