"""Facts of what is asked for or told about a client: orders, refunds, disputes, the use of resources."""

from __future__ import annotations

from typing import Any

from bridge.policy.facts import Facts, Truth, fact


@fact("contacted_support")
class ContactedSupportFact(Truth):
    """Whether the client spoke with us before he disputed a payment."""

    def value(self, facts: Facts) -> Any:
        return getattr(facts.event, "contacted_support", None)
