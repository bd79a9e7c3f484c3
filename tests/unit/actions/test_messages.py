"""Who is told what, where it lands, and what is never copied."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.actions.faults import Fault
from tests.unit.actions.panels import START
from tests.unit.actions.scene import Scene, a_case, a_work

OWN = {"template": "complaint", "respond_by": "2026-03-01T18:00:00Z", "remedies": ["stop_sending", "delist"]}
NOTICE = a_work("notify_customer", OWN)


def only_text(scene: Scene) -> str:
    return scene.billing.opened[-1].messages[-1].text


def test_the_first_notice_opens_a_ticket_marked_last_in_its_subject_with_the_complaint_attached() -> None:
    scene = Scene()
    scene.carry(NOTICE)
    (ticket,) = scene.billing.opened
    assert ticket.subject.endswith(f" {scene.mark(NOTICE)}")
    assert len(ticket.subject) <= 150
    assert "Answer by 2026-03-01 18:00 UTC" in only_text(scene)
    assert [file.name for file in scene.billing.attached] == ["complaint.txt"]
    assert scene.billing.attached[0].content == a_case().complaint
    assert scene.queue.commands == [("notice", "OpenTicket")]
    assert scene.queue.steps[NOTICE.id][0].result["ticket"] == ticket.id


def test_a_later_notice_is_a_reply_whose_last_line_is_the_mark() -> None:
    scene = Scene()
    scene.billing.add_ticket("3", "Complaint", "first", START)
    work = a_work("notify_customer", {"template": "reminder", "reminder": 1}, case=a_case(ticket="1"))
    scene.carry(work)
    assert len(scene.billing.opened) == 1
    assert only_text(scene).splitlines()[-1] == scene.mark(work)
    assert "This is notice 2" in only_text(scene)
    assert scene.billing.attached == []
    assert scene.queue.commands == [("notice", "AddTicketReply")]


@pytest.mark.parametrize("client", ["4", None])
def test_a_ticket_that_is_gone_or_another_clients_is_not_replied_on(client: str | None) -> None:
    scene = Scene()
    if client is not None:
        scene.billing.add_ticket(client, "Complaint", "first", START)
    scene.carry(a_work("notify_customer", OWN, case=a_case(ticket="1")))
    assert [ticket.client for ticket in scene.billing.opened][-1] == "3"
    assert len(scene.billing.opened[0].messages) == 1


@pytest.mark.parametrize("category", ["content/csam", "content/csem"])
def test_child_abuse_material_is_never_attached_nor_its_places_named(category: str) -> None:
    scene = Scene()
    case = a_case(category=category, targets=("http://bad.example/x",))
    scene.carry(a_work("notify_customer", OWN, case=case))
    scene.carry(a_work("notify_staff", {"template": "review"}, case=case))
    assert scene.billing.attached == []
    assert "bad.example" not in only_text(scene)
    assert "bad.example" not in scene.billing.mails[0][1]


def test_a_huge_complaint_is_attached_up_to_a_bound() -> None:
    scene = Scene()
    scene.carry(a_work("notify_customer", OWN, case=a_case(complaint=b"x" * 3_000_000)))
    assert len(scene.billing.attached[0].content) == 1024 * 1024
    assert scene.billing.attached[0].name == "complaint-beginning.txt"


def test_the_reporter_is_named_by_kind_only() -> None:
    scene = Scene()
    scene.carry(a_work("notify_customer", OWN, case=a_case(reporter="Jane Doe", reporter_kind="individual")))
    assert "Jane Doe" not in only_text(scene)
    assert "Who complained: a person" in only_text(scene)


def test_an_unsettled_notice_is_told_from_look_alikes() -> None:
    """Another client's ticket, an older one, and one with a longer word do not count."""
    scene = Scene()
    token = scene.mark(NOTICE)
    scene.faults.at(0, Fault.LOST_BEFORE)
    scene.carry(NOTICE)
    later = START + timedelta(seconds=1)
    scene.billing.add_ticket("4", f"x {token}", "", later)
    scene.billing.add_ticket("3", f"x {token}", "", START - timedelta(hours=1))
    scene.billing.add_ticket("3", f"x {token}A", "", later)
    scene.settle(NOTICE.id)
    assert scene.queue.steps[NOTICE.id][0].result["ticket"] == "4"
    assert scene.faults.writes == ["open_ticket", "open_ticket"]


def test_an_older_copy_of_the_mark_does_not_pass_for_the_reply() -> None:
    scene = Scene()
    work = a_work("notify_customer", {"template": "reminder", "reminder": 1}, case=a_case(ticket="1"))
    scene.billing.add_ticket("3", "Complaint", scene.mark(work), START - timedelta(hours=1))
    scene.faults.at(0, Fault.LOST_BEFORE)
    scene.carry(work)
    scene.settle(work.id)
    assert len(scene.billing.opened[0].messages) == 2


def test_a_reply_that_was_lost_is_found_by_its_mark() -> None:
    scene = Scene()
    scene.billing.add_ticket("3", "Complaint", "first", START)
    work = a_work("request_evidence", {"kind": "double_opt_in"}, case=a_case(ticket="1"))
    scene.faults.at(0, Fault.LOST_AFTER)
    outcome = scene.carry(work)
    assert outcome is not None
    assert outcome.state == "done"
    assert len(scene.billing.opened[0].messages) == 2


def test_a_notice_whose_ticket_became_known_meanwhile_is_not_sent_again_as_a_reply() -> None:
    """Its own hook may tell of the ticket before the lost answer is settled."""
    scene = Scene()
    scene.faults.at(0, Fault.CRASH_AFTER)
    scene.carry(NOTICE)
    known = a_work("notify_customer", OWN, case=a_case(ticket="1"))
    scene.queue.works[NOTICE.id] = known
    assert scene.settle(NOTICE.id).state == "done"
    assert len(scene.billing.opened) == 1
    assert len(scene.billing.opened[0].messages) == 1


def test_a_reply_that_does_not_show_is_not_sent_again_once_the_panel_said_yes() -> None:
    scene = Scene()
    scene.billing.add_ticket("3", "Complaint", "first", START)
    seen = scene.billing.opened[0]
    scene.billing.ticket = lambda ticket: seen  # type: ignore[method-assign]  # a panel that shows an old copy
    outcome = scene.carry(a_work("request_evidence", {"kind": "other"}, case=a_case(ticket="1")))
    assert outcome is not None
    assert (outcome.state, outcome.unconfirmed) == ("done", True)
    assert scene.faults.writes == ["reply"]


def test_a_letter_that_is_not_there_fails_and_says_so() -> None:
    scene = Scene()
    outcome = scene.carry(a_work("notify_customer", {"template": "threat"}))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("failed", [])
    assert "threat" in outcome.error


@pytest.mark.parametrize(
    ("action", "own", "words"),
    [
        ("refuse_ip_replacement", {"ip": "192.0.2.10"}, "192.0.2.10"),
        ("request_evidence", {"kind": "authorization"}, "agreement of whoever owns"),
    ],
)
def test_a_reseller_is_asked_to_pass_it_on(action: str, own: dict[str, Any], words: str) -> None:
    scene = Scene()
    scene.carry(a_work(action, own, is_reseller=True))
    assert "pass this on to your customer" in only_text(scene)
    assert words in only_text(scene)


# ---- reporters and staff ----


def test_the_reporter_gets_a_mail() -> None:
    scene = Scene()
    outcome = scene.carry(a_work("notify_reporter", {"template": "incomplete"}))
    assert outcome is not None
    assert outcome.state == "done"
    assert scene.mailer is not None
    assert scene.mailer.sent[0][0] == "abuse@list.example"


def test_without_a_mailer_the_reporter_is_written_to_by_hand() -> None:
    scene = Scene()
    scene.mailer = None
    outcome = scene.carry(a_work("notify_reporter", {"template": "incomplete"}))
    assert outcome is not None
    assert outcome.state == "manual"
    assert "abuse@list.example" in outcome.instructions


@pytest.mark.parametrize("address", ["", "a@b\nBcc: x@y", "a@b, c@d", "nobody", "<a@b.example>", "a@b.example c"])
def test_what_is_no_single_address_is_not_written_to(address: str) -> None:
    scene = Scene()
    outcome = scene.carry(a_work("notify_reporter", {"template": "incomplete"}, case=a_case(reporter_address=address)))
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert "\n" not in outcome.instructions


def test_asking_a_list_for_removal_is_a_task_and_no_mail() -> None:
    scene = Scene()
    work = a_work(
        "notify_staff", {"template": "delist"}, because="Only the provider may ask SBL\nto take 192.0.2.10 off."
    )
    outcome = scene.carry(work)
    assert outcome is not None
    assert (outcome.state, scene.faults.writes) == ("manual", [])
    assert "192.0.2.10" in outcome.instructions
    assert "\n" not in outcome.instructions


def test_staff_gets_a_mail_whose_subject_no_template_engine_can_read() -> None:
    scene = Scene()
    scene.carry(a_work("notify_staff", {"template": "review"}, case=a_case(id="{php}c1{/php}")))
    subject, text = scene.billing.mails[0]
    assert "{" not in subject
    assert subject.endswith(scene.mark(a_work("notify_staff")))
    assert "Client: 3" in text


def test_the_mail_about_a_lapsed_proposal_names_what_was_proposed() -> None:
    scene = Scene()
    scene.carry(a_work("notify_staff", {"template": "proposal_lapsed", "proposed": "suspend_service"}, case=a_case()))
    subject, text = scene.billing.mails[0]
    assert subject.startswith("Lapsed unanswered: suspend_service")
    assert "Proposed: suspend_service" in text


def test_the_no_refund_note_is_sticky_and_names_service_and_clause() -> None:
    scene = Scene()
    scene.carry(a_work("refuse_refund", {"scope": "service"}))
    ((client, text, sticky),) = scene.billing.notes
    assert (client, sticky) == ("3", True)
    assert "Service 12" in text
    assert "clause 3" in text


def test_a_note_is_plain_and_bounded() -> None:
    scene = Scene()
    scene.carry(a_work("record_note", {"text": "a\r\nb\x00" + "c" * 10_000}))
    text = scene.billing.notes[0][1]
    assert len(text) < 2100
    assert "\n" not in text


def test_a_note_that_names_no_client_is_a_task_of_staff() -> None:
    scene = Scene()
    outcome = scene.carry(a_work("record_note", {"text": "Found unfounded."}, client=None, service=None, case=None))
    assert outcome is not None
    assert outcome.state == "manual"
    assert "Found unfounded." in outcome.instructions
    assert scene.faults.writes == []
