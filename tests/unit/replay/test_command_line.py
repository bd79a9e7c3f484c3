"""`tipstaff replay`: what goes in, what comes out, and how misuse is told (interface 5)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import main
from tests.unit.decide.scenario import a_complaint, a_service, an_event, at, spam, unsuspend_asked


@dataclass
class Ended:
    status: int
    out: bytes
    err: str

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """tipstaff with these arguments: its status and what it wrote."""

    def call(*arguments: str, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["tipstaff", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = 0
        try:
            main()
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        sys.stdout.flush()
        written = capfdbinary.readouterr()
        return Ended(status, written.out, written.err.decode())

    return call


def lines(*events: Mapping[str, Any]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(a_service(), spam()))
    return path


def test_records_are_json_lines_in_the_order_of_time(run: Any, file: Path) -> None:
    ended = run("replay", "--policy", "klt-net", "--until", at("6h"), str(file))
    assert (ended.status, ended.err) == (0, "")
    assert ended.answers[0]["record"] == "case"
    assert ended.answers[-1]["at"] == at("6h")
    assert ended.out.endswith(b"}\n")


def test_the_same_input_gives_the_same_bytes(run: Any, file: Path) -> None:
    first = run("replay", "--policy", "klt-net", "--until", at("99h"), str(file))
    assert first.out == run("replay", "--policy", "klt-net", "--until", at("99h"), str(file)).out
    assert len(first.out) > 1000


def test_a_dash_reads_standard_input(run: Any, file: Path) -> None:
    named = run("replay", "--policy", "klt-net", str(file))
    assert run("replay", "--policy", "klt-net", "-", stdin=file.read_bytes()).out == named.out
    bad = run("replay", "--policy", "klt-net", "-", stdin=b"\n{}\n")
    assert (bad.status, bad.err) == (2, "tipstaff: standard input:2: type: is missing\n")


def test_approvals_are_given_where_nothing_is_said(run: Any, file: Path) -> None:
    absent = run("replay", "--policy", "klt-net", "--until", at("6h"), str(file))
    assert absent.out == run("replay", "--policy", "klt-net", "--until", at("6h"), "--approve", "all", str(file)).out
    withheld = run("replay", "--policy", "klt-net", "--until", at("6h"), "--approve", "none", str(file))
    assert [answer["state"] for answer in withheld.answers if answer.get("action") == "charge_fine"] == ["proposed"]


def test_empty_lines_are_passed_over(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "e.jsonl"
    file.write_bytes(b"\n" + lines(a_service()) + b"  \r\n" + lines(spam()) + b"\n")
    assert run("replay", "--policy", "klt-net", str(file)).answers
    file.write_bytes(b"")
    empty = run("replay", "--policy", "klt-net", str(file))
    assert (empty.status, empty.out, empty.err) == (0, b"", "")


def usage(**other: Any) -> dict[str, Any]:
    return an_event("usage.observed", "1h", **{"service": "1", "metric": "cpu", "value": 0.5, "hours": 1, **other})


BAD_LINES = [
    (b"not json\n", ":3: not JSON"),
    (b"[]\n", ":3: an event must be a JSON object"),
    (b'"\\ud800"\n', ":3: not JSON"),
    (b"\xff\xfe\n", ":3: not JSON"),
    (b'{"id": "x", "value": NaN}\n', ":3: value: not JSON"),
    (b'{"id": "x", "amount": 1e999}\n', ":3: amount: not JSON"),
    (b'{"id": "x", "reporter": {"name": "\\ud800"}}\n', ":3: reporter: not JSON"),
    (b'{"id": "x", "a\\nb": NaN}\n', ":3: not JSON"),
    (lines(an_event("refund.requested", "1h", "x", service="1", amount="1e3")), ":3: amount: '1e3' is not a sum"),
    (lines(an_event("refund.requested", "1h", "x", service="1", amount="1_0")), ":3: amount: '1_0' is not a sum"),
    (lines(an_event("refund.requested", "1h", "x", service="1", amount="\u0661")), ":3: amount: "),
    (lines(an_event("sla_credit.requested", "1h", "x", service="1", kind="loss", asn=2**32)), ":3: asn: "),
    (lines({"id": "x", "at": at("1h")}), ":3: type: is missing"),
    (lines({"id": "x", "type": "no.such", "at": at("1h")}), ":3: type: 'no.such'"),
    (lines({"id": "x", "type": "action.done", "at": at("1h"), "action": "a"}), ":3: type: 'action.done'"),
    (lines({"id": "x", "type": "deadline.due", "at": at("1h"), "deadline": "a"}), ":3: type: 'deadline.due'"),
    (lines({**a_complaint("no/such", name="x")}), ":3: category: 'no/such' is not a category"),
    (lines({**a_complaint(name="x"), "at": "yesterday"}), ":3: at: 'yesterday'"),
    (lines({**a_complaint(name="x"), "at": "2024-13-01T00:00:00Z"}), ":3: at: "),
    (lines({**a_complaint(name="x"), "at": 5}), ":3: at: "),
    (lines({**a_complaint(name="x"), "at": "9999-12-31T23:59:59Z"}), ":3: at: "),
    (lines({**a_complaint(name="x"), "id": ""}), ":3: id: "),
    (lines({**a_complaint(name="x"), "id": 5}), ":3: id: must be"),
    (lines({**a_service("2"), "client": 7}), ":3: client: must be"),
    (lines(a_service("2", paid_amount="1_000")), ":3: paid_amount: '1_000' is not a sum"),
    (lines(a_service("2", paid_amount="-5.00")), ":3: paid_amount: '-5.00'"),
    (lines(usage(value="0.9")), ":3: value: must be a number"),
    (lines(usage(hours="6")), ":3: hours: must be a number"),
    (lines(usage(value=1.01)), ":3: value: must lie between 0 and 1"),
    (lines(usage(asn=2**32)), ":3: asn: '4294967296' is not"),
    (lines(a_complaint(name="x", ips=["192.0.2.1", "192.0.2.1/24"])), ":3: ips[1]: "),
    (lines(a_complaint(name="x", ips="192.0.2.1")), ":3: ips: must be a list"),
    (lines(a_complaint(name="x", complete="no")), ":3: complete: must be true or false"),
    (lines(a_complaint(name="x", reporter={"kind": "aliens"})), ":3: reporter.kind: 'aliens'"),
    (lines(a_complaint(name="x", targets=[1])), ":3: targets[0]: must be text"),
    (lines({"id": "x", "type": "complaint.received", "at": at("1h"), "category": "messaging/spam"}), ":3: ip: "),
    (lines({**unsuspend_asked("1h"), "by": "me"}), ":3: by: 'me'"),
    (lines(a_service("2", status="gone")), ":3: status: 'gone'"),
    (
        lines({"id": "x", "type": "service.observed", "at": at("1h"), "service": "2", "client": "c"}),
        ":3: product_kind: ",
    ),
    (lines(a_service("2", status=None)), ":3: status: "),
    (lines({"id": "x", "type": "invoice.paid", "at": at("1h"), "service": "2"}), ":3: charge: "),
]


@pytest.mark.parametrize(("line", "told"), BAD_LINES, ids=[told for _, told in BAD_LINES])
def test_bad_input_exits_2_naming_file_line_and_field_before_anything_is_decided(
    run: Any, file: Path, line: bytes, told: str
) -> None:
    file.write_bytes(file.read_bytes() + line)
    ended = run("replay", "--policy", "klt-net", str(file))
    assert (ended.status, ended.out) == (2, b"")
    assert ended.err.startswith(f"tipstaff: {file}{told}")
    assert ended.err.count("\n") == 1


def test_a_hostile_value_cannot_write_more_than_one_line(run: Any, file: Path) -> None:
    file.write_bytes(lines(a_complaint("a\nb\x1b[31m" + "x" * 500)))
    ended = run("replay", "--policy", "klt-net", str(file))
    assert ended.status == 2
    assert ended.err.count("\n") == 1
    assert "\x1b" not in ended.err
    assert len(ended.err) < 400


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--policy", "klt-nett"], "klt-net"),
        (["--policy", "klt-net", "--until", "tomorrow"], "--until"),
        (["--policy", "klt-net", "--approve", "some"], "--approve"),
        ([], "--policy"),
        (["--policy", "klt-net", "--config", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_misuse_exits_2_with_one_line(run: Any, file: Path, arguments: list[str], told: str) -> None:
    ended = run("replay", *arguments, str(file))
    assert (ended.status, ended.out) == (2, b"")
    assert told in ended.err
    assert ended.err.count("\n") == 1


def test_what_cannot_be_written_is_one_line_and_status_1(file: Path) -> None:
    command = [sys.executable, "-m", "bridge", "replay", "--policy", "klt-net", str(file)]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (1, "tipstaff: [Errno 28] No space left on device\n")


def test_a_file_that_is_not_there_exits_2(run: Any, tmp_path: Path) -> None:
    ended = run("replay", "--policy", "klt-net", str(tmp_path / "none.jsonl"))
    assert ended.status == 2
    assert "none.jsonl" in ended.err


def test_the_line_of_a_first_sight_is_the_one_that_lacks_something(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "e.jsonl"
    short = {"id": "s", "type": "service.observed", "at": at("2h"), "service": "1", "client": "c1"}
    file.write_bytes(lines(short, a_service("1", "1h")))
    assert run("replay", "--policy", "klt-net", str(file)).status == 0
    file.write_bytes(lines(a_service("1", "3h"), short))
    assert f"{file}:2: product_kind" in run("replay", "--policy", "klt-net", str(file)).err


# ---- with a configuration ----


def test_approvals_mode_and_exemptions_come_from_a_configuration_that_is_named(
    run: Any, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "tipstaff.toml"
    config.write_text('policy = "klt-net"\n[approvals]\nsuspend_service = 2\n')
    unnamed = run("replay", "--policy", "klt-net", "--approve", "none", str(file))
    assert [answer["approval"] for answer in unnamed.answers if answer.get("action") == "suspend_service"] == ["auto"]
    named = run("replay", "--policy", "klt-net", "--approve", "none", "--config", str(config), str(file))
    found = [
        (answer["approval"], answer["state"]) for answer in named.answers if answer.get("action") == "suspend_service"
    ]
    assert found == [(2, "proposed")]


def test_routes_come_from_a_configuration_that_is_named(run: Any, file: Path, tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text('policy = "atlex"\n[[route]]\npolicy = "dptgroup"\nproduct_kind = ["vps"]\n')
    named = run("replay", "--policy", "klt-net", "--config", str(config), str(file))
    assert {answer["policy"] for answer in named.answers} == {"dptgroup"}
    assert {answer["policy"] for answer in run("replay", "--policy", "klt-net", str(file)).answers} == {"klt-net"}


def test_a_proposal_lapses_after_the_configured_time(run: Any, file: Path, tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text('policy = "klt-net"\n[approvals]\nsuspend_service = 1\nexpire_after = "5h"\n')
    arguments = ["replay", "--policy", "klt-net", "--approve", "none", "--config", str(config), "--until", at("6h")]
    told = [answer for answer in run(*arguments, str(file)).answers if answer.get("action") == "notify_staff"]
    assert [(answer["at"], answer["clause"], answer["proposed"]) for answer in told] == [
        (at("5h"), "3", "suspend_service")
    ]


def test_observe_mode_and_exemptions_are_simulated(run: Any, file: Path, tmp_path: Path) -> None:
    for text in ('mode = "observe"', '[[exempt]]\nservice = "1"\nreason = "ours"'):
        config = tmp_path / "own.toml"
        config.write_text(f'policy = "klt-net"\n{text}\n')
        ended = run("replay", "--policy", "klt-net", "--config", str(config), str(file))
        assert {answer["simulated"] for answer in ended.answers if answer["record"] in ("action", "hold")} == {True}
        assert {answer["state"] for answer in ended.answers if answer["record"] == "action"} == {"done"}


@pytest.mark.parametrize("text", ["policy = 5", "[approvals]\nterminate_service = 'auto'", "nonsense = 1", "= ="])
def test_a_configuration_that_cannot_be_used_exits_2(run: Any, file: Path, tmp_path: Path, text: str) -> None:
    config = tmp_path / "own.toml"
    config.write_text(text)
    ended = run("replay", "--policy", "klt-net", "--config", str(config), str(file))
    assert (ended.status, ended.out) == (2, b"")
    assert "own.toml" in ended.err
