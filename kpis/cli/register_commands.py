"""`targets` and `tasks`: the register itself, no database needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kpis import settings
from kpis.cli import options
from kpis.cli.code_labels import figure, word
from kpis.cli.command import Request
from kpis.cli.output import Row
from kpis.errors import UsageError
from kpis.language.messages import Language
from kpis.register import json_export
from kpis.register.load import load
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


def targets(request: Request) -> int:
    """`targets`."""
    return _show(request, json_export.targets, _TARGET_COLUMNS)


def tasks(request: Request) -> int:
    """`tasks`."""
    return _show(request, json_export.tasks, _TASK_COLUMNS)


def _show(
    request: Request, rows: Callable[[Register, str | None], Sequence[Row]], columns: dict[str, str]
) -> int:
    register = load(overlay=settings.overlay(request.environ))
    plan = request.text(options.PLAN)
    if plan is not None and plan not in register.plans:
        known = ", ".join(register.plans)
        raise UsageError("No plan “{plan}” is known. Known are {known}.", plan=plan, known=known)
    shown = rows(register, plan)
    as_json_text = request.given(options.JSON)
    request.show(
        shown if as_json_text else [_readable(row, request.lang) for row in shown],
        columns,
        as_json=as_json_text,
    )
    return 0


def _readable(row: Row, lang: Language) -> Row:
    """A row of the table: words for codes, shares in percent, title and unit in the reader's language."""
    readable = dict(row)
    for name in ("recurrence", "recurrence_basis", "force"):
        if name in row:
            readable[name] = word(row[name], lang)
    for name in ("floor", "stretch"):
        if name in row:
            readable[name] = figure(row[name], row["measure"], lang)
    if lang == "en":
        readable |= {name: row[f"{name}_en"] for name in ("title", "unit") if f"{name}_en" in row}
    return readable
