"""How fast complaints are read in the process that reads them live, beside the reader itself."""

from __future__ import annotations

import resource
import time
from contextlib import closing
from pathlib import Path

import pytest

from bridge.confined import ConfinedReader
from tests.intake.corpus import OWN, RECEIVED, cases

HERE = Path(__file__).parent
MAILS = [*cases(HERE / "intake_mail"), *cases(HERE.parent / "intake")]
ROUNDS = 3


def processor_time() -> float:
    """Seconds, of this process and of those that it started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


def cost(rounds: int) -> float:
    """Processor time that so many rounds through all mails cost, the start of the process included."""
    before = processor_time()
    with closing(ConfinedReader()) as reads:
        for _ in range(rounds):
            for case in MAILS:
                reads(case.raw, content_type="message/rfc822", own=OWN, received_at=RECEIVED)
    return processor_time() - before


@pytest.mark.bench
def test_two_hundred_messages_are_read_in_a_second_on_one_core_by_the_process_that_is_used_live() -> None:
    rate = ROUNDS * len(MAILS) / (cost(1 + ROUNDS) - cost(1))
    before = time.process_time()
    for case in MAILS:
        case.read(OWN)
    direct = len(MAILS) / (time.process_time() - before)
    print(f"{rate:.0f} messages a second of processor time on both sides; {direct:.0f} by the reader itself")
    assert rate >= 200
