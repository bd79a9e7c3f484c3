"""What GetProducts knows that a service's own row does not: whether a module stands behind it, names of its fields.

Read once and kept until `refresh`. A credential without the right to read products is no error: then nothing is known.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.whmcs.client import WhmcsClient
from adapters.whmcs.shapes import field_name
from adapters.whmcs.values import an_id, rows, text
from bridge.errors import PanelError


@dataclass(frozen=True, kw_only=True)
class Product:
    """`has_module` is None where the panel did not say; `field_names` are the custom fields' names by id."""

    has_module: bool | None = None
    field_names: Mapping[str, str] = field(default_factory=dict)


UNKNOWN = Product()


class Catalogue:
    """Products by id."""

    def __init__(self, client: WhmcsClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._products: Mapping[str, Product] | None = None

    def product(self, pid: str) -> Product:
        """The product, UNKNOWN where it is not listed."""
        with self._lock:
            if self._products is None:
                self._products = self._read()
            return self._products.get(pid, UNKNOWN)

    def refresh(self) -> None:
        """Forget what was read."""
        with self._lock:
            self._products = None

    def _read(self) -> Mapping[str, Product]:
        try:
            found = rows(self._client.read("GetProducts"), "products", "product")
            return {
                an_id(row, "pid"): Product(
                    has_module=bool(text(row, "module").strip()),
                    field_names={
                        text(custom, "id"): field_name(text(custom, "name"))
                        for custom in rows(row, "customfields", "customfield")
                    },
                )
                for row in found
            }
        except PanelError:
            return {}
