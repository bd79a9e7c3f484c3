"""A small Virtualizor that runs on a laptop: it behaves as the documentation says and notes whatever is not in it."""

from adapters.virtualizor.sandbox.app import Server, make_app, panel_of, serve
from adapters.virtualizor.sandbox.billing import Callback
from adapters.virtualizor.sandbox.panel import SandboxPanel
from adapters.virtualizor.sandbox.seed import PastEnd, Seed, SeedMachine, Traits
from adapters.virtualizor.sandbox.trouble import Fault, FaultKind

__all__ = [
    "Callback",
    "Fault",
    "FaultKind",
    "PastEnd",
    "SandboxPanel",
    "Seed",
    "SeedMachine",
    "Server",
    "Traits",
    "make_app",
    "panel_of",
    "serve",
]
