"""`targets` and `tasks`: the contents of the register; no database is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kpis import settings
from kpis.cli import options
from kpis.cli.code_labels import format_figure, translate_code
from kpis.cli.command import Request
from kpis.cli.output import OutputRow
from kpis.language.messages import Language
from kpis.measures.plan_names import match_plan
from kpis.register import json_export
from kpis.register.load import load_register
from kpis.register.model import SPAN_MONTHS, Register
from kpis.wording.spans import format_due_days

_TARGET_COLUMNS = {
    "id": "target",
    "title": "title",
    "comparator": "",
    "floor": "floor",
    "stretch": "stretch",
    "unit": "unit",
    "recurrence": "recurrence",
    "recurrence_basis": "basis",
    "force": "force",
    "due_day": "due (dd/mm)",
    "lead": "lead",
}
_TASK_COLUMNS = {"id": "task", "title": "title", "leads": "leads", "schedule": "schedule", "output": "output"}


def print_targets(request: Request) -> int:
    """Print the targets."""
    return _print_rows(request, json_export.export_targets, _TARGET_COLUMNS)


def print_tasks(request: Request) -> int:
    """Print the tasks."""
    return _print_rows(request, json_export.export_tasks, _TASK_COLUMNS)


def _print_rows(
    request: Request,
    build_rows: Callable[[Register, str | None], Sequence[OutputRow]],
    columns: dict[str, str],
) -> int:
    register = load_register(overlay=settings.find_overlay(request.environ))
    plan = request.get_text(options.PLAN)
    rows = build_rows(register, None if plan is None else match_plan(plan, register.plans))
    as_json = request.is_given(options.JSON)
    request.print_rows(rows if as_json else [_format_row(row, request.lang) for row in rows], columns, as_json=as_json)
    return 0


def _format_row(row: OutputRow, lang: Language) -> OutputRow:
    """Return a table row: labels for codes, shares in percent, title and unit in the reader's language."""
    readable = dict(row)
    for name in ("recurrence", "recurrence_basis", "force"):
        if name in row:
            readable[name] = translate_code(row[name], lang)
    if row.get("recurrence") in SPAN_MONTHS:
        readable["due_day"] = format_due_days(str(row["recurrence"]), lang)
    if row.get("counting") == "to_date":
        readable["recurrence"] = translate_code("by_stages", lang)
    for name in ("floor", "stretch"):
        if name in row:
            readable[name] = format_figure(row[name], row["measure"], lang)
    if lang == "en":
        readable |= {name: row[f"{name}_en"] for name in ("title", "unit") if f"{name}_en" in row}
    return readable
