"""`rejections` and `warnings`: the rows to mend or to look at, each with its sentence (design.md §4, §6)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.database_requests import open_database
from kpis.cli.output import Ordinal, Row
from kpis.measures import findings
from kpis.measures.findings import Finding

_COLUMNS = {"source": "source", "tab": "tab", "row": "row", "column": "column", "message": "what to do"}


def rejections(request: Request) -> int:
    """`rejections`."""
    with open_database(request) as database:
        return _show(request, findings.rejections(database, request.lang, pointer=_pointer(request)))


def warnings(request: Request) -> int:
    """`warnings`."""
    with open_database(request) as database:
        return _show(request, findings.warnings(database, request.lang, pointer=_pointer(request)))


def _pointer(request: Request) -> Path:
    return request.settings(to_read=True).pointer


def _show(request: Request, rows: Sequence[Finding]) -> int:
    as_json = request.given(options.JSON)
    numbered = [{**row, "row": Ordinal(row["row"])} for row in rows]
    request.show(cast(Sequence[Row], rows) if as_json else numbered, _COLUMNS, as_json=as_json)
    return 0
