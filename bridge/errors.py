"""Every error of the program, told apart by what the caller does next.

InvalidInput, InvalidPack   the writer of the input mends it (HTTP 422, exit 2)
NotFound, NotAllowed, Conflict   the caller asked for what is not there, not his, or no longer so
PanelError                  the worker decides by its kind whether to try again, to look first or to ask a person
"""

from __future__ import annotations


class TipstaffError(Exception):
    """The root: whatever the program raises on purpose."""


class InvalidInput(TipstaffError):
    """Something from outside breaks the interface.

    field    where, as the sender wrote it: `ips[2]`, `at`, `--until`
    problem  what is wrong, and where it helps what would be right
    """

    def __init__(self, field: str, problem: str) -> None:
        self.field = field
        self.problem = problem
        super().__init__(f"{field}: {problem}" if field else problem)


class InvalidPack(TipstaffError):
    """A policy file cannot be used; `file` and `line` (from 1) say where."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        self.file = file
        self.line = line
        self.problem = problem
        super().__init__(f"{file}:{line}: {problem}")


class NotFound(TipstaffError):
    """No such case, action, service, client or pack."""


class NotAllowed(TipstaffError):
    """The caller may not do this (HTTP 403)."""


class Unauthorized(TipstaffError):
    """The caller did not prove who it is (HTTP 401)."""


class Conflict(TipstaffError):
    """It was possible once and no longer is (HTTP 409)."""


class PanelError(TipstaffError):
    """A panel did not do what was asked; `panel` names it, `words` are its own where it said any."""

    def __init__(self, panel: str, words: str) -> None:
        self.panel = panel
        self.words = words
        super().__init__(f"{panel}: {words}")


class PanelUnreachable(PanelError):
    """The request was never sent: trying later cannot do it twice."""


class PanelUnclear(PanelError):
    """The request was sent and its answer was lost or made no sense: look before acting again."""


class PanelRefused(PanelError):
    """The panel said no, in its own words: a person decides."""


class NotSupported(PanelError):
    """No panel of this host can do it: the action becomes manual."""


class SourceUnreachable(TipstaffError):
    """A mailbox, list or folder that complaints come from cannot be read now: try again later."""


class MarkRefused(TipstaffError):
    """A mailbox lets no message be marked or moved: what is taken is kept all the same, and reading goes on."""
