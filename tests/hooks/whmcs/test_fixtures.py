"""Every hook that is used, as the addon sends it, and what it means: `fixtures/<Hook>__<case>.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from hooks.delivery import read_hook
from hooks.whmcs.translate import HOOKS, translate
from tests.hooks.hook_meaning import a_lookup, as_written

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.json"))


def load(fixture: Path) -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(fixture.read_bytes())
    return read


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_a_hook_means_what_its_fixture_says(fixture: Path) -> None:
    written = load(fixture)
    hook = read_hook(orjson.dumps(written["delivery"]), "msg_1")
    assert hook.name == fixture.stem.partition("__")[0]
    assert as_written(translate(hook, a_lookup(written["known"]))) == written["means"]


def test_there_is_a_fixture_for_every_hook_that_is_used() -> None:
    assert set(HOOKS) - {fixture.stem.partition("__")[0] for fixture in FIXTURES} == set()
