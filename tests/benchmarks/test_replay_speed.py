"""Replay's cost for an event does not grow with how many came before, nor with how many services one client has."""

from __future__ import annotations

import pytest

from tests.benchmarks.replay_speed import in_a_process_of_its_own, told

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("one_client", [False, True], ids=["many clients", "one client"])
def test_the_cost_of_a_record_stays_flat(one_client: bool, capsys: pytest.CaptureFixture[str]) -> None:
    small, large = (in_a_process_of_its_own(size, one_client=one_client) for size in (10_000, 100_000))
    with capsys.disabled():
        print(f"\n{told(small)}\n{told(large)}")
    assert large["seconds"] / large["records"] < 2 * small["seconds"] / small["records"]
