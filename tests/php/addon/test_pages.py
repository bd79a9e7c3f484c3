"""The bridge's pages inside WHMCS, over real HTTP: who looks, what is asked, shown, and not let through."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.php.addon.bridge import SECRET, Bridge, Call, accepted
from tests.php.addon.browser import ADMIN, CLIENT, Browser, served
from tests.php.addon.conftest import TIMEOUT_MS
from tests.php.addon.whmcs import Whmcs

OPEN = Callable[..., Browser]
FORM = '<form method="post" action="{base}"><input name="a"></form>'


@pytest.fixture
def open_browser(whmcs: Whmcs) -> Iterator[OPEN]:
    """`open_browser(adminid=3)`, `open_browser(uid=7)`: a session of its own."""
    with served(whmcs) as address:
        yield lambda **session: Browser(whmcs, address, **session)


def page(**answer: Any) -> Callable[[Call], tuple[int, Any]]:
    """A bridge that makes this page; forms lead where they should."""

    def reply(call: Call) -> tuple[int, Any]:
        if call.path not in ("/panel", "/client"):
            return accepted(call)
        made = {"status": 200, "title": "Page", "html": FORM.format(base=call.said["base"]), **answer}
        return 200, made

    return reply


def pages(bridge: Bridge) -> list[Call]:
    return [call for call in bridge.calls if call.path in ("/panel", "/client")]


# ---- admins ----


def test_an_admins_page_is_asked_for_and_shown(open_browser: OPEN, bridge: Bridge) -> None:
    answer = open_browser(adminid=3).get(ADMIN + "&path=/cases&status=opened&q=%C3%A4+%26")
    assert answer.status_code == 200
    assert "<p>the page</p>" in answer.text
    (call,) = pages(bridge)
    assert call.path == "/panel"
    assert call.said == {
        "viewer": {"id": "3", "name": "Ada Admin", "role": "admin", "locale": "en"},
        "method": "GET",
        "path": "/cases",
        "query": {"status": "opened", "q": "ä &"},
        "form": {},
        "base": "addonmodules.php?module=tipstaff",
    }


def test_a_form_is_handed_on_without_the_token_and_with_every_value(open_browser: OPEN, bridge: Bridge) -> None:
    bridge.reply = page()
    browser = open_browser(adminid=3)
    form = {"path": "/actions", "do": "approve", "a.b c": "<x> & y", "pick": ["1", "2"], "one[]": "3"}
    browser.post(ADMIN, form)
    call = pages(bridge)[-1]
    assert (call.said["method"], call.said["path"], call.said["query"]) == ("POST", "/actions", {})
    assert call.said["form"] == {"do": "approve", "a.b c": "<x> & y", "pick": ["1", "2"], "one": ["3"]}
    assert browser.token(ADMIN) not in call.body.decode()


def test_every_form_that_posts_gets_the_token_and_no_other(open_browser: OPEN, bridge: Bridge) -> None:
    html = (
        '<form method="post" action="x"><input name="a"></form>'
        "<form action='a>b' class=\"> method\" METHOD=POST></form>"
        '<form method="get" action="x"></form><form></form><p>&lt;form method="post"&gt;</p>'
    )
    bridge.reply = page(html=html)
    text = open_browser(adminid=3).get(ADMIN).text
    assert text.count("tipstaff_token") == 2
    assert text.index('class="> method" METHOD=POST><input type="hidden" name="tipstaff_token"') > 0


@pytest.mark.parametrize("path", [ADMIN, ADMIN + "&path=/connection"], ids=["bridge's page", "own page"])
@pytest.mark.parametrize("token", ["", "0" * 64, "x"])
def test_a_forged_form_is_refused_and_goes_nowhere(
    open_browser: OPEN, bridge: Bridge, whmcs: Whmcs, path: str, token: str
) -> None:
    bridge.reply = page()
    browser = open_browser(adminid=3)
    browser.get(ADMIN)
    bridge.calls.clear()
    fields = {"do": "test", **({"tipstaff_token": token} if token else {})}
    answer = browser.send(path, fields)
    assert answer.status_code == 403
    assert bridge.calls == []


def test_a_token_serves_nobody_else_and_no_other_session(open_browser: OPEN, bridge: Bridge) -> None:
    bridge.reply = page()
    first = open_browser(adminid=3)
    token = first.token(ADMIN)
    assert first.post(ADMIN, token=token).status_code == 200
    assert open_browser(adminid=3).post(ADMIN, token=token).status_code == 403
    first.log_in(adminid=4)
    assert first.post(ADMIN, token=token).status_code == 403
    first.log_in(uid=7)
    assert first.post(CLIENT, token=token).status_code == 403


def test_nobody_who_is_not_logged_in_reaches_the_bridge(open_browser: OPEN, bridge: Bridge) -> None:
    browser = open_browser()
    assert "log in" in browser.get(ADMIN).text
    assert browser.post(ADMIN, token="x").status_code == 200
    browser.get(CLIENT)
    assert pages(bridge) == []


@pytest.mark.parametrize("status", [404, 403, 422])
def test_a_page_keeps_its_own_status(open_browser: OPEN, bridge: Bridge, status: int) -> None:
    bridge.reply = page(status=status, html="<p>no</p>")
    answer = open_browser(adminid=3).get(ADMIN + "&path=/cases/zzz")
    assert (answer.status_code, "<p>no</p>" in answer.text) == (status, True)


@pytest.mark.parametrize(
    "location",
    ["addonmodules.php?module=tipstaff&path=%2Factions", "/actions", "addonmodules.php?module=tipstaff#top"],
)
def test_after_a_decision_the_browser_is_sent_back_to_our_own_pages(
    open_browser: OPEN, bridge: Bridge, location: str
) -> None:
    bridge.reply = page()
    browser = open_browser(adminid=3)
    token = browser.token(ADMIN)
    bridge.reply = page(status=303, location=location)
    answer = browser.post(ADMIN, token=token)
    assert answer.status_code == 303
    expected = location if location[0] == "a" else "addonmodules.php?module=tipstaff&path=%2Factions"
    assert answer.headers["Location"] == expected


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "../logout.php",
        "addonmodules.php?module=other", "addonmodules.php?module=tipstaffx", "/a\r\nSet-Cookie: x=1", "/%0d%0aX: 1 ",
        "addonmodules.php?module=tipstaff&path=/a\nX-Evil: 1", 5, ["x"],
        "viewinvoice.php", "viewinvoice.php?id=1&x=2", "viewinvoice.php?id=x", "viewinvoice.php?id=1\nX-Evil: 1",
    ],
)  # fmt: skip
def test_it_is_sent_nowhere_else(open_browser: OPEN, bridge: Bridge, location: Any) -> None:
    bridge.reply = page(location=location)
    answer = open_browser(adminid=3).get(ADMIN)
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert "X-Evil" not in answer.headers


def test_a_file_is_handed_over_under_a_harmless_name(open_browser: OPEN, bridge: Bridge) -> None:
    content = base64.b64encode(b"\x00evidence").decode()
    bridge.reply = page(download={"name": '../a"\r\nX: 1.json', "type": "application/json", "content": content})
    answer = open_browser(adminid=3).get(ADMIN)
    assert answer.content == b"\x00evidence"
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a-X-1.json"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b'{"status": "200", "html": 5}', b'{"html": "<b>x</b>"}'])
def test_an_answer_that_is_no_page_is_a_page_that_says_so(open_browser: OPEN, bridge: Bridge, raw: bytes) -> None:
    bridge.reply, bridge.raw = (lambda call: (200, None)), raw
    answer = open_browser(adminid=3).get(ADMIN)
    assert answer.status_code == 503
    assert "Tipstaff does not answer" in answer.text
    assert "<b>x</b>" not in answer.text


def test_a_bridge_that_is_down_or_hangs_leaves_a_page_that_says_so_in_time(open_browser: OPEN, bridge: Bridge) -> None:
    bridge.reply = page()
    browser = open_browser(adminid=3)
    token = browser.token(ADMIN)
    bridge.delay = 30.0
    answer = browser.get(ADMIN)
    assert answer.status_code == 503
    assert answer.elapsed.total_seconds() < TIMEOUT_MS / 1000 + 1
    bridge.stop()
    answer = browser.post(ADMIN, token=token)
    assert "Look at the page before you send it again" in answer.text
    assert SECRET.removeprefix("whsec_")[:10] not in answer.text


# ---- the page about the connection ----


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (accepted, "The bridge answers and knows this secret"),
        (lambda call: (401, {}), "the secret is another one"),
        (lambda call: (404, {}), "not as the bridge does: HTTP 404"),
        (lambda call: (200, "<html>"), "not as the bridge does: HTTP 200"),
    ],
)
def test_the_connection_is_tested_at_a_click(open_browser: OPEN, bridge: Bridge, reply: Any, words: str) -> None:
    browser = open_browser(adminid=3)
    bridge.reply = reply
    assert words in browser.post(ADMIN, {"path": "/connection", "do": "test"}).text
    bridge.stop()
    assert "The bridge does not answer" in browser.post(ADMIN, {"path": "/connection", "do": "test"}).text


def test_holds_that_grow_old_are_said(open_browser: OPEN, whmcs: Whmcs) -> None:
    browser, page = open_browser(adminid=3), ADMIN + "&path=/connection"
    assert "The holds were never read" in browser.get(page).text
    whmcs.cron()
    assert "cron of WHMCS" not in browser.get(page).text
    an_hour_ago = "UPDATE mod_tipstaff_state SET value = value - 3600 WHERE name = 'holds_at'"
    whmcs.run({"do": "sql", "query": an_hour_ago})
    assert "were not read for 60 minutes" in browser.get(page).text


def test_every_room_of_the_desk_is_in_the_sidebar(open_browser: OPEN) -> None:
    aside = open_browser(adminid=3).get(ADMIN).text.partition("</aside>")[0]
    for path in ("%2F", "%2Factions", "%2Fcases", "%2Freviews", "%2Fpolicy", "%2Faudit", "%2Fconnection"):
        assert f"path={path}&quot;" in aside or f'path={path}"' in aside


def test_what_waits_and_what_was_refused_is_shown_escaped_sent_again_and_let_go(
    open_browser: OPEN, bridge: Bridge, whmcs: Whmcs
) -> None:
    def refusing(call: Call) -> tuple[int, Any]:
        return (422, {"detail": "<script>alert(1)</script>"}) if call.path == "/hooks/whmcs" else accepted(call)

    bridge.reply = refusing
    for service in (1, 2):
        whmcs.fire("ServiceEdit", {"serviceid": service})
    bridge.stop()
    whmcs.fire("InvoicePaid", {"invoiceid": 9})
    bridge.start()
    browser = open_browser(adminid=3)
    shown = browser.get(ADMIN + "&path=/connection").text
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<td>1 (since " in shown

    bridge.reply = accepted
    first, second = (row["id"] for row in whmcs.rows("SELECT id FROM mod_tipstaff_outbox WHERE refused > 0"))
    browser.post(ADMIN, {"path": "/connection", "do": "again", "row": first})
    browser.post(ADMIN, {"path": "/connection", "do": "drop", "row": second})
    sent = browser.post(ADMIN, {"path": "/connection", "do": "send"}).text
    assert "2 message(s) sent" in sent
    assert whmcs.rows("SELECT * FROM mod_tipstaff_outbox") == []


def test_waiting_messages_cannot_be_let_go(open_browser: OPEN, bridge: Bridge, whmcs: Whmcs) -> None:
    browser = open_browser(adminid=3)
    bridge.stop()
    whmcs.fire("InvoicePaid", {"invoiceid": 9})
    browser.post(ADMIN, {"path": "/connection", "do": "drop", "row": 1})
    assert len(whmcs.rows("SELECT * FROM mod_tipstaff_outbox")) == 1


def test_hostile_settings_are_shown_escaped_and_the_secret_never(
    open_browser: OPEN, bridge: Bridge, whmcs: Whmcs
) -> None:
    whmcs.set(bridge_url='http://127.0.0.1:9/"><script>1</script>', secret=SECRET, access="1")
    shown = open_browser(adminid=3).get(ADMIN + "&path=/connection").text
    assert "<script>" not in shown
    assert SECRET not in shown


# ---- customers ----


def test_a_customer_sees_the_page_the_bridge_makes_for_this_client(open_browser: OPEN, bridge: Bridge) -> None:
    bridge.reply = page(title="Case <1>", html="<p>{literal} {$smarty.version} yours</p>")
    answer = open_browser(uid=7).get(CLIENT + "&path=/cases/c1")
    assert "<p>{literal} {$smarty.version} yours</p>" in answer.text, "the template shows it and runs nothing in it"
    assert "<title>Case &lt;1&gt;</title>" in answer.text
    (call,) = pages(bridge)
    assert call.path == "/client"
    assert call.said["viewer"] == {"id": "7", "name": "Cleo O'Client", "role": "client", **HOW_SHOWN}
    assert call.said["base"] == "index.php?m=tipstaff"


HOW_SHOWN = {"locale": "en", "timezone": "UTC"}


def test_a_customer_is_led_to_the_clients_areas_own_page_of_an_invoice(open_browser: OPEN, bridge: Bridge) -> None:
    bridge.reply = page(status=303, location="viewinvoice.php?id=4711")
    answer = open_browser(uid=7).get(CLIENT + "&path=/invoices/4711")
    assert (answer.status_code, answer.headers["Location"]) == (303, "viewinvoice.php?id=4711")


def test_who_looks_is_never_taken_from_the_request(open_browser: OPEN, bridge: Bridge) -> None:
    bridge.reply = page()
    browser = open_browser(uid=7)
    browser.get(CLIENT + "&viewer[id]=8&uid=8&adminid=3&role=admin")
    browser.post(CLIENT, {"viewer[id]": "8", "uid": "8", "role": "admin"})
    assert {(call.path, call.said["viewer"]["id"], call.said["viewer"]["role"]) for call in pages(bridge)} == {
        ("/client", "7", "client")
    }


def test_an_admin_who_is_also_a_client_acts_as_the_client_on_the_clients_page(
    open_browser: OPEN, bridge: Bridge
) -> None:
    browser = open_browser(uid=7, adminid=3)
    browser.get(CLIENT)
    assert pages(bridge)[-1].said["viewer"]["role"] == "client"


def test_files_a_customer_uploads_go_along_within_bounds(open_browser: OPEN, bridge: Bridge) -> None:
    bridge.reply = page()
    browser = open_browser(uid=7)
    files = [("evidence", ("log.txt", b"\x00\xff proof", "text/plain"))]
    browser.post(CLIENT, {"path": "/cases/c1", "text": "see file"}, files=files)
    call = pages(bridge)[-1]
    assert call.said["form"] == {"text": "see file"}
    (file,) = call.said["files"]["evidence"]
    assert (file["name"], base64.b64decode(file["content"])) == ("log.txt", b"\x00\xff proof")

    count = len(pages(bridge))
    token = browser.token(CLIENT)
    big = [("evidence", ("big.bin", b"x" * 6_000_000, "application/octet-stream"))]
    answer = browser.post(CLIENT, {"path": "/cases/c1"}, token=token, files=big)
    assert answer.status_code in (403, 413), "PHP's own limit drops the whole form, ours the file"
    assert len(pages(bridge)) == count + 1, "only the page that brought the token was asked for"


# ---- where admins look anyway ----


def test_the_home_page_shows_the_bridges_piece_to_admins_who_may_open_the_module(
    open_browser: OPEN, bridge: Bridge
) -> None:
    bridge.reply = page(html="<b>3 wait</b>")
    assert "<b>3 wait</b>" in open_browser(adminid=3).get("/admin/index.php").text
    (call,) = pages(bridge)
    assert (call.said["path"], call.said["method"]) == ("/embed/home", "GET")
    assert open_browser(adminid=4).get("/admin/index.php").text == "<main></main>"
    assert open_browser().get("/admin/index.php").text == "<main></main>"
    assert len(pages(bridge)) == 1


def test_a_piece_the_bridge_does_not_have_or_cannot_send_is_left_out(open_browser: OPEN, bridge: Bridge) -> None:
    bridge.reply = page(status=404, html="<b>no such page</b>")
    browser = open_browser(adminid=3)
    assert browser.get("/admin/index.php").text == "<main></main>"
    bridge.delay = 30.0
    assert browser.get("/admin/index.php").text == "<main></main>"


@pytest.mark.parametrize(
    ("hook", "variables", "path"),
    [
        ("AdminAreaClientSummaryPage", {"userid": 7}, "/embed/clients/7"),
        ("AdminAreaViewTicketPage", {"ticketid": "4"}, "/embed/tickets/4"),
        ("AdminInvoicesControlsOutput", {"invoiceid": 5, "userid": 7}, "/embed/invoices/5"),
        ("AdminClientServicesTabFields", {"id": 12}, "/embed/services/12"),
    ],
)
def test_pieces_stand_beside_the_client_ticket_invoice_and_service(
    whmcs: Whmcs, bridge: Bridge, hook: str, variables: Any, path: str
) -> None:
    bridge.reply = page(html="<b>piece</b>")
    answer = whmcs.fire(hook, variables, admin=3)
    assert answer == ({"Tipstaff": "<b>piece</b>"} if hook == "AdminClientServicesTabFields" else "<b>piece</b>")
    assert pages(bridge)[-1].said["path"] == path
    nothing = whmcs.fire(hook, dict.fromkeys(variables, "../../etc"), admin=3)
    assert nothing in ("", [])


@pytest.mark.parametrize("frame", ["AdminAreaHeaderOutput", "AdminAreaFooterOutput"])
def test_a_piece_stands_in_the_frame_of_an_orders_page_once(whmcs: Whmcs, bridge: Bridge, frame: str) -> None:
    """The hook of that page may add nothing."""
    steps = [
        {"do": "hook", "name": "ViewOrderDetailsPage", "vars": {"orderid": 31, "userid": 7, "status": "Pending"}},
        {"do": "hook", "name": frame, "vars": {"template": "blend"}},
        {"do": "hook", "name": "AdminAreaFooterOutput", "vars": {"template": "blend"}},
    ]
    noted, shown, after = whmcs.run(*steps, session={"adminid": 3})
    assert noted.answer == [None]
    assert (shown.answer, after.answer) == (["<p>the page</p>"], [""])
    (call,) = pages(bridge)
    assert (call.said["path"], call.said["query"]) == ("/embed/orders/31", {"client": "7"})


def test_the_frame_of_any_other_page_asks_nobody(whmcs: Whmcs, bridge: Bridge) -> None:
    frame = [{"do": "hook", "name": f"AdminArea{part}Output", "vars": {}} for part in ("Header", "Footer")]
    hostile = {"do": "hook", "name": "ViewOrderDetailsPage", "vars": {"orderid": "1' OR 1", "userid": 7}}
    steps = whmcs.run(*frame, hostile, *frame, session={"adminid": 3})
    assert [step.answer for step in steps if step.answer != [None]] == [[""]] * 4
    assert pages(bridge) == []
