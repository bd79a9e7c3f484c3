"""The sandbox itself: strict about the documentation, safe to look at, easy to drive."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests
from flask import Flask

from adapters.virtualizor import sandbox as virtualizor
from adapters.virtualizor.sandbox.estate import Vps
from adapters.whmcs.sandbox import Seed, SeedClient, SeedLine, SeedServer, make_app, people, world_of
from adapters.whmcs.sandbox.callback import PATH as CALLBACK
from adapters.whmcs.sandbox.hook_sender import Fired
from bridge.errors import PanelRefused
from bridge.ports import ServiceStatus
from tests.contract.whmcs.conftest import Sandbox, StartSandbox, a_seed

_PAIR = {"identifier": "sandbox-identifier", "secret": "sandbox-secret", "responsetype": "json"}


def _post(sandbox: Sandbox, **fields: str) -> requests.Response:
    return requests.post(f"{sandbox.url}/includes/api.php", data={**_PAIR, **fields}, timeout=5)


def _violations(sandbox: Sandbox) -> list[str]:
    found = list(sandbox.world.journal.violations)
    sandbox.tolerated.update(found)
    return found


def test_a_call_without_an_action_is_a_bad_request(whmcs: Sandbox) -> None:
    answer = requests.post(f"{whmcs.url}/includes/api.php", json={"action": "GetClients", **_PAIR}, timeout=5)
    assert (answer.status_code, answer.json()["message"]) == (400, "Empty action request")


def test_wrong_credentials_are_forbidden_in_json(whmcs: Sandbox) -> None:
    answer = _post(whmcs, action="GetClients", secret="wrong")
    assert (answer.status_code, answer.json()) == (403, {"result": "error", "message": "Authentication Failed"})


def test_an_unknown_action_is_written_down_and_forbidden(whmcs: Sandbox) -> None:
    answer = _post(whmcs, action="DropTables")
    assert answer.status_code == 403
    assert answer.json()["message"] == 'Invalid Permissions: API action "DropTables" is not allowed'
    assert _violations(whmcs) == ["undocumented or unknown action DropTables"]


@pytest.mark.parametrize(
    ("fields", "violation"),
    [
        ({"action": "GetClients", "page": "2"}, "GetClients: undocumented parameter page"),
        ({"action": "GetInvoice"}, "GetInvoice: required parameter invoiceid is missing"),
        ({"action": "GetTicket"}, "GetTicket: required parameter ticketid or ticketnum is missing"),
        ({"action": "GetInvoice", "invoiceid": "x"}, "GetInvoice: parameter invoiceid is no int as it should be sent"),
        (
            {"action": "AddClientNote", "userid": "11", "notes": "n", "sticky": "false"},
            "AddClientNote: parameter sticky is no bool as it should be sent",
        ),
        ({"action": "GetClients", "responsetype": "xml"}, "GetClients: responsetype is not json"),
        ({"action": "GetClients", "unset[0]": "x"}, "GetClients: undocumented parameter unset[0]"),
    ],
)
def test_what_is_not_documented_is_written_down(whmcs: Sandbox, fields: dict[str, str], violation: str) -> None:
    _post(whmcs, **fields)
    assert _violations(whmcs) == [violation]


def test_credentials_in_the_query_string_are_written_down(whmcs: Sandbox) -> None:
    requests.get(f"{whmcs.url}/includes/api.php", params={**_PAIR, "action": "GetClients"}, timeout=5)
    assert _violations(whmcs) == ["parameters in the query string"]


def test_the_older_name_of_a_service_id_still_works(whmcs: Sandbox) -> None:
    assert _post(whmcs, action="ModuleSuspend", accountid="21").json() == {"result": "success"}
    assert _violations(whmcs) == []


def test_pages_have_25_rows_unless_asked(start: StartSandbox) -> None:
    sandbox = start(a_seed(extra_services=30))
    answer = _post(sandbox, action="GetClientsProducts").json()
    assert (answer["totalresults"], answer["numreturned"]) == ("32", 25)


def test_numbers_are_texts_where_the_samples_have_them_so(whmcs: Sandbox) -> None:
    service = _post(whmcs, action="GetClientsProducts", serviceid="21").json()["products"]["product"][0]
    assert (service["id"], service["clientid"]) == ("21", "11")
    assert _post(whmcs, action="GetInvoice", invoiceid="1").json()["invoiceid"] == 1
    assert "result" not in _post(whmcs, action="GetAdminUsers").json()


def test_a_status_written_to_the_record_runs_no_module(whmcs: Sandbox) -> None:
    _post(whmcs, action="UpdateClientProduct", serviceid="21", status="Suspended")
    assert [one.hook for one in whmcs.world.hooks.fired] == ["ServiceEdit"]


def test_the_journal_keeps_no_credentials(whmcs: Sandbox) -> None:
    whmcs.panel().suspend("21", "because")
    journal = requests.get(f"{whmcs.url}/sandbox/journal", timeout=5).text
    assert "because" in journal
    assert "sandbox-secret" not in journal


def test_two_installations_share_nothing() -> None:
    def now() -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    one, other = make_app(a_seed(), now=now), make_app(a_seed(), now=now)
    people.edit_service(world_of(one), 21, {"status": "Suspended"})
    assert world_of(other).state.services[21].status == "Active"


def test_a_seed_can_be_written_as_plain_values() -> None:
    seed = Seed.from_dict(
        {
            "timezone": "Europe/Berlin",
            "access_key": None,
            "clients": [{"id": 1, "firstname": "A", "lastname": "B", "email": "a@b.example"}],
            "invoices": [
                {
                    "id": 1,
                    "client": 1,
                    "issued": "2026-01-01",
                    "due": "2026-01-15",
                    "lines": [{"description": "VPS", "amount": "5.00", "service": 2}],
                }
            ],
            "quirks": {"empty_list": "text"},
        }
    )
    assert seed.clients == (SeedClient(id=1, firstname="A", lastname="B", email="a@b.example"),)
    assert seed.invoices[0].lines == (SeedLine(description="VPS", amount=Decimal("5.00"), service=2),)
    assert seed.invoices[0].due == date(2026, 1, 15)
    assert seed.quirks.empty_list == "text"


def test_a_seed_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(TypeError, match="SeedClient has no mail"):
        Seed.from_dict({"clients": [{"id": 1, "mail": "a@b.example"}]})


# The page


def test_the_page_shows_what_senders_wrote_as_text(whmcs: Sandbox) -> None:
    people.client_ticket(whmcs.world, 11, 2, "<script>alert(1)</script>", "<img src=x onerror=alert(2)>")
    whmcs.panel().suspend("21", "<b>Spam</b>")
    page = requests.get(f"{whmcs.url}/", params={"said": "<i>hello</i>"}, timeout=5).text
    for raw in ("<script>", "<img", "<b>Spam", "<i>hello"):
        assert raw not in page
    assert "&lt;b&gt;Spam&lt;/b&gt;" in page


def test_the_buttons_reply_pay_and_unsuspend(whmcs: Sandbox) -> None:
    whmcs.panel().suspend("21", "Spam")
    whmcs.panel().open_ticket(client="11", service="21", subject="s", message="m")
    for path, form in (
        ("/do/ticket/1", {"message": "It is fixed"}),
        ("/do/service/21/unsuspend", {}),
        ("/do/invoice/1/pay", {}),
    ):
        answer = requests.post(f"{whmcs.url}{path}", data=form, timeout=5)
        assert answer.status_code == 200
        assert "Refused" not in answer.text
    assert [message.text for message in whmcs.world.state.tickets[1].messages] == ["m", "It is fixed"]
    assert whmcs.world.state.services[21].status == "Active"
    assert whmcs.world.state.invoices[1].status == "Paid"
    unsuspended = _fired(whmcs, "PreModuleUnsuspend")
    assert unsuspended.vars["params"]["serviceid"] == 21


def test_a_button_that_cannot_be_obeyed_says_why(whmcs: Sandbox) -> None:
    answer = requests.post(f"{whmcs.url}/do/invoice/99/pay", timeout=5)
    assert "Refused: Invoice ID Not Found" in answer.text


def test_another_sites_page_cannot_press_the_buttons(whmcs: Sandbox) -> None:
    answer = requests.post(f"{whmcs.url}/do/invoice/1/pay", headers={"Origin": "https://evil.example"}, timeout=5)
    assert answer.status_code == 403
    assert whmcs.world.state.invoices[1].status == "Unpaid"


# The endpoints


def _do(sandbox: Sandbox, path: str, **asked: Any) -> requests.Response:
    return requests.post(f"{sandbox.url}/sandbox{path}", json=asked, timeout=5)


def test_the_endpoints_do_what_people_do(whmcs: Sandbox) -> None:
    assert _do(whmcs, "/services/21/suspend", by="automation", reason="Overdue on Payment").ok
    assert _do(whmcs, "/services/21", domain="new.example", custom_fields={"vpsid": "7"}).ok
    assert _do(whmcs, "/clients/11", groupid=3, email_verified=False, custom_fields={"a": "b"}).ok
    ticket = _do(whmcs, "/tickets", client=11, department=2, subject="Help", message="m").json()["id"]
    assert _do(whmcs, f"/tickets/{ticket}/reply", message="Anyone?").ok
    assert _do(whmcs, "/invoices/1/pay").ok
    assert _do(whmcs, "/invoices/1/refund").ok
    order = _do(whmcs, "/orders", client=11, product=1).json()
    assert order["services"] == [23]
    assert _do(whmcs, "/cron").json() == {"delivered": 0, "holds": False}
    state = requests.get(f"{whmcs.url}/sandbox/state", timeout=5).json()
    assert state["services"][0]["status"] == "Active"
    assert state["services"][0]["custom_fields"]["vpsid"] == "7"
    assert state["clients"][0]["groupid"] == 3
    assert state["invoices"][0]["status"] == "Refunded"
    assert [message["text"] for message in state["tickets"][0]["messages"]] == ["m", "Anyone?"]
    hooks = requests.get(f"{whmcs.url}/sandbox/hooks", timeout=5).json()
    assert [one["hook"] for one in hooks["fired"]][-3:] == [
        "AfterShoppingCartCheckout",
        "PreModuleCreate",
        "AfterModuleCreate",
    ]


@pytest.mark.parametrize(
    ("path", "asked", "words"),
    [
        ("/services/99/suspend", {}, "Service ID not found"),
        ("/services/21/dance", {}, "no such module command: dance"),
        ("/services/21/suspend", {"by": "nobody"}, "by is admin or automation"),
        ("/services/21", {"colour": "red"}, "a service has no colour"),
        ("/clients/11", {"colour": "red"}, "a client has no colour"),
        ("/tickets", {"client": "x"}, "client is no number"),
        ("/tickets/1/reply", {"message": ""}, "Message is required"),
        ("/invoices/1/eat", {}, "an invoice cannot be asked to eat"),
        ("/invoices/1/refund", {}, "The invoice has no payment to refund"),
        ("/faults", {"kind": "earthquake"}, "kind is one of"),
    ],
)
def test_an_endpoint_that_cannot_obey_says_why(whmcs: Sandbox, path: str, asked: dict[str, Any], words: str) -> None:
    answer = _do(whmcs, path, **asked)
    assert answer.status_code == 409
    assert words in answer.json()["error"]


def test_a_body_that_is_no_object_is_refused(whmcs: Sandbox) -> None:
    answer = requests.post(f"{whmcs.url}/sandbox/faults", data=b"[1", timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (409, "the body is no JSON object")


def test_faults_can_be_ordered_and_cleared(whmcs: Sandbox) -> None:
    assert _do(whmcs, "/faults", kind="error", action="ModuleSuspend", times=2, words="Server is on fire").ok
    with pytest.raises(PanelRefused, match="Server is on fire"):
        whmcs.panel().suspend("21", "because")
    assert requests.delete(f"{whmcs.url}/sandbox/faults", timeout=5).ok
    whmcs.panel().suspend("21", "because")
    outcomes = [call.outcome for call in whmcs.world.journal.calls("ModuleSuspend")]
    assert outcomes == ["fault error", "success"]


def test_a_fault_of_no_action_hits_the_next_call(whmcs: Sandbox) -> None:
    assert _do(whmcs, "/faults", kind="html").ok
    assert _post(whmcs, action="GetCurrencies").headers["Content-Type"].startswith("text/html")
    assert _post(whmcs, action="GetCurrencies").json()["totalresults"] == "2"


# The server module


@dataclass
class Pair:
    """Both sandboxes, connected both ways; `machine` is the one behind service 21."""

    whmcs: Sandbox
    app: Flask
    url: str

    @property
    def machine(self) -> Vps:
        return virtualizor.panel_of(self.app).estate.machines[1001]


@pytest.fixture
def pair(start: StartSandbox) -> Iterator[Pair]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    entry = SeedServer(id=1, name="virt-1", url=f"http://127.0.0.1:{port}", password="password")
    whmcs = start(replace(a_seed(), servers=(entry,), callback_key="callback-key"))
    app = virtualizor.make_app(
        virtualizor.Seed(
            machines=(virtualizor.SeedMachine(vpsid=1001, hostname="vps.customer.example", ips=("192.0.2.10",)),)
        ),
        api_key="key",
        api_password="password",
        now=lambda: datetime(2026, 3, 2, tzinfo=UTC),
        callback=virtualizor.Callback(url=f"{whmcs.url}{CALLBACK}", key="callback-key"),
    )
    server = virtualizor.serve(app, port=port)
    yield Pair(whmcs=whmcs, app=app, url=server.url)
    server.stop()
    assert virtualizor.panel_of(app).journal.violations() == []


def test_module_commands_reach_the_server_panel(pair: Pair) -> None:
    panel = pair.whmcs.panel()
    panel.suspend("21", "Spam")
    assert pair.machine.suspended
    panel.unsuspend("21")
    assert not pair.machine.suspended
    panel.terminate("21")
    assert virtualizor.panel_of(pair.app).estate.machines == {}


def test_a_locked_machine_fails_the_command_in_the_panels_words(pair: Pair) -> None:
    pair.machine.locked = "backup"
    with pytest.raises(PanelRefused, match="locked"):
        pair.whmcs.panel().suspend("21", "Spam")
    assert pair.whmcs.world.state.services[21].status == "Active"


def test_what_is_done_in_the_server_panel_is_written_without_a_hook(pair: Pair) -> None:
    asked = {"act": "vs", "api": "json", "adminapikey": "key", "adminapipass": "password", "suspend": "1001"}
    assert requests.get(f"{pair.url}/index.php", params=asked, timeout=5).json()["done"]
    service = pair.whmcs.panel().service("21")
    assert service is not None
    assert service.status is ServiceStatus.SUSPENDED
    assert pair.whmcs.world.hooks.fired == ()
    assert [mail.to for mail in pair.whmcs.world.state.mails] == ["ada@customer.example"]


def _called_back(sandbox: Sandbox, key: str, act: str, data: bytes) -> int:
    form = {"hash": key, "act[]": act, "vpsid": "1001", "data": base64.b64encode(data).decode()}
    return requests.post(f"{sandbox.url}{CALLBACK}", data=form, timeout=5).status_code


def test_the_callback_changes_addresses_and_host_name(start: StartSandbox) -> None:
    sandbox = start(replace(a_seed(), callback_key="k"))
    ips = b'a:2:{s:1:"0";s:9:"192.0.2.7";s:1:"1";s:9:"192.0.2.8";}'
    assert _called_back(sandbox, "k", "changeip", ips) == 200
    assert _called_back(sandbox, "k", "changehostname", b'a:1:{s:8:"hostname";s:3:"new";}') == 200
    assert _called_back(sandbox, "k", "terminate", b"garbage") == 200
    service = sandbox.panel().service("21")
    assert service is not None
    assert (service.ips, service.domain) == (("192.0.2.7", "192.0.2.8"), "new")
    assert service.status is ServiceStatus.TERMINATED


@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_callback_without_the_key_is_refused(whmcs: Sandbox, key: str) -> None:
    assert _called_back(whmcs, key, "terminate", b"") == 403
    assert whmcs.world.state.services[21].status == "Active"


def test_a_server_panel_that_is_away_fails_the_command(start: StartSandbox) -> None:
    seed = a_seed()
    entry = SeedServer(id=1, name="virt-1", url="http://127.0.0.1:9", password="password")
    sandbox = start(replace(seed, servers=(entry,)))
    with pytest.raises(PanelRefused, match="Could not connect"):
        sandbox.panel().suspend("21", "Spam")
    assert sandbox.world.state.services[21].status == "Active"


def _fired(sandbox: Sandbox, hook: str) -> Fired:
    return next(one for one in sandbox.world.hooks.fired if one.hook == hook)
