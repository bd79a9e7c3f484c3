"""What `when:` and `unless:` may ask: one class per fact, with its meaning, what may be written, and how it is found.

The class is the only definition: the loader, `policy explain` and the reference page are made from it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from bridge.categories import CATEGORIES
from bridge.errors import InvalidInput
from bridge.events import REPORTER_KINDS, ComplaintReceived, Event, share
from bridge.policy.pack import Test, Version
from bridge.state import DEPOSIT, Case, Charge, Client, Service
from bridge.timeformat import parse_duration
from bridge.values import value

Written = Any


@value
class Facts:
    """What is known when a rule is tried. Absent parts are None: a question has no case, a complaint no charge.

    over_limit_since  a reading of usage only: when the readings began to say that a limit is passed; None: with this
    simulated         whether what is only simulated counts too
    """

    event: Event
    client: Client
    service: Service | None
    version: Version
    case: Case | None = None
    charge: Charge | None = None
    question: str = ""
    over_limit_since: datetime | None = None
    simulated: bool = False


class Fact(ABC):
    """One word of the vocabulary."""

    name: str
    writes: str
    """What a pack may write, for the reference page."""

    @abstractmethod
    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        """A test from what the pack wrote; raises InvalidInput naming the field."""

    @abstractmethod
    def value(self, facts: Facts) -> Any:
        """What the fact is now, for `explain`."""

    def rests_on_value(self, written: Written) -> bool:
        """Whether a test of what was written looks at `value` and at nothing else, which then is one of a few."""
        return False


FACTS: dict[str, Fact] = {}


def fact(name: str) -> Callable[[type[Fact]], type[Fact]]:
    def register(cls: type[Fact]) -> type[Fact]:
        if name in FACTS:
            raise ValueError(f"the fact {name!r} has two meanings")
        cls.name = name
        FACTS[name] = cls()
        return cls

    return register


def words(written: Written, name: str, allowed: frozenset[str]) -> frozenset[str]:
    listed = written if isinstance(written, list) else [written]
    for word in listed:
        if not isinstance(word, str) or word not in allowed:
            raise InvalidInput(name, nearest(str(word), allowed))
    return frozenset(listed)


def nearest(word: str, allowed: frozenset[str]) -> str:
    """One clear sentence about an unknown word, with the nearest right one, or those of which it is a whole part."""
    from difflib import get_close_matches

    known = sorted(allowed)
    close = [other for other in known if word in re.split(r"[_/]", other)][:_FEW]
    close = close or get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"{word!r} is unknown; did you mean {' or '.join(map(repr, close))}?"
    more = ", …" if len(known) > _MANY else ""
    return f"{word!r} is unknown; one of {', '.join(known[:_MANY])}{more}"


_FEW, _MANY = 3, 20
"""How many words are offered for one that is unknown: of likely ones, and of all."""


class Word(Fact):
    """A fact that is one word of a fixed set; a pack writes one or a list of them."""

    allowed: frozenset[str] = frozenset()

    def __init_subclass__(cls) -> None:
        cls.writes = "one of, or a list of: " + ", ".join(sorted(cls.allowed))

    def rests_on_value(self, written: Written) -> bool:
        return True

    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        wanted = words(written, self.name, self.allowed)
        return lambda facts: self.value(facts) in wanted


class Truth(Fact):
    """A fact that is true, false or unknown; unknown is neither."""

    writes = "true or false"

    def rests_on_value(self, written: Written) -> bool:
        return True

    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        if not isinstance(written, bool):
            raise InvalidInput(self.name, f"{written!r} is not true or false")
        return lambda facts: self.value(facts) is written


@fact("group")
class GroupFact(Fact):
    """The group of the incident's category, by the pack's own `groups`."""

    writes = "the name of a group of this pack, or a list of them"

    def rests_on_value(self, written: Written) -> bool:
        return True

    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        wanted = words(written, self.name, version_groups)
        return lambda facts: facts.case is not None and facts.case.group in wanted

    def value(self, facts: Facts) -> Any:
        return facts.case.group if facts.case else None


@fact("category")
class CategoryFact(Fact):
    """The incident's category."""

    writes = "a category such as connection/ddos, a glob such as connection/*, or a list of them"

    def rests_on_value(self, written: Written) -> bool:
        return True

    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        patterns = [category_pattern(item, self.name) for item in (written if isinstance(written, list) else [written])]
        return lambda facts: facts.case is not None and any(fnmatchcase(facts.case.category, p) for p in patterns)

    def value(self, facts: Facts) -> Any:
        return facts.case.category if facts.case else None


def category_pattern(written: Written, name: str) -> str:
    """A category or a glob that matches at least one; raises InvalidInput."""
    if not isinstance(written, str) or not any(fnmatchcase(category, written) for category in CATEGORIES):
        raise InvalidInput(name, nearest(str(written), CATEGORIES if "*" not in str(written) else _GLOBS))
    return written


_GLOBS = frozenset(f"{category.partition('/')[0]}/*" for category in CATEGORIES)


@fact("reporter")
class ReporterFact(Word):
    """The kind of the reporter whose complaint opened the case."""

    allowed = REPORTER_KINDS

    def value(self, facts: Facts) -> Any:
        return facts.case.reporter.kind if facts.case else None


@fact("reported_by")
class ReportedByFact(Word):
    """The kind of the reporter of this very complaint, be it the first about the incident or a later one."""

    allowed = REPORTER_KINDS

    def value(self, facts: Facts) -> Any:
        return facts.event.reporter.kind if isinstance(facts.event, ComplaintReceived) else None


@fact("severity")
class SeverityFact(Word):
    """How severe the complaint says it is."""

    allowed = frozenset({"normal", "severe"})

    def value(self, facts: Facts) -> Any:
        return facts.case.severity if facts.case else None


@fact("deliberate")
class DeliberateFact(Truth):
    """Whether the complaint says that the customer did it himself; unknown where it does not say."""

    def value(self, facts: Facts) -> Any:
        return facts.case.deliberate if facts.case else None


@fact("new_target")
class NewTargetFact(Truth):
    """Whether the incident names a target that no complaint of its group named before on this service."""

    def value(self, facts: Facts) -> Any:
        return facts.case.new_target if facts.case else None


@fact("counts")
class CountsFact(Truth):
    """Whether the incident counts as a strike."""

    def value(self, facts: Facts) -> Any:
        return facts.case.counts if facts.case else None


@fact("fined")
class FinedFact(Truth):
    """Whether the incident was fined already, under whatever clause."""

    def value(self, facts: Facts) -> Any:
        return bool(facts.case.fined) if facts.case else None


@fact("mail_port_open")
class MailPortFact(Truth):
    """Whether the service applied for an open mail port; not known counts as closed."""

    def value(self, facts: Facts) -> Any:
        return bool(facts.service.attributes.get("mail_port_open")) if facts.service else None


@fact("product_kind")
class ProductKindFact(Word):
    """What the service is."""

    allowed = frozenset({"vps", "dedicated", "shared", "colocation", "other"})

    def value(self, facts: Facts) -> Any:
        return facts.service.product_kind if facts.service else None


@fact("exclusive_bandwidth")
class ExclusiveBandwidthFact(Truth):
    """Whether the service has a line of its own."""

    def value(self, facts: Facts) -> Any:
        return facts.service.exclusive_bandwidth if facts.service else None


@fact("suspended")
class SuspendedFact(Truth):
    """Whether the service is suspended, by whomever, or held."""

    def value(self, facts: Facts) -> Any:
        service = facts.service
        if service is None:
            return None
        if service.suspension or not service.holds:
            return bool(service.suspension)
        return any(hold.scope != "network" for hold in service.active_holds(simulated=True))


@fact("deposit_held")
class DepositHeldFact(Truth):
    """Whether a deposit for the service is paid and neither returned nor forfeited."""

    def value(self, facts: Facts) -> Any:
        service = facts.service
        if service is None:
            return None
        charges = facts.client.charges.of_service(service.id)
        return bool(charges) and any(charge.charge == DEPOSIT and charge.status == "paid" for charge in charges)


@fact("client_kind")
class ClientKindFact(Word):
    """Whether the client is a customer or a reseller."""

    allowed = frozenset({"customer", "reseller"})

    def value(self, facts: Facts) -> Any:
        return facts.client.kind


@fact("cause")
class CauseFact(Word):
    """Why a new address is asked for."""

    allowed = frozenset({"customer", "provider", "third_party"})

    def value(self, facts: Facts) -> Any:
        return getattr(facts.event, "cause", None)


@fact("charged_for")
class ChargedForFact(Word):
    """What the charge had been asked for: a case, the question that led to it, a disputed payment, or else."""

    allowed = frozenset({"case", "dispute", "other", "ip_replacement", "refund", "provision", "sla_credit"})

    def value(self, facts: Facts) -> Any:
        return facts.charge.asked_for if facts.charge else None


@fact("sla_kind")
class SlaKindFact(Word):
    """What a service credit is asked for."""

    allowed = frozenset({"loss", "latency", "downtime"})

    def value(self, facts: Facts) -> Any:
        return getattr(facts.event, "kind", None)


@fact("asn_traffic")
class AsnTrafficFact(Fact):
    """The highest share of the committed rate seen this month (UTC) to and from the network that is asked about."""

    writes = "{over: 0.10}"

    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        if not isinstance(written, dict) or set(written) != {"over"}:
            raise InvalidInput(self.name, f"{written!r} is not a share such as {{over: 0.10}}")
        over = share(written["over"], f"{self.name}.over")
        return lambda facts: (seen := self.value(facts)) is not None and seen > over

    def value(self, facts: Facts) -> Decimal | None:
        asn = getattr(facts.event, "asn", None)
        if facts.service is None or asn is None:
            return None
        month, highest = facts.service.asn_traffic.get(asn, (None, None))
        return highest if month == (facts.event.at.year, facts.event.at.month) else None


_COUNT = re.compile(r"(\d{1,4})(\+?)", re.ASCII)


class _Strikes(Fact):
    """A running number of strikes."""

    writes = (
        "3 (exactly), 3+ (that and every later one), or {count: 3+, within: 30d}; 0 where the rule is on no complaint"
    )

    at_opening: str
    """Where a case keeps the number it had when it was opened."""

    @staticmethod
    @abstractmethod
    def alike(one: Case, other: Case) -> bool:
        """Whether two strikes are counted together."""

    def rests_on_value(self, written: Written) -> bool:
        return not isinstance(written, dict)

    def read(self, written: Written, version_groups: frozenset[str]) -> Test:
        within: timedelta | None = None
        count = written
        if isinstance(written, dict):
            if extra := set(written) - {"count", "within"}:
                raise InvalidInput(self.name, nearest(str(extra.pop()), frozenset({"count", "within"})))
            count = written.get("count")
            within = parse_duration(written["within"], f"{self.name}.within") if "within" in written else None
        match = _COUNT.fullmatch(str(count))
        if match is None:
            raise InvalidInput(self.name, f"{count!r} is not a number of strikes such as 1 or 3+")
        number, later = int(match.group(1)), bool(match.group(2))
        if later:
            return lambda facts: self.number(facts, within) >= number
        return lambda facts: self.number(facts, within) == number

    def number(self, facts: Facts, within: timedelta | None) -> int:
        case, service = facts.case, facts.service
        if case is None or service is None or not case.counts:
            return 0
        if within is None:
            return int(getattr(case, self.at_opening))
        count = 1
        for strike in reversed(service.strikes):
            earlier = facts.client.cases[strike]
            if case.counted_at - earlier.counted_at > within:
                break
            if strike != case.id and earlier.counted_at <= case.counted_at and self.alike(earlier, case):
                count += 1
        return count

    def value(self, facts: Facts) -> Any:
        case = facts.case
        return getattr(case, self.at_opening) if case is not None and case.counts and facts.service is not None else 0


@fact("strike")
class StrikeFact(_Strikes):
    """The running number of live strikes of the service, of any kind, this one included."""

    at_opening = "strike"

    @staticmethod
    def alike(one: Case, other: Case) -> bool:
        return True


@fact("strike_of_group")
class GroupStrikeFact(_Strikes):
    """The running number of live strikes of the service in the same group, this one included."""

    at_opening = "strike_of_group"

    @staticmethod
    def alike(one: Case, other: Case) -> bool:
        return one.group == other.group


@fact("strike_of_category")
class CategoryStrikeFact(_Strikes):
    """The running number of live strikes of the service in the same category, this one included."""

    at_opening = "strike_of_category"

    @staticmethod
    def alike(one: Case, other: Case) -> bool:
        return one.category == other.category
