"""[[route]]: which policies a configuration names, and what is refused about them once they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.config import load_config
from bridge.config.rules import rules_of
from bridge.errors import InvalidInput
from bridge.policy.load import SHIPPED
from bridge.rules import Subject

ROUTES = """\
policy = "klt-net"
[[route]]
policy = "lanmang"
product_kind = "dedicated"
region = ["mainland-china", "hongkong"]
[[route]]
policy = "atlex"
product = [12, "14"]
client_group = 3
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "tipstaff.toml"
    file.write_text(text)
    return file


def test_the_first_route_whose_criteria_are_all_met_leads_to_its_policy(tmp_path: Path) -> None:
    rules = rules_of(load_config(written(tmp_path, ROUTES), {}))
    assert [pack.name for pack in rules.packs] == ["klt-net", "lanmang", "atlex"]
    assert rules.pack_for(Subject(product_kind="dedicated", region="hongkong")).name == "lanmang"
    assert rules.pack_for(Subject(product_kind="dedicated", region="ru")).name == "klt-net"
    assert rules.pack_for(Subject(product_kind="vps", product="12", client_group="3")).name == "atlex"
    assert rules.pack_for(Subject(product_kind="vps", product="12")).name == "klt-net"
    assert rules.pack_for(Subject()).name == "klt-net"


def test_what_only_routes_go_by_is_asked_of_the_panels_only_then(tmp_path: Path) -> None:
    asked = load_config(written(tmp_path, ROUTES), {}).mapping.routed_by
    assert asked == {"product_kind", "region", "product", "client_group"}
    assert load_config(written(tmp_path, 'policy = "klt-net"\n'), {}).mapping.routed_by == frozenset()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('policy = "klt-ney"\n', "tipstaff.toml:1: policy: 'klt-ney' is unknown; did you mean 'klt-net'?"),
        (ROUTES.replace('"atlex"', '"atlas"'), "tipstaff.toml:7: route[1].policy: 'atlas' is unknown"),
        (
            ROUTES.replace('"atlex"', '"mine.yaml"'),
            "tipstaff.toml:7: route[1].policy: another pack is called 'klt-net'",
        ),
    ],
)
def test_a_policy_that_cannot_be_used_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "mine.yaml").write_text((SHIPPED / "klt-net.yaml").read_text())
    config = load_config(written(tmp_path, text), {})
    with pytest.raises(InvalidInput) as refusal:
        rules_of(config)
    assert str(refusal.value).removeprefix(f"{tmp_path}/").startswith(said)


def test_another_general_policy_leaves_the_routes(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, ROUTES), {})
    dptgroup = rules_of(load_config(written(tmp_path, 'policy = "dptgroup"\n'), {})).pack
    rules = rules_of(config, general=dptgroup, at_once=True)
    assert [pack.name for pack in rules.packs] == ["dptgroup", "lanmang", "atlex"]
    assert rules.at_once
