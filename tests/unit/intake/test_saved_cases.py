"""A correction becomes a case of the test suite, and a new format is a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from click.testing import CliRunner

import bridge.intake.formats as formats
from bridge.cli.parse import parse
from bridge.cli.saved_case import write_case
from bridge.errors import InvalidInput
from bridge.intake.read import read
from tests.intake.corpus import Case, cases, differences

NOW = datetime(2024, 12, 1, tzinfo=UTC)
OWN = (ip_network("198.51.100.0/24"),)
MAIL = b"Subject: hello\nDate: Fri, 15 Nov 2024 12:00:00 +0000\n\nWe see 198.51.100.7 do odd things to us, 10:02 UTC."


def save(folder: Path, *expected: str, name: str = "odd_things") -> Case:
    reading = read(MAIL, own=OWN, received_at=NOW)
    write_case(folder, name, MAIL, reading, expected, own=OWN, received=NOW)
    return next(case for case in cases(folder) if case.name.endswith(name))


def test_who_reports_and_until_when_can_be_corrected(tmp_path: Path) -> None:
    case = save(tmp_path, "ips=198.51.100.7", "reporter_kind=operator", "deadline=2024-11-16T10:00:00Z")
    assert [line.partition(":")[0] for line in differences(case, case.read())][-2:] == ["deadline", "reporter_kind"]


def test_a_saved_case_fails_until_the_reading_is_mended(tmp_path: Path) -> None:
    case = save(
        tmp_path, "ips=198.51.100.7,198.51.100.8", "category=connection/ddos", "occurred_at=2024-11-15T10:02:00Z"
    )
    assert case.raw == MAIL
    assert case.truth == {
        "kind": "complaint",
        "ips": ["198.51.100.7", "198.51.100.8"],
        "category": "connection/ddos",
        "occurred_at": "2024-11-15T10:02:00Z",
        "own": ["198.51.100.0/24"],
        "received_at": "2024-12-01T00:00:00Z",
    }
    assert any(line.startswith("addresses") for line in differences(case, case.read()))


def test_what_is_no_complaint_is_saved_as_such(tmp_path: Path) -> None:
    case = save(tmp_path, "kind=not_a_complaint")
    assert differences(case, case.read()) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../x", ()),
        ("fine", ("ips=nonsense",)),
        ("fine", ("category=connection/nonsense",)),
        ("fine", ("colour=red",)),
        ("fine", ("kind=unsure",)),
        ("fine", ("ips=",)),
        ("fine", ("occurred_at=yesterday",)),
        ("fine", ("category=content/csam",)),
    ],
)
def test_a_case_that_says_nothing_true_is_refused(tmp_path: Path, name: str, expected: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        save(tmp_path, *expected, name=name)
    assert list(tmp_path.iterdir()) == []


def test_a_case_is_never_overwritten(tmp_path: Path) -> None:
    save(tmp_path)
    with pytest.raises(InvalidInput, match="exists"):
        save(tmp_path)


def test_the_command_writes_a_case(tmp_path: Path) -> None:
    message = tmp_path / "in.eml"
    message.write_bytes(MAIL)
    folder = tmp_path / "corrections"
    given = [str(message), "--own", "198.51.100.0/24", "--cases", str(folder), "--save-case", "one"]
    result = CliRunner().invoke(parse, [*given, "--expect", "category=connection/port_scan"])
    assert result.exit_code == 0, result.output
    (case,) = cases(folder)
    assert case.truth["category"] == "connection/port_scan"


# ---- a format is a folder ----

ROOM = """
from bridge.intake.formats import Format
from bridge.intake.model import Incident


def read(mail, context):
    if not mail.subject.startswith("!!"):
        return ()
    return (Incident(category="usage/mining", ips=(mail.subject[2:],), confidence=0.9, source_format="dropped_in"),)


FORMAT = Format(name="dropped_in", read=read, rank=1)
"""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A room outside the program's own folder, as one that somebody drops into it."""
    folder = tmp_path / "formats" / "dropped_in"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(ROOM, encoding="utf-8")
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(folder.parent)])
    formats.all_formats.cache_clear()
    yield folder
    formats.all_formats.cache_clear()
    sys.modules.pop("bridge.intake.formats.dropped_in", None)


@pytest.mark.usefixtures("room")
def test_a_folder_is_all_that_a_new_format_takes() -> None:
    reading = read(b"Subject: !!192.0.2.9\n\nhash rate 5", content_type="message/rfc822", received_at=NOW)
    assert [(each.source_format, each.ips, each.category) for each in reading.incidents] == [
        ("dropped_in", ("192.0.2.9",), "usage/mining")
    ]
