"""A small load generator: clients on loopback, each sending its requests one after another over one connection."""

from __future__ import annotations

import http.client
import multiprocessing
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from statistics import quantiles

Request = tuple[str, dict[str, str], bytes]
"""Path, headers and body of a POST."""


@dataclass(frozen=True)
class Rate:
    """What was seen: answers a second, and their times in milliseconds."""

    per_second: float
    median: float
    p99: float
    statuses: dict[int, int]


def send(port: int, requests: Callable[[int], list[Request]], clients: int = 16) -> Rate:
    """Send `requests(client)` from a process of its own, so that the server does not share its interpreter."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_all, args=(port, requests, clients, theirs))
    process.start()
    times, statuses, seconds = ours.recv()
    process.join()
    cuts = quantiles(times, n=100)
    return Rate(per_second=len(times) / seconds, median=cuts[49] * 1000, p99=cuts[98] * 1000, statuses=statuses)


def _all(port: int, requests: Callable[[int], list[Request]], clients: int, answer: Connection) -> None:
    prepared = [requests(client) for client in range(clients)]
    times: list[float] = []
    statuses: dict[int, int] = {}
    threads = [threading.Thread(target=_one, args=(port, batch, times, statuses)) for batch in prepared]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answer.send((times, statuses, time.perf_counter() - begun))


def _one(port: int, batch: list[Request], times: list[float], statuses: dict[int, int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path, headers, body in batch:
        begun = time.perf_counter()
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - begun)
        statuses[response.status] = statuses.get(response.status, 0) + 1
    connection.close()
