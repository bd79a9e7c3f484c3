"""The first page: what waits, and how the days go."""

from __future__ import annotations

from bridge.office import Office
from bridge.reading import Reading
from bridge.web.pages.charts import counted, stacked
from bridge.web.pages.page import PageAnswer
from bridge.web.pages.press import length
from bridge.web.pages.visit import Visit


class Overview:
    """The page `/`."""

    def __init__(self, office: Office, reading: Reading) -> None:
        self._office = office
        self._reading = reading

    def show(self, visit: Visit) -> PageAnswer:
        figures = self._reading.overviews.figures()
        say, pace = visit.text, figures.pace
        days = [
            (f"{day:%m-%d}", {say.word("group", name): number for name, number in groups.items()})
            for day, groups in figures.strikes
        ]
        return visit.page(
            "overview.html",
            say("nav.overview"),
            figures=figures,
            strikes=stacked(days, every=5),
            days=[(label, parts) for label, parts in days if parts],
            pace=counted([(say.word("bucket", name), number) for name, number in pace.buckets.items()]),
            typical=length(say, pace.typical) if pace.typical is not None else "",
            slow=length(say, pace.slow) if pace.slow is not None else "",
            sources=self._office.sources(),
            drifts=self._reading.standings.drifts()[:10],
        )
