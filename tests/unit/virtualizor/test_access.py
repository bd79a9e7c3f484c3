"""Where the panel is and how we prove who we are."""

from __future__ import annotations

import hashlib

import pytest

from adapters.virtualizor.access import Access, Style
from bridge.errors import InvalidInput


def an_access(url: str = "https://vps.example:4085/", style: Style = Style.PAIR) -> Access:
    return Access(url=url, api_key="the-key-of-ours", api_password="the-password-of-ours", style=style)


def test_a_pair_of_credentials_travels_in_clear() -> None:
    assert an_access().credentials() == {"adminapikey": "the-key-of-ours", "adminapipass": "the-password-of-ours"}


def test_hashed_credentials_are_a_nonce_and_its_digest_and_never_the_same() -> None:
    access = an_access(style=Style.HASHED)
    apikey = access.credentials()["apikey"]
    nonce, digest = apikey[:8], apikey[8:]
    assert nonce.isalnum()
    assert nonce == nonce.lower()
    assert digest == hashlib.md5(f"the-password-of-ours{nonce}".encode()).hexdigest()
    assert access.credentials()["apikey"] != apikey


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://vps.example:4085/", "https://vps.example:4085/index.php"),
        ("https://vps.example:4085", "https://vps.example:4085/index.php"),
        ("https://vps.example:4085/index.php", "https://vps.example:4085/index.php"),
        ("https://vps.example/panel/", "https://vps.example/panel/index.php"),
        ("http://[::1]:4084", "http://[::1]:4084/index.php"),
    ],
)
def test_the_dispatcher_is_found_below_the_address(url: str, endpoint: str) -> None:
    assert an_access(url).endpoint == endpoint


@pytest.mark.parametrize(
    "url",
    ["", "vps.example", "ftp://vps.example/", "https://", "https://a:b@vps.example/", "https://vps.example/?act=vs"],
)
def test_what_is_no_address_of_a_panel_is_named(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        an_access(url)
    assert caught.value.field == "virtualizor.url"


def test_secrets_are_not_shown_and_are_blotted_out_of_texts() -> None:
    access = an_access()
    assert "of-ours" not in repr(access)
    assert access.mask("the-password-of-ours and the-key-of-ours") == "••• and •••"
    assert Access(url="https://a/", api_key="k", api_password="").mask("ok") == "ok"
