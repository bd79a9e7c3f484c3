"""The configuration file itself: who can read it, whether its secrets are there and are secrets, what is left out."""

from __future__ import annotations

import base64
import ipaddress
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bridge.config import Config, Token, VirtualizorConfig, WhmcsConfig
from bridge.doctor.finding import Finding, fault, fine, warning

AREA = "configuration"

_SHORTEST_KEY, _LONGEST_KEY = 24, 64
"""Bytes of a Standard Webhooks key."""
_SHORTEST_TOKEN = 20
_FEW_CHARACTERS = 5
_WORDS = frozenset(
    "change changeme change-me default example identifier password secret test token your-secret xxx".split()
)


def check_configuration(config: Config) -> Iterator[Finding]:
    """Reads the file's permissions, and nothing else outside the configuration."""
    yield from check_file(config.file)
    yield from _hook_secret(config.server.hook_secret)
    yield from _tokens(config.tokens)
    yield from _whmcs(config.whmcs)
    for panel in config.virtualizor:
        yield from _virtualizor(panel)
    if not config.virtualizor:
        yield warning(
            AREA, "no [virtualizor]: networks cannot be cut, addresses come from WHMCS alone", "add the panel"
        )
    if not config.own_networks:
        yield warning(
            AREA,
            "[networks] own is empty: a complaint in plain text may be read as about the wrong address",
            "list your own networks, such as 192.0.2.0/24",
        )
    if config.mail is None:
        yield warning(AREA, "no [mail]: answers to reporters are written by hand", "add smtp and from")


def check_file(path: Path) -> Iterator[Finding]:
    """Whether others than the owner can read it."""
    try:
        mode = path.stat().st_mode
    except OSError as trouble:
        yield warning(AREA, f"{path} cannot be looked at: {trouble.strerror}", "is it where the configuration says?")
        return
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield warning(AREA, f"others can read {path}", f"chmod 600 {path}")
    else:
        yield fine(AREA, f"only its owner can read {path}")


def _hook_secret(secret: str) -> Iterator[Finding]:
    mend = "take the one that tipstaff init makes, and put the same into the addon; or set TIPSTAFF_HOOK_SECRET"
    if is_missing(secret.removeprefix("whsec_")):
        yield fault(AREA, "no hook_secret: every hook is refused", mend)
        return
    text = secret.removeprefix("whsec_").rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith("whsec_") or not key:
        yield fault(AREA, "hook_secret is not whsec_ followed by base64", mend)
    elif not _SHORTEST_KEY <= len(key) <= _LONGEST_KEY or len(set(key)) < _FEW_CHARACTERS:
        yield warning(AREA, f"hook_secret is not {_SHORTEST_KEY} to {_LONGEST_KEY} random bytes", mend)
    else:
        yield fine(AREA, "hook_secret is a key")


def _tokens(tokens: tuple[Token, ...]) -> Iterator[Finding]:
    if not tokens:
        yield warning(AREA, "no [[token]]: nothing but hooks and the command line can reach it", "add one")
    values = [token.token for token in tokens]
    for token in tokens:
        if is_missing(token.token):
            yield fault(AREA, f"the token {token.name!r} is a placeholder", "make a random one")
        elif len(token.token) < _SHORTEST_TOKEN or is_weak(token.token):
            yield warning(AREA, f"the token {token.name!r} can be guessed", f"use {_SHORTEST_TOKEN} random characters")
        if values.count(token.token) > 1:
            yield fault(AREA, f"the token {token.name!r} is given to another name too", "make one for each")
        if not token.scopes:
            yield warning(AREA, f"the token {token.name!r} has no scope and may do nothing", "give it one")


def is_missing(secret: str) -> bool:
    """Whether nothing stands there, or the dots of a sample file."""
    return not secret.strip(" .…")


def is_weak(secret: str) -> bool:
    """Whether it is a word that sample files have in such a place, or hardly more than one character."""
    word = secret.strip().casefold()
    return word in _WORDS or len(set(word)) < _FEW_CHARACTERS


def _whmcs(config: WhmcsConfig | None) -> Iterator[Finding]:
    if config is None:
        yield warning(AREA, "no [whmcs]: everything is decided, nothing is carried out", "add the panel")
        return
    needed = {
        "identifier": (not is_missing(config.identifier), "the API credential of WHMCS"),
        "secret": (not is_missing(config.secret), "the API credential's secret, or TIPSTAFF_WHMCS_SECRET"),
        "timezone": (config.timezone is not None, "the panel's own, such as Europe/Berlin: its times carry none"),
        "payment_method": (bool(config.payment_method), "the gateway that our invoices name, such as banktransfer"),
        "admin_username": (bool(config.admin_username), "the admin in whose name replies are written"),
    }
    for name, (is_there, mend) in needed.items():
        if not is_there:
            yield fault(AREA, f"whmcs.{name} is missing", mend)
    if not is_missing(config.secret) and is_weak(config.secret):
        yield warning(AREA, "whmcs.secret can be guessed", "make a new API credential")
    yield from _address("whmcs", config.url, config.ca_file)


def _virtualizor(config: VirtualizorConfig) -> Iterator[Finding]:
    if is_missing(config.api_key) or is_missing(config.api_password):
        yield fault(
            AREA,
            f"virtualizor {config.url}: api_key or api_password is missing",
            "make API credentials in the panel; the password may come from TIPSTAFF_VIRTUALIZOR_PASSWORD",
        )
    elif is_weak(config.api_password):
        yield warning(AREA, f"virtualizor {config.url}: api_password can be guessed", "make new API credentials")
    if not config.servers:
        yield fault(
            AREA,
            f"virtualizor {config.url}: servers is empty, so no service is known to be behind it",
            "list the ids of the WHMCS servers that point to this panel",
        )
    yield from _address("virtualizor", config.url, config.ca_file)


def _address(name: str, url: str, ca_file: str | None) -> Iterator[Finding]:
    if ca_file is not None and not Path(ca_file).is_file():
        yield fault(AREA, f"{name}: ca_file {ca_file} is not there", "name the panel's certificate or its CA")
    parts = urlsplit(url)
    if parts.scheme == "http" and not _is_this_machine(parts.hostname or ""):
        yield warning(AREA, f"{name}: {parts.hostname} is reached without TLS: secrets travel in clear", "use https")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
