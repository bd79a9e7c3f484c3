"""Builders of events and the run that turns them into answers; a builder states only what matters to its test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.events import Event, parse_event
from bridge.policy.load import find_pack
from bridge.policy.pack import Pack
from bridge.replay import Replay
from bridge.rules import Rules
from bridge.timeformat import format_time, parse_duration

Json = Any
Answer = Mapping[str, Json]

START = datetime(2024, 3, 1, tzinfo=UTC)
"""The instant 0h of every scenario."""
IP, OTHER_IP = "192.0.2.10", "192.0.2.11"


def at(offset: str) -> str:
    """The time so long after the start (`6h`, `90s`), or before it (`-2d`), as RFC 3339 text."""
    length = parse_duration(offset.removeprefix("-"), "offset")
    return format_time(START - length if offset.startswith("-") else START + length)


def an_event(type_: str, when: str = "0h", name: str | None = None, **more: Json) -> dict[str, Json]:
    """The id is made of type, time and subject where a test does not care."""
    subject = ".".join(str(more[name]) for name in ("service", "client", "case", "ip", "finding") if name in more)
    return {"id": name or f"{type_}@{when}:{subject}", "type": type_, "at": at(when), **more}


def a_service(service: str = "1", when: str = "0h", **more: Json) -> dict[str, Json]:
    """An active VPS of client `c1` that holds 192.0.2.10."""
    given = {"client": "c1", "product_kind": "vps", "status": "active", "ips": [IP], **more}
    return an_event("service.observed", when, service=service, **given)


def seen(service: str = "1", when: str = "0h", **more: Json) -> dict[str, Json]:
    """A later look at a service: only what is said."""
    return an_event("service.observed", when, service=service, **{"client": "c1", **more})


def a_reseller(client: str = "c1", when: str = "0h") -> dict[str, Json]:
    return an_event("client.observed", when, client=client, kind="reseller")


def a_complaint(category: str = "connection/ddos", when: str = "0h", name: str = "k1", **more: Json) -> dict[str, Json]:
    """About 192.0.2.10 unless it names something else."""
    if not {"ip", "ips", "service"} & more.keys():
        more["ip"] = IP
    return an_event("complaint.received", when, name, category=category, **more)


def spam(when: str = "0h", name: str = "k1", kind: str = "blocklist", **more: Json) -> dict[str, Json]:
    """A spam complaint from a reporter of that kind."""
    return a_complaint("messaging/spam", when, name, reporter={"name": "a list", "kind": kind}, **more)


def a_finding(finding: str, when: str, case: str | None = "k1", **more: Json) -> dict[str, Json]:
    named = {"case": case} if case else {}
    return an_event("finding.recorded", when, finding=finding, by="anna", **named, **more)


def a_reply(when: str, case: str | None = "k1", **more: Json) -> dict[str, Json]:
    return an_event("customer.replied", when, **({"case": case} if case else {}), **more)


def paid(when: str, charge: str = "fine", service: str = "1") -> dict[str, Json]:
    return an_event("invoice.paid", when, service=service, charge=charge)


def unsuspend_asked(when: str, by: str = "automation", service: str = "1") -> dict[str, Json]:
    return an_event("unsuspend.requested", when, service=service, by=by)


def listing_cleared(when: str, ip: str = IP) -> dict[str, Json]:
    return an_event("listing.cleared", when, ip=ip, list="a list")


class Answers:
    """What a run decided, in its order."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self.all = list(answers)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.all)

    def where(self, **wanted: Json) -> list[Answer]:
        """The answers that bear all of this; `at` is written as an offset from the start."""
        if "at" in wanted:
            wanted["at"] = at(wanted["at"])
        if "for_" in wanted:
            wanted["for"] = wanted.pop("for_")
        return [answer for answer in self.all if all(answer.get(name) == value for name, value in wanted.items())]

    def expect_one(self, **wanted: Json) -> Answer:
        found = self.where(**wanted)
        assert len(found) == 1, f"{len(found)} of {wanted} in:\n{self.told()}"
        return found[0]

    def expect_none(self, **wanted: Json) -> None:
        """Check that nothing of the kind was decided."""
        assert self.where(**wanted) == [], self.told()

    def actions(self, **wanted: Json) -> list[str]:
        """Names of the actions decided, in order."""
        return [answer["action"] for answer in self.where(record="action", **wanted)]

    def told(self) -> str:
        """For a failed test: one line for each answer."""
        return "\n".join(
            " ".join(
                f"{name}={value}" for name, value in answer.items() if name not in ("policy", "version", "because")
            )
            for answer in self.all
        )


def events(*written: Mapping[str, Json]) -> list[Event]:
    return [parse_event(dict(item)) for item in written]


def replayed(
    *written: Mapping[str, Json], until: str | None = None, approve: str = "all", pack: Pack | None = None, **more: Json
) -> Answers:
    """klt-net's answers to these events; `more` goes to the rules (mode, approvals, exempt, expire_after)."""
    rules = Rules(pack or find_pack("klt-net"), at_once=approve == "all", **more)
    end = START + parse_duration(until, "until") if until else None
    return Answers(Replay(rules).run(events(*written), end))


class Story:
    """A replay that a test drives event by event, to answer proposals in between."""

    def __init__(
        self, *written: Mapping[str, Json], approve: str = "none", pack: Pack | None = None, **more: Json
    ) -> None:
        self.replay = Replay(Rules(pack or find_pack("klt-net"), at_once=approve == "all", **more))
        for event in events(*written):
            self.last = Answers(self.replay.take(event))

    def take(self, event: Event | Mapping[str, Json]) -> Answers:
        typed = event if isinstance(event, Event) else parse_event(dict(event))
        self.last = Answers(self.replay.take(typed))
        return self.last

    def answer(self, kind: Callable[..., Event], action: Answer, when: str) -> Answers:
        """Approve, reject, … an action that was proposed."""
        moment = datetime.fromisoformat(at(when))
        return self.take(kind(id=f"{when}.{action['id']}", at=moment, action=action["id"], client=action["client"]))


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
