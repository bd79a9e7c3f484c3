"""Small charts as shapes: numbers in, rectangles out; the template draws them as inline SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT, HEAD = 640, 150, 18, 14
KINDS = 5
"""How many colours there are; what is left over shares the last one."""

REST = "other"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A rectangle; `colour` from 1, `label` is what pointing at it says."""

    x: float
    y: float
    width: float
    height: float
    colour: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A word under the axis, or a number above a bar."""

    x: float
    text: str
    y: float = HEIGHT - 4


@dataclass(frozen=True, kw_only=True)
class Chart:
    """`legend` names the colours; `most` is the highest value, for the axis."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    legend: Sequence[tuple[int, str]]
    most: int
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - FOOT


def stacked(columns: Sequence[tuple[str, Mapping[str, int]]], every: int) -> Chart:
    """A bar for each column, the parts on top of each other; every so many columns have their name written below."""
    totals: Counter[str] = Counter()
    for _, parts in columns:
        totals.update(parts)
    named = [name for name, _ in totals.most_common()]
    colours = {name: min(place, KINDS) for place, name in enumerate(named, 1)}
    most = max((sum(parts.values()) for _, parts in columns), default=0)
    bars = []
    step = WIDTH / max(len(columns), 1)
    for place, (label, parts) in enumerate(columns):
        top = float(HEIGHT - FOOT)
        for name in named:
            if not parts.get(name):
                continue
            height = _room(parts[name], most)
            top -= height
            bars.append(_bar(place, step, top, height, colours[name], f"{label}: {name} {parts[name]}"))
    ticks = [
        Tick(x=round(place * step + 1, 1), text=label) for place, (label, _) in enumerate(columns) if place % every == 0
    ]
    return Chart(bars=bars, ticks=ticks, legend=_legend(named), most=most)


def counted(columns: Sequence[tuple[str, int]]) -> Chart:
    """A bar for each number, the number above it."""
    most = max((number for _, number in columns), default=0)
    step = WIDTH / max(len(columns), 1)
    bars, ticks = [], []
    for place, (label, number) in enumerate(columns):
        height = _room(number, most)
        top = HEIGHT - FOOT - height
        bars.append(_bar(place, step, top, height, 1, f"{label}: {number}"))
        ticks.append(Tick(x=round(place * step + step / 4, 1), text=label))
        ticks.append(Tick(x=round(place * step + step / 4, 1), text=str(number), y=round(top - 3, 1)))
    return Chart(bars=bars, ticks=ticks, legend=(), most=most)


def _room(number: int, most: int) -> float:
    return number / most * (HEIGHT - FOOT - HEAD) if most else 0.0


def _bar(place: int, step: float, top: float, height: float, colour: int, label: str) -> Bar:
    width = max(step * 0.8, 1.0)
    return Bar(
        x=round(place * step + (step - width) / 2, 1),
        y=round(top, 1),
        width=round(width, 1),
        height=round(height, 1),
        colour=colour,
        label=label,
    )


def _legend(named: Sequence[str]) -> list[tuple[int, str]]:
    if len(named) <= KINDS:
        return list(enumerate(named, 1))
    return [*enumerate(named[: KINDS - 1], 1), (KINDS, REST)]
