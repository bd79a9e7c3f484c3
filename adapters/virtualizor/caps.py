"""Caps on what a machine may use; the fields of the panel that carry them, with their units."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from adapters.virtualizor.shapes import number


class Cap(Enum):
    """CPU percent of each core; DOWNLOAD and UPLOAD KB/s; IOPS operations, READ and WRITE MB, per second. 0 lifts a cap
    (of CPU: 100), and -1 of UPLOAD follows DOWNLOAD. The monthly quota is no cap here: its 0 means unlimited.
    """

    CPU = "cpu_percent"
    DOWNLOAD = "network_speed"
    UPLOAD = "upload_speed"
    IOPS = "total_iops_sec"
    READ = "read_bytes_sec"
    WRITE = "write_bytes_sec"


def caps_of(row: Mapping[str, Any]) -> dict[Cap, int]:
    """The caps that a row of `vs` shows; those it does not show are left out."""
    shown = {cap: number(row.get(cap.value)) for cap in Cap}
    return {cap: int(value) for cap, value in shown.items() if value is not None and abs(value) < 2**63}
