"""`rejections` and `warnings`: the rows to fix or to check, each with its sentence (design.md §4, §6)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.database_requests import open_database
from kpis.cli.output import Ordinal, OutputRow
from kpis.measures import findings
from kpis.measures.findings import Finding

_COLUMNS = {"source": "source", "tab": "tab", "row": "row", "column": "column", "message": "what to do"}


def print_rejections(request: Request) -> int:
    """Print the rejections."""
    with open_database(request) as database:
        return _print_findings(request, findings.list_rejections(database, request.lang, pointer=_get_pointer(request)))


def print_warnings(request: Request) -> int:
    """Print the warnings."""
    with open_database(request) as database:
        return _print_findings(request, findings.list_warnings(database, request.lang, pointer=_get_pointer(request)))


def _get_pointer(request: Request) -> Path:
    return request.read_settings(read_only=True).pointer


def _print_findings(request: Request, rows: Sequence[Finding]) -> int:
    as_json = request.is_given(options.JSON)
    numbered = [{**row, "row": Ordinal(row["row"])} for row in rows]
    request.print_rows(cast(Sequence[OutputRow], rows) if as_json else numbered, _COLUMNS, as_json=as_json)
    return 0
