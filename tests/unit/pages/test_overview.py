"""The first page, the log and the policy: what they tell, and that it is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import text

from bridge import drift
from bridge.errors import Conflict, NotFound
from bridge.policy.load import SHIPPED, find_pack
from bridge.rehearsal import Tell
from bridge.rehearsal.background import Rehearsals
from bridge.rules import Route
from bridge.web.pages.charts import KINDS, counted, stacked
from bridge.web.pages.page import Attached
from tests.contract.store.bureau import Bureau
from tests.unit.decide.scenario import a_complaint, a_service
from tests.unit.pages.house import BASE, HOSTILE, House, expect_harmless, tags_of, text_of


def some_days(bureau: Bureau) -> None:
    """Two strikes two days apart; the first fine was approved after three hours."""
    bureau.accept(a_complaint(name="k1"))
    bureau.wait(hours=3)
    bureau.approve(str(bureau.action("charge_fine")["id"]))
    bureau.finish_all()
    bureau.wait(days=2)
    bureau.accept(a_complaint("messaging/spam", when="51h", name="k2"))


def test_the_overview_counts_what_waits_and_what_is_open(house: House) -> None:
    house.bureau.accept(a_complaint())
    said = text_of(house.get("/"))
    assert "1 Waiting for approval 0 Failed" in said
    assert "0 Mail to be read by a person Open cases 0 Deadlines overdue" in said
    house.bureau.finish_all()
    house.bureau.wait(days=1)
    assert "1 Deadlines overdue" in text_of(house.get("/"))


def test_strikes_per_day_and_the_time_to_decision_are_drawn(house: House) -> None:
    some_days(house.bureau)
    page = house.get("/")
    said = text_of(page)
    assert "03-01: Connection 1" in said
    assert "03-03: Messaging 1" in said
    assert "1 decisions: half of them within 3 h, nine in ten within 3 h." in said
    assert len(tags_of(page, "svg")) >= 2
    for drawing in page.html.split("<svg")[1:]:
        ElementTree.fromstring("<svg" + drawing.split("</svg>")[0].replace("&nbsp;", " ") + "</svg>")


def test_an_empty_desk_says_that_there_is_nothing(house: House) -> None:
    said = text_of(house.get("/"))
    for words in ("No strikes in 30 days.", "Nothing was decided by a person", "No source", "The panels agree."):
        assert words in said


def test_the_overview_shows_where_the_panels_disagree(house: House) -> None:
    found = {"1": {drift.RELEASED: {"billing": HOSTILE}}}
    house.bureau.store.write(lambda unit: drift.settle(unit.connection, found, house.bureau.clock.now()))
    page = house.get("/")
    assert "The service is active although our hold stands." in text_of(page)
    expect_harmless(page)


def test_a_chart_keeps_within_its_frame_and_gives_the_rest_one_colour() -> None:
    columns = [(str(day), {f"kind{kind}": day * kind for kind in range(9)}) for day in range(30)]
    chart = stacked(columns, every=5)
    assert {bar.colour for bar in chart.bars} == set(range(1, KINDS + 1))
    assert all(bar.x >= 0 and bar.x + bar.width <= chart.width and 0 <= bar.y <= chart.base for bar in chart.bars)
    assert chart.legend[-1] == (KINDS, "other")
    assert stacked([], every=5).bars == []
    assert counted([("a", 0), ("b", 0)]).most == 0


# ---- the log ----


def test_the_log_is_shown_newest_first_and_its_end_is_checked(house: House) -> None:
    some_days(house.bureau)
    said = text_of(house.get("/audit"))
    assert "entries are whole" in said
    assert said.index("k2") < said.index("k1")


def test_a_change_of_the_record_is_seen(house: House) -> None:
    some_days(house.bureau)
    house.bureau.store.write(
        lambda unit: unit.connection.execute(text("UPDATE events SET body = '{}' WHERE id = 'k1'"))
    )
    page = house.get("/audit", q="k2")
    assert "The chain is broken at entries" in text_of(page)


def test_the_log_goes_on_page_by_page(house: House) -> None:
    for number in range(60):
        house.bureau.accept(a_service(f"s{number}", "-1d", client="c9", ips=[]))
    first = house.get("/audit")
    (older,) = [link["href"] for link in tags_of(first, "a") if link.get("rel") == "next"]
    assert len(tags_of(first, "details")) == 50
    assert older == f"{BASE}&path=%2Faudit&before=12"
    assert len(tags_of(house.get("/audit", before="12"), "details")) == 11


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"q": "k1"}, 1),
        ({"type": "complaint.received"}, 2),
        ({"client": "c1", "type": "service.observed"}, 1),
        ({"q": "anna"}, 1),
        ({"client": "nobody"}, 0),
        ({"q": HOSTILE, "client": HOSTILE}, 0),
        ({"before": "x", "type": "complaint.received"}, 2),
    ],
)
def test_the_log_is_searched(house: House, query: dict[str, str], number: int) -> None:
    some_days(house.bureau)
    page = house.get("/audit", **query)
    assert len(tags_of(page, "details")) == number
    expect_harmless(page)


# ---- the policy ----


def test_the_policy_is_shown_clause_by_clause_with_who_must_agree(house: House) -> None:
    said = text_of(house.get("/policy"))
    assert "KLT.NET IP Complaint Punishment Protocol" in said
    assert "Clause 1a The first complaint about attacks or security suspends the machine" in said
    assert "Charge a fine · amount: 20.00" in said
    assert "1 admin(s) must agree" in said
    assert "automatic" in said


def test_another_policy_is_rehearsed_and_shows_whom_it_would_hit(house: House) -> None:
    some_days(house.bureau)
    house.bureau.clock.move(timedelta(hours=1))
    said = text_of(house.follow(house.post("/policy", rehearse="dptgroup", since="7d")))
    assert "Last rehearsal: dptgroup, 7 days Admin 5 (5), you" in said
    assert "now: klt-net then: dptgroup" in said
    assert "Services that would fare differently: 1" in said
    assert "service 1 client c1 suspended (1a)" in said


def a_file(content: bytes, name: str = "changed.yaml") -> Attached:
    return Attached(name=name, type="application/yaml", content=content)


def test_a_changed_policy_is_rehearsed_from_its_file(house: House) -> None:
    some_days(house.bureau)
    house.bureau.clock.move(timedelta(hours=1))
    changed = (SHIPPED / "klt-net.yaml").read_bytes().replace(b"pack: klt-net", b"pack: klt-hard")
    assert "then: klt-hard" in text_of(house.follow(house.upload("/policy", a_file(changed), since="7d")))
    broken = a_file(b"pack: [", name=HOSTILE)
    page = house.follow(house.upload("/policy", broken, since="7d"))
    assert "alert(1)" in text_of(page)
    assert "Services that would" not in text_of(page)
    expect_harmless(page)


def test_a_rehearsal_goes_on_beside_the_pages_one_at_a_time(house: House) -> None:
    begun: list[Callable[[], None]] = []
    told: list[float] = []

    def rehearse(pack: str, since: object, tell: Tell | None, *, file: bytes | None) -> dict[str, str]:
        assert tell is not None
        tell(0.5)
        told.append(rehearsals.last.share if rehearsals.last else -1)
        raise NotFound("nothing happened in that time")

    rehearsals = Rehearsals(rehearse, house.bureau.clock, begun.append)
    rehearsals.begin("dptgroup", "7d", timedelta(days=7), "5")
    assert rehearsals.last is not None
    assert (rehearsals.last.ended, rehearsals.last.share) == (None, 0.0)
    with pytest.raises(Conflict):
        rehearsals.begin("atlex", "7d", timedelta(days=7), "6")
    begun.pop()()
    assert rehearsals.last.trouble == "nothing happened in that time"
    rehearsals.begin("atlex", "7d", timedelta(days=7), "6")
    assert rehearsals.last.pack == "atlex"


@pytest.mark.parametrize("form", [{}, {"rehearse": HOSTILE, "since": "7d"}, {"rehearse": "dptgroup", "since": "x"}])
def test_a_rehearsal_of_nothing_is_not_begun(house: House, form: dict[str, str]) -> None:
    page = house.post("/policy", **form)
    assert page.status == 422
    assert "Last rehearsal" not in text_of(page)
    expect_harmless(page)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/policy", {"version": HOSTILE}),
        ("/policy", {"pack": "bogus"}),
        ("/cases", {"status": "bogus"}),
        ("/cases", {"category": HOSTILE}),
        ("/actions", {"state": "bogus"}),
        ("/actions", {"kind": HOSTILE}),
        ("/reviews", {"state": "bogus"}),
        ("/audit", {"type": "bogus"}),
    ],
)
def test_a_filter_that_there_is_not_is_said_and_not_left_out(house: House, path: str, query: dict[str, str]) -> None:
    page = house.get(path, **query)
    ((name, said),) = query.items()
    assert page.status == 422
    assert f"{name}: there is no “{said[:60]}” to choose" in text_of(page)
    expect_harmless(page)


def test_of_several_policies_each_is_shown_with_whom_it_is_for(house: House) -> None:
    route = Route(pack=find_pack("lanmang"), product_kind=frozenset({"dedicated", "shared"}))
    house.bureau.desk.rules = replace(house.bureau.desk.rules, routes=(route,))
    said = text_of(house.get("/policy"))
    assert "klt-net: everything else" in said
    assert "lanmang: product_kind dedicated or shared" in said
    page = house.get("/policy", pack="lanmang")
    assert "taken off the net" in text_of(page)
    expect_harmless(page)
