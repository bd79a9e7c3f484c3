"""The guide's worked examples are packs that prove themselves; the reference is what the registry says today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from bridge.cli.policy import policy
from bridge.policy.examples import run_examples
from bridge.policy.exploring.explore import explore
from bridge.policy.fault import FAULTS
from bridge.policy.load import known_triggers, load_pack
from bridge.policy.reference import PARAMS_WRITTEN, reference
from bridge.policy.settings import SETTINGS
from bridge.policy.verbs import UNTIL, VERBS
from bridge.policy.vocabulary import FACTS
from tests.house.tree import CLONE

GUIDE = (CLONE / "docs/policy-guide.md").read_text("utf-8")
PACKS = re.findall(r"```yaml\n(pack: .*?)```", GUIDE, re.DOTALL)


def test_the_guide_has_three_worked_examples() -> None:
    assert len(PACKS) == 3


@pytest.mark.parametrize("text", PACKS, ids=lambda text: text.splitlines()[0].removeprefix("pack: "))
def test_a_worked_example_proves_itself_and_checks_clean(text: str, tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(text)
    pack = load_pack(file)
    results = list(run_examples(pack))
    assert [failure for _, _, failure in results if failure is not None] == []
    assert {example.clause for _, example, _ in results} == {number for v in pack.versions for number in v.clauses}
    assert [fault for fault in explore(pack) if fault.accepted is None] == []


def test_the_guide_tells_every_kind_of_fault() -> None:
    assert [kind for kind in FAULTS if f"| `{kind}` |" not in GUIDE] == []


def test_the_reference_page_is_what_the_command_writes() -> None:
    page = (CLONE / "docs/policy-reference.md").read_text("utf-8")
    assert page == CliRunner().invoke(policy, ["reference"]).output, "make docs writes it anew"


def test_the_reference_has_every_word_of_the_registry() -> None:
    page = reference()
    words = [*FACTS, *VERBS, *UNTIL]
    assert [word for word in words if f"| `{word}` |" not in page] == []
    assert [word for word in known_triggers() if f"| `{word}" not in page] == []


def test_the_reference_tells_what_settings_and_parameters_may_be() -> None:
    page = reference()
    given = {name for spec in VERBS.values() for name in (*spec.needed, *spec.optional)}
    assert set(PARAMS_WRITTEN) == given
    assert [name for name in SETTINGS if f"| `{name}` |" not in page] == []
