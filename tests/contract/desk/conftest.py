"""The desk is tested on both databases, as the store is."""

from __future__ import annotations

from tests.contract.store.conftest import bureau, database, migrated_file, open_desk

__all__ = ["bureau", "database", "migrated_file", "open_desk"]
