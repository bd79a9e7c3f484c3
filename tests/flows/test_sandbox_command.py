"""`tipstaff sandbox`: panels of its own making, or those that a configuration expects."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from bridge.cli.ports import free_port
from bridge.cli.sandbox import sandbox
from bridge.errors import InvalidInput

OWN = """
policy = "klt-net"
[server]
hook_secret = "a-hook-secret-of-my-own"
[whmcs]
url = "http://{host}:{whmcs}/"
identifier = "my-identifier"
secret = "my-secret"
abuse_department = 2
[virtualizor]
url = "http://127.0.0.1:{virtualizor}/"
servers = [1]
api_key = "my-key"
api_password = "my-password"
"""


def test_panels_that_fit_a_configuration_take_its_keys_and_no_others(tmp_path: Path) -> None:
    whmcs, file = free_port(), tmp_path / "tipstaff.toml"
    file.write_text(OWN.format(host="127.0.0.1", whmcs=whmcs, virtualizor=free_port()))
    command = [sys.executable, "-u", "-m", "bridge", "sandbox", "--config", str(file)]
    with (
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process,
        ExitStack() as then,
    ):
        then.callback(process.terminate)
        assert process.stderr is not None
        assert process.stderr.readline() == f"# whmcs http://127.0.0.1:{whmcs}\n"
        asked = {"action": "GetClients", "identifier": "my-identifier", "responsetype": "json"}
        api = f"http://127.0.0.1:{whmcs}/includes/api.php"
        assert requests.post(api, {**asked, "secret": "my-secret"}, timeout=10).json()["totalresults"] == 12
        assert requests.post(api, {**asked, "secret": "another"}, timeout=10).json()["result"] == "error"


def test_panels_elsewhere_are_nothing_to_stand_in_for(tmp_path: Path) -> None:
    file = tmp_path / "tipstaff.toml"
    file.write_text(OWN.format(host="billing.example", whmcs=8701, virtualizor=8702))
    with pytest.raises(InvalidInput, match=r"whmcs\.url: sandbox panels listen on this machine alone"):
        sandbox.main(["--config", str(file)], standalone_mode=False)
