"""Every source of a configuration is watched while the program serves."""

from __future__ import annotations

from pathlib import Path

from bridge.config import load_config
from bridge.sources.expected import expectations
from bridge.store.engine import migrate, open_engine
from bridge.wiring import wire

SOURCES = """policy = "klt-net"
[[token]]
name = "mail-gateway"
token = "abcdefgh"
scopes = ["intake"]
[[imap]]
name = "abuse"
host = "imap.example"
user = "abuse"
silent_after = "24h"
[[feed]]
name = "drop box"
folder = "in"
[[blocklist]]
name = "zen"
zone = "list.example"
[[blocklist]]
name = "drop"
file = "drop.txt"
[sources]
silent_after = { "mail-gateway" = "12h", "intake" = "1d" }
"""


def test_what_the_configuration_names_is_read_and_looked_after(tmp_path: Path) -> None:
    path = tmp_path / "tipstaff.toml"
    path.write_text(SOURCES)
    config = load_config(path, {})
    migrate(open_engine(config.database_url))
    wired = wire(config)
    wired.close()
    assert [watch.name for watch in wired.watches] == ["abuse", "zen", "drop", "drop box", "alarms"]
    expected = {name: (source.kind, source.silent_after) for name, source in expectations(config).items()}
    assert [kind for kind, _ in expected.values()] == ["imap", "feed", "blocklist", "blocklist", "api", "pipe"]
    assert expected["drop"][1] is None
