"""A machine moved between nodes: what the form asks for, how its task is read, and that its password is never told."""

from __future__ import annotations

import logging
import traceback

import pytest

from adapters.virtualizor.sandbox import FaultKind, Traits
from bridge.errors import NotSupported, PanelError, PanelRefused, PanelUnclear
from bridge.ports import Migration, Refuge, Stage
from tests.contract.virtualizor.conftest import Lab, OpenLab

REFUGE = Refuge(node="1", storages=("5",))
HOURS = Traits(migration_seconds=10_000)


def test_a_machine_is_moved_with_its_addresses_by_what_the_panel_tells_of_its_node(lab: Lab) -> None:
    lab.panel.migrate("12", REFUGE, "uuid-12")
    machine = lab.panel.machine("12")
    assert machine is not None
    assert (machine.node, machine.ips, machine.locked) == ("1", ("192.0.2.10", "2001:db8::10"), False)
    assert lab.sent("migrate") == [
        {
            "migrate": "1", "migrate_but": "1", "vpsid[0]": "12", "storage[0]": "5", "from_ip": "198.18.0.1",
            "from_pass": "api-password-of-node-0", "from_server": "0", "to_server": "1", "preserve_ip": "1",
            "del_orig": "1",
        }
    ]  # fmt: skip


def test_its_task_is_followed_to_the_end(open_lab: OpenLab) -> None:
    lab = open_lab(traits=Traits(migration_seconds=12))
    assert lab.panel.last_migration("12") is None
    lab.panel.migrate("12", REFUGE)
    assert lab.panel.last_migration("12") == Migration(id="1", stage=Stage.UNDER_WAY, percent="40")
    for _ in range(12):
        lab.panel.machine("12")
    assert lab.panel.last_migration("12") == Migration(id="1", stage=Stage.ENDED, percent="100")


def test_a_task_that_failed_says_so_and_the_machine_is_where_it_was(open_lab: OpenLab) -> None:
    lab = open_lab(traits=Traits(migrations_fail=True))
    lab.panel.migrate("12", REFUGE)
    task = lab.panel.last_migration("12")
    assert task is not None
    assert (task.stage, lab.machine(12).node) == (Stage.FAILED, 0)


def test_of_several_tasks_the_newest_counts_and_another_machines_does_not(open_lab: OpenLab) -> None:
    lab = open_lab(traits=Traits(migrations_fail=True))
    for _ in range(2):
        lab.panel.migrate("12", REFUGE)
    lab.panel.migrate("15", REFUGE)
    task = lab.panel.last_migration("12")
    assert task is not None
    assert task.id == "2"


@pytest.mark.parametrize(
    ("vpsid", "uuid", "refuge"),
    [
        ("12", "", Refuge(node="1", storages=("6",))), ("12", "", Refuge(node="9", storages=("5",))),
        ("14", "", REFUGE), ("13", "", REFUGE), ("99", "", REFUGE), ("12", "uuid-99", REFUGE),
    ],
    ids=["a storage of another node", "no such node", "locked", "there already", "gone", "another machine"],
)  # fmt: skip
def test_what_the_panel_refuses_is_refused_and_begins_nothing(lab: Lab, vpsid: str, uuid: str, refuge: Refuge) -> None:
    with pytest.raises(PanelRefused):
        lab.panel.migrate(vpsid, refuge, uuid)
    assert lab.sandbox.estate.tasks == {}


def test_an_answer_without_a_task_is_no_failure_where_the_list_of_tasks_has_a_new_one(open_lab: OpenLab) -> None:
    lab = open_lab(traits=HOURS)
    lab.fail("migrate", FaultKind.SILENT, after=True)
    lab.panel.migrate("12", REFUGE)
    assert len(lab.sent("migrate")) == len(lab.sandbox.estate.tasks) == 1


def test_a_lost_answer_is_unclear_and_never_sent_again(open_lab: OpenLab) -> None:
    lab = open_lab(traits=HOURS)
    lab.fail("migrate", FaultKind.LOST, after=True)
    with pytest.raises(PanelUnclear):
        lab.panel.migrate("12", REFUGE)
    assert len(lab.sent("migrate")) == 1


def test_a_panel_that_does_not_tell_the_nodes_password_cannot_do_it(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab.sandbox.estate, "node_password", lambda node: "")
    with pytest.raises(NotSupported, match="API password of node 0"):
        lab.panel.migrate("12", REFUGE)


@pytest.mark.parametrize("kind", list(FaultKind))
def test_the_nodes_password_is_in_no_error_and_no_log_line(
    open_lab: OpenLab, caplog: pytest.LogCaptureFixture, kind: FaultKind
) -> None:
    lab = open_lab()
    caplog.set_level(logging.DEBUG)
    lab.fail("migrate", kind)
    told = ""
    try:
        lab.panel.migrate("12", REFUGE)
    except PanelError as problem:
        told = "".join([repr(problem), *traceback.format_exception(problem)])
    assert lab.sandbox.estate.node_password(0) not in told + caplog.text


def test_a_machine_that_gets_another_id_keeps_its_uuid_and_addresses(open_lab: OpenLab) -> None:
    lab = open_lab(traits=Traits(renumbers_migrated=True))
    lab.panel.migrate("12", REFUGE)
    assert lab.panel.machine("12") is None
    holder = lab.panel.holder_of("192.0.2.10")
    assert holder is not None
    assert (holder.uuid, holder.node) == ("uuid-12", "1")
    assert holder.id != "12"
