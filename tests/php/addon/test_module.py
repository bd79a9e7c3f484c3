"""The module as WHMCS manages it: settings, activation, upgrade, removal; its files, on every PHP it promises."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from bridge import __version__
from tests.php.addon.bridge import Bridge, accepted
from tests.php.addon.whmcs import Whmcs

MODULE = Path(__file__).parents[3] / "hooks" / "whmcs" / "addon" / "modules" / "addons" / "tipstaff"
FILES = sorted(MODULE.rglob("*.php"))
VIRTUALIZOR = sorted((MODULE.parents[4] / "virtualizor").rglob("*.php"))
TABLES = {"mod_tipstaff_outbox", "mod_tipstaff_holds", "mod_tipstaff_state"}

NEWER_THAN_7_4 = Path(__file__).parent / "host" / "newer.php"


def test_its_settings_are_the_four_of_the_interface_with_their_defaults(bare_whmcs: Whmcs) -> None:
    (step,) = bare_whmcs.run({"do": "call", "name": "config"})
    fields = step.answer["fields"]
    assert list(fields) == ["bridge_url", "secret", "timeout_ms", "when_unreachable"]
    assert fields["secret"]["Type"] == "password"
    assert (fields["timeout_ms"]["Default"], fields["when_unreachable"]["Default"]) == ("2000", "allow")
    assert fields["when_unreachable"]["Options"].split(",") == ["allow", "refuse"]


def test_it_has_the_version_of_the_program(bare_whmcs: Whmcs) -> None:
    (step,) = bare_whmcs.run({"do": "call", "name": "config"})
    assert step.answer["version"] == __version__


def test_activating_makes_its_tables_and_deactivating_leaves_nothing(bare_whmcs: Whmcs) -> None:
    tables = {"do": "tables"}
    before, made, after, removed, last = bare_whmcs.run(
        tables, {"do": "call", "name": "activate"}, tables, {"do": "call", "name": "deactivate"}, tables
    )
    assert made.answer["status"] == removed.answer["status"] == "success"
    assert set(after.answer) - set(before.answer) == TABLES
    assert last.answer == before.answer


def test_activating_twice_and_upgrading_keep_what_is_there(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.stop()
    whmcs.fire("ServiceEdit", {"serviceid": 1})
    whmcs.run({"do": "sql", "query": "DROP TABLE mod_tipstaff_holds"})
    whmcs.run({"do": "call", "name": "activate"}, {"do": "call", "name": "upgrade", "vars": {"version": "0.0.1"}})
    assert len(whmcs.rows("SELECT * FROM mod_tipstaff_outbox")) == 1
    assert whmcs.rows("SELECT * FROM mod_tipstaff_holds") == []


def test_deactivating_tries_once_more_to_deliver_and_says_what_was_lost(whmcs: Whmcs, bridge: Bridge) -> None:
    bridge.stop()
    whmcs.fire("ServiceEdit", {"serviceid": 1})
    whmcs.fire("ServiceEdit", {"serviceid": 2})
    bridge.start()
    bridge.reply = lambda call: accepted(call) if call.said["vars"]["serviceid"] == 1 else (503, {})
    (step,) = whmcs.run({"do": "call", "name": "deactivate"})
    assert "1 message(s)" in step.answer["description"]
    assert len(bridge.hooks) == 2


def test_a_database_that_refuses_is_an_error_in_words(whmcs: Whmcs) -> None:
    whmcs.run(
        {"do": "call", "name": "deactivate"}, {"do": "sql", "query": "CREATE VIEW mod_tipstaff_outbox AS SELECT 1"}
    )
    (step,) = whmcs.run({"do": "call", "name": "activate"})
    assert step.answer["status"] == "error"


def test_whmcs_json_describes_it() -> None:
    described = json.loads((MODULE / "whmcs.json").read_text())
    assert (described["type"], described["name"]) == ("whmcs-addons", "tipstaff")


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(MODULE)))
def test_no_file_does_anything_when_it_is_called_by_itself(php: Path, file: Path) -> None:
    done = subprocess.run([php, str(file)], capture_output=True, text=True, check=False)
    words = (
        "This file cannot be accessed directly"
        if file.name != "cron.php"
        else "WHMCS is not installed above this folder\n"
    )
    assert done.stdout == words


def test_every_file_is_php_that_7_4_knows(php: Path) -> None:
    """Those for Virtualizor too, which brings a PHP of its own."""
    done = subprocess.run([php, NEWER_THAN_7_4, *FILES, *VIRTUALIZOR], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


NEWER = [
    "$a?->b();",
    "match (1) { 1 => 2 };",
    "str_contains($a, $b);",
    "\\str_contains($a, $b);",
    "f(name: 1);",
    "function f(int|string $a) {}",
    "function f(): int|string {}",
    "function f(A&B $a) {}",
    "class A { function __construct(private $a) {} }",
    "class A { private int|string $a; }",
    "function f(): static {}",
    "function f(): never {}",
    "function f(mixed $a) {}",
    "function f($a,) {}",
    "$f = function () use ($a,) {};",
    "try { f(); } catch (E) { }",
    "enum A { case B; }",
    "#[A] function f() {}",
    "$a ?? throw $b;",
    "$f = fn () => throw $b;",
    "$a = f(...);",
    "$a::class;",
    "class A { final public const B = 1; }",
    "class A { const int B = 1; }",
    "class A { public readonly int $a; }",
    "readonly class A {}",
    "function f($a = new B()) {}",
    "$a = new WeakMap();",
    "$a = 0o17;",
    "function f(): null {}",
]
"""A line for each thing that later versions brought."""


def test_what_7_4_does_not_know_would_be_found(php: Path, tmp_path: Path) -> None:
    """It is told by tokens, names and forms; code that both take differently is not found."""
    files = [tmp_path / f"newer-{place}.php" for place in range(len(NEWER))]
    for file, newer in zip(files, NEWER, strict=True):
        file.write_text(f"<?php {newer}")
    done = subprocess.run([php, NEWER_THAN_7_4, *files], capture_output=True, text=True, check=True)
    missed = [newer for file, newer in zip(files, NEWER, strict=True) if file.name not in done.stdout]
    assert missed == []


def test_every_language_says_everything_and_leaves_room_for_the_same_values() -> None:
    said = {}
    for path in sorted((MODULE / "lang").glob("*.php")):
        found = re.findall(r"^\$_ADDONLANG\['(\w+)'\] = '((?:[^'\\]|\\.)*)';$", path.read_text(), re.MULTILINE)
        said[path.stem] = {key: text.count("%s") for key, text in found}
    assert set(said) == {"english", "german", "russian", "chinese"}
    assert all(texts == said["english"] for texts in said.values())


def test_every_text_that_is_asked_for_is_there() -> None:
    english = (MODULE / "lang" / "english.php").read_text()
    source = "".join(path.read_text() for path in FILES)
    asked = set(re.findall(r"(?:Text::say|\$say)\('(\w+)'", source))
    assert asked
    assert [key for key in asked if f"['{key}']" not in english] == []
