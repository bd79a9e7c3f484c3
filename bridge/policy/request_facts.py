"""Facts of what is asked for or told about a client: orders, refunds, disputes, the use of resources."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bridge.errors import InvalidInput
from bridge.policy.facts import Fact, Facts, Truth, Word, fact, words
from bridge.policy.pack import Test
from bridge.prorata import pro_rata
from bridge.state import Service
from bridge.timeformat import parse_duration

Written = Any


class _LongerThan(Fact):
    """A length of time, and whether it is longer than what the pack writes; one that is not known is not."""

    writes = "a duration such as 24h: more than that, not exactly that"

    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        limit = parse_duration(written, self.name)

        def test(facts: Facts) -> bool:
            length: timedelta | None = self.value(facts)
            return length is not None and length > limit

        return test


# ---- orders ----


@fact("verified")
class VerifiedFact(Fact):
    """What of the client is verified; a list asks for all of it."""

    writes = "one of, or a list of: details, email, identity; all of them are asked for"

    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        wanted = words(written, self.name, frozenset({"email", "details", "identity"}))
        return lambda facts: all(facts.client.verified.get(word) for word in wanted)

    def value(self, facts: Facts) -> Any:
        return sorted(word for word, so in facts.client.verified.items() if so)


@fact("identity_region")
class IdentityRegionFact(Truth):
    """Whether the order, or else its service, is for a region of the pack's `identity_regions`."""

    def value(self, facts: Facts) -> Any:
        region = getattr(facts.event, "region", None) or (facts.service.region if facts.service else None)
        return region in facts.version.settings.get("identity_regions", ())


@fact("fraud")
class FraudFact(Word):
    """What the fraud service said of the order."""

    allowed = frozenset({"passed", "failed", "unknown"})

    def value(self, facts: Facts) -> Any:
        return getattr(facts.event, "fraud", None) or "unknown"


@fact("client_refused")
class ClientRefusedFact(Truth):
    """Whether the host refuses to serve this client any more."""

    def value(self, facts: Facts) -> Any:
        return facts.client.refused


# ---- refunds ----


@fact("refund_reason")
class RefundReasonFact(Word):
    """Why a refund is asked for."""

    allowed = frozenset({"change_of_mind", "product_withdrawn", "outage"})

    def value(self, facts: Facts) -> Any:
        return getattr(facts.event, "reason", None)


@fact("order_kind")
class OrderKindFact(Word):
    """What kind of order the refund is asked for."""

    allowed = frozenset({"trial", "normal"})

    def value(self, facts: Facts) -> Any:
        return getattr(facts.event, "order_kind", None)


_LONGEST_OUTAGE = Decimal(1_000_000)
"""Hours; what is longer makes no difference to a policy."""


@fact("outage_longer_than")
class OutageFact(_LongerThan):
    """How long the outage was that a refund is asked for."""

    def value(self, facts: Facts) -> Any:
        hours: Decimal | None = getattr(facts.event, "outage_hours", None)
        return None if hours is None else timedelta(seconds=float(min(hours, _LONGEST_OUTAGE) * 3600))


@fact("paid_longer_ago_than")
class PaidAgoFact(_LongerThan):
    """How long ago the service was paid for; not known where the panel does not say when."""

    def value(self, facts: Facts) -> Any:
        paid_at = facts.service.paid_at if facts.service else None
        return None if paid_at is None else facts.event.at - paid_at


@fact("remaining_time")
class RemainingTimeFact(Word):
    """What is left of the paid time, in money; unknown where the panel does not say what was paid, and when."""

    allowed = frozenset({"some", "none", "unknown"})

    def value(self, facts: Facts) -> Any:
        service = facts.service
        if service is None:
            return None
        left = remaining_sum(service, facts.event.at)
        return "unknown" if left is None else ("some" if left > 0 else "none")


def remaining_sum(service: Service, moment: datetime) -> Decimal | None:
    """What was paid for the time still to come, rounded down to the cent; None where that is not known."""
    if service.period_end is not None and moment >= service.period_end:
        return Decimal("0.00")
    if service.paid_amount is None or service.period_start is None or service.period_end is None:
        return None
    whole = service.period_end - service.period_start
    if whole <= timedelta():
        return None
    return pro_rata(service.paid_amount, min(service.period_end - moment, whole), whole)


@fact("already_refunded")
class AlreadyRefundedFact(Truth):
    """Whether a refund for the paid time was granted since it was paid, or is proposed."""

    def value(self, facts: Facts) -> Any:
        service = facts.service
        if service is None:
            return None
        if any(facts.client.pending_for(service.id, "grant_refund")):
            return True
        granted = service.refund_granted_at
        return granted is not None and (service.paid_at is None or service.paid_at <= granted)


_AT_LEAST = re.compile(r"(\d{1,4})\+", re.ASCII)


@fact("refunds_granted")
class RefundsGrantedFact(Fact):
    """How many refunds the client was granted so far."""

    writes = "3+ (that many or more)"

    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        match = _AT_LEAST.fullmatch(str(written))
        if match is None:
            raise InvalidInput(self.name, f"{written!r} is not a number such as 3+")
        least = int(match.group(1))
        return lambda facts: facts.client.refunds_granted >= least

    def value(self, facts: Facts) -> Any:
        return facts.client.refunds_granted


@fact("staff_abused")
class StaffAbusedFact(Truth):
    """Whether the client ever abused staff."""

    def value(self, facts: Facts) -> Any:
        return facts.client.staff_abused


@fact("held")
class HeldFact(Truth):
    """Whether the service is held suspended under this policy."""

    def value(self, facts: Facts) -> Any:
        service = facts.service
        if service is None or not service.holds:
            return False
        return any(hold.scope != "network" for hold in service.active_holds(simulated=facts.simulated))


@fact("terminated_by_policy")
class TerminatedByPolicyFact(Truth):
    """Whether the service was terminated under this policy, and not merely in the panel."""

    def value(self, facts: Facts) -> Any:
        return facts.service is not None and facts.service.terminated_by_policy


@fact("refund_refused")
class RefundRefusedFact(Truth):
    """Whether the service bears the lasting no-refund mark."""

    def value(self, facts: Facts) -> Any:
        mark = facts.service.no_refund if facts.service else None
        return mark is not None and (facts.simulated or not mark.simulated)


@fact("address_blocked")
class AddressBlockedFact(Truth):
    """Whether an address of the service is barred, or its network blocked, for abuse."""

    def value(self, facts: Facts) -> Any:
        service = facts.service
        if service is None:
            return None
        barred = facts.client.barred
        if barred and any(barred.get(ip) for ip in service.ips):
            return True
        return bool(service.holds) and any(
            hold.scope == "network" or (hold.active and hold.irrevocable and hold.ip is not None)
            for hold in service.holds.values()
            if facts.simulated or not hold.simulated
        )


# ---- disputes ----


@fact("contacted_support")
class ContactedSupportFact(Truth):
    """Whether the client spoke with us before he disputed a payment."""

    def value(self, facts: Facts) -> Any:
        return getattr(facts.event, "contacted_support", None)


# ---- the use of resources ----


@fact("over_limit_since")
class OverLimitSinceFact(Fact):
    """How long ago the first of the readings was that say without a break that the pack's `usage_limits` are passed."""

    writes = "first (this reading is the first), or a duration such as 24h (the first is that long ago, or longer)"

    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        if written == "first":
            return lambda facts: facts.over_limit_since is None
        length = parse_duration(written, self.name)

        def test(facts: Facts) -> bool:
            since = facts.over_limit_since
            return since is not None and facts.event.at - since >= length

        return test

    def value(self, facts: Facts) -> Any:
        return facts.over_limit_since or "first"
