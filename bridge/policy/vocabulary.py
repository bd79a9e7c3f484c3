"""Every fact that a pack may ask about, wherever it is defined."""

from __future__ import annotations

from bridge.policy import incident_facts, request_facts
from bridge.policy.facts import FACTS

__all__ = ["FACTS", "incident_facts", "request_facts"]
