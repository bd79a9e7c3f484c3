"""What holds for every sequence of events: no crash, pure decisions, repeatable folds, and what never happens."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from hypothesis import given, note, settings
from hypothesis import strategies as st

from bridge.decide import decide
from bridge.errors import InvalidInput
from bridge.events import (
    ActionApproved,
    ActionCancelled,
    ActionDone,
    ActionExpired,
    ActionFailed,
    ActionRejected,
    Event,
    parse_event,
)
from bridge.evolve import evolve
from bridge.model import Record, from_log, to_answer, to_log
from bridge.policy.load import find_pack, shipped_packs
from bridge.replay import Replay
from bridge.routing import Part
from bridge.rules import Rules
from bridge.state import Client
from bridge.timeformat import format_time
from tests.unit.decide.scenario import START

SERVICES, CLIENTS = ("1", "2", "3"), {"1": "c1", "2": "c1", "3": "c2"}
IPS = ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.0/30", "198.51.100.9")
CATEGORIES = (
    "connection/ddos", "content/malware", "copyright/p2p", "messaging/spam", "reputation/blocklist", "content/phishing",
    "vulnerability/cve", "other/unclassified", "messaging/bulk_messaging", "messaging/open_relay", "content/csam",
    "infrastructure/botnet", "content/phishing_redirect", "content/illegal",
)  # fmt: skip
TARGETS = ("http://a.example/", "http://b.example/")
NEW = {"product_kind": "vps", "status": "active"}
SANCTIONS = {"suspend_service", "terminate_service", "charge_fine", "bar_unsuspension", "block_network"}

service = st.sampled_from(SERVICES)
case = st.sampled_from([f"e{number}" for number in range(12)] + ["e3.2", "nowhere"])
named = st.one_of(
    case.map(lambda name: {"case": name}), st.sampled_from((*SERVICES, "99")).map(lambda name: {"service": name})
)


def event(type_: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(type_), **fields})


def naming(type_: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda first, second: {**first, **second}, event(type_, **fields), named)


complaint = st.builds(
    lambda first, where, more: {**first, **where, **more},
    event(
        "complaint.received",
        category=st.sampled_from(CATEGORIES),
        targets=st.lists(st.sampled_from(TARGETS), max_size=2),
        complete=st.sampled_from((True, True, True, False)),
        reporter=st.sampled_from(
            ({"name": "a", "kind": "blocklist"}, {"name": "b", "kind": "individual"}, {"kind": "court"}, {})
        ),
    ),
    st.one_of(
        service.map(lambda name: {"service": name}),
        st.lists(st.sampled_from([ip for ip in IPS if "/" not in ip]), min_size=1, max_size=3).map(
            lambda ips: {"ips": ips}
        ),
    ),
    st.sampled_from(({}, {}, {"deliberate": False}, {"report_id": "R"}, {"severity": "severe"})),
)
observed = st.builds(
    lambda first, more: {**first, "client": CLIENTS[first["service"]], **more},
    event(
        "service.observed", service=service, product_kind=st.just("vps"), ips=st.lists(st.sampled_from(IPS), max_size=2)
    ),
    st.builds(
        lambda status, port: {"status": status, "attributes": {"mail_port_open": port}},
        st.sampled_from(("active", "active", "suspended", "terminated", "pending")),
        st.booleans(),
    ),
)
charge = st.sampled_from(("fine", "fee", "deposit"))
others = st.one_of(
    naming("customer.replied", claims=st.sampled_from(("evidence", "other"))),
    naming(
        "finding.recorded",
        by=st.just("anna"),
        finding=st.sampled_from(
            ("remediated", "not_remediated", "unfounded", "not_culpable", "culpable", "verified_opt_in")
        ),
    ),
    naming("evidence.provided", kind=st.just("other")),
    naming("hold.lifted", by=st.just("anna"), reason=st.just("agreed")),
    event("invoice.paid", service=service, charge=charge),
    event("invoice.cancelled", service=service, charge=charge),
    event("invoice.refunded", invoice=case.map(lambda name: f"{name}.fine")),
    event("unsuspend.requested", service=service, by=st.sampled_from(("admin", "automation"))),
    event(
        "ip_replacement.requested",
        service=service,
        ip=st.just("192.0.2.1"),
        cause=st.sampled_from(("customer", "third_party", "provider")),
    ),
    event("refund.requested", service=service),
    event("order.placed", order=st.just("o"), client=st.sampled_from(("c1", "c2")), product_kind=st.just("vps")),
    event("client.refused", client=st.just("c2"), by=st.just("anna")),
    event("client.observed", client=st.just("c1"), kind=st.sampled_from(("customer", "reseller"))),
    event("listing.cleared", ip=st.just("192.0.2.1"), list=st.just("a list")),
    event("notification.released", case=case, by=st.just("anna")),
    event(
        "action.deferred",
        case=case,
        by=st.just("anna"),
        action=st.just("refer_to_authority"),
        reason=st.just("not yet"),
    ),
    event(
        "usage.observed",
        service=service,
        metric=st.just("asn_traffic"),
        value=st.just(0.2),
        hours=st.just(1),
        asn=st.just(1),
    ),
    event("sla_credit.requested", service=service, kind=st.just("loss"), asn=st.sampled_from((1, 2))),
    event("terms.declined", service=service),
    event("undertaking.signed", service=service, by=st.just("anna")),
    event("service.expired", service=service),
)
answers_of_staff = st.tuples(
    st.sampled_from((ActionApproved, ActionRejected, ActionExpired, ActionCancelled, ActionFailed, ActionDone)),
    st.integers(0, 5),
)
steps = st.lists(
    st.tuples(st.integers(0, 18), st.one_of(complaint, complaint, observed, others, answers_of_staff)), max_size=25
)
settings_of_a_host = st.fixed_dictionaries(
    {
        "at_once": st.booleans(),
        "mode": st.sampled_from(("approve", "approve", "enforce", "observe")),
        "exempt": st.sampled_from(({}, {}, {"2": "ours"})),
        "approvals": st.sampled_from(({}, {"suspend_service": 1}, {"charge_fine": "auto"})),
        "pack": st.sampled_from(shipped_packs()).map(find_pack),
    }
)


class Watched(Replay):
    """A replay that keeps what was folded, and looks whether deciding changed anything."""

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules)
        self.log: list[tuple[Part, list[dict[str, Any]]]] = []
        self.answers: list[dict[str, Any]] = []

    def _decide(self, part: Part) -> tuple[Record, ...]:
        state = self.states.get(part.client)
        if state is not None:
            before = copy.deepcopy(state)
            decide(state, part, self.rules)
            assert state == before, "deciding changed the state"
        return super()._decide(part)

    def _fold(self, state: Client, part: Part, records: tuple[Record, ...]) -> None:
        super()._fold(state, part, records)
        self.log.append((part, [orjson.loads(orjson.dumps(to_log(record))) for record in records]))
        for record in records:
            assert record.basis.clause
            assert record.basis.because
            orjson.dumps(to_answer(record))
        self.check()

    def take(self, event: Event) -> list[dict[str, Any]]:
        answers = super().take(event)
        self.answers += answers
        return answers

    def check(self) -> None:
        for state in self.states.values():
            for known in state.services.values():
                live = [strike for strike in known.strikes if state.cases[strike].counted]
                assert live == known.strikes
                assert known.tally.get("", 0) == len(live)
                assert all(hold.ended is None for hold in known.holds.values())

    def staff(self, kind: type[Any], number: int, at: datetime) -> None:
        waiting = [
            (client, item.id)
            for client, state in self.states.items()
            for item in state.pending.values()
            if item.state == "proposed" or kind is not ActionApproved
        ]
        if waiting:
            client, action = waiting[number % len(waiting)]
            name = f"{format_time(at)}.{action}.{kind.__name__}"
            self.take(kind(id=name, at=at, action=action, client=client))


def run(host: Mapping[str, Any], written: list[tuple[int, Any]]) -> Watched:
    replay = Watched(Rules(**host))
    moment = START
    first = [
        {"type": "service.observed", "service": name, "client": CLIENTS[name], "ips": [IPS[place]], **NEW}
        for place, name in enumerate(SERVICES)
    ]
    for number, (pause, step) in enumerate([*((0, item) for item in first), *written]):
        moment += timedelta(hours=pause)
        list(replay._fire(moment, inclusive=False))
        if isinstance(step, tuple):
            replay.staff(step[0], step[1], moment)
        else:
            replay.take(parse_event({**step, "id": f"e{number - 3}", "at": format_time(moment)}))
    list(replay._fire(moment + timedelta(hours=48), inclusive=True))
    return replay


def rebuilt(log: list[tuple[Part, list[dict[str, Any]]]]) -> dict[str | None, Client]:
    states: dict[str | None, Client] = {}
    for part, stored in log:
        again = Part.from_log(part.event, orjson.loads(orjson.dumps(part.to_log())))
        assert again == part
        state = states.setdefault(part.client, Client(id=part.client))
        evolve(state, again, [from_log(item) for item in stored])
    return states


@settings(max_examples=150, deadline=None)
@given(host=settings_of_a_host, written=steps)
def test_deciding_is_pure_and_folding_the_log_gives_the_same_state(
    host: Mapping[str, Any], written: list[tuple[int, Any]]
) -> None:
    replay = run(host, written)
    again = rebuilt(replay.log)
    assert again.keys() == replay.states.keys()
    for client, state in replay.states.items():
        assert again[client] == state


@settings(max_examples=60, deadline=None)
@given(host=settings_of_a_host, written=steps)
def test_the_same_events_give_the_same_bytes(host: Mapping[str, Any], written: list[tuple[int, Any]]) -> None:
    assert orjson.dumps(run(host, written).answers) == orjson.dumps(run(host, written).answers)


@settings(max_examples=150, deadline=None)
@given(host=settings_of_a_host, written=steps)
def test_nobody_is_released_while_a_hold_stands_or_sanctioned_twice(
    host: Mapping[str, Any], written: list[tuple[int, Any]]
) -> None:
    check_answers(run(host, written).answers)


def check_answers(answers: list[dict[str, Any]]) -> None:
    fined: set[tuple[str, str]] = set()
    holds: dict[str, str] = {}
    admitted: set[str] = set()
    gone: dict[str, str] = {}
    for answer in answers:
        where = answer.get("service", "")
        what = answer.get("action", answer["record"])
        if answer["record"] == "hold" and answer["scope"] != "network":
            _follow(holds, answer)
        if what == "verdict" and answer["question"] == "unsuspend" and answer["outcome"] == "allow":
            admitted.add(where)
        if what == "unsuspend_service" and where not in admitted:
            assert where not in holds.values(), "released while a hold stands"
        if what == "charge_fine":
            assert (answer["case"], answer["clause"]) not in fined, "fined twice"
            fined.add((answer["case"], answer["clause"]))
        if what in SANCTIONS:
            assert answer["at"] <= gone.get(where, answer["at"]), f"{what} on a terminated service"
        if what == "terminate_service" and answer["state"] == "done" and "simulated" not in answer:
            gone.setdefault(where, answer["at"])


def _follow(holds: dict[str, str], answer: Mapping[str, Any]) -> None:
    if answer["status"] == "placed":
        holds[answer["id"]] = answer["service"]
    else:
        del holds[answer["id"]]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(CATEGORIES + IPS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(
    base=st.one_of(complaint, observed, others),
    changed=st.dictionaries(
        st.sampled_from("id type at service client ip ips category reporter targets report_id complete by case status "
                        "attributes paid_amount period_start finding invoice charge".split()),
        json_values,
        max_size=3,
    ),
)  # fmt: skip
def test_any_json_is_an_event_or_refused_by_name(base: dict[str, Any], changed: dict[str, Any]) -> None:
    raw = {"id": "x", "at": "2024-03-01T00:00:00Z", **base, **changed}
    try:
        typed = parse_event(raw)
    except InvalidInput as refusal:
        note(refusal.field)
        return
    answers = list(Replay(Rules(find_pack("klt-net"), at_once=True)).run([typed], None))
    assert orjson.loads(orjson.dumps(answers)) == answers
