"""What is an address and what only looks like one; defanging undone; who is offender and who victim."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.intake.text.addresses import find_addresses, normalised
from bridge.intake.text.links import find_urls, host_of
from bridge.intake.text.refang import refang
from bridge.intake.text.roles import Suspects


def found(text: str) -> list[str]:
    return [mention.ip for mention in find_addresses(refang(text))]


@pytest.mark.parametrize(
    "text",
    [
        "from 192.0.2.1.", "192[.]0[.]2[.]1", "192.0.2(.)1", "192 dot 0: 192[dot]0[dot]2[dot]1", "hxxp://192[.]0.2.1/x",
        "(192.0.2.1)", "192.0.2.1:22", "SRC=192.0.2.1", "192.0.2.1/32", "::ffff:192.0.2.1", "IP 192.0.2.1.53 > x",
        "--\n192.0.2.1",
    ],
)  # fmt: skip
def test_an_address_is_found_however_it_is_dressed(text: str) -> None:
    assert found(text) == ["192.0.2.1"]


@pytest.mark.parametrize(
    "text",
    [
        "[2001:db8::1]:443", "IPv6:2001:db8::1", "([IPv6:2001:db8::1])", "http://[2001:db8::1]/x",
        "2001:DB8:0:0:0:0:0:1", "2001:db8::1%eth0", "IP6 2001:db8::1.53 > x: UDP", "2001[:]db8[:][:]1",
        "2001:db8::1/128", "src=2001:db8::1,",
    ],
)  # fmt: skip
def test_an_address_of_the_sixth_version_is_found_however_it_is_dressed(text: str) -> None:
    assert found(text) == ["2001:db8::1"]


@pytest.mark.parametrize(
    "text",
    [
        "Chrome/120.0.0.0", "version 10.2.3.4", "v5.6.7.8", "192.0.2.1.static.example.com", "1.2.0.192.in-addr.arpa",
        "300.1.1.1", "12:30:45", "MAC=00:11:22:33:44:55:66:77:88:99:aa:bb:08:00", "std::string", "0.0.0.0", "1.2.3",
        "a patch\n-- \n1.6.3.3\n",
    ],
)  # fmt: skip
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["192.0.2.\uff11", "192.\uff10.2.1", "\uff11\uff19\uff12.0.2.1", "1\uff192.0.2.1"])
def test_figures_of_other_scripts_make_no_address(text: str) -> None:
    assert found(text) == []


def test_a_net_is_no_address_but_known_by_its_length() -> None:
    (mention,) = find_addresses("listed: 192.0.2.64/27")
    assert (mention.ip, mention.prefix) == ("192.0.2.64", 27)


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::7:1", "2001:db8:1:2:3:4:5:6"])
def test_addresses_come_in_their_canonical_spelling(address: str) -> None:
    written = ipaddress.ip_address(address).exploded.upper()
    assert found(f"source {written} seen") == [address]
    assert normalised(f"[{written}]") == address


@pytest.mark.parametrize(
    ("text", "offender"),
    [
        ("attack from 192.0.2.1 against 198.51.100.1", "192.0.2.1"),
        ("198.51.100.1 was attacked by: source 192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:4444 -> 198.51.100.1:22", "192.0.2.1"),
        ("DST=198.51.100.1 SRC=192.0.2.1", "192.0.2.1"),
        ("our server 198.51.100.1 sees your host 192.0.2.1", "192.0.2.1"),
        ("rip=192.0.2.1, lip=198.51.100.1", "192.0.2.1"),
        ("Target: 198.51.100.1\nAttacker: 192.0.2.1", "192.0.2.1"),
        ("http://bad.example/x [192.0.2.1]\nreported by 198.51.100.1", "192.0.2.1"),
        ("inetnum: 198.51.100.0 - 198.51.100.255\nthe address 192.0.2.1", "192.0.2.1"),
    ],
)
def test_the_words_around_it_tell_the_offender_from_the_victim(text: str, offender: str) -> None:
    suspects = Suspects()
    suspects.add(text, 0.0)
    ranked = suspects.ranked()
    assert ranked[0].ip == offender
    assert all(other.score < ranked[0].score for other in ranked[1:])


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see hxxps://bad[.]example/a?b=1, now", "https://bad.example/a?b=1"),
        ("(http://bad.example/x_(y))", "http://bad.example/x_(y)"),
        ("hxxp[:]//bad(.)example", "http://bad.example"),
        ("h**p://bad.example/", "http://bad.example/"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
    ],
)
def test_a_link_is_made_whole_and_freed_of_its_sentence(text: str, url: str) -> None:
    assert [link for link, _, _ in find_urls(refang(text))] == [url]


def test_the_host_of_a_link_stands_without_port_user_and_brackets() -> None:
    assert host_of("http://user@Bad.Example:8080/x") == "bad.example"
    assert host_of("http://[2001:db8::1]:80/") == "2001:db8::1"
    assert host_of("http://[Site removed]/x") == ""


@given(st.text(max_size=300))
def test_refanging_is_done_once(text: str) -> None:
    once = refang(text)
    assert len(once) <= len(text) + 2 * text.count("m") + 2 * text.count("h") + 10
    assert found(text) == [mention.ip for mention in find_addresses(once)]


@given(st.ip_addresses())
def test_every_address_is_normalised_to_itself(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    assert normalised(str(address)) == str(mapped or address)
