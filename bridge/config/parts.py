"""What several tables of tipstaff.toml are made of: durations, networks, and schemas that refuse unknown keys."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from bridge.errors import InvalidInput
from bridge.timeformat import parse_duration

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class DurationField(fields.Field[timedelta]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> timedelta:
        try:
            return parse_duration(value, attr or "")
        except InvalidInput as refusal:
            raise ValidationError(refusal.problem) from refusal


class NetworkField(fields.Field[Network]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Network:
        try:
            return ipaddress.ip_network(value, strict=True)
        except (ValueError, TypeError) as refusal:
            raise ValidationError(f"{value!r} is not a network such as 192.0.2.0/24") from refusal


class Strict(Schema):
    class Meta:
        unknown = RAISE
