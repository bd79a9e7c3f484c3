"""Where complaints come from is checked when the configuration is read: file, line and field are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.config import Config, load_config
from bridge.errors import InvalidInput

MAILBOX = '[[imap]]\nname = "abuse"\nhost = "imap.example"\nuser = "abuse"\n'


def config(folder: Path, text: str) -> Config:
    path = folder / "tipstaff.toml"
    path.write_text(f'policy = "klt-net"\n{text}')
    return load_config(path, {"TIPSTAFF_IMAP_PASSWORD": "from outside"})


def test_a_mailbox_needs_little_and_its_password_may_come_from_outside(tmp_path: Path) -> None:
    (mailbox,) = config(tmp_path, MAILBOX).sources.imap
    assert (mailbox.port, mailbox.security, mailbox.folder, mailbox.password) == (993, "tls", "INBOX", "from outside")
    assert "from outside" not in repr(mailbox)


def test_folders_and_files_lie_beside_the_configuration(tmp_path: Path) -> None:
    said = config(tmp_path, '[[feed]]\nname = "f"\nfolder = "in"\n[[blocklist]]\nname = "b"\nfile = "drop.txt"\n')
    assert said.sources.feeds[0].folder == tmp_path / "in"
    assert said.sources.blocklists[0].file == tmp_path / "drop.txt"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MAILBOX + 'security = "none"\n', ":6: imap[0].security: none is for this machine only"),
        (MAILBOX + 'done = "INBOX"\n', ":6: imap[0].done: must be another folder"),
        (MAILBOX + "port = 0\n", ":6: imap[0].port"),
        (MAILBOX + 'colour = "red"\n', ":6: imap[0].colour: is not a known key"),
        (MAILBOX + '[[feed]]\nname = "abuse"\nfolder = "in"\n', ":7: feed[0].name: 'abuse' is the name of another"),
        ('[[blocklist]]\nname = "b"\n', ":2: blocklist[0].zone: give a zone to ask or a file to read"),
        ('[[blocklist]]\nname = "b"\nzone = "no zone"\n', ":4: blocklist[0].zone"),
        ('[[blocklist]]\nname = "b"\nzone = "l.example"\nresolver = ["here"]\n', ":5: blocklist[0].resolver"),
        ('[report]\nproxies = ["10.0.0.1/8"]\n', ":3: report.proxies[0]: '10.0.0.1/8' is not a network"),
        ('[sources]\nsilent_after = { "intake" = "0s" }\n', ":3: sources.silent_after"),
    ],
)
def test_what_is_wrong_is_named_with_file_line_and_field(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        config(tmp_path, text)
    assert f"{tmp_path / 'tipstaff.toml'}{said}" in str(refusal.value)
