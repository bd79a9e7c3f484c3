"""[[route]] of tipstaff.toml: which services and clients another policy answers for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from bridge.config.parts import Strict
from bridge.errors import InvalidInput

CRITERIA = ("product_kind", "product", "region", "client_group")


@dataclass(frozen=True, kw_only=True)
class RouteConfig:
    """Another policy, and whom it is for: every criterion that is given must be met, by one of its words."""

    policy: str
    product_kind: frozenset[str]
    product: frozenset[str]
    region: frozenset[str]
    client_group: frozenset[str]

    def asks(self) -> dict[str, frozenset[str]]:
        """The criteria that are given."""
        return {name: words for name in CRITERIA if (words := getattr(self, name))}

    def told(self) -> str:
        """Whom it is for, as a person would say it."""
        return ", ".join(f"{name} {' or '.join(sorted(words))}" for name, words in self.asks().items())

    def covers(self, other: RouteConfig) -> bool:
        """Whether whatever the other one is for comes here already."""
        asked = other.asks()
        return all(name in asked and asked[name] <= words for name, words in self.asks().items())


class _Words(fields.Field[frozenset[str]]):
    """One word or id, or a list of them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> frozenset[str]:
        listed = value if isinstance(value, list) else [value]
        if not listed:
            raise ValidationError("names nothing")
        for word in listed:
            if isinstance(word, bool) or not isinstance(word, str | int) or not str(word).strip():
                raise ValidationError(f"{word!r} is neither text nor a number")
        return frozenset(map(str, listed))


def _all_of(words: tuple[str, ...]) -> validate.ContainsOnly:
    return validate.ContainsOnly(words, error=f"must be of {', '.join(words)}")


class RouteTable(Strict):
    """One [[route]]."""

    policy = fields.Str(required=True)
    product_kind = _Words(
        load_default=frozenset(), validate=_all_of(("vps", "dedicated", "shared", "colocation", "other"))
    )
    product = _Words(load_default=frozenset())
    region = _Words(load_default=frozenset())
    client_group = _Words(load_default=frozenset())

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> RouteConfig:
        route = RouteConfig(**data)
        if not route.asks():
            raise ValidationError(f"needs one of {', '.join(CRITERIA)}", "policy")
        return route


def check_reachable(routes: Sequence[RouteConfig]) -> None:
    """Refuses a route behind one that takes everything it is for; raises InvalidInput naming it."""
    for place, route in enumerate(routes):
        for earlier, other in enumerate(routes[:place]):
            if other.covers(route):
                raise InvalidInput(f"route[{place}]", f"is never reached: route[{earlier}] takes all that it is for")
