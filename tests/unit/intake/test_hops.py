"""Where a mail came from by its own header lines."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from ipaddress import ip_network

from bridge.intake.mail.headers import read_headers
from bridge.intake.read import read
from bridge.intake.text.received import senders_of

INTO_A_MAILBOX = """Received: from mx.mailer.example ([203.0.113.5])
 by mailstore with LMTP; Tue, 3 Nov 2026 08:44:12 +0100
Received: from bulk.example ([192.0.2.40]) by mx-ha.other.example (mx11 [203.0.113.7])
 with ESMTPS id 1M; Tue, 3 Nov 2026 08:44:10 +0100
"""
BEHIND_ITS_OWN_RELAY = """Received: from relay ([203.0.113.5]) by store.mailer.example; Tue, 3 Nov 2026 08:44:12 +0100
Received: from bulk.example ([IPv6:2001:db8::40]) by mx (mx11 [203.0.113.5]) with ESMTPS; Tue, 3 Nov 2026 08:44:10 +0100
"""


def test_what_is_put_into_a_mailbox_came_from_the_house_itself() -> None:
    assert senders_of(read_headers(INTO_A_MAILBOX.encode()))[0] == "192.0.2.40"


def test_a_machine_that_took_the_mail_in_is_not_where_it_came_from() -> None:
    assert senders_of(read_headers(BEHIND_ITS_OWN_RELAY.encode()))[0] == "2001:db8::40"


def test_whom_the_letter_blames_is_not_joined_by_hops_in_what_is_attached() -> None:
    passed_on = "".join(
        f"Received: from {name}.example ([192.0.2.9])\n\tby in.example with LMTP; Sat, 1 Jun 2024 10:00:0{at} +0000\n"
        for at, name in enumerate(("director", "drop"))
    )
    log = "Also seen: spam from 192.0.2.5\n"
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "desk@example.org", "Abuse from 192.0.2.1"
    letter.set_content("We received spam from 192.0.2.1. Please stop it.")
    letter.add_attachment(f"{passed_on}Subject: Buy\n\n{log}", filename="mail.txt")
    reading = read(
        letter.as_bytes(), own=(ip_network("192.0.2.0/24"),), received_at=datetime(2024, 6, 1, 12, tzinfo=UTC)
    )
    assert {ip for each in reading.incidents for ip in each.ips} == {"192.0.2.1", "192.0.2.5"}
