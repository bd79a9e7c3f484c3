"""The doctor tries every source of complaints once, and says what to mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from bridge.config import load_config
from bridge.doctor import check_sources
from bridge.errors import SourceUnreachable
from bridge.ports import Letter

SOURCES = """policy = "klt-net"
[[imap]]
name = "abuse"
host = "imap.example"
user = "abuse"
password = "made up"
[[feed]]
name = "drop box"
folder = "in"
[[blocklist]]
name = "zen"
zone = "list.example"
"""


@dataclass
class Empty:
    """A mailbox with nothing in it, a list with nobody on it; or neither, where there is trouble."""

    trouble: str = ""
    validity: int = 1

    @contextmanager
    def opened(self) -> Iterator[Empty]:
        self.check()
        yield self

    def check(self) -> None:
        if self.trouble:
            raise SourceUnreachable(self.trouble)

    def after(self, uid: int) -> Sequence[int]:
        return ()

    def fetch(self, uid: int, most: int) -> Letter | None:
        return None

    def mark_taken(self, uid: int) -> None:
        raise AssertionError("the doctor changes nothing")

    mark_quarantined = mark_taken

    def wait(self, seconds: float, stop: Event) -> None:
        raise AssertionError("the doctor does not wait")


def found(folder: Path, text: str, trouble: str = "") -> list[tuple[str, str]]:
    path = folder / "tipstaff.toml"
    path.write_text(text)
    findings = check_sources(load_config(path, {}), lambda _: Empty(trouble), lambda _: Empty(trouble))
    return [(finding.level.value, finding.what) for finding in findings]


def test_sources_that_work_are_said_to(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    told = found(tmp_path, SOURCES + '[networks]\nown = ["192.0.2.0/24"]\n')
    assert [level for level, _ in told] == ["ok", "ok", "ok"]


def test_what_does_not_answer_is_named_with_its_words(tmp_path: Path) -> None:
    told = found(tmp_path, SOURCES, "no answer")
    assert told[0] == ("fault", "imap abuse: no answer")
    assert told[1][0] == "fault"
    assert told[1][1].endswith("is no folder")
    assert told[2] == ("fault", "[networks] own is empty: no feed can be taken in")
    assert told[3] == ("warning", "blocklist zen: no answer")


def test_a_mailbox_without_a_password_is_not_tried(tmp_path: Path) -> None:
    told = found(tmp_path, SOURCES.replace('password = "made up"\n', ""), "nobody should ask")
    assert told[0] == ("fault", "imap abuse: password is missing")
