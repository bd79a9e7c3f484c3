"""`tipstaff policy explain` and `diff`: what they print, and how misuse is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bridge.cli.policy import policy
from tests.unit.decide.scenario import a_complaint, a_service, at, spam
from tests.unit.policy.tiny import NOTICE, a_pack


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "events.jsonl"
    written: list[dict[str, Any]] = [a_service(), a_complaint(), spam("48h", "k2")]
    path.write_text("".join(f"{json.dumps(event)}\n" for event in written))
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(policy, arguments)


def test_the_last_event_is_explained_where_none_is_named(file: str) -> None:
    result = run("explain", "--policy", "klt-net", file)
    assert (result.exit_code, result.output.splitlines()[0]) == (
        0, f"k2: complaint.received at {at('48h')}, by klt-net 2022-06-07",
    )  # fmt: skip
    assert "strike_of_group: 2+ fails: strike_of_group is 1" in result.output


def test_the_pack_may_be_named_first_and_the_answer_be_json(file: str) -> None:
    told = json.loads(run("explain", "klt-net", file, "--event", "k1", "--json").output)
    assert (told["event"]["id"], told["applies"]) == ("k1", ["1a", "8"])
    failed = [
        (clause["clause"], condition["fact"], condition["value"])
        for clause in told["clauses"]
        for rule in clause["rules"]
        for condition in rule["conditions"]
        if not condition["holds"]
    ]
    assert ("10", "strike", 1) in failed


def test_explain_needs_a_pack_and_a_file(file: str) -> None:
    assert run("explain", file).exit_code == 2


def test_diff_tells_whom_and_how_much(file: str) -> None:
    result = run("diff", "klt-net", "dptgroup", file)
    assert result.exit_code == 0
    assert "fines, USD" in result.output
    assert "1 service(s) fare differently" in result.output
    told = json.loads(run("diff", "klt-net", "dptgroup", file, "--json").output)
    assert told["sums"] == {"USD": {"fines": {"a": "20.00", "b": "0.00"}}}
    assert told["suspended"]["only_a"] == ["1"]


def test_two_versions_that_agree_say_so(file: str) -> None:
    assert "Every service fares the same." in run("diff", "klt-net", "klt-net@2022-06-07", file).output


def test_the_list_says_what_each_pack_is_in_use_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TIPSTAFF_CONFIG", raising=False)
    bare = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert {"klt-net", "lanmang"} <= {row["pack"] for row in bare}
    assert not any("in_use_for" in row for row in bare)
    (tmp_path / "tipstaff.toml").write_text('policy = "klt-net"\n[[route]]\npolicy = "lanmang"\nregion = "cn"\n')
    used = {row["pack"]: row.get("in_use_for") for row in map(json.loads, run("list", "--json").output.splitlines())}
    assert (used["klt-net"], used["lanmang"], used["atlex"]) == (["everything else"], ["region cn"], None)
    assert "region cn" in run("list").output
    (tmp_path / "tipstaff.toml").write_text('policy = "klt-net"\n[[route]]\npolicy = "lanmeng"\nregion = "cn"\n')
    assert "tipstaff.toml:3: route[0].policy: 'lanmeng' is unknown" in str(run("list").exception)


def test_a_clause_with_rules_that_no_example_proves_is_named(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, NOTICE)
    assert run("test", pack.file).output == f"0 passed, 0 failed; without an example: {pack.file} 0\n"


def test_with_a_configuration_its_own_policies_are_shown_and_tested(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, NOTICE)
    config = tmp_path / "tipstaff.toml"
    config.write_text(f'policy = "{Path(pack.file).name}"\n[[route]]\npolicy = "lanmang"\nregion = "cn"\n')
    assert run("show", "--config", str(config)).output == run("show", pack.file).output
    assert run("show", "--config", str(config), "lanmang").output == run("show", "lanmang").output
    tested = run("test", "--config", str(config)).output
    assert tested == f"{run('test', 'lanmang').output.strip()}; without an example: {Path(pack.file).name} 0\n"
