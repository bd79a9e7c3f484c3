"""The whole story inside WHMCS: the addon run by a real PHP, a real bridge behind it, a real browser before it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from bridge.clock import ManualClock, SystemClock
from bridge.config import load_config
from bridge.store.engine import migrate, open_engine
from bridge.store.tables import events, tickets
from bridge.timeformat import format_time
from bridge.web.app import make_app
from hooks.delivery import verifier
from hooks.whmcs.receiver import receiver
from tests.contract.store.bureau import Bureau, open_bureau
from tests.php.addon.bridge import SECRET
from tests.php.addon.browser import ADMIN, CLIENT, served
from tests.php.addon.whmcs import Whmcs
from tests.unit.decide.scenario import a_complaint, a_service
from tests.unit.pages.house import house_of, office_of

CLEO, ADA, SAM = 7, 3, 4
"""A client and two admins of the stand-in WHMCS."""

LOSES_EVERY = 41


class Losing:
    """Around an application: every so many answers to hooks are lost on the way, after they were acted on."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._answered = 0

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        answer = self._app.wsgi_app(environ, start_response)
        self._answered += environ["PATH_INFO"] == "/hooks/whmcs"
        if environ["PATH_INFO"] == "/hooks/whmcs" and self._answered % LOSES_EVERY == 0:
            start_response("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"<h1>the proxy</h1>"]
        return answer


@contextmanager
def listening(app: Any, port: int = 0) -> Iterator[int]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """A desk of today, where terminations need two admins, that knows Cleo's service 1."""
    url = f"sqlite:///{tmp_path / 'tipstaff.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    bureau = open_bureau(url, clock=ManualClock(datetime.now(UTC)), approvals={"terminate_service": 2})
    bureau.accept(today(bureau, a_service(client=str(CLEO)), days=-1))
    yield bureau
    bureau.close()


def today(bureau: Bureau, event: dict[str, Any], **offset: float) -> dict[str, Any]:
    return {**event, "at": format_time(bureau.clock.now() + timedelta(**offset))}


@pytest.fixture
def app(bureau: Bureau, tmp_path: Path) -> Flask:
    """The bridge's whole HTTP surface over the bureau."""
    file = tmp_path / "tipstaff.toml"
    file.write_text('policy = "klt-net"\n')
    office, clock = office_of(bureau), SystemClock()
    receivers = [receiver(office, SECRET, clock)]
    pages = house_of(bureau).site
    return make_app(office, load_config(file, {}), clock, verify=verifier(SECRET), pages=pages, receivers=receivers)


def set_up(whmcs: Whmcs, port: int) -> None:
    whmcs.run({"do": "call", "name": "activate"})
    settings = {"bridge_url": f"http://127.0.0.1:{port}", "secret": SECRET, "timeout_ms": 8000, "access": "1,2"}
    whmcs.set(**settings)


@pytest.fixture(scope="module")
def chrome(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield started
        started.close()


Sitting = Callable[..., Page]


@pytest.fixture
def sit_down(bare_whmcs: Whmcs, app: Flask, chrome: Browser) -> Iterator[Sitting]:
    """`sit_down(adminid=3)`: a browser of somebody's own, logged in, without scripts."""
    contexts = []
    with listening(app) as port, served(bare_whmcs) as address:
        set_up(bare_whmcs, port)

        def sitting(**session: int) -> Page:
            context = chrome.new_context(java_script_enabled=False, base_url=address)
            contexts.append(context)
            page = context.new_page()
            name, id_ = next(iter(session.items()))
            page.goto(f"/login?{name}={id_}")
            return page

        yield sitting
        for context in contexts:
            context.close()
    bare_whmcs.check_no_complaints()


def said(page: Page) -> str:
    return page.get_by_role("status").first.inner_text()


def test_from_the_complaint_to_the_release_all_is_clicked_in_the_panel(sit_down: Sitting, bureau: Bureau) -> None:
    bureau.accept(today(bureau, a_complaint(reporter={"name": "Noc", "kind": "operator"})))
    ada, sam, cleo = sit_down(adminid=ADA), sit_down(adminid=SAM), sit_down(uid=CLEO)

    ada.goto(f"{ADMIN}&path=/actions")
    card = ada.locator(".card", has_text="20.00 USD")
    card.get_by_label("Reason").fill("seen in the log")
    card.get_by_role("button", name="Approve").click()
    assert said(ada) == "Approved: 1."
    assert {"suspend_service", "notify_customer", "charge_fine"} <= set(bureau.finish_all())

    cleo.goto(CLIENT)
    cleo.locator("a[href*='cases%2Fk1']").first.click()
    answer = cleo.locator("form", has=cleo.locator("[name=claims]"))
    answer.locator("[name=claims]").select_option("remediated")
    answer.locator("[name=text]").fill("Reinstalled. <script>alert(1)</script>")
    answer.locator("[name=prevents]").fill("Keys instead of passwords.")
    answer.locator("button[value=reply]").click()
    assert "received" in said(cleo)

    sam.goto(f"{ADMIN}&path=/cases")
    sam.get_by_role("link", name="k1").click()
    assert "Reinstalled. <script>alert(1)</script>" in sam.inner_text(".tipstaff")
    assert "Approved by Ada Admin (3)" in sam.inner_text(".tipstaff")
    sam.get_by_label("Note with the finding").fill("the host is clean")
    sam.get_by_role("button", name="Remediated", exact=True).click()
    assert said(sam) == "The finding was recorded."
    release = sam.locator(".card", has_text="Release the service")
    release.get_by_role("button", name="Approve").click()
    assert "unsuspend_service" in bureau.finish_all()

    ada.goto(f"{ADMIN}&path=/cases/k1")
    story = ada.inner_text(".tipstaff")
    assert "Finding: Remediated" in story
    assert "Sam Sales (4)" in story
    with ada.expect_download() as download:
        ada.get_by_role("link", name="Evidence file (JSON)").click()
    assert orjson.loads(Path(download.value.path()).read_bytes())
    assert bureau.enquiries.case("k1")["status"] == "resolved"
    assert bureau.faults() == []


def test_a_customer_gives_evidence_and_appeals_and_another_admin_decides(
    sit_down: Sitting, bureau: Bureau, tmp_path: Path
) -> None:
    bureau.accept(today(bureau, a_complaint(reporter={"name": "Noc", "kind": "operator"})))
    bureau.finish_all()
    ada, sam, cleo = sit_down(adminid=ADA), sit_down(adminid=SAM), sit_down(uid=CLEO)
    ada.goto(f"{ADMIN}&path=/actions&kind=charge_fine")
    ada.get_by_role("button", name="Approve", exact=True).click()

    log = tmp_path / "auth <b>.log.php"
    log.write_text("break-in from 203.0.113.9\n")
    cleo.goto(f"{CLIENT}&path=/cases/k1")
    cleo.get_by_label("Times are shown in").select_option("Asia/Tokyo")
    cleo.get_by_role("button", name="Show").click()
    assert "UTC+09:00" in cleo.inner_text("section.card")
    cleo.get_by_label("Files", exact=True).set_input_files(log)
    cleo.get_by_role("button", name="Send the files").click()
    assert "files were received" in said(cleo)
    assert "UTC+09:00" in cleo.inner_text(".tipstaff"), "the zone that was chosen is kept"
    bureau.clock.move(timedelta(minutes=1))
    cleo.get_by_label("Why the decision is wrong").fill("Somebody broke in.")
    cleo.get_by_role("button", name="Appeal").click()
    assert "appeal was received" in said(cleo)

    ada.goto(f"{ADMIN}&path=/cases/k1")
    with ada.expect_download() as download:
        ada.get_by_role("link", name="auth <b>.log.php").click()
    assert download.value.suggested_filename.endswith("-auth-b-log.txt")
    assert Path(download.value.path()).read_text() == log.read_text()
    ada.get_by_role("button", name="Culpable", exact=True).click()
    assert "who had no part in the decision" in ada.get_by_role("alert").inner_text()
    sam.goto(f"{ADMIN}&path=/cases/k1")
    sam.get_by_role("button", name="Not culpable", exact=True).click()
    assert said(sam) == "The finding was recorded."
    assert bureau.faults() == []


def test_two_admins_must_agree_and_are_two(sit_down: Sitting, bureau: Bureau) -> None:
    bureau.accept(today(bureau, a_complaint("content/phishing")))
    ada, sam = sit_down(adminid=ADA), sit_down(adminid=SAM)
    at = f"{ADMIN}&path=/actions&kind=terminate_service"
    ada.goto(at)
    ada.get_by_role("button", name="Approve", exact=True).click()
    ada.goto(at)
    assert "1 of 2 approvals" in ada.inner_text(".card")
    assert "another admin must agree" in ada.inner_text(".card")
    assert ada.get_by_role("button", name="Approve", exact=True).count() == 0

    sam.goto(at)
    assert "Approved by Ada Admin (3)" in sam.inner_text(".card")
    sam.get_by_role("button", name="Approve", exact=True).click()
    approvals = bureau.action("terminate_service")["approvals"]
    assert [one["by"] for one in approvals] == [str(ADA), str(SAM)]


def test_what_one_admin_rejected_meanwhile_another_cannot_approve(sit_down: Sitting, bureau: Bureau) -> None:
    bureau.accept(today(bureau, a_complaint()))
    ada, sam = sit_down(adminid=ADA), sit_down(adminid=SAM)
    for page in (ada, sam):
        page.goto(f"{ADMIN}&path=/actions&kind=charge_fine")
    sam.get_by_label("Reason").fill("not ours")
    sam.get_by_role("button", name="Reject").click()
    ada.get_by_role("button", name="Approve", exact=True).click()
    assert "It is no longer so" in ada.get_by_role("alert").inner_text()
    assert bureau.action("charge_fine")["state"] == "rejected"


def test_replies_of_an_hour_without_the_bridge_arrive_in_order_and_once_although_answers_are_lost(
    bare_whmcs: Whmcs, app: Flask, bureau: Bureau
) -> None:
    bureau.accept(today(bureau, a_complaint()))
    opened = {"ticket": "77", "case": "k1", "action": "a"}
    bureau.store.write(lambda unit: unit.connection.execute(tickets.insert(), opened))
    with listening(app) as port:
        set_up(bare_whmcs, port)
    hooks = [
        {"do": "hook", "name": "TicketUserReply", "vars": {"ticketid": 77, "replyid": n, "message": f"reply {n}"}}
        for n in range(1, 201)
    ]
    bare_whmcs.run(*hooks, session={"uid": CLEO}, constants=("CLIENTAREA",))
    with listening(Losing(app), port):
        for _ in range(2 * len(hooks) // LOSES_EVERY):
            bare_whmcs.cron()
            bare_whmcs.run({"do": "sql", "query": "UPDATE mod_tipstaff_outbox SET next = 0"})
            if bare_whmcs.rows("SELECT COUNT(*) AS n FROM mod_tipstaff_outbox")[0]["n"] == 0:
                break
    wanted = select(events.c.body).where(events.c.type == "customer.replied").order_by(events.c.seq)
    assert [orjson.loads(row.body)["text"] for row in bureau.rows(wanted)] == [f"reply {n}" for n in range(1, 201)]
    assert bare_whmcs.rows("SELECT * FROM mod_tipstaff_outbox") == []
