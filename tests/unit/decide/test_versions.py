"""A case is judged by the version in force when its complaint was received (G8, klt-net 11)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.policy.load import SHIPPED, load_pack
from bridge.policy.pack import Pack
from tests.unit.decide.scenario import a_complaint, a_finding, a_service, at, replayed, spam


@pytest.fixture
def changed(tmp_path: Path) -> Pack:
    """klt-net with a second version from 2024-03-02 on, where the fine of clause 3 is 30 dollars."""
    text = (SHIPPED / "klt-net.yaml").read_text()
    first = text[text.index("  - version:") :]
    second = first.replace('"2022-06-07"', '"2024-03-02"', 1).replace("effective: 2022-06-07", "effective: 2024-03-02")
    file = tmp_path / "changed.yaml"
    file.write_text(text + "\n" + second.replace("charge_fine: {amount: 20.00", "charge_fine: {amount: 30.00"))
    return load_pack(file)


def test_what_a_case_leads_to_later_rests_on_the_version_of_its_complaint(changed: Pack) -> None:
    answers = replayed(a_service(), spam("20h"), until="26h", pack=changed)
    fine = answers.expect_one(action="charge_fine", at="26h")
    assert (fine["amount"], fine["version"]) == ("20.00", "2022-06-07")


def test_a_complaint_received_after_the_change_rests_on_the_new_version(changed: Pack) -> None:
    answers = replayed(a_service(), spam("24h"), until="30h", pack=changed)
    fine = answers.expect_one(action="charge_fine", at="30h")
    assert (fine["amount"], fine["version"]) == ("30.00", "2024-03-02")


def test_a_finding_after_the_change_does_not_change_the_case_s_version(changed: Pack) -> None:
    answers = replayed(a_service(), spam("20h"), a_finding("not_remediated", "25h"), pack=changed)
    assert answers.expect_one(action="charge_fine")["amount"] == "20.00"
    assert {answer["version"] for answer in answers.where(at="25h")} == {"2022-06-07"}


def test_before_the_first_version_took_effect_the_first_is_applied(changed: Pack) -> None:
    early = {**a_service(), "at": "2020-01-01T00:00:00Z"}
    complaint = {**a_complaint(), "at": "2020-01-01T00:00:00Z"}
    assert replayed(early, complaint, pack=changed).expect_one(action="charge_fine")["version"] == "2022-06-07"
    assert at("0h") == "2024-03-01T00:00:00Z"
