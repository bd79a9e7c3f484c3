"""The desk's lists: what a person or a script copies out of them can be given to the next command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bridge.cli.desk import listed
from bridge.views import Page

LONG = "mail-5a4910a8434be87e9b93b7cc1c47f387-1"
COLUMNS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "case": lambda item: item["id"],
    "because": lambda item: item["because"],
    "state": lambda item: item["state"],
}
PAGE = Page(items=({"id": LONG, "because": "First security complaint. " * 8, "state": "proposed"},), total=1, next=None)


def test_what_another_program_reads_is_one_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    listed(PAGE, as_json=False, columns=COLUMNS)
    row = capsys.readouterr().out.splitlines()[1]
    assert row.split()[0] == LONG
    assert row.split()[-1] == "proposed"


def test_an_id_is_shown_whole_on_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    listed(PAGE, as_json=False, columns=COLUMNS)
    out = capsys.readouterr().out
    assert LONG in out
    assert "…" not in out
