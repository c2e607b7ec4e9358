"""`attainment` and `task-status`: the state of targets and tasks in the published database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from kpis.cli import options
from kpis.cli.code_labels import format_figure, translate_code
from kpis.cli.command import Request
from kpis.cli.database_requests import open_database, resolve_as_of, resolve_plans
from kpis.cli.output import Ordinal, OutputRow
from kpis.errors import UsageError
from kpis.language.messages import Language, translate
from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.attainment_rows import AGENCY_COLUMNS, ATTAINMENT_COLUMNS, Attainment
from kpis.measures.plan_names import refuse_plan_and_province
from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from kpis.wording.doubt_sentences import DOUBT_SIGN
from kpis.wording.spans import format_span, format_spans_met

_ATTAINMENT_COLUMNS = {
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
_BY_AGENCY_COLUMNS = {"agency": "agency", **_ATTAINMENT_COLUMNS}
_TASK_COLUMNS = {
    "task": "task",
    "year": "year",
    "title": "title",
    "leads": "leads",
    "due_on": "due on",
    "state": "state",
}


def print_attainment(request: Request) -> int:
    """Print the attainment of targets, with --by agency one row per target and agency."""
    by = request.get_text(options.BY)
    if by not in {None, "agency"}:
        raise options.build_option_error(options.BY, UsageError("“{text}” is not accepted here. Use agency.", text=by))
    refuse_plan_and_province(request.get_text(options.PLAN), request.get_text(options.PROVINCE))
    day = options.parse_day(options.AS_OF, request.get_text(options.AS_OF))
    known_at = options.parse_moment(options.KNOWN_AT, request.get_text(options.KNOWN_AT))
    year = options.parse_year(options.YEAR, request.get_text(options.YEAR))
    with open_database(request) as database:
        rows = (compute_by_agency if by else compute_attainment)(
            database,
            Question(
                resolve_as_of(day, request, database),
                known_at=known_at,
                year=year,
                plans=resolve_plans(request, database),
            ),
        )
    columns = (*(AGENCY_COLUMNS if by else ATTAINMENT_COLUMNS), "met")
    return _print_rows(
        request,
        cast(Sequence[OutputRow], rows),
        columns,
        _BY_AGENCY_COLUMNS if by else _ATTAINMENT_COLUMNS,
        _format_target,
    )


def print_task_status(request: Request) -> int:
    """Print the state of every annex task."""
    day = options.parse_day(options.AS_OF, request.get_text(options.AS_OF))
    with open_database(request) as database:
        rows = compute_task_status(
            database,
            Question(resolve_as_of(day, request, database), plans=resolve_plans(request, database)),
        )
    named = [{**row, "status": row["state"]} for row in rows]
    return _print_rows(request, named, None, _TASK_COLUMNS, _format_task)


def _print_rows(
    request: Request,
    rows: Sequence[OutputRow],
    columns: Sequence[str] | None,
    headers: Mapping[str, str],
    format_row: Callable[[OutputRow, Language], OutputRow],
) -> int:
    """Print JSON with the given columns (None: all), or a table with the columns of `headers`."""
    if request.is_given(options.JSON):
        documents = [{name: row[name] for name in columns} if columns else dict(row) for row in rows]
        request.print_rows(documents, headers, as_json=True)
    else:
        request.print_rows([format_row(row, request.lang) for row in rows], headers, as_json=False)
    return 0


def _format_target(row: OutputRow, lang: Language) -> OutputRow:
    readable = {**row, "title": row[f"title_{lang}"], "status": translate_code(row["status"], lang)}
    if row["span"] is not None:
        readable["title"] = f"{readable['title']} ({format_span(str(row['span']), lang)})"
    if row["doubts"]:
        readable["status"] = f"{readable['status'] or ''} {DOUBT_SIGN}".strip()
    for name in ("actual", "expected", "floor"):
        readable[name] = format_figure(row[name], row["measure"], lang)
    if lang == "en":
        readable["unit"] = row["unit_en"]
    if row["has_spans"]:  # its sum is not compared with the floor of one quarter
        readable |= {"actual": format_spans_met(cast(Attainment, row), lang), "comparator": "", "floor": "", "unit": ""}
    return readable


def _format_task(row: OutputRow, lang: Language) -> OutputRow:
    # The label of "not_started" says that a target's period has not begun; a task's has, but without reports.
    is_unreported = row["state"] == "not_started"
    state = translate(lang, "nothing done yet") if is_unreported else translate_code(row["state"], lang)
    return {**row, "title": row[f"title_{lang}"], "state": state, "year": Ordinal(str(row["year"]))}
