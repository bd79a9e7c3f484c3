"""What a list says is believed only where it can be."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bridge.errors import SourceUnreachable
from bridge.sources.lists import ListFile, Zone

IP = ipaddress.ip_address("192.0.2.7")
WELL = {"2.0.0.127.list.example": ("127.0.0.2",)}


@dataclass
class Names:
    """Name servers that know what a test says."""

    known: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(WELL))
    said: str = ""

    def addresses(self, name: str) -> tuple[str, ...]:
        return self.known.get(name, ())

    def texts(self, name: str) -> tuple[str, ...]:
        return (self.said,) if self.said else ()


def a_zone(answers: tuple[str, ...] = (), said: str = "", **codes: str) -> Zone:
    names = Names({**WELL, "7.2.0.192.list.example": answers}, said)
    return Zone("list.example", names, {code.strip("_").replace("_", "."): word for code, word in codes.items()})


def test_an_address_is_asked_for_backwards_and_quoted_in_one_line() -> None:
    listed = a_zone(("127.0.0.4",), "listed,\nsee SBL123").look(IP)
    assert listed == ("192.0.2.7", "127.0.0.4 listed, see SBL123")
    assert a_zone().look(IP) is None


def test_where_codes_are_named_no_other_answer_counts() -> None:
    assert a_zone(("127.0.0.10",), _127_0_0_2="SBL").look(IP) is None
    listed = a_zone(("127.0.0.2", "127.0.0.10"), _127_0_0_2="SBL").look(IP)
    assert listed is not None
    assert listed.says == "SBL"


@pytest.mark.parametrize("answer", ["127.255.255.254", "192.0.2.1", "10.0.0.1"])
def test_an_error_code_or_a_foreign_address_is_no_listing(answer: str) -> None:
    with pytest.raises(SourceUnreachable):
        a_zone((answer,)).look(IP)


@pytest.mark.parametrize(
    "known", [{}, {**WELL, "1.0.0.127.list.example": ("127.0.0.2",)}], ids=["gone", "lists everything"]
)
def test_a_list_without_its_test_entries_is_not_believed(known: Mapping[str, tuple[str, ...]]) -> None:
    with pytest.raises(SourceUnreachable):
        Zone("list.example", Names(known), {}).check()


def test_an_ipv6_address_is_asked_for_by_its_nibbles() -> None:
    names = Names({"1." + "0." * 23 + "8.b.d.0.1.0.0.2.list.example": ("127.0.0.2",)})
    assert Zone("list.example", names, {}).look(ipaddress.ip_address("2001:db8::1")) is not None


def test_of_a_file_the_entries_that_touch_our_networks_are_told(tmp_path: Path) -> None:
    path = tmp_path / "drop.txt"
    path.write_text("; a list\n192.0.2.0/25 ; SBL1\n198.51.100.1\nnonsense\n2001:db8::/32 ; SBL2\n192.0.2.200\n")
    ours = [ipaddress.ip_network("192.0.2.0/24"), ipaddress.ip_network("2001:db8:1::/48")]
    found = list(ListFile(path).listed(ours))
    assert [listed.subject for listed in found] == ["192.0.2.0/25", "2001:db8::/32", "192.0.2.200"]
    assert found[0].says == "192.0.2.0/25 ; SBL1"


def test_a_file_may_be_lines_of_json(tmp_path: Path) -> None:
    path = tmp_path / "drop_v4.json"
    path.write_text('{"cidr":"192.0.2.0/25","sblid":"SBL1","rir":"ripencc"}\n{"type":"metadata","records":1}\n')
    (found,) = ListFile(path).listed([ipaddress.ip_network("192.0.2.0/24")])
    assert (found.subject, "SBL1" in found.says) == ("192.0.2.0/25", True)


@pytest.mark.parametrize("text", [None, "", "; only a remark\n"])
def test_a_file_that_is_missing_or_empty_clears_nothing(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "drop.txt"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SourceUnreachable):
        list(ListFile(path).listed([ipaddress.ip_network("192.0.2.0/24")]))
