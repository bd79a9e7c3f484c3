"""`/metrics` for Prometheus: gauges read from the desk when asked, requests counted as they are answered."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from bridge.config.parts import Network
from bridge.web.auth import READ, Guard
from bridge.web.desk import Desk

LABELS: Mapping[str, tuple[str, ...]] = {
    "tipstaff_actions": ("state",),
    "tipstaff_cases": ("status",),
    "tipstaff_source_messages": ("source",),
    "tipstaff_source_troubled": ("source", "state"),
    "tipstaff_source_last_message_seconds": ("source",),
}
"""What the label values of the desk's gauges are called; others are numbered."""

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
NOWHERE = "none"
"""The route of a request that fits none: what strangers type must not become a label."""


class Requests:
    """Counts of one application's requests; it has a registry of its own."""

    def __init__(self, desk: Desk) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self._count = Counter(
            "tipstaff_http_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "tipstaff_http_seconds", "Time to answer", ("route",), registry=self.registry, buckets=_BUCKETS
        )
        self.registry.register(_DeskGauges(desk))

        self._labelled: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        key = (method, route, status)
        found = self._labelled.get(key)
        if found is None:
            known = method if method in _METHODS else NOWHERE
            found = self._count.labels(known, route, str(status)), self._seconds.labels(route)
            if known is method:
                self._labelled[key] = found
        found[0].inc()
        found[1].observe(seconds)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _DeskGauges(Collector):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def describe(self) -> Sequence[GaugeMetricFamily]:
        """Nothing: the registry must not ask the desk before it is there."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, values in self._desk.gauges().items():
            size = max((len(labels) for labels in values), default=0)
            names = LABELS.get(name) or tuple(f"label{place}" for place in range(1, size + 1))
            family = GaugeMetricFamily(name, name.removeprefix("tipstaff_").replace("_", " "), labels=names[:size])
            for labels, value in values.items():
                family.add_metric(labels, value)
            yield family


def metrics_blueprint(requests: Requests, guard: Guard, metrics_from: Sequence[Network]) -> Blueprint:
    """Open to the addresses of `metrics_from`; others need the scope read."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        if not _is_from(request.remote_addr, metrics_from):
            guard.admit(READ)
        return Response(generate_latest(requests.registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _is_from(peer: str | None, networks: Sequence[Network]) -> bool:
    try:
        address = ipaddress.ip_address(peer or "")
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
