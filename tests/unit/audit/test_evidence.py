"""A case's evidence file holds all that was said and decided about it, and nothing of anybody else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select

from bridge.audit import export
from bridge.errors import NotFound
from bridge.store.tables import decisions, events
from bridge.views import Source
from tests.contract.store.bureau import Bureau, new_bureau
from tests.contract.store.happenings import Life
from tests.unit.audit.test_tampering import REPORT
from tests.unit.decide.scenario import IP, OTHER_IP, START, a_complaint, a_finding, a_service, at, spam, unsuspend_asked


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with new_bureau(tmp_path) as opened:
        yield opened


def happened(bureau: Bureau) -> None:
    """A case from its complaint to its end, beside another client's."""
    bureau.accept(a_service(when="-1d"), a_service("2", "-1d", client="c2", ips=[OTHER_IP]))
    bureau.accept(spam(ips=[IP, OTHER_IP]))
    work = bureau.claimed()
    bureau.queue.intend(work, 0, "suspend", "ModuleSuspend", START)
    bureau.queue.step_done(work, 0, {"seen": True}, START)
    bureau.finish(work)
    bureau.finish_all()
    bureau.accept(unsuspend_asked("1s"))
    bureau.wait(hours=7)
    bureau.fire_due()
    bureau.approve(str(bureau.action("charge_fine", case="k1")["id"]), "anna")
    bureau.finish_all()
    bureau.accept(a_finding("unfounded", "7h", case=None, service="1", note="a mistake"))


def test_every_kind_of_entry_is_in_it_in_the_order_of_the_log(bureau: Bureau) -> None:
    happened(bureau)
    file = export(bureau.store, "k1")
    types = [entry["event"]["type"] for entry in file["entries"]]
    assert types[0] == "complaint.received"
    assert types[-1] == "finding.recorded" or "finding.recorded" in types
    assert {"unsuspend.requested", "deadline.due", "action.done", "action.approved"} <= set(types)
    seqs = [entry["seq"] for entry in file["entries"]]
    assert seqs == sorted(set(seqs))


def test_an_entry_that_decided_nothing_about_the_case_by_name_is_in_it_too(bureau: Bureau) -> None:
    """A step that was done is part of the story, though it gives no record."""
    happened(bureau)
    file = export(bureau.store, "k1")
    done = {entry["event"]["action"] for entry in file["entries"] if entry["event"]["type"] == "action.done"}
    assert {action["id"] for action in file["actions"] if action["state"] == "done"} <= done


def test_entries_carry_the_hashes_of_the_log_and_the_event_as_it_was_sent(bureau: Bureau) -> None:
    happened(bureau)
    entries = {entry["seq"]: entry for entry in export(bureau.store, "k1")["entries"]}
    stored = {row.seq: row for row in bureau.rows(select(events))}
    assert all(entries[seq]["hash"] == stored[seq].hash for seq in entries)
    assert all(entries[seq]["event"] == orjson.loads(stored[seq].body) for seq in entries)


def test_what_was_decided_about_another_client_is_not_in_it(bureau: Bureau) -> None:
    happened(bureau)
    file = export(bureau.store, "k1")
    records = [record for entry in file["entries"] for record in entry["records"]]
    assert {record.get("client", "c1") for record in records} == {"c1"}
    assert {action["client"] for action in file["actions"]} == {"c1"}
    assert [held["ip"] for held in file["holdings"]] == [IP]


def test_who_agreed_and_what_each_call_came_to_is_in_it(bureau: Bureau) -> None:
    happened(bureau)
    actions = {action["action"]: action for action in export(bureau.store, "k1")["actions"]}
    fine, suspension = actions["charge_fine"], actions["suspend_service"]
    assert [(item["by"], item["verified"]) for item in fine["approvals"]] == [("anna", True)]
    assert [(call["command"], call["outcome"], call["started"]) for call in suspension["calls"]] == [
        ("ModuleSuspend", "done", at("0h"))
    ]
    assert [(step["name"], step["mark"][:3], step["result"]) for step in suspension["steps"]] == [
        ("suspend", "TS-", {"seen": True})
    ]


def test_the_message_is_in_it_byte_for_byte(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d", ips=["10.0.0.1"]))
    message = orjson.dumps(REPORT)
    taken = bureau.doorway._reception.take_complaints(message, "application/json", Source(name="tests"))
    assert taken[0].case is not None
    (kept,) = export(bureau.store, taken[0].case)["complaints"]
    assert base64.b64decode(kept["message"]) == message
    assert kept["sha256"] == hashlib.sha256(message).hexdigest()


def test_a_case_nobody_opened_has_no_file(bureau: Bureau) -> None:
    bureau.accept(a_service(when="-1d"), a_complaint())
    with pytest.raises(NotFound):
        export(bureau.store, "k2")


@pytest.mark.parametrize("seed", range(3))
def test_no_record_about_a_case_is_ever_missing_from_its_file(bureau: Bureau, seed: int) -> None:
    life = Life(seed)
    life.begin(bureau)
    for _ in range(120):
        life.step(bureau)
    logged: dict[str, int] = {}
    for row in bureau.rows(select(decisions)):
        for record in orjson.loads(row.records):
            if "case" in record:
                logged[record["case"]] = logged.get(record["case"], 0) + 1
    for case, number in logged.items():
        records = [record for entry in export(bureau.store, case)["entries"] for record in entry["records"]]
        assert sum(1 for record in records if record.get("case") == case) == number
    assert len(logged) > 3
