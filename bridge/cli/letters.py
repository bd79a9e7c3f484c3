"""tipstaff letters: what customers, reporters and staff are written, with made-up facts in the places."""

from __future__ import annotations

import click
from rich.table import Table

from bridge.cli.console import table_console
from bridge.cli.options import config_option, loaded
from bridge.config import find_config
from bridge.errors import NotFound
from bridge.letters import Fact, Letters, load_letters
from bridge.letters.compose import RESELLER
from bridge.letters.load import NEEDED
from bridge.policy.load import find_pack
from bridge.policy.pack import Version

_USUAL = "klt-net"
_BECAUSE = "First security complaint about service 4711 (connection/port_scan): suspended at once."
_MADE_UP: dict[str, Fact] = {
    "action": "charge_fine",
    "advice": ("dkim", "unsubscribe_link"),
    "case": "mail-5f3a-0",
    "category": "connection/port_scan",
    "client": "815",
    "conditions": ("undertaking",),
    "evidence": "not_culpable",
    "ip": "192.0.2.10",
    "ips": ("192.0.2.10", "2001:db8::10"),
    "measures": ("suspend_service", "charge_fine"),
    "new_ip": "192.0.2.77",
    "notice_number": "2",
    "occurred": "2024-03-01 05:12 UTC",
    "received": "2024-03-01 06:00 UTC",
    "remedies": ("reinstall", "clean"),
    "reporter": "automated",
    "respond_by": "2024-03-01 12:00 UTC",
    "service": "4711",
    "state": "proposed",
    "targets": ("192.0.2.10 port 22",),
}


@click.command()
@click.argument("name", required=False)
@click.option("--locale", default="en", help="The reader's: en, de, ru, zh …")
@click.option("--reseller", is_flag=True, help="As a reseller gets it.")
@click.option("--person", is_flag=True, help="As it reads where an admin agreed first.")
@click.option("--clause", help="Of the policy; without it, the first.")
@config_option
def letters(
    name: str | None, locale: str, reseller: bool, person: bool, clause: str | None, config: str | None
) -> None:
    """List the letters, or preview the letter NAME with made-up facts and a clause of your policy."""
    known = load_letters()
    if name is None:
        _list(known)
        return
    facts = _MADE_UP | _basis(known, _version(config), clause, locale)
    facts["decided"] = "person" if person else "automatic"
    facts["time_left"] = known.word("length", "hours", locale).replace("{n}", "6")
    letter = known.compose(f"{RESELLER}{name}" if reseller else name, locale, facts)
    click.echo(f"Subject: {letter.subject}\n\n{letter.text}", nl=False)


def _list(known: Letters) -> None:
    table = Table("letter", *known.locales, box=None)
    for name in sorted(NEEDED):
        has = known.locales_of(name)
        table.add_row(name, *("yes" if locale in has else "–" for locale in known.locales))
    table_console().print(table)


def _version(config: str | None) -> Version:
    """The newest of the configured policy; without a configuration, of one that comes with the program."""
    try:
        return find_pack(loaded(config).policy, base=find_config(config).parent).newest
    except NotFound:
        if config is not None:
            raise
        return find_pack(_USUAL).newest


def _basis(known: Letters, version: Version, clause: str | None, locale: str) -> dict[str, Fact]:
    """Policy, version and clause, said in the reader's language where the policy has it; raises NotFound."""
    number = clause or next(iter(version.clauses))
    if number not in version.clauses:
        raise NotFound(f"policy {version.policy} has no clause {number!r}")
    says = known.quoted(*version.wording(number).to(known.spoken(locale)), locale)
    because = known.quoted(_BECAUSE, "en", locale)
    named = {"policy": version.policy, "version": version.number, "clause": number}
    return {**named, "says": says, "because": because}
