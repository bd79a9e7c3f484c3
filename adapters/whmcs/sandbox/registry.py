"""Which function answers which API action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adapters.whmcs.sandbox.form import Form
from adapters.whmcs.sandbox.world import World

Reply = dict[str, Any]
Handler = Callable[[World, Form], Reply]
Handlers = Mapping[str, Handler]
"""By action; a handler raises ApplicationError for a no, and gives the documented keys beside `result`."""
