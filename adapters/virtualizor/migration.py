"""Moving machines between nodes: background work of the panel, begun by one form and followed in its list of tasks.

The form wants the address of the source node and that node's own API password. Both are read from the panel when they
are needed, kept nowhere, and never told. Source: README.md beside this file.
"""

from __future__ import annotations

from adapters.virtualizor.client import Fields, VirtualizorClient
from adapters.virtualizor.shapes import Row, identifier, rows, text
from bridge.errors import NotSupported, PanelError, PanelRefused, PanelUnclear
from bridge.ports import Machine, Migration, Refuge, Stage

_KEPT = {"preserve_ip": "1", "del_orig": "1"}
"""The addresses go along, and what is left on the source node goes: two machines must not hold one address."""


def last_migration(client: VirtualizorClient, vpsid: str) -> Migration | None:
    """The newest migration of the machine; ids of tasks grow."""
    answer = client.read("tasks", {"vpsid": vpsid, "order": "DESC"}, expects="tasks")
    found = {
        identifier(row.get("actid")) or key: row
        for key, row in rows(answer, "tasks")
        if text(row.get("action")).startswith("migrate") and identifier(row.get("vpsid")) in ("", vpsid)
    }
    newest = max(filter(str.isdecimal, found), key=int, default=None)
    if newest is None:
        return None
    row = found[newest]
    return Migration(id=newest, stage=_stage(row), percent=identifier(row.get("progress")) or "0")


def _stage(row: Row) -> Stage:
    """Done by its progress and its end alone: what status 1 means is told in two ways. 3: the panel lost track."""
    if text(row.get("status")) in ("-1", "3"):
        return Stage.FAILED
    ended = identifier(row.get("progress")) == "100" and text(row.get("ended")) not in ("", "0")
    return Stage.ENDED if ended else Stage.UNDER_WAY


def migrate(client: VirtualizorClient, machine: Machine, refuge: Refuge) -> None:
    """Begin it. Raises NotSupported where the panel does not tell what its form asks for, else as any write."""
    address = _address_of(client, machine.node)
    password = _password_of(client, machine.node)
    before = last_migration(client, machine.id)
    form = {
        "migrate": "1",
        "migrate_but": "1",
        "vpsid[0]": machine.id,
        **{f"storage[{place}]": storage for place, storage in enumerate(refuge.storages)},
        "from_ip": address,
        "from_pass": password,
        "from_server": machine.node,
        "to_server": refuge.node,
        **_KEPT,
    }
    try:
        _submit(client, form, password)
    except PanelRefused as refusal:
        # Whether a good answer always carries the task's id is not confirmed: the list of tasks decides.
        if _newest(client, machine.id, refusal) == before:
            raise


def _submit(client: VirtualizorClient, form: Fields, password: str) -> None:
    """Errors must not repeat the password, should the panel do so."""
    try:
        client.edit("migrate", {}, form, expects="actid")
    except PanelError as problem:
        raise type(problem)(problem.panel, problem.words.replace(password, "•••")) from None


def _newest(client: VirtualizorClient, vpsid: str, refusal: PanelRefused) -> Migration | None:
    try:
        return last_migration(client, vpsid)
    except PanelError:
        raise PanelUnclear(client.name, f"{refusal.words} (and its tasks could not be read)") from refusal


def _address_of(client: VirtualizorClient, node: str) -> str:
    answer = client.read("servers", expects="servs")
    found = (row for key, row in rows(answer, "servs") if (identifier(row.get("serid")) or key) == node)
    return _told(client, text(next(found, {}).get("ip")), f"the address of node {node}")


def _password_of(client: VirtualizorClient, node: str) -> str:
    answer = client.read("serverinfo", {"changeserid": node}, expects="info")
    info = answer["info"]
    return _told(client, text(info.get("pass")) if isinstance(info, dict) else "", f"the API password of node {node}")


def _told(client: VirtualizorClient, value: str, what: str) -> str:
    if not value:
        raise NotSupported(client.name, f"the panel does not tell {what}")
    return value
