"""The customer's page and the pieces beside the panel's own pages in a real browser, hostile text in every field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from bridge import drift
from bridge.store.tables import tickets
from bridge.web.pages.page import ADMIN, CLIENT
from tests.pages.browser import opened
from tests.pages.test_desk import CASE, LONG, faults_of, opened_bureau
from tests.unit.decide.scenario import a_complaint
from tests.unit.pages.house import HOSTILE, House, house_of


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A reporter and a customer wrote what they like in one case, told in ticket 77 and billed by invoice 4711."""
    bureau = opened_bureau(tmp_path_factory.mktemp("hostile"))
    wild: dict[str, Any] = {"reporter": {"name": HOSTILE, "kind": "operator"}, "targets": [HOSTILE, LONG]}
    bureau.accept(a_complaint("content/phishing", name=CASE, report_id=HOSTILE, **wild))
    bureau.approve(str(bureau.action("charge_fine")["id"]))
    while (work := bureau.claim()) is not None:
        bureau.finish(work, invoice="4711" if work.action == "charge_fine" else None)
    told = {"ticket": "77", "case": CASE, "action": bureau.action("notify_customer")["id"]}
    house, path = house_of(bureau), f"/cases/{CASE}"
    house.post(path, by="c1", role=CLIENT, do="reply", claims="disputes", text=f"{HOSTILE}\n{LONG}")
    house.give(path, "c1", [(HOSTILE + LONG[:200], b"log")], {"do": "evidence", "kind": "other", "text": HOSTILE})
    house.post(path, by="c1", role=CLIENT, do="appeal", text=HOSTILE)
    house.post("/", by="c1", role=CLIENT, do="refund", service="1")
    says = {"1": {drift.RELEASED: {"billing": HOSTILE, "tipstaff": "held suspended"}}}
    bureau.store.write(lambda unit: drift.settle(unit.connection, says, bureau.clock.now()))
    bureau.store.write(lambda unit: unit.connection.execute(tickets.insert(), told))
    yield house
    bureau.close()


PIECES = ("home", "clients/c1", "services/1", "tickets/77", "invoices/4711")
PAGES = [("/", CLIENT), (f"/cases/{CASE}", CLIENT), *((f"/embed/{piece}", ADMIN) for piece in PIECES)]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("path", "role"), PAGES, ids=["list", "case", *PIECES])
def test_it_runs_nothing_keeps_nobody_out_and_fits(
    browser: Browser, hostile: House, path: str, role: str, dark: bool
) -> None:
    shown = hostile.get(path, by="c1" if role == CLIENT else "5", role=role, locale="de" if dark else "en")
    assert shown.status == 200
    page = opened(browser, shown.html, narrow=True, dark=dark)
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator(".tipstaff script, .tipstaff img, .tipstaff [onerror]").count() == 0
    assert page.evaluate("window.alarms") == []
    page.close()
