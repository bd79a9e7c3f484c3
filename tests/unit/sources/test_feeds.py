"""Feed files: rows about our own networks, each a complaint of its own; the rest costs nothing."""

from __future__ import annotations

import gzip
import io
import os
import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import select

from bridge.clock import ManualClock
from bridge.config.sources import FeedConfig
from bridge.errors import InvalidInput
from bridge.reception import Reception
from bridge.sources.feeds import Feeds, FolderWatch, Taken
from bridge.store.tables import complaints
from bridge.views import Filter, Source
from tests.contract.store.bureau import Bureau, new_bureau
from tests.unit.decide.scenario import IP, START, a_service

OWN = (ip_network("192.0.2.0/24"),)
UPLOAD = Source(name="shadowserver")
HEADING = "timestamp,severity,ip,protocol,port,hostname,tag\n"


def row(ip: str, minute: int = 0) -> str:
    return f'"2024-02-29 22:{minute:02}:00","low","{ip}","udp",53,"host.example","openresolver"\n'


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with new_bureau(tmp_path) as opened:
        opened.accept(a_service(when="-1d"))
        yield opened


def feeds(bureau: Bureau) -> Feeds:
    return Feeds(Reception(bureau.desk, OWN, {}), OWN, {}, bureau.clock)


def take(bureau: Bureau, data: str | bytes, name: str = "2024-02-29-scan_dns-example.csv") -> dict[str, int]:
    content = data.encode() if isinstance(data, str) else data
    return dict(feeds(bureau).take_bytes(content, name, UPLOAD).counts)


def zipped(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return made.getvalue()


def test_rows_of_ours_are_taken_by_the_files_name_and_the_rest_is_left(bureau: Bureau) -> None:
    text = HEADING + row("198.51.100.1") + row(IP) + row("203.0.113.9") + row("192.0.2.200")
    assert take(bureau, text) == {"accepted": 1, "unattributed": 1}
    (case,) = bureau.cases()
    assert (case["category"], case["service"]) == ("vulnerability/open_resolver", "1")
    assert case["complaints"][0]["occurred_at"] == "2024-02-29T22:00:00Z"
    assert case["complaints"][0]["reporter"] == {"name": "shadowserver", "kind": "cert"}
    assert bureau.faults() == []


def test_a_customer_never_sees_the_rows_of_others(bureau: Bureau) -> None:
    take(bureau, HEADING + row("192.0.2.200") + row(IP))
    kept = [row.body.decode() for row in bureau.rows(select(complaints.c.body))]
    assert sorted(kept) == sorted([HEADING + row("192.0.2.200"), HEADING + row(IP)])


def test_the_same_file_again_is_all_duplicates(bureau: Bureau) -> None:
    text = HEADING + row(IP)
    assert (take(bureau, text), take(bureau, text)) == ({"accepted": 1}, {"duplicate": 1})


def test_archives_are_read_member_by_member(bureau: Bureau) -> None:
    assert take(bureau, zipped(scan_dns=HEADING + row(IP)), "report.zip") == {"accepted": 1}
    assert take(bureau, gzip.compress((HEADING + row(IP, 1)).encode()), "scan_dns.csv.gz") == {"duplicate": 1}


def test_a_bare_list_is_classed_by_its_name_or_its_first_remark(bureau: Bureau) -> None:
    assert take(bureau, f"# Sinkhole drones\n198.51.100.7\n{IP}\n", "list.txt") == {"accepted": 1}
    assert bureau.cases()[0]["category"] == "connection/infected_host"


@pytest.mark.parametrize("line", ["192.0.2.0/27 ; SBL1", '{"cidr":"192.0.2.0/27","sblid":"SBL1","rir":"ripencc"}'])
def test_a_network_of_ours_on_a_list_is_put_before_a_person_with_what_is_listed(bureau: Bureau, line: str) -> None:
    assert take(bureau, f"198.51.100.0/24 ; SBL2\n{line}\n", "drop_v4.txt") == {"incomplete": 1}
    (review,) = bureau.enquiries.reviews(Filter(), 10, None).items
    (incident,) = review["incidents"]
    assert (incident["networks"], incident["category"]) == (["192.0.2.0/27"], "reputation/blocklist")


def test_what_says_nothing_is_one_question_to_a_person(bureau: Bureau) -> None:
    assert take(bureau, f"{IP}\n192.0.2.9\n", "unknown.txt") == {"incomplete": 2}
    (review,) = bureau.enquiries.reviews(Filter(), 10, None).items
    assert (review["reason"].startswith("rows of unknown.txt"), len(review["incidents"])) == (True, 2)
    assert bureau.cases() == []


@pytest.mark.parametrize("data", [b"PK\x03\x04 no archive", gzip.compress(b"text")[:-6]], ids=["zip", "gzip"])
def test_a_broken_archive_is_refused(bureau: Bureau, data: bytes) -> None:
    with pytest.raises(InvalidInput):
        take(bureau, data)


def test_an_archive_that_unpacks_without_end_is_refused(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.intake.feed.UNPACKED", 1000)
    with pytest.raises(InvalidInput, match="holds more than"):
        take(bureau, zipped(bomb="0\n" * 50_000))
    with pytest.raises(InvalidInput, match="line 1 is longer than"):
        take(bureau, zipped(bomb="0" * 100_000))


def test_fifty_thousand_rows_about_others_are_passed_over(bureau: Bureau) -> None:
    others = "".join(row(f"198.51.{place >> 8}.{place & 255}") for place in range(50_000))
    assert take(bureau, HEADING + others + row(IP)) == {"accepted": 1}


def test_without_own_networks_a_feed_is_refused(bureau: Bureau) -> None:
    with pytest.raises(InvalidInput, match=r"networks\.own"):
        Feeds(Reception(bureau.desk, (), {}), (), {}, bureau.clock).take_bytes(b"x", "x.csv", UPLOAD)


# ---- a watched folder ----


def watched(bureau: Bureau, folder: Path) -> FolderWatch:
    settings = FeedConfig(name="drop box", folder=folder, every=timedelta(minutes=1), silent_after=timedelta(days=7))
    reception = Reception(bureau.desk, OWN, {})
    return FolderWatch(settings, feeds(bureau), reception, bureau.store, bureau.clock)


def put(folder: Path, name: str, content: bytes) -> None:
    """A file that nobody has written to for a minute."""
    path = folder / name
    path.write_bytes(content)
    at = (START - timedelta(minutes=1)).timestamp()
    os.utime(path, (at, at))


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_of_a_folder_are_taken_once_and_moved(bureau: Bureau, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    put(folder, "scan_dns.csv", (HEADING + row(IP)).encode())
    put(folder, "broken.zip", b"PK\x03\x04")
    put(folder, ".hidden", b"x")
    (folder / "growing.csv").write_bytes(b"x")
    os.utime(folder / "growing.csv", (START.timestamp(), START.timestamp()))
    watched(bureau, folder).round(threading.Event())
    assert names(folder) == [".hidden", "done/scan_dns.csv", "failed/broken.zip", "growing.csv"]
    assert len(bureau.cases()) == 1
    assert bureau.enquiries.gauges()["tipstaff_complaints_to_review"][()] == 1
    put(folder, "scan_dns.csv", (HEADING + row(IP, 5)).encode())
    watched(bureau, folder).round(threading.Event())
    assert len(list((folder / "done").iterdir())) == 2


def test_a_file_that_cannot_be_read_holds_up_none_behind_it_and_is_told(bureau: Bureau, tmp_path: Path) -> None:
    class Picky(FolderWatch):
        def _one(self, path: Path) -> None:
            if path.name == "a.csv":
                raise PermissionError(13, "Permission denied")
            super()._one(path)

    folder = tmp_path / "in"
    folder.mkdir()
    put(folder, "a.csv", b"x")
    put(folder, "scan_dns.csv", (HEADING + row(IP)).encode())
    settings = FeedConfig(name="drop box", folder=folder, every=timedelta(minutes=1), silent_after=timedelta(days=7))
    watch = Picky(settings, feeds(bureau), Reception(bureau.desk, OWN, {}), bureau.store, bureau.clock)
    watch.round(threading.Event())
    assert (names(folder), len(bureau.cases())) == (["a.csv", "done/scan_dns.csv"], 1)
    (source,) = bureau.enquiries.sources()
    assert source["error"] == "a.csv: Permission denied"


def test_a_file_that_grows_while_it_is_read_is_read_again(bureau: Bureau, tmp_path: Path) -> None:
    class Growing(Feeds):
        def take(self, stream: IO[bytes], name: str, source: Source) -> Taken:
            taken = super().take(stream, name, source)
            with path.open("ab") as file:
                file.write(row(IP, 5).encode())
            return taken

    folder = tmp_path / "in"
    folder.mkdir()
    put(folder, "scan_dns.csv", (HEADING + row(IP)).encode())
    path = folder / "scan_dns.csv"
    reception = Reception(bureau.desk, OWN, {})
    settings = FeedConfig(name="drop box", folder=folder, every=timedelta(minutes=1), silent_after=timedelta(days=7))
    growing = Growing(reception, OWN, {}, bureau.clock)
    FolderWatch(settings, growing, reception, bureau.store, bureau.clock).round(threading.Event())
    assert names(folder) == ["scan_dns.csv"]
    put(folder, "scan_dns.csv", path.read_bytes())
    watched(bureau, folder).round(threading.Event())
    assert names(folder) == ["done/scan_dns.csv"]
    assert len(bureau.cases()[0]["complaints"]) == 2


def test_a_folder_that_is_not_there_is_a_failing_source(bureau: Bureau, tmp_path: Path) -> None:
    watched(bureau, tmp_path / "none").round(threading.Event())
    assert isinstance(bureau.clock, ManualClock)
    bureau.wait(minutes=20)
    (source,) = bureau.enquiries.sources()
    assert (source["state"], source["error"]) == ("failing", "none: No such file or directory")


@pytest.mark.parametrize("data", ["name,colour\nrose,red\n", "hello\n", zipped(a="name,colour\nrose,red\n")])
def test_a_file_that_names_no_address_at_all_is_refused(bureau: Bureau, data: str | bytes) -> None:
    with pytest.raises(InvalidInput, match="names neither an address nor a column for addresses"):
        take(bureau, data)


@pytest.mark.parametrize("data", [HEADING, HEADING + row("198.51.100.1"), "# nothing today\n", ""])
def test_a_feed_that_has_nothing_about_us_brings_nothing(bureau: Bureau, data: str) -> None:
    assert take(bureau, data) == {}


def test_rows_about_us_under_a_heading_that_nobody_understands_are_put_before_a_person(bureau: Bureau) -> None:
    assert take(bureau, f"farbe;kennung\nrot;{IP}\nblau;198.51.100.1\n") == {"incomplete": 1}
    (review,) = bureau.enquiries.reviews(Filter(), 10, None).items
    assert review["reason"].startswith("rows of")
