"""What the panels of a host can do, and for which of its services: a server panel has machines of its own alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bridge.actions import BlockPlans
from bridge.config import Config, VirtualizorConfig, WhmcsConfig
from bridge.policy.pack import Pack
from bridge.ports import Capability

VPS = "vps"
"""The kind of product that has a machine in a server panel; all others are known to the billing panel alone."""


@dataclass(frozen=True, kw_only=True)
class Means:
    """What can be done for the services of one kind, or for those on the machines of one server panel.

    kind          their product kind
    whose         these services, in words
    capabilities  of the panels that know them, and of the mailer
    lacking       which setting a capability lacks to be of use; it is not among `capabilities` then
    """

    kind: str
    whose: str
    capabilities: frozenset[Capability]
    plans: BlockPlans = field(default_factory=BlockPlans)
    lacking: Mapping[Capability, str] = field(default_factory=dict)


def means_of(
    config: Config, pack: Pack, *, billing: frozenset[Capability], servers: frozenset[Capability]
) -> tuple[Means, ...]:
    """What a host can do for the services that the pack answers for; nothing is connected to.

    billing, servers  what its panels can do where they are configured in full
    """
    kinds = _kinds(config, pack)
    common = (billing if config.whmcs else frozenset()) | ({Capability.REPORTER_MAIL} if config.mail else frozenset())
    lacking = {each: why for each, why in _lacking_for_billing(config.whmcs, billing) if each in common}
    found = []
    for panel in config.virtualizor if VPS in kinds else ():
        missing = {**lacking, **_lacking_for_servers(panel, servers)}
        found.append(
            Means(
                kind=VPS,
                whose=f"the machines of {panel.url}",
                capabilities=(common | servers) - missing.keys(),
                plans=BlockPlans(ports=panel.port_block_plan, outbound=panel.outbound_block_plan),
                lacking=missing,
            )
        )
    bare = kinds - {means.kind for means in found}
    kinded = (Means(kind=kind, whose=f"{kind} services", capabilities=common - lacking.keys(), lacking=lacking)
              for kind in sorted(bare))  # fmt: skip
    return (*found, *kinded)


def _lacking_for_billing(
    config: WhmcsConfig | None, capabilities: frozenset[Capability]
) -> Iterator[tuple[Capability, str]]:
    if config is None:
        return
    if not config.payment_method:
        yield Capability.INVOICE, "whmcs.payment_method is missing"
    for name, given in (("identifier", config.identifier), ("secret", config.secret)):
        if not given:
            yield from ((capability, f"whmcs.{name} is missing") for capability in capabilities)


def _lacking_for_servers(config: VirtualizorConfig, capabilities: frozenset[Capability]) -> Mapping[Capability, str]:
    """What keeps a server panel from being of use: from any, or from migrating."""
    needed = {"servers": config.servers, "api_key": config.api_key, "api_password": config.api_password}
    for name, given in needed.items():
        if not given:
            return dict.fromkeys(capabilities, f"{name} is missing in [virtualizor] {config.url}")
    if Capability.MIGRATE in capabilities and config.migrate_to is None:
        return {Capability.MIGRATE: f"migrate_to is missing in [virtualizor] {config.url}"}
    return {}


def _kinds(config: Config, pack: Pack) -> frozenset[str]:
    """The product kinds of the services that a pack answers for, as far as the configuration tells."""
    routed = [route for route in config.routes if _is(config, route.policy, pack)]
    known = {VPS, *config.mapping.product_kind.values()}.union(*(route.product_kind for route in config.routes))
    elsewhere = [set(route.product_kind) for route in config.routes if set(route.asks()) == {"product_kind"}]
    general = known.difference(*elsewhere)
    if not routed:
        return frozenset(general if _is(config, config.policy, pack) else known)
    found = set(general) if _is(config, config.policy, pack) else set()
    for route in routed:
        found |= route.product_kind or _of_products(config, route.product) or known
    return frozenset(found)


def _of_products(config: Config, products: Collection[str]) -> set[str]:
    return {config.mapping.product_kind.get(product, VPS) for product in products}


def _is(config: Config, named: str, pack: Pack) -> bool:
    """Whether the configuration means this pack by a name or a file."""
    name = named.rpartition("@")[0] or named
    return pack.name in (named, name) or (config.file.parent / name).resolve() == Path(pack.file).resolve()
