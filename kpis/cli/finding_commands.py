"""`rejections` and `warnings`: the rows to mend or to look at, each with its sentence (design.md §4, §6)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from kpis.cli import options
from kpis.cli.asked import open_database
from kpis.cli.command import Command, Request
from kpis.cli.output import Row
from kpis.measures import findings
from kpis.measures.findings import Finding

_COLUMNS = {"source": "source", "tab": "tab", "row": "row", "column": "column", "message": "what to do"}


def _rejections(request: Request) -> int:
    with open_database(request) as database:
        return _show(request, findings.rejections(database, request.lang, pointer=_pointer(request)))


def _warnings(request: Request) -> int:
    with open_database(request) as database:
        return _show(request, findings.warnings(database, request.lang, pointer=_pointer(request)))


def _pointer(request: Request) -> Path:
    return request.settings(to_read=True).pointer


def _show(request: Request, rows: Sequence[Finding]) -> int:
    request.show(cast(Sequence[Row], rows), _COLUMNS, as_json=request.given(options.JSON))
    return 0


REJECTIONS = Command(
    "rejections", "rows that were read but not counted, and why", (options.JSON,), _rejections
)
WARNINGS = Command("warnings", "rows that count, with something to look at", (options.JSON,), _warnings)
