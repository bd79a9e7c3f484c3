"""Whatever a message holds, it costs bounded time and memory, and only itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from bridge.confined import ConfinedReader
from bridge.errors import InvalidInput
from bridge.intake.model import Kind, Reading
from bridge.intake.read import read
from tests.intake.corpus import OWN

NOW = datetime(2024, 12, 1, tzinfo=UTC)
COMPLAINT = b"Subject: port scan from 192.0.2.7\n\nYour host 192.0.2.7 scanned our ports at 2024-11-30 10:00 UTC."
SLOW = b"Subject: x\n\n" + b"[ 192.0.2.1 2024-11-30 10:00 hxxp[:]//a[.]b\n" * 200_000


@pytest.fixture(scope="module")
def reads() -> Iterator[ConfinedReader]:
    with closing(ConfinedReader()) as reader:
        yield reader


def ask(reader: ConfinedReader, data: bytes, content_type: str = "message/rfc822") -> Reading:
    return reader(data, content_type=content_type, own=OWN, received_at=NOW)


def test_it_reads_as_the_reader_itself_does(reads: ConfinedReader) -> None:
    assert ask(reads, COMPLAINT) == read(COMPLAINT, content_type="message/rfc822", own=OWN, received_at=NOW)


def test_json_that_is_no_report_is_refused_by_field(reads: ConfinedReader) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ask(reads, b'{"xarf_version": 5, "category": 3, "type": 4, "source_identifier": 5}', "application/json")
    assert refusal.value.field == "category"


def test_many_threads_may_ask_at_once(reads: ConfinedReader) -> None:
    messages = [COMPLAINT.replace(b"192.0.2.7", b"192.0.2.%d" % number) for number in range(1, 41)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda data: ask(reads, data).incidents[0].ips, messages))
    assert found == [(f"192.0.2.{number}",) for number in range(1, 41)]


def test_a_message_that_takes_too_long_is_left_unread_and_the_next_one_is_read() -> None:
    with closing(ConfinedReader(seconds=0.02, processes=1)) as reader:
        slow = ask(reader, SLOW)
        assert (slow.kind, slow.incidents) == (Kind.UNSURE, ())
        assert "longer than 0.02 seconds" in slow.reason
    with closing(ConfinedReader(seconds=5, processes=1)) as reader:
        assert ask(reader, COMPLAINT).kind is Kind.COMPLAINT


def test_a_message_that_takes_too_much_memory_is_left_unread_and_the_next_one_is_read() -> None:
    with closing(ConfinedReader(seconds=20, memory=56 * 1024 * 1024, processes=1)) as reader:
        assert ask(reader, COMPLAINT).kind is Kind.COMPLAINT
        greedy = ask(reader, b"Subject: x\n\n" + b"\xff 192.0.2.1 " * 1_000_000)
        assert (greedy.kind, greedy.incidents) == (Kind.UNSURE, ())
        assert ask(reader, COMPLAINT).kind is Kind.COMPLAINT


def test_a_busy_machine_costs_a_message_patience_and_no_more() -> None:
    with closing(ConfinedReader(seconds=20, patience=0.05, processes=1)) as reader:
        slow = ask(reader, SLOW)
        assert (slow.kind, slow.incidents) == (Kind.UNSURE, ())
        assert "did not answer within 0.05 seconds" in slow.reason


def test_a_message_whose_process_was_ended_by_others_is_read_by_another(reads: ConfinedReader) -> None:
    ask(reads, COMPLAINT)
    mine = readers()
    assert mine
    for reader in mine:
        os.kill(reader, signal.SIGKILL)
    assert ask(reads, COMPLAINT).kind is Kind.COMPLAINT


def readers() -> list[int]:
    """Processes that read for this one; it may have others, such as a server that further tests need."""
    tasks = Path("/proc/self/task").iterdir()
    children = [pid for task in tasks for pid in (task / "children").read_text().split()]
    return [int(pid) for pid in children if b"bridge.confined" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_many_networks_of_ours_go_along(reads: ConfinedReader) -> None:
    own = [ip_network(f"10.{number}.0.0/16") for number in range(256)] + [ip_network("192.0.2.0/24")]
    assert reads(COMPLAINT, own=own, received_at=NOW).incidents[0].ips == ("192.0.2.7",)
