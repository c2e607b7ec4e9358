"""Runs a command inside the test's process and returns its output, messages and exit code."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpis.cli.main import main

NOW = datetime(2026, 11, 21, 3, 0)  # 10:00 in Việt Nam


@dataclass(frozen=True)
class CliRun:
    """One finished run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, parsed as one JSON document."""
        return json.loads(self.out)


def run_kpis(*argv: str, environ: Mapping[str, str] | None = None, now: datetime = NOW) -> CliRun:
    """Run one command line."""
    out, err = io.StringIO(), io.StringIO()
    code = main(list(argv), environ=dict(environ or {}), out=out, err=err, now=now)
    return CliRun(code, out.getvalue(), err.getvalue())
