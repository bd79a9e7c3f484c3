"""How fast klt-net is replayed: mixed events over many services, beside a reference measured in the same run.

    .venv/bin/python -m tests.benchmarks.replay_speed [--million] [--one-client] [--profile]
    .venv/bin/python -m tests.benchmarks.replay_speed --packs [--size N] [--complaints WEIGHT]

The second prints for every shipped pack what `tipstaff replay` of a file costs with all its processes (a million events
unless said otherwise): events a second, records, processor time, and the peak of their memory as the sum of PSS.

The reference is what no program can do without: parsing each line of JSON and copying its object once. Memory is the
peak of the process, measured in a process of its own for each size.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from bridge.lines import read_events
from bridge.policy.load import find_pack, shipped_packs
from bridge.replay import Replay
from bridge.rules import Rules
from tests.benchmarks.processes import Cost, cost_of

SIZES = (1_000, 10_000, 100_000, 200_000)
MILLION = 1_000_000
SERVICES = 10_000
START = datetime(2024, 1, 1, tzinfo=UTC)
YEAR = 365 * 24 * 3600

CATEGORIES = (
    "connection/ddos", "connection/port_scan", "connection/login_attack", "content/malware", "infrastructure/botnet",
    "copyright/copyright", "copyright/p2p", "content/brand_infringement", "messaging/spam", "reputation/blocklist",
    "vulnerability/open_resolver", "content/phishing",
)  # fmt: skip
KINDS = ("blocklist", "operator", "individual", "automated", "rights_holder", "cert")
FINDINGS = ("remediated", "remediated", "remediated", "not_remediated", "unfounded", "not_culpable")
MIX = (
    ("complaint", 45), ("reply", 10), ("finding", 12), ("paid", 10), ("unsuspend", 8), ("observed", 6), ("refund", 3),
    ("replacement", 3), ("cleared", 3),
)  # fmt: skip


def ip_of(service: int) -> str:
    return f"10.{service // 65536}.{service // 256 % 256}.{service % 256}"


class Traffic:
    """A year of a host's events, the same for the same size."""

    def __init__(self, count: int, *, services: int = SERVICES, one_client: bool = False, complaints: int = 45) -> None:
        self.count = count
        self.mix = (("complaint", complaints), *((kind, weight) for kind, weight in MIX if kind != "complaint"))
        self.services = min(services, count // 4)
        self.one_client = one_client
        self._random = random.Random(count)
        self._cases: list[str] = []

    def lines(self) -> Iterator[bytes]:
        for service in range(self.services):
            yield self._line("service.observed", service, 0, **self._standing(service))
        left = self.count - self.services
        kinds = self._random.choices([kind for kind, _ in self.mix], [weight for _, weight in self.mix], k=left)
        for number, kind in enumerate(kinds):
            service = self._random.randrange(self.services)
            second = YEAR * number // left
            yield getattr(self, f"_{kind}")(number + self.services, service, second)

    def _standing(self, service: int) -> dict[str, Any]:
        return {
            "service": str(service),
            "client": "c0" if self.one_client else f"c{service * 2 // 3}",
            "product_kind": "vps",
            "status": "active",
            "ips": [ip_of(service)],
            "attributes": {"mail_port_open": service % 7 == 0},
        }

    def _line(self, type_: str, number: int, second: int, **more: Any) -> bytes:
        at = (START + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")
        return orjson.dumps({"id": f"e{number}", "type": type_, "at": at, **more}, option=orjson.OPT_APPEND_NEWLINE)

    def _complaint(self, number: int, service: int, second: int) -> bytes:
        draw = self._random
        category = draw.choice(CATEGORIES)
        more: dict[str, Any] = {"reporter": {"name": f"r{draw.randrange(50)}", "kind": draw.choice(KINDS)}}
        if category.startswith("copyright/"):
            more["targets"] = [f"http://{draw.randrange(100_000)}.example/file"]
        if draw.random() < 0.1:
            more["report_id"] = f"report-{draw.randrange(100_000)}"
        self._cases.append(f"e{number}")
        return self._line("complaint.received", number, second, ip=ip_of(service), category=category, **more)

    def _a_case(self) -> str:
        return self._random.choice(self._cases[-500:]) if self._cases else "none"

    def _reply(self, number: int, service: int, second: int) -> bytes:
        return self._line("customer.replied", number, second, case=self._a_case(), text="We are looking into it.")

    def _finding(self, number: int, service: int, second: int) -> bytes:
        finding = self._random.choice(FINDINGS)
        return self._line("finding.recorded", number, second, case=self._a_case(), finding=finding, by="anna")

    def _paid(self, number: int, service: int, second: int) -> bytes:
        return self._line("invoice.paid", number, second, invoice=f"{self._a_case()}.fine")

    def _unsuspend(self, number: int, service: int, second: int) -> bytes:
        by = "admin" if self._random.random() < 0.3 else "automation"
        return self._line("unsuspend.requested", number, second, service=str(service), by=by)

    def _observed(self, number: int, service: int, second: int) -> bytes:
        return self._line("service.observed", number, second, **self._standing(service))

    def _refund(self, number: int, service: int, second: int) -> bytes:
        return self._line("refund.requested", number, second, service=str(service), amount="10.00")

    def _replacement(self, number: int, service: int, second: int) -> bytes:
        cause = self._random.choice(("customer", "third_party", "provider"))
        return self._line(
            "ip_replacement.requested", number, second, service=str(service), ip=ip_of(service), cause=cause
        )

    def _cleared(self, number: int, service: int, second: int) -> bytes:
        return self._line("listing.cleared", number, second, ip=ip_of(service), list="a list")


def replay(lines: list[bytes]) -> tuple[int, int]:
    """Everything `tipstaff replay` does but reading and writing the files: records and bytes of output."""
    rules = Rules(find_pack("klt-net"), at_once=True)
    records = size = 0
    for answer in Replay(rules).run(read_events(lines, "traffic"), None):
        records += 1
        size += len(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
    return records, size


def reference(lines: list[bytes]) -> None:
    """The least one can do: parse each line and copy its object once."""
    for line in lines:
        dict(orjson.loads(line))


def measured(lines: list[bytes]) -> dict[str, float]:
    find_pack("klt-net")
    began = time.perf_counter()
    reference(lines)
    least = time.perf_counter() - began
    began = time.perf_counter()
    records, size = replay(lines)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"events": len(lines), "seconds": took, "reference": least, "records": records, "bytes": size, "peak": peak}


def told(figures: dict[str, float]) -> str:
    events, seconds = figures["events"], figures["seconds"]
    return " ".join(
        (
            f"{events:>9,.0f} events {seconds:7.2f} s {events / seconds:>9,.0f} events/s",
            f"{seconds / events * 1e6:6.1f} us/event {seconds / figures['reference']:6.1f} x reference",
            f"{figures['records']:>9,.0f} records {figures['peak']:6.0f} MiB",
        )
    )


def in_a_process_of_its_own(size: int, *, one_client: bool) -> dict[str, float]:
    """Figures of one size, measured where nothing else has used memory yet."""
    command = [sys.executable, "-m", "tests.benchmarks.replay_speed", "--size", str(size)]
    if one_client:
        command.append("--one-client")
    done = subprocess.run(command, check=True, capture_output=True)
    figures: dict[str, float] = orjson.loads(done.stdout)
    return figures


def of_packs(size: int, complaints: int) -> None:
    """Print what the command costs for each pack, on the same file."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.writelines(Traffic(size, complaints=complaints).lines())
        file.flush()
        for pack in shipped_packs():
            command = [sys.executable, "-m", "bridge", "replay", "--policy", pack, file.name]
            print(told_of(pack, size, cost_of(command)), flush=True)


def told_of(pack: str, events: int, cost: Cost) -> str:
    return " ".join(
        (
            f"{pack:<10} {events:>9,} events {cost.seconds:7.2f} s {events / cost.seconds:>9,.0f} events/s",
            f"{cost.processors:7.2f} s of processors {cost.lines:>9,} records {cost.peak:6.0f} MB",
        )
    )


def profile(size: int, *, one_client: bool) -> None:
    lines = list(Traffic(size, one_client=one_client).lines())
    find_pack("klt-net")
    profiler = cProfile.Profile()
    profiler.runcall(replay, lines)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(40)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--million", action="store_true", help="a million events as well")
    arguments.add_argument("--one-client", action="store_true", help="every service belongs to one reseller")
    arguments.add_argument("--profile", action="store_true", help="where the time goes, for 100,000 events")
    arguments.add_argument(
        "--size", type=int, help="one size alone, its figures as JSON; with --packs, that of the file"
    )
    arguments.add_argument("--packs", action="store_true", help="the whole command, for every shipped pack")
    arguments.add_argument("--complaints", type=int, default=45, help="with --packs, their weight among 55 others")
    given = arguments.parse_args()
    if given.packs:
        of_packs(given.size or MILLION, given.complaints)
    elif given.profile:
        profile(100_000, one_client=given.one_client)
    elif given.size:
        figures = measured(list(Traffic(given.size, one_client=given.one_client).lines()))
        sys.stdout.write(orjson.dumps(figures).decode())
    else:
        for size in (*SIZES, *((MILLION,) if given.million else ())):
            print(told(in_a_process_of_its_own(size, one_client=given.one_client)), flush=True)


if __name__ == "__main__":
    main()
