"""Complaints as they arrive in an abuse mailbox: made up, with invented senders and documentation addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

import orjson


@dataclass(frozen=True)
class Sample:
    """One complaint: what to say of it in a line, how it travels, and its bytes at a given time."""

    title: str
    content_type: str
    body: Callable[[datetime], bytes]


_FEEDBACK_REPORT = """\
From: {sender}
To: abuse@host.example
Date: {now}
Subject: Abuse report for {ip}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

This is a spam report for mail received from {ip} on {when}.

--b1
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: ExampleReporter/1.0
Version: 1
Source-IP: {ip}
Arrival-Date: {when}

--b1
Content-Type: message/rfc822

From: offers@shop.example
To: someone@mailbox.example
Subject: You have won

Click to claim.

--b1--
"""
"""ARF (RFC 5965): a person-readable part, a machine-readable one, the reported mail."""


def _feedback_report(ip: str, sender: str) -> Callable[[datetime], bytes]:
    def body(now: datetime) -> bytes:
        when = format_datetime(now - timedelta(minutes=30))
        text = _FEEDBACK_REPORT.format(ip=ip, sender=sender, now=format_datetime(now), when=when)
        return text.replace("\n", "\r\n").encode()

    return body


def _xarf(ip: str, class_: str, type_: str, **more: object) -> Callable[[datetime], bytes]:
    """XARF 4 as JSON."""

    def body(now: datetime) -> bytes:
        reporter = {"org": "Example SOC", "contact": "soc@watch.example", "domain": "watch.example"}
        return orjson.dumps(
            {
                "xarf_version": "4.0.0",
                "report_id": f"demo-{class_}-{type_}-{ip}",
                "timestamp": (now - timedelta(minutes=10)).isoformat(),
                "reporter": reporter,
                "sender": reporter,
                "source_identifier": ip,
                "category": class_,
                "type": type_,
                **more,
            }
        )

    return body


def _xarf3(ip: str) -> Callable[[datetime], bytes]:
    """XARF 3 as JSON."""

    def body(now: datetime) -> bytes:
        when = (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return orjson.dumps(
            {
                "Version": "3",
                "ReporterInfo": {
                    "ReporterOrg": "Example Honeypot",
                    "ReporterOrgDomain": "honeypot.example",
                    "ReporterOrgEmail": "reports@honeypot.example",
                },
                "Disclosure": True,
                "Report": {
                    "ReportClass": "Activity",
                    "ReportType": "LoginAttack",
                    "Date": when,
                    "SourceIp": ip,
                    "DestinationPort": 22,
                    "Protocol": "tcp",
                },
            }
        )

    return body


def _plain(text: str) -> Callable[[datetime], bytes]:
    def body(now: datetime) -> bytes:
        return text.format(time=now.strftime("%Y-%m-%d %H:%M:%S")).encode()

    return body


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "a blocklist reports spam from 192.0.2.11 (ARF mail)",
        "message/rfc822",
        _feedback_report("192.0.2.11", "reports@blocklist.example"),
    ),
    Sample(
        "a mailbox owner reports spam from 192.0.2.12, whose mail port is open (ARF mail)",
        "message/rfc822",
        _feedback_report("192.0.2.12", "feedback@mailbox.example"),
    ),
    Sample(
        "an operator reports a DDoS from 192.0.2.13 (XARF 4)",
        "application/json",
        _xarf("192.0.2.13", "connection", "ddos", destination_ip="203.0.113.9", protocol="udp"),
    ),
    Sample(
        "a rights holder reports a film on 192.0.2.14 (XARF 4)",
        "application/json",
        _xarf(
            "192.0.2.14",
            "copyright",
            "copyright",
            infringing_url="http://film.okoye.example/the-film",
            work_title="The Film",
        ),
    ),
    Sample("a honeypot reports a login attack from 192.0.2.15 (XARF 3)", "application/json", _xarf3("192.0.2.15")),
    Sample(
        "an operator reports phishing on 192.0.2.16 (XARF 4)",
        "application/json",
        _xarf("192.0.2.16", "content", "phishing", url="http://login.diop.example/bank"),
    ),
    Sample(
        "a server owner writes about a port scan from 192.0.2.17 (plain text)",
        "text/plain",
        _plain(
            "Hello,\n\nyour host 192.0.2.17 scanned our network for open ports on {time} UTC.\n"
            "Please stop this port scan.\n\nRegards, an admin\n"
        ),
    ),
    Sample(
        "the same DDoS of 192.0.2.13, reported once more (XARF 4)",
        "application/json",
        _xarf("192.0.2.13", "connection", "ddos", destination_ip="203.0.113.9", protocol="tcp"),
    ),
    Sample(
        "a port scan from 192.0.2.99, which nobody held (plain text)",
        "text/plain",
        _plain("Port scan from 192.0.2.99 at {time} UTC against our firewall. Please stop it.\n"),
    ),
)
