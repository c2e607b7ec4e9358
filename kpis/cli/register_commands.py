"""`targets` and `tasks`: the register itself, no database needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kpis import settings
from kpis.cli import options
from kpis.cli.code_labels import format_figure, translate_code
from kpis.cli.command import Request
from kpis.cli.output import OutputRow
from kpis.errors import UsageError
from kpis.language.messages import Language
from kpis.register import json_export
from kpis.register.load import load_register
from kpis.register.model import Register

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
    "due_day": "due (MM-DD)",
    "lead": "lead",
}
_TASK_COLUMNS = {"id": "task", "title": "title", "leads": "leads", "schedule": "schedule", "output": "output"}


def print_targets(request: Request) -> int:
    """`targets`."""
    return _print_rows(request, json_export.export_targets, _TARGET_COLUMNS)


def print_tasks(request: Request) -> int:
    """`tasks`."""
    return _print_rows(request, json_export.export_tasks, _TASK_COLUMNS)


def _print_rows(
    request: Request,
    build_rows: Callable[[Register, str | None], Sequence[OutputRow]],
    columns: dict[str, str],
) -> int:
    register = load_register(overlay=settings.find_overlay(request.environ))
    plan = request.get_text(options.PLAN)
    if plan is not None and plan not in register.plans:
        known = ", ".join(register.plans)
        raise UsageError("No plan “{plan}” is known. Known are {known}.", plan=plan, known=known)
    shown = build_rows(register, plan)
    as_json_text = request.is_given(options.JSON)
    request.print_rows(
        shown if as_json_text else [_format_row(row, request.lang) for row in shown],
        columns,
        as_json=as_json_text,
    )
    return 0


def _format_row(row: OutputRow, lang: Language) -> OutputRow:
    """A row of the table: words for codes, shares in percent, title and unit in the reader's language."""
    readable = dict(row)
    for name in ("recurrence", "recurrence_basis", "force"):
        if name in row:
            readable[name] = translate_code(row[name], lang)
    for name in ("floor", "stretch"):
        if name in row:
            readable[name] = format_figure(row[name], row["measure"], lang)
    if lang == "en":
        readable |= {name: row[f"{name}_en"] for name in ("title", "unit") if f"{name}_en" in row}
    return readable
