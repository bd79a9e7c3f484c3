"""A pack to start from: a few answers, written down as a commented YAML file that checks clean and proves itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from textwrap import dedent, indent

from bridge.errors import InvalidInput
from bridge.timeformat import format_duration

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}", re.ASCII)
MOST_STRIKES = 6
LONGEST = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Start:
    """What the dialogue asks.

    reply_within   how long a customer has to reply; a reminder goes out half-way
    suspend        whether attacks are suspended at once
    fine           for a further complaint of the same kind; 0: none
    terminate_at   the strike that terminates; 0: none does
    """

    name: str
    title: str
    currency: str
    effective: date
    reply_within: timedelta = timedelta(hours=24)
    suspend: bool = True
    fine: Decimal = Decimal(0)
    terminate_at: int = 0

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidInput("name", f"{self.name!r} is not a name of small letters, digits and hyphens")
        if not self.title.strip():
            raise InvalidInput("title", "must say something")
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise InvalidInput("currency", f"{self.currency!r} is not a currency code such as EUR")
        if not timedelta(minutes=2) <= self.reply_within <= LONGEST:
            raise InvalidInput("reply-within", "must lie between 2m and 30d")
        if self.fine < 0 or self.fine != self.fine.quantize(Decimal("0.01")):
            raise InvalidInput("fine", f"{self.fine} is not a sum of money")
        if self.terminate_at and not 2 <= self.terminate_at <= MOST_STRIKES:
            raise InvalidInput("terminate-at", f"must be 0 (never) or from 2 to {MOST_STRIKES}")


def starting_pack(start: Start) -> str:
    """The YAML text."""
    clauses = [_notice(start)]
    clauses += [_ATTACKS] if start.suspend else []
    clauses += [_FRAUD]
    clauses += [_fine(start)] if start.fine else []
    clauses += [_last_strike(start)] if start.terminate_at else []
    return _head(start) + "\n".join(indent(clause, "      ") for clause in clauses)


def _head(start: Start) -> str:
    return dedent(
        f"""\
        # {" ".join(start.title.split())}
        #
        # A pack is your published policy as data: change it until it says what your text says, clause by clause.
        # The guide is docs/policy-guide.md, every word is explained in docs/policy-reference.md. After each change:
        #   tipstaff policy test FILE     runs the examples below
        #   tipstaff policy check FILE    finds contradictions, each with an example
        #   tipstaff policy show FILE     is what your customers would read
        pack: {start.name}
        title: {json.dumps(" ".join(start.title.split()), ensure_ascii=False)}
        currency: {start.currency}
        # Complaints about the same trouble within this time are one incident and count once.
        consolidate: 24h

        # A changed policy is a further version with the date it takes effect; a case keeps that of its complaint.
        versions:
          - version: "{start.effective}"
            effective: {start.effective}

            # Every category belongs to one group: a name before a pattern, a longer pattern before a shorter.
            groups:
              attacks:
                categories: [connection/*, infrastructure/*, content/malware, content/remote_compromise]
                remedies: [reinstall, clean]
              spam:
                categories: [messaging/*, reputation/blocklist]
                remedies: [stop_sending, delist]
              fraud:
                categories: [content/phishing, content/phishing_redirect, content/fraud]
                remedies: [remove_content]
              other:
                categories: ["*"]

            clauses:
        """
    )


def _notice(start: Start) -> str:
    whole = format_duration(start.reply_within)
    half = format_duration(timedelta(seconds=start.reply_within.total_seconds() // 2))
    return dedent(
        f"""\
        "1":
          says: Whoever is complained of is told, and replies within {whole}; who says nothing is suspended.
          rules:
            - on: strike
              then:
                - notify_customer: {{template: complaint, reply_within: [{half}, {whole}]}}
              because: "Complaint about service {{service}} ({{category}}): deal with it and reply within {whole}."
            - on: {{no_reply: {half}}}
              then:
                - notify_customer: {{template: reminder}}
              because: "No reply to the complaint about service {{service}} after {{after}}."
            - on: {{no_reply: {whole}}}
              then:
                # A suspension ends with a finding that the trouble is remedied, unless `until` says otherwise.
                - suspend_service
              because: "No reply about service {{service}} within {{after}}."
          examples:
            - name: Silence suspends
              until: {whole}
              events:
                - {{type: complaint.received, category: copyright/copyright}}
              expect:
                - {{at: 0h, action: notify_customer, template: complaint}}
                - {{at: {half}, action: notify_customer, template: reminder}}
                - {{at: {whole}, action: suspend_service, clause: "1"}}
            - name: A reply ends the reminders
              until: {whole}
              events:
                - {{id: c1, type: complaint.received, category: copyright/copyright}}
                - {{at: 1m, type: customer.replied, case: c1}}
              never: [suspend_service]
        """
    )


_ATTACKS = dedent(
    """\
    "2":
      says: A service that attacks others is suspended at once, until it is clean.
      rules:
        - on: strike
          when: {group: attacks}
          # Conditions under `unless` must not hold.
          unless: {deliberate: false}
          then:
            - suspend_service: {until: [remediated, not_culpable]}
          because: "Attack from service {service} ({category}): suspended at once."
      examples:
        - name: A scan suspends, the remedy releases
          events:
            - {id: c1, type: complaint.received, category: connection/port_scan}
            - {at: 1m, type: finding.recorded, case: c1, finding: remediated, by: anna}
          expect:
            - {at: 0h, action: suspend_service, clause: "2"}
            - {at: 1m, action: unsuspend_service, clause: "2"}
        - name: Not where the complaint says that it was not deliberate
          events:
            - {type: complaint.received, category: connection/port_scan, deliberate: false}
          never: [suspend_service]
    """
)

_FRAUD = dedent(
    """\
    "3":
      says: Phishing and fraud are cut off at once.
      rules:
        - on: strike
          when: {group: fraud}
          then:
            - block_network: {scope: all}
            - notify_staff: {template: review}
          because: "Complaint about fraud on service {service} ({category})."
      examples:
        - name: Phishing is cut off
          events:
            - {type: complaint.received, category: content/phishing}
          expect: [block_network, notify_customer, notify_staff]
    """
)


def _fine(start: Start) -> str:
    amount = start.fine.quantize(Decimal("0.01"))
    return dedent(
        f"""\
        "4":
          says: A further complaint of the same kind costs {amount} {start.currency}, to be paid within a week.
          rules:
            - on: strike
              when: {{strike_of_group: 2+}}
              then:
                - charge_fine: {{amount: {amount}, due: 7d}}
              because: "A further complaint of the same kind about service {{service}} ({{category}})."
            # Every deadline needs a rule for what follows when it passes.
            - on: {{unpaid: fine}}
              then:
                - suspend_service: {{until: paid}}
              because: "The fine of {{amount}} {{currency}} for service {{service}} was not paid in time."
          examples:
            - name: The second complaint costs, and an unpaid fine suspends
              until: 10d
              events:
                - {{id: c1, type: complaint.received, category: messaging/spam}}
                - {{at: 1m, type: customer.replied, case: c1}}
                - {{id: c2, at: 2d, type: complaint.received, category: messaging/spam}}
                - {{at: 49h, type: customer.replied, case: c2}}
              expect:
                - {{at: 2d, action: charge_fine, clause: "4", amount: "{amount}"}}
                - {{at: 9d, action: suspend_service, clause: "4"}}
              never:
                - {{at: 0h, action: charge_fine}}
        """
    )


def _last_strike(start: Start) -> str:
    events = "\n".join(
        f"            - {{at: {2 * number}d, type: complaint.received, category: vulnerability/cve}}"
        for number in range(start.terminate_at)
    )
    last = 2 * (start.terminate_at - 1)
    return dedent(
        f"""\
        "5":
          says: A service complained of {start.terminate_at} times is terminated, without a refund.
          rules:
            - on: strike
              when: {{strike: {start.terminate_at}+}}
              then:
                # An admin has to agree; until then the service is held suspended.
                - terminate_service: {{erase: true}}
                - refuse_refund
              because: "Strike number {{strike}} of service {{service}}."
          examples:
            - name: The last strike terminates
              events:
        EVENTS
              expect:
                - {{at: {last}d, action: terminate_service, clause: "5"}}
                - {{at: {last}d, action: refuse_refund, clause: "5"}}
              never:
                - {{at: {last - 2}d, action: terminate_service}}
        """
    ).replace("EVENTS", indent(dedent(events), "        "))
