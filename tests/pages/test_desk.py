"""The desk in a real browser: nothing of a stranger's runs, nobody is kept out, it fits, and the story is clicked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from bridge import drift
from bridge.reception import Reception
from bridge.store.engine import migrate, open_engine
from bridge.views import Source
from tests.contract.store.bureau import Bureau, open_bureau
from tests.pages.browser import opened, served
from tests.unit.decide.scenario import OTHER_IP, a_complaint, a_finding, a_reply, a_service, spam
from tests.unit.pages.house import HOSTILE, House, house_of

CASE = "k'\">/<b>1"
LONG = "x" * 3000
PROPOSALS = 500


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield started
        started.close()


def opened_bureau(folder: Path) -> Bureau:
    url = f"sqlite:///{folder / 'tipstaff.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    bureau = open_bureau(url)
    bureau.accept(a_service(when="-1d"))
    return bureau


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """500 proposals, and one case in which strangers wrote what they like in every field."""
    bureau = opened_bureau(tmp_path_factory.mktemp("crowded"))
    wild: dict[str, Any] = {"reporter": {"name": HOSTILE, "kind": "operator"}, "targets": [HOSTILE, LONG]}
    bureau.accept(
        a_complaint(name=CASE, report_id=HOSTILE, **wild), a_reply("0h", case=CASE, text=f"{HOSTILE}\n{LONG}")
    )
    work = bureau.claimed()
    bureau.queue.intend(work, 0, "suspend", "ModuleSuspend", bureau.clock.wall())
    bureau.finish(work, "failed", error=HOSTILE)
    bureau.accept(a_finding("not_remediated", "0h", case=CASE, note=HOSTILE))
    for number in range(PROPOSALS):
        ip = f"10.0.{number // 250}.{number % 250}"
        bureau.accept(a_service(f"m{number}", "-1d", client=f"m{number}", ips=[ip]))
        bureau.accept(a_complaint(ip=ip, name=f"m{number}"))
    says = {"1": {drift.RELEASED: {"billing": HOSTILE, "tipstaff": "held suspended"}}}
    bureau.store.write(lambda unit: drift.settle(unit.connection, says, bureau.clock.now()))
    letter = f"From: x@stranger.example\nSubject: {HOSTILE}\n\nSomething is odd. {HOSTILE}\n"
    Reception(bureau.desk, (), {}).take_complaints(letter.encode(), "message/rfc822", Source(name=HOSTILE))
    yield house_of(bureau)
    bureau.close()


PAGES = ("/", "/actions", f"/cases/{CASE}", "/cases", "/services/1", "/clients/c1", "/reviews", "/policy", "/audit")


def faults_of(page: Page) -> list[str]:
    """What axe-core finds in our part of the page that keeps somebody out."""
    found = Axe().run(page, context=".tipstaff").response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("path", "dark"), [*((path, False) for path in PAGES), *((path, True) for path in PAGES[:3])])
def test_a_page_runs_nothing_keeps_nobody_out_and_fits(browser: Browser, crowded: House, path: str, dark: bool) -> None:
    shown = crowded.get(path)
    assert shown.status == 200
    page = opened(browser, shown.html, narrow=True, dark=dark)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator(".tipstaff script, .tipstaff img, .tipstaff [onerror]").count() == 0
    assert page.evaluate("window.alarms") == []
    page.close()


def test_the_theme_of_the_panel_goes_before_the_systems(browser: Browser, crowded: House) -> None:
    page = opened(browser, crowded.get("/").html, dark=True)
    colour = "getComputedStyle(document.querySelector('.tipstaff')).backgroundColor"
    dark = page.evaluate(colour)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert page.evaluate(colour) == "rgb(255, 255, 255)" != dark
    page.close()


def test_a_page_of_five_hundred_proposals_is_short_and_grouped(browser: Browser, crowded: House) -> None:
    page = opened(browser, crowded.get("/actions").html)
    assert page.locator(".card").count() == 25
    assert page.get_by_role("heading", name="Charge a fine (501)").count() == 1
    assert page.get_by_role("checkbox").count() == 25
    page.close()


def test_the_keyboard_reaches_the_first_decision(browser: Browser, crowded: House) -> None:
    page = opened(browser, crowded.get("/actions").html)
    page.get_by_label("Reason", exact=True).first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Approve"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.close()


def test_the_story_is_clicked_from_the_complaint_to_the_release(browser: Browser, tmp_path: Path) -> None:
    bureau = opened_bureau(tmp_path)
    bureau.accept(a_service("2", "-1d", client="c2", ips=[OTHER_IP]), a_complaint(), spam(name="k2", ips=[OTHER_IP]))
    bureau.finish_all()
    with served(house_of(bureau)) as address:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{address}/?path=/actions")
        card = page.locator(".card", has_text="service 1").filter(has_text="20.00 USD")
        card.get_by_label("Reason").fill("seen in the log")
        card.get_by_role("button", name="Approve").click()
        assert "Approved: 1." in page.get_by_role("status").inner_text()
        bureau.finish_all()
        bureau.accept(a_reply("0h", text="We cleaned it.", claims="remediated"))
        page.get_by_role("link", name="Cases", exact=True).click()
        page.get_by_label("Case, service, client, domain or address").fill("192.0.2.10")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="k1", exact=True).click()
        assert "We cleaned it." in page.content()
        page.get_by_label("Note with the finding").fill("the host is clean")
        page.get_by_role("button", name="Remediated", exact=True).click()
        assert "The finding was recorded." in page.get_by_role("status").inner_text()
        assert "Hold ended" in page.content()
        release = page.locator(".card", has_text="Release the service")
        release.get_by_role("button", name="Approve").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Evidence file (JSON)").click()
        assert download.value.suggested_filename == "evidence-k1.json"
        context.close()
    assert "unsuspend_service" in bureau.finish_all()
    bureau.close()
