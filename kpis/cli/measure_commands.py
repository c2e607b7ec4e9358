"""`attainment` and `task-status`: what the published database says of targets and tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from kpis.cli import options
from kpis.cli.code_labels import figure, word
from kpis.cli.command import Request
from kpis.cli.database_requests import one_plan, one_province, open_database, shown_day
from kpis.cli.output import Ordinal, Row
from kpis.errors import UsageError
from kpis.language.messages import Language, translate
from kpis.measures.attainment import attainment, by_agency
from kpis.measures.attainment_rows import AGENCY_COLUMNS, COLUMNS
from kpis.measures.task_status import task_status

_ATTAINMENT = {
    "target": "target",
    "title": "title",
    "actual": "actual",
    "expected": "expected by now",
    "comparator": "",
    "floor": "floor",
    "unit": "unit",
    "due_on": "due on",
    "status": "status",
}
_BY_AGENCY = {"agency": "agency", **_ATTAINMENT}
_TASKS = {
    "task": "task",
    "year": "year",
    "title": "title",
    "leads": "leads",
    "due_on": "due on",
    "state": "state",
}


def targets_attained(request: Request) -> int:
    """`attainment`, also by agency."""
    by = request.text(options.BY)
    if by not in {None, "agency"}:
        raise options.wrong(options.BY, UsageError("“{text}” is not known here. Use agency.", text=by))
    if request.text(options.PROVINCE) is not None and request.text(options.PLAN) is not None:
        raise UsageError("Give either --province or --plan, one of the two.")
    day = options.day(options.AS_OF, request.text(options.AS_OF))
    known_at = options.moment(options.KNOWN_AT, request.text(options.KNOWN_AT))
    year = options.year(options.YEAR, request.text(options.YEAR))
    with open_database(request) as database:
        rows = (by_agency if by else attainment)(
            database,
            shown_day(day, request, database),
            known_at,
            year,
            one_province(request, database),
            one_plan(request, database),
        )
    columns = (*(AGENCY_COLUMNS if by else COLUMNS), "met")
    return _print(
        request, cast(Sequence[Row], rows), columns, _BY_AGENCY if by else _ATTAINMENT, _readable_target
    )


def tasks_done(request: Request) -> int:
    """`task-status`."""
    day = options.day(options.AS_OF, request.text(options.AS_OF))
    with open_database(request) as database:
        rows = task_status(database, shown_day(day, request, database), one_plan(request, database))
    named = [{**row, "status": row["state"]} for row in rows]
    return _print(request, named, None, _TASKS, _readable_task)


def _print(
    request: Request,
    rows: Sequence[Row],
    columns: Sequence[str] | None,
    shown: Mapping[str, str],
    readable: Callable[[Row, Language], Row],
) -> int:
    """JSON with the stable columns (None: all of them), or a table of those worth a look."""
    if request.given(options.JSON):
        kept = [{name: row[name] for name in columns} if columns else dict(row) for row in rows]
        request.show(kept, shown, as_json=True)
    else:
        request.show([readable(row, request.lang) for row in rows], shown, as_json=False)
    return 0


def _readable_target(row: Row, lang: Language) -> Row:
    readable = {**row, "title": row[f"title_{lang}"], "status": word(row["status"], lang)}
    for name in ("actual", "expected", "floor"):
        readable[name] = figure(row[name], row["measure"], lang)
    if lang == "en":
        readable["unit"] = row["unit_en"]
    return readable


def _readable_task(row: Row, lang: Language) -> Row:
    # A target's period has not begun, a task has: nobody has reported on it.
    begun = row["state"] == "not_started"
    state = translate(lang, "nothing done yet") if begun else word(row["state"], lang)
    return {**row, "title": row[f"title_{lang}"], "state": state, "year": Ordinal(str(row["year"]))}
