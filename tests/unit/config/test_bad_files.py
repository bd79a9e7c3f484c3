"""What is wrong in tipstaff.toml is told with file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.config import load_config
from bridge.errors import InvalidInput


def problem(folder: Path, text: str | bytes) -> str:
    """What is said of such a file, without the folder."""
    file = folder / "tipstaff.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InvalidInput) as refusal:
        load_config(file, {})
    return str(refusal.value).removeprefix(f"{folder}/")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("policy = ", "tipstaff.toml:1: is not TOML"),
        ('policy = "klt-net"\n[server\n', "tipstaff.toml:2: is not TOML"),
        (b'policy = "klt-net"\n# \xff\n', "tipstaff.toml:2: is not UTF-8 text"),
        ('policy = "klt-net"\n\nfoo = 1\n', "tipstaff.toml:3: foo: is not a known key"),
        ('policy = 3\nmode = "observe"\n', "tipstaff.toml:1: policy: "),
        ('policy = "klt-net"\nmode = "maybe"\n', "tipstaff.toml:2: mode: Must be one of"),
        ('policy = "klt-net"\n[server]\nlistn = "127.0.0.1:1"\n', "tipstaff.toml:3: server.listn: is not a known key"),
        ('policy = "klt-net"\n[approvals]\nexpire_after = "soon"\n', "tipstaff.toml:3: approvals.expire_after: "),
        ('policy = "x"\n[approvals]\nterminate_service = "auto"\n', "tipstaff.toml:3: approvals.terminate_service: "),
        ('policy = "klt-net"\n[networks]\nown = [\n  "192.0.2.0/99",\n]\n', "tipstaff.toml:3: networks.own[0]: "),
        ('policy = "klt-net"\n[[exempt]]\nservice = "1"\nreason = "a"\n[[exempt]]\nservice = "2"\n',
         "tipstaff.toml:5: exempt[1].reason: "),
        ('policy = "klt-net"\n[[virtualizor]]\n', "tipstaff.toml:2: virtualizor[0]."),
        ('policy = "klt-net"\n[[route]]\npolicy = "lanmang"\n', "tipstaff.toml:3: route[0].policy: needs one of"),
        ('policy = "klt-net"\n[[route]]\nproduct = 3\n', "tipstaff.toml:2: route[0].policy: Missing"),
        ('policy = "klt-net"\n[[route]]\npolicy = "lanmang"\nproduct_kind = ["vsp"]\n',
         "tipstaff.toml:4: route[0].product_kind: must be of vps"),
        ('policy = "klt-net"\n[[route]]\npolicy = "lanmang"\nregion = []\n', "tipstaff.toml:4: route[0].region: "),
        ('policy = "klt-net"\n[[route]]\npolicy = "lanmang"\nregion = true\n', "tipstaff.toml:4: route[0].region: "),
        ('policy = "klt-net"\n[[route]]\npolicy = "lanmang"\nregions = "x"\n', "tipstaff.toml:4: route[0].regions: "),
        (('policy = "klt-net"\n[[route]]\npolicy = "lanmang"\nproduct = [1, 2]\n'
         '[[route]]\npolicy = "atlex"\nproduct = 1\nregion = "ru"\n'), "tipstaff.toml:5: route[1]: is never reached"),
        ('mode = "approve"\n', "tipstaff.toml: policy: Missing"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_field(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert problem(tmp_path, text).startswith(said)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"tipstaff\.toml: cannot be read: No such file"):
        load_config(tmp_path / "tipstaff.toml", {})
