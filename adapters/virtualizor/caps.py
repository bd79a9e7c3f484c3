"""Caps on what a machine may use, in the fields of the panel that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.virtualizor.shapes import number
from bridge.ports import Cap

FIELDS: Mapping[Cap, str] = {
    Cap.CPU: "cpu_percent",
    Cap.DOWNLOAD: "network_speed",
    Cap.UPLOAD: "upload_speed",
    Cap.IOPS: "total_iops_sec",
    Cap.READ: "read_bytes_sec",
    Cap.WRITE: "write_bytes_sec",
}
"""0 lifts a cap (of CPU: 100), and -1 of the upload follows the download. The monthly quota is no cap here: its 0 means
unlimited."""


def caps_of(row: Mapping[str, Any]) -> dict[Cap, int]:
    """The caps that a row of `vs` shows; those it does not show are left out."""
    shown = {cap: number(row.get(field)) for cap, field in FIELDS.items()}
    return {cap: int(value) for cap, value in shown.items() if value is not None and abs(value) < 2**63}
