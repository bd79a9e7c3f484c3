"""What the names of feeds and the words of taxonomies stand for."""

from __future__ import annotations

import pytest

from bridge.intake.formats.table.feeds import category_of_file, category_of_words


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("application-compromise", "infrastructure/compromised_server"),
        ("unauthorised-information-access", "connection/intrusion"),
        ("Unauthorized Command", "connection/intrusion"),
        ("exploiting-known-vulnerabilities", "connection/intrusion"),
        ("social-engineering", "content/phishing"),
        ("dga-domain", "infrastructure/botnet"),
        ("ddos-amplifier", "vulnerability/open_service"),
        ("harmful-speech", "content/abusive"),
        ("open-telnet", "vulnerability/open_service"),
    ],
)
def test_a_type_of_a_taxonomy_stands_for_an_offence(word: str, category: str) -> None:
    assert category_of_words(word, names_malware=False) == category


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("2024-11-14-event4_honeypot_rdp_scan-host.csv", "connection/port_scan"),
        ("2024-11-14-scan_rdp-host.csv", "vulnerability/open_service"),
        ("2024-11-14-scan_ddos_middlebox-host.csv", "vulnerability/open_service"),
        ("2024-11-14-event4_ddos_participant-host.csv", "connection/ddos"),
        ("2024-11-14-spam_url-host.csv", "messaging/spamvertised"),
        ("2024-11-14-scan_synfulknock-host.csv", "infrastructure/compromised_server"),
    ],
)
def test_the_name_of_a_feed_stands_for_an_offence(name: str, category: str) -> None:
    assert category_of_file(name) == category
