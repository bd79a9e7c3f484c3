"""A process that serves a fake desk, for tests of the server itself: `python -m tests.web.serving FOLDER`."""

from __future__ import annotations

import ipaddress
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from bridge.clock import SystemClock
from bridge.config import load_config
from bridge.web.app import make_app
from bridge.web.gunicorn import run_web
from hooks.delivery import verifier
from tests.web.conftest import SECRET, TOKENS
from tests.web.fake_desk import BarePages, FakeDesk, a_case


class SlowDesk(FakeDesk):
    """Takes its time over one case."""

    def case(self, id_: str, /) -> Mapping[str, Any]:
        if id_ == "slow":
            time.sleep(1.0)
        return super().case(id_)


def main(folder: Path) -> int:
    file = folder / "tipstaff.toml"
    file.write_text('policy = "klt-net"\n')
    read = load_config(file, {})
    server = replace(read.server, metrics_from=(ipaddress.ip_network("127.0.0.0/8"),))
    config = replace(read, tokens=TOKENS, server=server)

    def load() -> Flask:
        desk = SlowDesk(known_cases={"slow": a_case("slow")})
        return make_app(desk, config, SystemClock(), pages=BarePages(), verify=verifier(SECRET))

    def begun(host: str, port: int) -> None:
        (folder / "address").write_text(f"http://{host}:{port}")

    def ended() -> None:
        (folder / "ended").write_text("yes")

    return run_web(load, "127.0.0.1", 0, threads=4, on_start=begun, on_stop=ended)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
