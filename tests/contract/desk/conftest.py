"""The desk is tested on both databases, as the store is."""

from __future__ import annotations

from tests.contract.store.conftest import (
    bureau,
    database,
    migrated_file,
    migrated_postgres,
    open_desk,
    postgres_copy,
)

__all__ = ["bureau", "database", "migrated_file", "migrated_postgres", "open_desk", "postgres_copy"]
