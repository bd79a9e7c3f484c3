"""Pages of the desk in a real Chromium, in a page that looks like the panel's, and the desk served on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from bridge.web.open_pages import open_pages_blueprint
from tests.unit.pages.house import House

NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

PANEL = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Addon</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
* {{ box-sizing: border-box; }} body {{ color: #333; font: 13px "Open Sans", Verdana, sans-serif; margin: 0; }}
.top {{ background: #1a4d80; color: #fff; padding: 12px; }} main {{ padding: 16px; }}
label {{ display: inline-block; font-weight: bold; margin-bottom: 5px; }}
.btn {{ border: 1px solid transparent; padding: 6px 12px; }} h2 {{ font-size: 30px; }} h3 {{ font-size: 24px; }}
</style></head><body><div class="top">Billing</div><main><h1>Tipstaff</h1>{html}</main></body></html>"""


def opened(browser: Browser, html: str, *, narrow: bool = False, dark: bool = False) -> Page:
    """The page as the panel shows it; what a script of a stranger's would say is kept in `window.alarms`."""
    size = NARROW if narrow else WIDE
    page = browser.new_page(
        viewport={"width": size["width"], "height": size["height"]}, color_scheme="dark" if dark else "light"
    )
    page.add_init_script("window.alarms = []; window.alert = said => window.alarms.push(said);")
    page.goto("about:blank")
    page.set_content(PANEL.format(html=html))
    return page


@contextmanager
def served(house: House) -> Iterator[str]:
    """The desk's open pages over real HTTP; its address."""
    app = Flask("desk")
    app.register_blueprint(open_pages_blueprint(house.site))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
