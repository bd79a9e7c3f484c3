"""XARF as JSON: versions, spellings, and what is refused by the field's name."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from bridge.errors import InvalidInput
from bridge.intake.model import Incident, Kind, Reading, ReporterKind
from bridge.intake.read import read

NOW = datetime(2024, 6, 1, tzinfo=UTC)
PARTY = {"org": "Sensor Net", "contact": "abuse@sensors.example", "domain": "sensors.example"}


def a_report(**changes: Any) -> dict[str, Any]:
    """A version 4 report; None takes a field away."""
    whole = {
        "xarf_version": "4.2.0",
        "report_id": "550e8400-e29b-41d4-a716-446655440000",
        "timestamp": "2024-05-30T14:30:25+02:00",
        "reporter": PARTY,
        "sender": PARTY,
        "source_identifier": "192.0.2.1",
        "category": "connection",
        "type": "login_attack",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def an_old_report(version: str | None = "3", **report: Any) -> dict[str, Any]:
    info = {"ReporterOrg": "Sensor Net", "ReporterOrgEmail": "abuse@sensors.example"}
    inner = {
        "ReportClass": "Activity",
        "ReportType": "LoginAttack",
        "Date": "2024-05-30T14:30:25Z",
        "SourceIp": "192.0.2.1",
    }
    return {"Version": version, "ReporterInfo": info, "Disclosure": True, "Report": {**inner, **report}}


def reading_of(value: object) -> Reading:
    return read(json.dumps(value).encode(), content_type="application/json", received_at=NOW)


def incident_of(value: object) -> Incident:
    (incident,) = reading_of(value).incidents
    return incident


def test_a_version_4_report_gives_its_source_category_time_and_reporter() -> None:
    incident = incident_of(a_report())
    assert incident.ips == ("192.0.2.1",)
    assert incident.category == "connection/login_attack"
    assert incident.occurred_at == datetime(2024, 5, 30, 12, 30, 25, tzinfo=UTC)
    assert incident.time_certain
    assert incident.complete
    assert incident.report_id == "550e8400-e29b-41d4-a716-446655440000"
    assert (incident.reporter.name, incident.reporter.address) == ("Sensor Net", "abuse@sensors.example")


@pytest.mark.parametrize("version", ["1", "2", "3", "3.0.0", None])
def test_older_versions_nest_the_report(version: str | None) -> None:
    incident = incident_of(an_old_report(version))
    assert incident.ips == ("192.0.2.1",)
    assert incident.category == "connection/login_attack"


@pytest.mark.parametrize(
    ("spelling", "category"),
    [
        ("DOS", "connection/ddos"),
        ("DDoS", "connection/ddos"),
        ("Login-Attack", "connection/login_attack"),
        ("login_attack", "connection/login_attack"),
        ("PortScan", "connection/port_scan"),
        ("Trademark", "content/brand_infringement"),
        ("ChildAbuse", "content/csam"),
        ("OpenService", "vulnerability/open_service"),
        ("Sorcery", "other/unclassified"),
    ],
)
def test_a_report_type_is_known_in_every_spelling(spelling: str, category: str) -> None:
    assert incident_of(an_old_report(ReportType=spelling)).category == category


def test_an_unknown_category_of_version_4_is_unclassified() -> None:
    assert incident_of(a_report(category="weather", type="rain")).category == "other/unclassified"


@pytest.mark.parametrize("source", [None, "", "no address at all"])
def test_a_missing_source_makes_a_report_incomplete(source: str | None) -> None:
    incident = incident_of(a_report(source_identifier=source))
    assert not incident.complete
    assert incident.ips == ()


@pytest.mark.parametrize(
    ("source", "field", "value"),
    [
        ("2001:0DB8::0001", "ips", ("2001:db8::1",)),
        ("192.0.2.9:443", "ips", ("192.0.2.9",)),
        ("192.0.2.0/28", "networks", ("192.0.2.0/28",)),
        ("Shop.Example", "domains", ("shop.example",)),
        ("https://shop.example/x", "urls", ("https://shop.example/x",)),
    ],
)
def test_a_source_may_be_an_address_a_net_a_name_or_a_link(source: str, field: str, value: tuple[str, ...]) -> None:
    assert getattr(incident_of(a_report(source_identifier=source)), field) == value


def test_a_list_holds_many_reports() -> None:
    second = a_report(source_identifier="192.0.2.2")
    assert [each.ips for each in reading_of([a_report(), second]).incidents] == [("192.0.2.1",), ("192.0.2.2",)]


def test_lines_hold_a_report_each() -> None:
    data = b"\n".join(json.dumps(each).encode() for each in (a_report(), an_old_report()))
    reading = read(data, content_type="application/x-ndjson", received_at=NOW)
    assert reading.kind is Kind.COMPLAINT
    assert len(reading.incidents) == 2


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"hello": "world"}, "xarf_version"),
        ([a_report(), 5], "[1]"),
        ([a_report(), {"a": 1}], "[1].xarf_version"),
        ([], ""),
        ("text", ""),
        (a_report(source_identifier=7), "source_identifier"),
        (a_report(timestamp="yesterday"), "timestamp"),
        (a_report(timestamp=12), "timestamp"),
        (a_report(reporter="me"), "reporter"),
        (a_report(evidence={"a": 1}), "evidence"),
        (a_report(confidence="high"), "confidence"),
        ({"ReporterInfo": {}, "Report": []}, "Report"),
        (an_old_report(SourceIp=1), "Report.SourceIp"),
    ],
    ids=str,
)
def test_json_that_is_no_report_is_refused_by_the_name_of_the_field(value: object, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        reading_of(value)
    assert caught.value.field == field


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"1" * 10_000])
def test_broken_json_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read(data, content_type="application/json", received_at=NOW)


def test_a_broken_line_is_named_by_its_number() -> None:
    data = json.dumps(a_report()).encode() + b"\n\n{oops\n"
    with pytest.raises(InvalidInput, match="line 3"):
        read(data, content_type="application/x-ndjson", received_at=NOW)


def test_evidence_is_kept_as_a_reference_only() -> None:
    (evidence,) = incident_of(a_report(evidence=[{"content_type": "text/plain", "payload": "aGVsbG8="}])).evidence
    assert (evidence.size, evidence.content_type) == (5, "text/plain")
    assert evidence.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_of_child_abuse_nothing_is_quoted() -> None:
    link = "http://bad.example/1"
    incident = incident_of(a_report(category="content", type="csam", url=link, description="words about it"))
    assert incident.ips == ("192.0.2.1",)
    assert "bad.example" not in repr(incident)
    assert "words about it" not in repr(incident)
    assert [each.part for each in incident.evidence] == ["link"]


def test_without_a_declared_type_reports_lines_and_mail_are_told_apart() -> None:
    report = json.dumps(a_report()).encode()
    sizes = [len(read(data, received_at=NOW).incidents) for data in (report, report + b"\n" + report)]
    assert sizes == [1, 2]
    assert read(b"From: a@example.org\n\nhello", received_at=NOW).kind is not Kind.COMPLAINT


def test_a_configured_reporter_counts_as_what_the_configuration_says() -> None:
    data = json.dumps(a_report()).encode()
    kinds = {"@sensors.example": ReporterKind.CERT, "sensors.example": ReporterKind.OPERATOR}
    reading = read(data, content_type="application/json", received_at=NOW, reporters=kinds)
    assert reading.incidents[0].reporter.kind is ReporterKind.CERT


def test_a_report_by_api_keeps_its_source_outside_our_networks() -> None:
    data = json.dumps(a_report(source_identifier="203.0.113.1")).encode()
    reading = read(data, content_type="application/json", own=[ip_network("192.0.2.0/24")], received_at=NOW)
    assert reading.incidents[0].ips == ("203.0.113.1",)


@pytest.mark.parametrize(
    ("contact", "kind"), [("desk@safety.example", "automated"), ("jo@gmail.com", "individual"), ("jo@", "automated")]
)
def test_an_organisation_that_reports_by_program_is_no_person(contact: str, kind: str) -> None:
    party = {"org": "Content Safety", "contact": contact, "domain": "safety.example"}
    assert incident_of(a_report(reporter=party)).reporter.kind == kind
