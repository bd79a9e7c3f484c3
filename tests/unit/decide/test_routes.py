"""Several policies at once: which one answers for whom, and that a case keeps the one that decided it."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.events import parse_event
from bridge.policy.load import find_pack
from bridge.replay import Replay
from bridge.rules import Route, Rules
from tests.unit.decide.scenario import (
    OTHER_IP,
    Answers,
    a_complaint,
    a_finding,
    a_reseller,
    a_service,
    an_event,
    events,
    paid,
    seen,
    unsuspend_asked,
)

GENERAL, LAN = find_pack("klt-net"), find_pack("lanmang")
DEDICATED = a_service("2", ips=[OTHER_IP], product_kind="dedicated")


def routed(*written: dict[str, Any], until: str | None = None, **criteria: Any) -> Answers:
    """klt-net for everybody, lanmang for dedicated machines, or for whoever meets other criteria."""
    asks = {name: frozenset(words) for name, words in (criteria or {"product_kind": ["dedicated"]}).items()}
    rules = Rules(GENERAL, at_once=True, routes=(Route(pack=LAN, **asks),))
    end = parse_event(an_event("staff.abused", until, client="c1")).at if until else None
    return Answers(Replay(rules).run(events(*written), end))


def policies(answers: Answers, **wanted: Any) -> set[str]:
    return {answer["policy"] for answer in answers.where(**wanted)}


def illegal(ip: str, name: str = "k1", when: str = "1h") -> dict[str, Any]:
    return a_complaint("content/illegal", when, name, ip=ip)


def test_each_service_is_judged_by_its_own_policy() -> None:
    answers = routed(a_service(), DEDICATED, illegal("192.0.2.10"), illegal(OTHER_IP, "k2"))
    assert policies(answers, service="1") == {"klt-net"}
    assert policies(answers, service="2") == {"lanmang"}
    assert answers.expect_one(action="hold_deposit")["service"] == "2"
    assert answers.expect_one(action="notify_customer", service="1")["clause"] == "8"


def test_one_complaint_about_two_services_is_judged_by_both_policies() -> None:
    complaint = a_complaint("content/illegal", "1h", ips=["192.0.2.10", OTHER_IP])
    answers = routed(a_service(), DEDICATED, complaint)
    opened = {case["service"]: case["policy"] for case in answers.where(record="case", status="opened")}
    assert opened == {"1": "klt-net", "2": "lanmang"}


def test_what_follows_a_case_rests_on_its_own_policy() -> None:
    """The deadline, the payment, the finding and the release."""
    answers = routed(
        a_service(),
        DEDICATED,
        illegal(OTHER_IP),
        a_finding("culpable", "2h"),
        an_event("undertaking.signed", "3h", service="2", by="the owner"),
        paid("4h", "deposit", "2"),
    )
    assert policies(answers) == {"lanmang"}
    assert answers.expect_one(action="refer_to_authority")["clause"] == "7"
    assert answers.expect_one(action="unsuspend_service")["clause"] == "2"


def test_a_case_keeps_the_policy_that_decided_it_when_the_service_changes() -> None:
    moved = seen("2", "2h", product_kind="vps")
    answers = routed(
        DEDICATED,
        illegal(OTHER_IP),
        moved,
        a_finding("remediated", "3h"),
        unsuspend_asked("4h", service="2"),
        illegal(OTHER_IP, "k2", "48h"),
    )
    assert policies(answers, case="k1") == {"lanmang"}
    assert answers.expect_one(record="verdict")["outcome"] == "refuse"
    assert policies(answers, case="k2") == {"klt-net"}


def test_a_question_about_a_service_is_answered_by_its_policy() -> None:
    asked = [
        an_event("ip_replacement.requested", "1h", service=service, ip="192.0.2.10", cause="customer")
        for service in ("1", "2")
    ]
    verdicts = routed(a_service(), DEDICATED, *asked).where(record="verdict")
    assert [(verdict["policy"], verdict["outcome"]) for verdict in verdicts] == [
        ("klt-net", "refuse"),
        ("lanmang", "review"),
    ]


@pytest.mark.parametrize(
    ("criteria", "more"),
    [
        ({"product": ["14"]}, {"product": "14"}),
        ({"region": ["mainland-china"]}, {"region": "mainland-china"}),
        ({"product_kind": ["dedicated"], "region": ["mainland-china"]}, {"region": "mainland-china"}),
    ],
)
def test_routes_go_by_what_is_known_of_the_service(criteria: dict[str, Any], more: dict[str, str]) -> None:
    assert policies(routed({**DEDICATED, **more}, illegal(OTHER_IP), **criteria)) == {"lanmang"}
    assert policies(routed(DEDICATED, illegal(OTHER_IP), **criteria)) == {"klt-net"}


def test_routes_go_by_the_group_of_the_client() -> None:
    grouped = an_event("client.observed", "0h", client="c1", group=3)
    assert policies(routed(grouped, DEDICATED, illegal(OTHER_IP), client_group=["3"])) == {"lanmang"}
    assert policies(routed(grouped, DEDICATED, illegal(OTHER_IP), client_group=["4"])) == {"klt-net"}
    assert policies(routed(a_reseller(), DEDICATED, illegal(OTHER_IP), client_group=["3"])) == {"klt-net"}


def test_an_order_is_judged_by_what_is_ordered() -> None:
    orders = [
        an_event("order.placed", "1h", order=kind, client="c1", product_kind=kind, name=kind)
        for kind in ("vps", "dedicated")
    ]
    verdicts = routed(*orders).where(record="verdict")
    assert [verdict["policy"] for verdict in verdicts] == ["klt-net", "lanmang"]


def test_an_event_about_a_whole_client_reaches_each_service_by_its_own_policy() -> None:
    answers = routed(
        a_service(),
        DEDICATED,
        illegal("192.0.2.10"),
        illegal(OTHER_IP, "k2"),
        an_event("terms.declined", "2h", client="c1"),
    )
    assert answers.expect_one(action="terminate_service")["service"] == "2"


def test_the_first_route_that_fits_counts() -> None:
    atlex = find_pack("atlex")
    both = (Route(pack=atlex, region=frozenset({"ru"})), Route(pack=LAN, product_kind=frozenset({"dedicated"})))
    rules = Rules(GENERAL, at_once=True, routes=both)
    story = events({**DEDICATED, "region": "ru"}, illegal(OTHER_IP))
    assert {answer["policy"] for answer in Replay(rules).run(story, None)} == {"atlex"}
    assert [pack.name for pack in rules.packs] == ["klt-net", "atlex", "lanmang"]


def test_a_case_of_a_policy_that_is_configured_no_more_keeps_it_where_it_is_known() -> None:
    rules = Rules(GENERAL, earlier=(LAN,))
    assert rules.named("lanmang") is LAN
    assert rules.named("never heard of") is GENERAL
    assert rules.wording("lanmang", "2007-09-05", "3").text.startswith("The deposit is held")
    assert rules.wording("lanmang", "2007-09-05", "G3").text == ""
