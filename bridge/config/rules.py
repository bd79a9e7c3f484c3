"""The rules of an installation out of its configuration: the packs, and what the installation adds to them."""

from __future__ import annotations

from bridge.config import Config, place_of
from bridge.config.routes import RouteConfig
from bridge.errors import InvalidInput, NotFound
from bridge.policy.load import find_pack
from bridge.policy.pack import Pack
from bridge.rules import Route, Rules


def rules_of(config: Config, *, general: Pack | None = None, at_once: bool = False) -> Rules:
    """The configured policies with approvals, mode and exemptions.

    general  in place of the configured `policy`; the routes stay
    Raises InvalidInput naming the configuration, line and field, or InvalidPack.
    """
    pack = general or _pack(config, config.policy, "policy")
    return Rules(
        pack,
        approvals=config.approvals,
        mode=config.mode,
        exempt=config.exempt,
        at_once=at_once,
        expire_after=config.expire_after,
        routes=_routes(config, pack),
    )


def _pack(config: Config, name: str, field: str) -> Pack:
    try:
        return find_pack(name, base=config.file.parent)
    except (InvalidInput, NotFound) as unknown:
        problem = str(unknown).removeprefix("policy: ")  # the place says so
        raise InvalidInput(place_of(config.file, field), problem) from unknown


def _routes(config: Config, general: Pack) -> tuple[Route, ...]:
    named = {general.name: general}
    return tuple(_route(config, route, f"route[{place}].policy", named) for place, route in enumerate(config.routes))


def _route(config: Config, route: RouteConfig, field: str, named: dict[str, Pack]) -> Route:
    pack = _pack(config, route.policy, field)
    if named.setdefault(pack.name, pack) != pack:
        problem = f"another pack is called {pack.name!r} too: cases could not tell them apart"
        raise InvalidInput(place_of(config.file, field), problem)
    return Route(pack=pack, **route.asks())
