"""Every fixture is read as a person reads it, with our networks known and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.intake.formats import all_formats
from tests.intake.corpus import OWN, Case, cases, differences

HERE = Path(__file__).parent
CASES = list(cases(HERE))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mail_is_read_as_a_person_reads_it_with_our_networks_known(case: Case) -> None:
    assert differences(case, case.read(OWN)) == []


@pytest.mark.parametrize(
    "case", [case for case in CASES if "only_with_own" not in case.truth], ids=lambda case: case.name
)
def test_a_mail_is_read_as_a_person_reads_it_without_our_networks(case: Case) -> None:
    assert differences(case, case.read()) == []


@pytest.mark.parametrize("room", [each.name for each in all_formats()])
def test_every_room_reads_at_least_one_fixture(room: str) -> None:
    assert any(incident.source_format == room for case in CASES for incident in case.read(OWN).incidents)
