"""A sandbox WHMCS as a Flask application, and a server to run it on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from adapters.whmcs.sandbox.api import api
from adapters.whmcs.sandbox.callback import callback
from adapters.whmcs.sandbox.control import control
from adapters.whmcs.sandbox.faults import Faults
from adapters.whmcs.sandbox.hook_sender import HookSender
from adapters.whmcs.sandbox.journal import Journal
from adapters.whmcs.sandbox.pages import pages
from adapters.whmcs.sandbox.seed import Seed
from adapters.whmcs.sandbox.server_module import ServerModule, virtualizor_module
from adapters.whmcs.sandbox.state import planted
from adapters.whmcs.sandbox.world import World

_WORLD = "whmcs_sandbox"
_POLL = 0.05  # seconds until a stop is noticed


def make_app(
    seed: Seed,
    *,
    now: Callable[[], datetime],
    wall: Callable[[], datetime] | None = None,
    bridge_url: str | None = None,
    hook_secret: str = "",
    module: ServerModule = virtualizor_module,
) -> Flask:
    """A new installation holding `seed`; nothing is shared between two of them.

    now           the panel's clock, which a demo may move; wall: the clock of signatures, `now` where absent
    bridge_url    where hooks go, signed with `hook_secret` (`whsec_…`); None: hooks are only remembered
    module        what runs on suspend, unsuspend and terminate
    """
    hooks = HookSender(bridge_url=bridge_url, secret=hook_secret, now=now, wall=wall or now)
    world = World(
        seed=seed,
        state=planted(seed, now()),
        hooks=hooks,
        faults=Faults(),
        journal=Journal(),
        module=module,
        now=now,
    )
    app = Flask("whmcs_sandbox")
    app.extensions[_WORLD] = world
    for blueprint in (api(world), callback(world), control(world), pages(world)):
        app.register_blueprint(blueprint)
    app.before_request(_refuse_other_sites)
    return app


def world_of(app: Flask) -> World:
    """The installation behind an application of `make_app`."""
    world: World = app.extensions[_WORLD]
    return world


def _refuse_other_sites() -> Response | None:
    """A page of another site may not press the buttons here."""
    origin = request.headers.get("Origin")
    if request.method == "GET" or origin is None or urlsplit(origin).netloc == request.host:
        return None
    return Response("Forbidden", 403, mimetype="text/plain")


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The journal has every call; standard error stays free."""


class Server:
    """A running sandbox; `url` without a slash at its end. Its cron sends waiting hooks and fetches holds."""

    def __init__(self, server: BaseWSGIServer, hooks: HookSender, cron_every: float) -> None:
        self._server = server
        self._hooks = hooks
        self._cron_every = cron_every
        self._stopping = threading.Event()
        self.url = f"http://{server.host}:{server.port}"
        self._threads = [
            threading.Thread(target=server.serve_forever, args=(_POLL,), name="whmcs-sandbox", daemon=True),
            threading.Thread(target=self._cron, name="whmcs-sandbox-cron", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def port(self) -> int:
        return self._server.port

    def stop(self) -> None:
        """End both threads and close the port."""
        self._stopping.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join(timeout=10)
        self._server.server_close()

    def _cron(self) -> None:
        while not self._stopping.wait(self._cron_every):
            self._hooks.flush()
            self._hooks.fetch_holds()


def serve(app: Flask, host: str = "127.0.0.1", port: int = 0, *, cron_every: float = 5.0) -> Server:
    """Run `app` in threads of its own; port 0 takes a free one. `cron_every` in seconds of the real clock."""
    return Server(
        make_server(host, port, app, threaded=True, request_handler=_QuietHandler), world_of(app).hooks, cron_every
    )
