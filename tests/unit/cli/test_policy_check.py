"""`tipstaff policy check`: exit status, what is told, and the packs that are shipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.cli.policy import policy
from bridge.events import parse_event
from bridge.policy.load import SHIPPED, find_pack, shipped_packs
from bridge.replay import Replay
from bridge.rules import Rules
from tests.unit.policy.tiny import NOTICE, a_pack, clause


def checked(*arguments: str) -> Result:
    return CliRunner().invoke(policy, ["check", *arguments])


@pytest.mark.parametrize("name", shipped_packs())
def test_a_shipped_pack_has_no_oddity_that_it_does_not_own_to(name: str) -> None:
    result = checked(name)
    assert result.exit_code == 0, result.output
    assert "well-formed; nothing found" in result.output


def test_a_fault_is_told_with_file_line_clause_and_events_and_is_exit_1(tmp_path: Path) -> None:
    bar = "on: strike\n  when: {group: spam}\n  then: [{bar_unsuspension: {scope: service}}]"
    pack = a_pack(tmp_path, NOTICE, clause("1", bar))
    result = checked(pack.file)
    assert result.exit_code == 1
    first, way, *events, last = result.output.splitlines()
    assert first.startswith(f"{pack.file}:26: clause 1: Nothing ever ends this hold")
    assert "tipstaff replay" in way
    assert [json.loads(event)["type"] for event in events] == ["service.observed", "complaint.received"]
    assert last.endswith("well-formed; 1 found")


UNTIL_PAID = "suspend_service: {until: deposit_paid and undertaking_signed}\n              - forfeit_deposit"
PLANTED = {
    "klt-net": [
        ("            unless: {fined: true}\n", "", "fined_twice", "3"),
        ("until: [listing_cleared, remediated and fine_paid]", "until: deposit_paid", "never_lifted", "3"),
    ],
    "lanmang": [
        (UNTIL_PAID, UNTIL_PAID.replace("undertaking_signed", "listing_cleared"), "never_lifted", "4"),
        ("{category: content/abusive,", "{group: illegal, category: usage/*,", "never_applies", "8"),
    ],
    "dptgroup": [
        ("- on: {no_evidence: 24h}", "- on: {no_evidence: 25h}", "nothing_follows", "spam"),
        ("block_network: {scope: ip, approval: 1}", "block_network: {scope: ip, until: paid}", "never_lifted",
         "blacklisted"),
    ],
}  # fmt: skip
"""By pack: what is written, what instead, and the kind of fault that this is under which clause."""


@pytest.mark.parametrize("name", PLANTED)
def test_faults_planted_in_a_shipped_pack_are_found(name: str, tmp_path: Path) -> None:
    whole = (SHIPPED / f"{name}.yaml").read_text()
    for text, instead, _, _ in PLANTED[name]:
        assert text in whole
        whole = whole.replace(text, instead, 1)
    file = tmp_path / "planted.yaml"
    file.write_text(whole)
    result = checked(str(file), "--json")
    findings = json.loads(result.output)["findings"]
    found = {(finding["kind"], finding["clause"]) for finding in findings}
    assert result.exit_code == 1
    assert {(kind, number) for _, _, kind, number in PLANTED[name]} <= found
    assert all(finding["events"] for finding in findings)


def test_as_json_every_finding_has_events_that_replay_takes(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, clause("1", "on: strike\n  then: [suspend_service]"))
    result = checked(pack.file, "--json")
    (finding,) = json.loads(result.output)["findings"]
    assert (result.exit_code, finding["kind"], finding["clause"], finding["file"]) == (1, "not_heard", "1", pack.file)
    answers = Replay(Rules(find_pack(pack.file), at_once=True)).run(
        [parse_event(one) for one in finding["events"]], None
    )
    assert "suspend_service" in [answer.get("action") for answer in answers]


def test_without_a_file_every_policy_of_the_configuration_is_checked(tmp_path: Path) -> None:
    one, other, config = a_pack(tmp_path, NOTICE), tmp_path / "other.yaml", tmp_path / "tipstaff.toml"
    other.write_text(Path(one.file).read_text().replace(f"pack: {one.name}", "pack: other"))
    config.write_text(f'policy = "{one.file}"\n[[route]]\npolicy = "{other}"\nproduct_kind = "dedicated"\n')
    answers = json.loads(checked("--json", "--config", str(config)).output)
    assert [answer["pack"] for answer in answers] == [one.name, "other"]
    assert [{finding["kind"] for finding in answer["findings"]} for answer in answers] == [{"manual"}, {"manual"}]
    assert checked("--config", str(config)).output.count("well-formed") == 2


def test_what_no_configured_panel_can_do_is_found_with_a_configuration(tmp_path: Path) -> None:
    config = tmp_path / "tipstaff.toml"
    config.write_text('policy = "klt-net"\n')
    pack = a_pack(tmp_path, NOTICE)
    result = checked(pack.file, "--json", "--config", str(config))
    manual = [finding for finding in json.loads(result.output)["findings"] if finding["kind"] == "manual"]
    assert [(finding["clause"], finding["line"]) for finding in manual] == [("0", 16), ("0", 19)]
    assert manual[0]["sentence"] == "notify_customer is done by hand: no panel here can: ticket."
    told, suspended = [[event["type"] for event in finding["events"]] for finding in manual]
    assert told == ["service.observed", "complaint.received"]
    assert suspended == ["service.observed", "complaint.received", "service.observed"]


PANELS = """\
policy = "klt-net"
[whmcs]
url = "https://billing.example/"
identifier = "h3Kd92LmQpXs"
secret = "zP4vB8nT1cRw"
abuse_department = 2
payment_method = "banktransfer"
timezone = "UTC"
[virtualizor]
url = "https://vps.example:4085/"
servers = [1]
api_key = "q7Wm3Zx9"
api_password = "Yt5Rf2Vb8"
[mapping]
product_kind = { "14" = "shared" }
"""


def test_what_is_done_by_hand_for_one_kind_of_product_alone_is_shown_with_such_a_product(tmp_path: Path) -> None:
    config = tmp_path / "tipstaff.toml"
    config.write_text(PANELS)
    cut = "on: strike\n  when: {group: spam}\n  then: [{block_network: {scope: all}}]"
    mild = "on: strike\n  when: {group: attacks, product_kind: vps}\n  then: [{block_network: {scope: all}}]"
    last = "on: {finding: culpable}\n  then: [{terminate_service: {erase: false}}, refer_to_authority]"
    pack = a_pack(tmp_path, NOTICE, clause("1", cut, mild, last))
    findings = json.loads(checked(pack.file, "--json", "--config", str(config)).output)["findings"]
    assert [finding["sentence"] for finding in findings] == [
        "block_network is done by hand for shared services: no panel here can: cut_network."
    ]
    events = findings[0]["events"]
    assert [event["type"] for event in events] == ["service.observed", "complaint.received"]
    assert events[0]["product_kind"] == "shared"
    answers = Replay(Rules(pack, at_once=True)).run([parse_event(one) for one in events], None)
    assert "block_network" in [answer.get("action") for answer in answers]
