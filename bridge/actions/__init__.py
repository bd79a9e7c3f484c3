"""What can be done in the panels: a file per family, an action and its undo side by side, all in one registry."""

from bridge.actions import (
    accounts,
    addresses,
    charges,
    messages,
    migration,
    network,
    notes,
    orders,
    refunds,
    resources,
    suspension,
    tasks,
    termination,
)
from bridge.actions.errand import Allotments, BlockPlans, Errand, Panels
from bridge.actions.registry import ACTIONS, Action, build, main_mark

FAMILIES = (
    accounts,
    addresses,
    charges,
    messages,
    migration,
    network,
    notes,
    orders,
    refunds,
    resources,
    suspension,
    tasks,
    termination,
)
"""Importing them is what fills the registry."""

__all__ = ["ACTIONS", "FAMILIES", "Action", "Allotments", "BlockPlans", "Errand", "Panels", "build", "main_mark"]
