"""What the doctor finds: each check with what it is for, and with what is fine."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from bridge.actions import BlockPlans
from bridge.config import Config, load_config
from bridge.doctor import (
    Finding,
    Level,
    check_billing,
    check_clock,
    check_configuration,
    check_database,
    check_policy,
    check_routes,
    check_servers,
    check_verification,
    manual_actions,
)
from bridge.doctor.means import Means
from bridge.errors import PanelError, PanelRefused, PanelUnreachable
from bridge.policy.load import find_pack, load_pack
from bridge.policy.pack import Pack
from bridge.ports import BillingPanel, Capability, Currency, ServerPanel
from bridge.store.engine import migrate
from bridge.store.store import Store
from bridge.store.tables import deliveries

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = "whsec_" + base64.b64encode(bytes(range(32))).decode()
ALL = frozenset(Capability)

WHOLE = f"""
policy = "klt-net"
database_url = "sqlite:///tipstaff.db"
[server]
hook_secret = "{KEY}"
[[token]]
name = "desk"
token = "kT8rQ2mVx0Zp5LwY7bNc"
scopes = ["read"]
[whmcs]
url = "https://billing.example/"
identifier = "h3Kd92LmQpXs"
secret = "zP4vB8nT1cRw"
abuse_department = 2
payment_method = "banktransfer"
admin_username = "tipstaff"
timezone = "Europe/Berlin"
[virtualizor]
url = "https://vps.example:4085/"
servers = [1]
api_key = "q7Wm3Zx9"
api_password = "Yt5Rf2Vb8"
[networks]
own = ["192.0.2.0/24"]
[mail]
smtp = "smtp://127.0.0.1:25"
from = "abuse@host.example"
"""


def written(folder: Path, text: str = WHOLE) -> Config:
    file = folder / "tipstaff.toml"
    file.write_text(text)
    file.chmod(0o600)
    return load_config(file, environ={})


def serious(findings: Iterable[Finding]) -> list[tuple[Level, str]]:
    """What is not fine."""
    return [(finding.level, finding.what) for finding in findings if finding.level is not Level.OK]


def test_a_whole_configuration_has_nothing_to_mend(tmp_path: Path) -> None:
    assert serious(check_configuration(written(tmp_path))) == []


@pytest.mark.parametrize(
    ("written_so", "instead", "level", "words"),
    [
        (KEY, "", Level.FAULT, "no hook_secret"),
        (KEY, "whsec_…", Level.FAULT, "no hook_secret"),
        (KEY, "whsec_not base64!", Level.FAULT, "hook_secret is not whsec_"),
        (KEY, KEY.removeprefix("whsec_"), Level.FAULT, "hook_secret is not whsec_"),
        (KEY, "whsec_" + base64.b64encode(bytes(32)).decode(), Level.WARNING, "random bytes"),
        ("zP4vB8nT1cRw", "…", Level.FAULT, "whmcs.secret is missing"),
        ("zP4vB8nT1cRw", "secret", Level.WARNING, "whmcs.secret can be guessed"),
        ('timezone = "Europe/Berlin"', "", Level.FAULT, "whmcs.timezone is missing"),
        ('payment_method = "banktransfer"', "", Level.FAULT, "whmcs.payment_method is missing"),
        ('admin_username = "tipstaff"', "", Level.FAULT, "whmcs.admin_username is missing"),
        ('api_password = "Yt5Rf2Vb8"', "", Level.FAULT, "api_key or api_password is missing"),
        ("servers = [1]", "", Level.FAULT, "servers is empty"),
        ("servers = [1]", 'servers = [1]\nca_file = "nowhere.pem"', Level.FAULT, "ca_file nowhere.pem is not there"),
        ("https://billing.example/", "http://billing.example/", Level.WARNING, "without TLS"),
        ('own = ["192.0.2.0/24"]', "", Level.WARNING, "[networks] own is empty"),
        ("kT8rQ2mVx0Zp5LwY7bNc", "changeme", Level.WARNING, "can be guessed"),
        ('scopes = ["read"]', "scopes = []", Level.WARNING, "has no scope"),
    ],
)
def test_what_is_missing_or_weak_is_found(
    tmp_path: Path, written_so: str, instead: str, level: Level, words: str
) -> None:
    found = serious(check_configuration(written(tmp_path, WHOLE.replace(written_so, instead))))
    assert [(at, words in what) for at, what in found] == [(level, True)]


def test_a_configuration_that_others_can_read_is_found(tmp_path: Path) -> None:
    config = written(tmp_path)
    config.file.chmod(0o644)
    assert serious(check_configuration(config)) == [(Level.WARNING, f"others can read {config.file}")]


def test_panels_that_are_not_configured_are_warnings(tmp_path: Path) -> None:
    found = serious(check_configuration(written(tmp_path, 'policy = "klt-net"\n')))
    assert (Level.WARNING, "no [whmcs]: everything is decided, nothing is carried out") in found
    assert [level for level, _ in found].count(Level.FAULT) == 1


def test_no_finding_repeats_a_secret(tmp_path: Path) -> None:
    weak = (
        WHOLE.replace("zP4vB8nT1cRw", "password").replace("kT8rQ2mVx0Zp5LwY7bNc", "aaaaaaaab").replace(KEY, "whsec_!")
    )
    said = str(list(check_configuration(written(tmp_path, weak))))
    assert "aaaaaaaab" not in said
    assert "whsec_!" not in said
    assert "Yt5Rf2Vb8" not in said


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path}/tipstaff.db")


def test_a_database_that_is_not_there_is_a_fault_and_is_not_made(tmp_path: Path, store: Store) -> None:
    found = serious(check_database(store, written(tmp_path), NOW))
    assert [level for level, _ in found] == [Level.FAULT]
    assert not (tmp_path / "tipstaff.db").exists()


def test_a_database_that_was_not_migrated_is_a_fault(tmp_path: Path, store: Store) -> None:
    (tmp_path / "tipstaff.db").touch(0o600)
    assert [level for level, _ in serious(check_database(store, written(tmp_path), NOW))] == [Level.FAULT]


def test_what_was_never_read_never_heard_and_is_not_known_is_a_warning(tmp_path: Path, store: Store) -> None:
    migrate(store.engine)
    (tmp_path / "tipstaff.db").chmod(0o600)
    config = written(tmp_path, WHOLE + '[[exempt]]\nservice = "77"\nreason = "ours"\n')
    found = serious(check_database(store, config, NOW))
    assert {level for level, _ in found} == {Level.WARNING}
    assert [any(words in what for _, what in found) for words in ("never read", "service 77", "no hook")] == [True] * 3


def test_a_database_in_use_is_fine(tmp_path: Path, store: Store) -> None:
    migrate(store.engine)
    (tmp_path / "tipstaff.db").chmod(0o600)
    store.write(lambda unit: unit.set("synced", "2026-03-02T11:00:00Z"))
    row = {"id": "d", "at": 0, "status": 202, "body": "{}"}
    store.write(lambda unit: unit.connection.execute(deliveries.insert(), row))
    assert serious(check_database(store, written(tmp_path), NOW)) == []
    late = serious(check_database(store, written(tmp_path), NOW + timedelta(days=2)))
    assert late == [(Level.WARNING, "the panels were last read at 2026-03-02T11:00:00Z")]
    store.close()


@pytest.mark.parametrize(
    ("theirs", "level"),
    [
        (NOW + timedelta(seconds=3), Level.OK),
        (NOW - timedelta(seconds=60), Level.WARNING),
        (NOW + timedelta(minutes=6), Level.FAULT),
        (None, Level.WARNING),
    ],
)
def test_clocks_may_differ_by_less_than_signatures_tolerate(theirs: datetime | None, level: Level) -> None:
    assert [finding.level for finding in check_clock(NOW, theirs)] == [level]


def test_a_clock_that_was_never_set_is_a_fault() -> None:
    then = datetime(1970, 1, 1, tzinfo=UTC)
    assert Level.FAULT in [finding.level for finding in check_clock(then, then)]


@dataclass
class MemoryPanel:
    """Answers as told."""

    trouble: PanelError | None = None
    wrong: list[str] = field(default_factory=list)
    rates: Mapping[str, Decimal] = field(default_factory=lambda: {"USD": Decimal(1)})
    name: str = "panel"

    def probe(self) -> str:
        if self.trouble is not None:
            raise self.trouble
        return "panel 1.0"

    def faults(self) -> list[str]:
        return self.wrong

    def currencies(self) -> dict[str, Currency]:
        return {code: Currency(code=code, rate=rate) for code, rate in self.rates.items()}


Examine = Callable[[MemoryPanel], list[tuple[Level, str]]]


def of_billing(panel: MemoryPanel) -> list[tuple[Level, str]]:
    return serious(check_billing(cast("BillingPanel", panel), "USD"))


def of_servers(panel: MemoryPanel) -> list[tuple[Level, str]]:
    return serious(check_servers({"https://vps.example/": cast("ServerPanel", panel)}))


def test_a_panel_that_answers_and_has_what_is_named_is_fine() -> None:
    assert of_billing(MemoryPanel()) == of_servers(MemoryPanel()) == []


@pytest.mark.parametrize("examine", [of_billing, of_servers])
@pytest.mark.parametrize("kind", [PanelUnreachable, PanelRefused])
def test_a_panel_that_cannot_be_used_is_a_fault_in_its_own_words(examine: Examine, kind: type[PanelError]) -> None:
    assert examine(MemoryPanel(trouble=kind("panel", "Authentication Failed"))) == [
        (Level.FAULT, "Authentication Failed")
    ]


def test_what_the_panel_does_not_have_is_a_fault() -> None:
    assert of_billing(MemoryPanel(wrong=["abuse_department '9' is not there"])) == [
        (Level.FAULT, "abuse_department '9' is not there")
    ]


@pytest.mark.parametrize("rates", [{"EUR": Decimal(1)}, {"USD": Decimal(0)}, {}])
def test_a_currency_without_a_rate_makes_charges_manual(rates: dict[str, Decimal]) -> None:
    assert [level for level, _ in of_billing(MemoryPanel(rates=rates))] == [Level.WARNING]


PLANS = BlockPlans(ports="7", outbound="8")


def host(*lacking: Capability, plans: BlockPlans = PLANS) -> list[Means]:
    """A host whose services are all on one panel, which lacks these."""
    return [Means(kind="vps", whose="vps services", capabilities=ALL - set(lacking), plans=plans)]


def test_a_policy_that_the_panels_can_carry_out_is_fine() -> None:
    assert serious(check_policy(find_pack("klt-net"), host())) == []


def test_routes_are_told_and_one_by_regions_that_nobody_knows_is_warned_of(tmp_path: Path) -> None:
    file = tmp_path / "tipstaff.toml"
    file.write_text('policy = "klt-net"\n[[route]]\npolicy = "lanmang"\nregion = "mainland-china"\n')
    told, *problems = check_routes(load_config(file, {}))
    assert told.what == "region mainland-china: lanmang; everything else: klt-net"
    assert [problem.what for problem in problems] == ["a route goes by region, and no region is known"]
    known = '[mapping]\nregion = { server = { "4" = "mainland-china" } }\n'
    file.write_text(file.read_text() + known)
    assert len(list(check_routes(load_config(file, {})))) == 1


def test_what_a_policy_wants_verified_must_be_told_by_some_field(tmp_path: Path) -> None:
    file = tmp_path / "tipstaff.toml"
    file.write_text('policy = "ipcats"\n[mapping]\nidentity_verified = { custom_field = "Identity" }\n')
    (missing,) = check_verification(find_pack("ipcats"), load_config(file, {}).mapping)
    assert missing.what == (
        "ipcats: clause verification waits for the client's details to be verified, and nothing tells that"
    )
    file.write_text(file.read_text() + 'details_verified = { custom_field = "Details" }\n')
    assert list(check_verification(find_pack("ipcats"), load_config(file, {}).mapping)) == []


def test_a_line_that_no_panel_can_carry_out_is_named_with_file_line_and_clause() -> None:
    pack = find_pack("klt-net")
    manual = list(manual_actions(pack.newest, host(Capability.INVOICE)))
    assert {item.action for item in manual} == {"charge_fine", "charge_fee"}
    lines = Path(pack.file).read_text().splitlines()
    assert all(item.action in lines[item.line - 1] for item in manual)
    (first, *_) = check_policy(pack, host(Capability.INVOICE))
    assert first.what.startswith(f"{pack.file}: charge_fine is done by hand: no panel here can: invoice; clause ")
    assert all(f"{item.clause} (line {item.line})" in first.what for item in manual if item.action == "charge_fine")


def test_without_any_panel_one_line_says_that_all_is_done_by_hand() -> None:
    (only,) = check_policy(find_pack("klt-net"), host(*Capability))
    assert only.level is Level.WARNING
    assert "klt-net: all that clauses 1a, 1b, 2" in only.what


def test_blocks_need_a_plan_for_ports_and_for_what_goes_out(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, "block_network: {scope: ports, ports: [25]}", "block_network: {scope: outbound}")
    plans = BlockPlans(ports="7")
    assert [item.sentence for item in manual_actions(pack.newest, host(plans=plans))] == [
        "block_network is done by hand: outbound_block_plan names no firewall plan"
    ]
    without = list(manual_actions(pack.newest, host(Capability.FIREWALL_PLAN)))
    assert [item.why for item in without] == ["no panel here can: firewall_plan"] * 2


def test_what_the_policy_itself_leaves_to_a_person_is_no_lack_of_a_panel(tmp_path: Path) -> None:
    pack = a_pack(tmp_path, "terminate_service: {erase: false}", "refer_to_authority", "preserve_evidence")
    assert list(manual_actions(pack.newest, host())) == []


def a_pack(folder: Path, *verbs: str) -> Pack:
    """A policy of one rule that demands these."""
    demanded = "".join(f"              - {verb}\n" for verb in verbs)
    file = folder / "pack.yaml"
    file.write_text(_PACK + demanded + '            because: "Because."\n')
    return load_pack(file)


_PACK = """\
pack: small
title: A small policy
currency: USD
versions:
  - version: "1"
    effective: 2026-01-01
    groups:
      other:
        categories: ["*"]
    clauses:
      "1":
        says: Anything has consequences.
        rules:
          - on: strike
            then:
"""
