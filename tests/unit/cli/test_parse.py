"""What `tipstaff parse` knows beside the message."""

from __future__ import annotations

from pathlib import Path

import orjson
from click.testing import CliRunner

from bridge.cli.parse import parse

MAIL = (
    "From: Desk <noc@carrier.example>\nSubject: Spam from 192.0.2.4\nDate: Wed, 13 Nov 2024 10:02:00 +0000\n\n"
    "192.0.2.4 sends spam to our customer; so does 198.51.100.8.\n"
)
SETTINGS = """policy = "klt-net"
mode = "observe"
[networks]
own = ["192.0.2.0/24"]
[[reporter]]
match = "@carrier.example"
kind = "operator"
"""


def test_a_configuration_says_whose_networks_and_reporters_count(tmp_path: Path) -> None:
    mail, settings = tmp_path / "a.eml", tmp_path / "tipstaff.toml"
    mail.write_text(MAIL)
    settings.write_text(SETTINGS)
    (line,) = CliRunner().invoke(parse, ["--config", str(settings), str(mail)]).output.splitlines()
    told = orjson.loads(line)
    assert (told["ips"], told["reporter"]["kind"]) == (["192.0.2.4"], "operator")
    other = CliRunner().invoke(parse, ["--config", str(settings), "--own", "198.51.100.0/24", str(mail)]).output
    assert orjson.loads(other)["ips"] == ["198.51.100.8"]
