"""The sandbox behaves as the documentation says a panel does, and notes whatever is not documented."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from adapters.virtualizor.sandbox import Callback, Fault, FaultKind, PastEnd, SeedMachine, Traits
from adapters.virtualizor.sandbox.billing import php_serialized
from tests.contract.virtualizor.conftest import API_KEY, API_PASSWORD, Lab, OpenLab

PAIR = {"adminapikey": API_KEY, "adminapipass": API_PASSWORD}


def ask(lab: Lab, query: dict[str, Any], form: dict[str, str] | None = None, **options: Any) -> requests.Response:
    return requests.request(
        "GET" if form is None else "POST",
        f"{lab.url}index.php",
        params={"api": "json", **PAIR, **query},
        data=form,
        allow_redirects=False,
        timeout=10,
        **options,
    )


def answer(lab: Lab, query: dict[str, Any], form: dict[str, str] | None = None) -> dict[str, Any]:
    response = ask(lab, query, form)
    assert response.status_code == 200
    shown = response.json()
    assert isinstance(shown, dict)
    return shown


def hashed(password: str, nonce: str = "abcd1234") -> str:
    return nonce + hashlib.md5((password + nonce).encode()).hexdigest()


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"adminapikey": API_KEY},
        {"adminapikey": API_KEY, "adminapipass": hashlib.md5(API_PASSWORD.encode()).hexdigest()},
        {"adminapikey": "", "adminapipass": ""},
        {"apikey": hashed("wrong")},
        {"apikey": hashed(API_PASSWORD)[8:]},
        {"apikey": hashed(API_PASSWORD, nonce="")},
        {"apikey": "é" * 40},
    ],
    ids=repr,
)
def test_wrong_credentials_are_sent_to_the_login_page(lab: Lab, credentials: dict[str, str]) -> None:
    query = {"act": "vs", "api": "json", **credentials}
    response = requests.get(f"{lab.url}index.php", params=query, allow_redirects=False, timeout=10)
    assert response.status_code == 302
    assert response.text.startswith("<")


def test_either_style_of_credentials_opens(lab: Lab) -> None:
    assert "vs" in answer(lab, {"act": "vs"})
    by_hash = {"act": "vs", "api": "json", "apikey": hashed(API_PASSWORD)}
    assert "vs" in requests.get(f"{lab.url}index.php", params=by_hash, timeout=10).json()


def test_without_api_json_a_web_page_comes(lab: Lab) -> None:
    assert ask(lab, {"act": "vs", "api": ""}).text.startswith("<")


def test_rows_are_strings_nulls_and_empty_lists(lab: Lab) -> None:
    row = answer(lab, {"act": "vs", "vpsid": 15})["vs"]["15"]
    assert (row["vpsid"], row["serid"], row["ips"], row["suspended"]) == ("15", 0, [], "0")
    assert row["nw_suspended"] is None
    assert answer(lab, {"act": "vs", "vpsid": 999})["vs"] == []
    assert answer(lab, {"act": "vs", "vs_status": 999})["status"] == []


def test_a_search_by_address_matches_parts(lab: Lab) -> None:
    assert set(answer(lab, {"act": "vs", "vpsip": "192.0.2.10"})["vs"]) == {"12", "13"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"vpsname": "v1012"}, {"12"}),
        ({"vpshostname": ".EXAMPLE"}, {"12", "13", "14", "15"}),
        ({"user": "customer@example.com", "serid": 1}, {"13"}),
        ({"vps_uuid": "uuid-14"}, {"14"}),
        ({"vsstatus": "u", "reslen": 2, "page": 2}, {"14", "15"}),
    ],
    ids=["name", "part of the host name", "user and server", "uuid", "second page of the unsuspended"],
)
def test_machines_are_found_by_the_documented_filters(lab: Lab, query: dict[str, Any], found: set[str]) -> None:
    assert set(answer(lab, {"act": "vs", **query})["vs"]) == found


def test_a_page_holds_fifty_rows_unless_said_otherwise(open_lab: OpenLab) -> None:
    many = tuple(SeedMachine(vpsid=number, hostname="h", ips=()) for number in range(1, 71))
    lab = open_lab(machines=many, traits=Traits(past_end=PastEnd.LAST))
    assert [len(answer(lab, {"act": "vs", "page": page})["vs"]) for page in (0, 1, 2, 9)] == [50, 50, 20, 20]


def test_an_unknown_act_shows_the_dashboard_and_is_noted(open_lab: OpenLab) -> None:
    lab = open_lab()
    shown = answer(lab, {"act": "vpsinfo"})
    assert shown["title"] == "Admin Panel"
    assert set(shown) == {"title", "timenow", "time_taken"}
    assert lab.sandbox.journal.violations() == [{"call": "vpsinfo", "problem": "is not documented"}]


def test_undocumented_parameters_and_wrong_places_are_noted(open_lab: OpenLab) -> None:
    lab = open_lab()
    answer(lab, {"act": "vs", "suspend": 12, "reason": "x"})
    answer(lab, {"act": "managevps", "vpsid": 12, "editvps": 1})
    problems = [each["problem"] for each in lab.sandbox.journal.violations()]
    assert problems == ["reason is not documented in the query", "editvps is not documented in the query"]


def test_suspending_stops_and_unsuspending_boots(lab: Lab) -> None:
    assert answer(lab, {"act": "vs", "suspend": 12, "skip_callback": 1}, {"suspend_reason": "abuse"})["done"] == 1
    row = answer(lab, {"act": "vs", "vpsid": 12})["vs"]["12"]
    assert (row["suspended"], row["machine_status"], row["suspend_reason"]) == ("1", "2", "abuse")
    assert answer(lab, {"act": "vs", "action": "start", "vpsid": 12})["error"] == ["The VPS is suspended"]
    assert answer(lab, {"act": "vs", "suspend": 12, "skip_callback": 1})["error"] == ["The VPS is already suspended"]
    assert answer(lab, {"act": "vs", "unsuspend": 12, "skip_callback": 1})["done"] == 1
    assert answer(lab, {"act": "vs", "vs_status": "12"})["status"]["12"]["status"] == 1


def test_neither_flag_clears_the_other(lab: Lab) -> None:
    for operation in ("suspend_net", "suspend", "unsuspend"):
        assert "done" in answer(lab, {"act": "vs", operation: 12, "skip_callback": 1})
    assert answer(lab, {"act": "vs", "vpsid": 12})["vs"]["12"]["nw_suspended"]


def test_a_locked_machine_refuses_everything_but_unlocking(lab: Lab) -> None:
    for operation in ("suspend", "unsuspend", "suspend_net", "unsuspend_net", "bwreset"):
        assert "locked" in answer(lab, {"act": "vs", operation: 14})["error"][0]
    assert "locked" in answer(lab, {"act": "vs", "delete": 14})["error_msg"]
    assert "locked" in answer(lab, {"act": "managevps", "vpsid": 14}, {"editvps": "1"})["error"]
    assert answer(lab, {"act": "vs", "action": "unlock", "vpsid": 14})["done"] == 1
    assert answer(lab, {"act": "vs", "suspend": 14})["done"] == 1


def test_a_deleted_machines_addresses_are_free_at_once_and_stay_in_the_log(lab: Lab) -> None:
    assert answer(lab, {"act": "vs", "delete": 12, "delete_uuid": "uuid-12"})["done"] is True
    assert answer(lab, {"act": "vs", "vpsid": 12})["vs"] == []
    (record,) = answer(lab, {"act": "ips", "ipsearch": "192.0.2.10", "reslen": 1})["ips"].values()
    assert record["vpsid"] == "0"
    (held,) = answer(lab, {"act": "iplogs", "ip": "192.0.2.10"})["iplogs"].values()
    assert held["vpsid"] == "12"


def test_a_guard_of_another_machine_stops_every_operation(lab: Lab) -> None:
    for operation in ("suspend", "unsuspend", "suspend_net", "unsuspend_net"):
        assert "uuid" in answer(lab, {"act": "vs", operation: 12, f"{operation}_uuid": "other"})["error"][0]
    assert "uuid" in answer(lab, {"act": "vs", "delete": 12, "delete_uuid": "other"})["error_msg"]
    assert "vps_uuid" in answer(lab, {"act": "managevps", "vpsid": 12, "vps_uuid": "other"})["error"]


def test_a_page_without_its_submit_flag_saves_nothing(lab: Lab) -> None:
    shown = answer(lab, {"act": "managevps", "vpsid": 12})
    assert "done" not in shown
    assert shown["vps"]["vpsid"] == "12"
    assert {record["ip"] for record in shown["ips"].values()} >= {"192.0.2.10", "192.0.2.20"}


def test_addresses_left_out_of_an_edit_are_released_and_disks_not_named_are_removed(lab: Lab) -> None:
    form = {"editvps": "1", "ips[0]": "192.0.2.20", "space[0][size]": "5", "space[0][st_uuid]": "other"}
    shown = answer(lab, {"act": "managevps", "vpsid": 12}, form)
    assert shown["done"] == {"done": True}
    assert list(shown["vps"]["ips"].values()) == ["192.0.2.20", "2001:DB8:0:0:0::10"]
    assert lab.machine(12).disks == {"other": "5"}
    assert answer(lab, {"act": "editvs", "vpsid": 12}, {"editvps": "1", "num_ips": "1"})["done"] == 1


def test_locked_addresses_and_those_of_another_node_are_refused(lab: Lab) -> None:
    for ip in ("192.0.2.22", "192.0.2.30", "203.0.113.1"):
        assert answer(lab, {"act": "managevps", "vpsid": 12}, {"editvps": "1", "ips[0]": ip})["error"]
    assert lab.machine(12).ipids == [1, 2]


def test_addresses_can_be_added_changed_and_deleted_while_free(lab: Lab) -> None:
    added = answer(lab, {"act": "addips"}, {"submitip": "1", "iptype": "4", "ippid": "1", "ips[0]": "192.0.2.40"})
    (ipid,) = added["done"]["range"]
    edited = answer(lab, {"act": "editips"}, {"editip": "1", "ipid": ipid, "ip": "192.0.2.41", "locked": "1"})
    assert (edited["ip"]["ip"], edited["ip"]["locked"]) == ("192.0.2.41", "1")
    assert answer(lab, {"act": "ips"}, {"delete": ipid})["done"] == 1
    assert answer(lab, {"act": "ips"}, {"delete": "1"})["error"] == {"ip_in_use": "The IP is in use"}
    assert answer(lab, {"act": "editips"}, {"editip": "1", "ipid": "1", "ip": "192.0.2.99"})["error"]


def test_other_pages_show_what_there_is(lab: Lab) -> None:
    assert set(answer(lab, {"act": "servers"})["servs"]) == {"0", "1"}
    assert set(answer(lab, {"act": "users"})["users"]) == {"2"}
    assert answer(lab, {"act": "ippool"})["ippools"]["1"]["ipv6"] == "0"
    assert set(answer(lab, {"act": "vps_stats", "vpsid": 12})["vps_data"]) == {"K_12"}
    assert len(answer(lab, {"act": "firewall_plans"})["firewall_plans"]) == 2
    assert answer(lab, {"act": "tasks"})["tasks"] == []
    assert "1" in answer(lab, {"act": "plans"})["plans"]


class _Billing(BaseHTTPRequestHandler):
    server: _BillingServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class _BillingServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Billing)
        self.told: list[dict[str, str]] = []


@pytest.fixture
def billing() -> Iterator[_BillingServer]:
    server = _BillingServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_billing_is_told_unless_the_call_says_to_skip_it(open_lab: OpenLab, billing: _BillingServer) -> None:
    callback = Callback(url=f"http://127.0.0.1:{billing.server_port}/callback.php", key="callback-key")
    lab = open_lab(callback=callback)
    answer(lab, {"act": "vs", "suspend": 12, "skip_callback": 1})
    assert billing.told == []
    answer(lab, {"act": "vs", "unsuspend": 12})
    answer(lab, {"act": "vs", "delete": 12})
    assert [(told["act[]"], told["vpsid"], told["hash"]) for told in billing.told] == [
        ("unsuspend", "12", "callback-key"),
        ("terminate", "12", "callback-key"),
    ]
    assert base64.b64decode(billing.told[0]["data"]) == b"a:0:{}"


def test_a_billing_side_that_is_down_holds_nothing_up(open_lab: OpenLab) -> None:
    lab = open_lab(callback=Callback(url="http://127.0.0.1:9/callback.php", key="k"))
    assert answer(lab, {"act": "vs", "suspend": 12})["done"] == 1


def test_values_are_serialized_as_php_does() -> None:
    assert php_serialized({"a": "ä", "n": 5}) == b'a:2:{s:1:"a";s:2:"\xc3\xa4";s:1:"n";i:5;}'


def test_the_page_for_people_shows_state_and_escapes_what_customers_wrote(open_lab: OpenLab) -> None:
    lab = open_lab(machines=(SeedMachine(vpsid=1, hostname="<script>alert(1)</script>", ips=("192.0.2.1",)),))
    lab.panel.cut_network("1", "")
    page = requests.get(lab.url, timeout=10).text
    assert "<script>" not in page
    assert "192.0.2.1" in page
    assert ">cut<" in page


def test_control_changes_what_the_panel_shows(lab: Lab) -> None:
    url = f"{lab.url}sandbox"
    changed = {"locked": "restore", "ips": ["192.0.2.50", "2001:db8::50"], "network_cut": True, "suspended": True}
    assert requests.post(f"{url}/machines/13", json=changed, timeout=10).ok
    machine = lab.panel.machine("13")
    assert machine is not None
    assert machine.ips == ("192.0.2.50", "2001:db8::50")
    assert (machine.locked, machine.network_cut, machine.suspended) == (True, True, True)
    made = {"vpsid": 90, "hostname": "new.example", "ips": ["192.0.2.90"]}
    assert requests.post(f"{url}/machines", json=made, timeout=10).status_code == 201
    assert lab.panel.machine("90") is not None
    assert requests.delete(f"{url}/machines/90", timeout=10).ok
    assert lab.panel.machine("90") is None
    assert len(requests.get(f"{url}/machines", timeout=10).json()["machines"]) == 4


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("machines", {"vpsid": 12, "hostname": "taken", "ips": []}, 409),
        ("machines", {"hostname": "no id"}, 422),
        ("machines/999", {"locked": "x"}, 409),
        ("machines/12", {"colour": "red"}, 422),
        ("machines/12", ["not an object"], 422),
        ("faults", {"call": "vs", "kind": "earthquake"}, 422),
    ],
    ids=repr,
)
def test_control_refuses_what_it_does_not_understand(lab: Lab, path: str, body: object, status: int) -> None:
    assert requests.post(f"{lab.url}sandbox/{path}", json=body, timeout=10).status_code == status


def test_faults_are_set_over_http_hit_their_calls_and_are_used_up(lab: Lab) -> None:
    url = f"{lab.url}sandbox/faults"
    fault = {"call": "vs:*", "kind": "error", "words": "busy", "times": 2}
    assert requests.post(url, json=fault, timeout=10).status_code == 201
    assert "vs" in answer(lab, {"act": "vs"})
    assert [answer(lab, {"act": "vs", "suspend": 12}).get("error") for _ in range(3)] == [["busy"], ["busy"], None]
    assert requests.get(url, timeout=10).json() == {"faults": []}
    requests.post(url, json={"call": "*", "kind": "500", "times": 0}, timeout=10)
    assert [ask(lab, {"act": "vs"}).status_code for _ in range(3)] == [500, 500, 500]
    assert requests.delete(url, timeout=10).json() == {"faults": []}
    assert "vs" in answer(lab, {"act": "vs"})


def test_a_lost_answer_is_a_broken_line(lab: Lab) -> None:
    lab.sandbox.faults.set(Fault(call="vs:suspend", kind=FaultKind.LOST, after=True))
    with pytest.raises(requests.ConnectionError):
        ask(lab, {"act": "vs", "suspend": 12})
    assert lab.machine(12).suspended


def test_the_journal_tells_what_was_asked_and_how_it_ended(lab: Lab) -> None:
    answer(lab, {"act": "vs", "suspend_net": 12})
    (entry,) = requests.get(f"{lab.url}sandbox/journal", timeout=10).json()["journal"]
    assert (entry["call"], entry["method"], entry["outcome"]) == ("vs:suspend_net", "GET", "done")
    assert entry["query"] == {"act": "vs", "api": "json", "suspend_net": "12"}
    assert requests.get(f"{lab.url}sandbox/violations", timeout=10).json() == {"violations": []}


def test_hooks_hear_of_boots_and_deletions(open_lab: OpenLab) -> None:
    lab = open_lab()
    heard: list[tuple[str, str]] = []
    lab.sandbox._on_hook = lambda hook, row: heard.append((hook, row["vpsid"]))
    answer(lab, {"act": "vs", "action": "restart", "vpsid": 12})
    answer(lab, {"act": "vs", "delete": 13})
    assert heard == [("after_startvps", "12"), ("after_deletevps", "13"), ("deletevs", "13")]
