"""A small WHMCS that behaves as its documentation says, for tests, the demo and trying out a configuration."""

from adapters.whmcs.sandbox.app import Server, make_app, serve, world_of
from adapters.whmcs.sandbox.faults import Fault, FaultKind
from adapters.whmcs.sandbox.seed import (
    Quirks,
    Seed,
    SeedAdmin,
    SeedClient,
    SeedCurrency,
    SeedDepartment,
    SeedInvoice,
    SeedLine,
    SeedOrder,
    SeedProduct,
    SeedServer,
    SeedService,
)
from adapters.whmcs.sandbox.world import World

__all__ = [
    "Fault",
    "FaultKind",
    "Quirks",
    "Seed",
    "SeedAdmin",
    "SeedClient",
    "SeedCurrency",
    "SeedDepartment",
    "SeedInvoice",
    "SeedLine",
    "SeedOrder",
    "SeedProduct",
    "SeedServer",
    "SeedService",
    "Server",
    "World",
    "make_app",
    "serve",
    "world_of",
]
