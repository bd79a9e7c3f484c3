"""Receivers are tested in the application they are registered with."""

from __future__ import annotations

from tests.web.conftest import build, config, web

__all__ = ["build", "config", "web"]
