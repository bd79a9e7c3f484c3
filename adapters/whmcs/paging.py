"""Reading WHMCS lists page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapters.whmcs.client import PANEL, WhmcsClient
from adapters.whmcs.form import Value
from adapters.whmcs.values import Row, an_id, count, rows
from bridge.errors import PanelUnclear


def pages(
    client: WhmcsClient, action: str, asked: Mapping[str, Value], names: tuple[str, str], *, size: int
) -> Iterator[Row]:
    """Every row of a list once, told apart by `id`.

    names   plural and singular of the list: ("products", "product")
    size    rows asked for at once; the next page starts where the last really ended, since panels may give fewer
    Ends at `totalresults`, and on a page that brings nothing new.
    """
    seen: set[str] = set()
    start = 0
    while True:
        answer = client.read_with(action, {**asked, "limitstart": start, "limitnum": size})
        page = rows(answer, *names)
        fresh = {number: row for row in page if (number := an_id(row, "id")) not in seen}
        yield from fresh.values()
        seen |= fresh.keys()
        start += len(page)
        total = count(answer, "totalresults")
        if not fresh or (total is not None and start >= total):
            return


def total_of(client: WhmcsClient, action: str) -> int:
    """How many rows a list has; PanelUnclear where the panel does not say."""
    total = count(client.read(action, limitstart=0, limitnum=1), "totalresults")
    if total is None:
        raise PanelUnclear(PANEL, f"{action}: no totalresults")
    return total
