"""An installation of the stand-in WHMCS in a folder, with the addon in it, to be driven from a test."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOST = Path(__file__).parent / "host"

Json = Any


@dataclass(frozen=True)
class Step:
    """What a step gave, and how long it took."""

    answer: Json
    ms: float


class Whmcs:
    """Runs PHP on an installation; what PHP says against the module fails the run."""

    def __init__(self, php: Path, root: Path) -> None:
        self.php = php
        self.root = root
        (root / "modules" / "addons").mkdir(parents=True)
        (root / "whmcs.sqlite").touch()
        (root / "init.php").write_text(
            f"<?php const WHMCS_ROOT = {str(root)!r}; require_once {str(HOST / 'whmcs.php')!r};\n"
        )

    def run(
        self, *steps: Json, constants: tuple[str, ...] = (), session: Json = None, script: str | None = None
    ) -> list[Step]:
        """One process of WHMCS: the steps in turn."""
        given = {"constants": constants, "session": session or {}, "steps": steps}
        if script is not None:
            given["script"] = script
        done = subprocess.run(
            [self.php, "-d", "display_errors=stderr", str(HOST / "run.php"), str(self.root)],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        self.check_no_complaints()
        return [Step(step["answer"], step["ms"]) for step in json.loads(done.stdout)]

    def fire(self, hook: str, variables: Json, *, admin: int | None = None, **more: Any) -> Json:
        """Fire one hook on a page of its own; what the addon answered."""
        session = {} if admin is None else {"adminid": admin}
        (step,) = self.run({"do": "hook", "name": hook, "vars": variables}, session=session, **more)
        (answer,) = step.answer
        return answer

    def cron(self, hook: str = "AfterCronJob") -> None:
        self.run({"do": "hook", "name": hook}, constants=("IN_CRON",), script="/whmcs/crons/cron.php")

    def rows(self, query: str) -> list[dict[str, Json]]:
        (step,) = self.run({"do": "rows", "query": query})
        rows: list[dict[str, Json]] = step.answer
        return rows

    def set(self, **settings: Json) -> None:
        """Settings as an admin saves them."""
        steps = [{"do": "sql", "query": "DELETE FROM tbladdonmodules"}]
        for name, value in settings.items():
            values = ", ".join("'" + str(text).replace("'", "''") + "'" for text in ("tipstaff", name, value))
            query = f"INSERT INTO tbladdonmodules (module, setting, value) VALUES ({values})"
            steps.append({"do": "sql", "query": query})
        self.run(*steps)

    def log(self, name: str) -> list[dict[str, Json]]:
        """`activity` or `module`: what the addon logged."""
        path = self.root / f"{name}.log"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def check_no_complaints(self) -> None:
        """What PHP said against the module."""
        complaints = self.root / "errors.log"
        assert not complaints.exists(), complaints.read_text()
