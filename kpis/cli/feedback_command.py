"""`feedback`: writes a copy of an Excel file with the status of each row in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from kpis import settings
from kpis.checks.explanation_check import check_explanations
from kpis.checks.explanation_requests import PlanRequests
from kpis.checks.source_check import check_source
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import SourceError, StoreError
from kpis.feedback.request_row import RequestRow
from kpis.feedback.status_text import RowFigures, format_feedback, format_set_aside_feedback
from kpis.feedback.xlsx.write_copy import write_feedback
from kpis.language import clock
from kpis.language.messages import explain, translate
from kpis.language.normalization import fold
from kpis.measures import publish
from kpis.measures.plan_names import match_plan
from kpis.measures.row_totals import build_row_figures
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.requests.ledger import read_requests
from kpis.services.request_writing import list_unsent_rows
from kpis.sheet.layout import find_explanation_layouts, find_layouts
from kpis.sheet.model import CheckedExplanations, CheckedSheet, RawSheet, Source
from kpis.sources.config import SourcesFile
from kpis.sources.read_source import read_source
from kpis.store.database import Database
from kpis.store.work_folders import open_work_folder
from kpis.sync import sync
from kpis.sync.requests_of_plan import build_plan_requests


def run(request: Request) -> int:
    """Check one workbook and write the copy; its totals are those of its own rows, counted as by a sync."""
    register = load_register(overlay=settings.find_overlay(request.environ))
    path = Path(str(request.values[options.WORKBOOK_FILE.name])).expanduser()
    plan = match_plan(request.require_text(options.PLAN), register.plans)
    out = Path(request.require_text(options.OUT)).expanduser()
    now = options.parse_moment(options.NOW, request.get_text(options.NOW)) or request.now
    source = Source(path.stem, plan, "workbook", str(path))
    raw = read_source(source, now)
    checked = check_source(raw, plan, register, clock.to_local_day(now))
    explained = _check_explanations(raw, source, register, request, clock.to_local_day(now))
    layouts, rows, aside = find_layouts(raw), checked.rows, checked.set_aside
    if explained is not None:
        layouts, rows = (*layouts, *find_explanation_layouts(raw)), (*rows, *explained.rows)
        aside = (*aside, *explained.set_aside)
    figures = _compute_figures(raw, checked, source, register)
    status_texts = format_feedback(rows, register, figures.find_total, find_doubts=figures.find_doubts)
    set_aside = {(row.tab_name, row.number): format_set_aside_feedback(row) for row in aside}
    added = _list_questions(raw, plan, request, clock.to_local_day(now)) if explained is not None else []
    texts = [row.texts for row in added]
    for remark in write_feedback(path, out, layouts, rows, status_texts, set_aside=set_aside, added=texts):
        request.write_message(translate(request.lang, remark))
    if added:
        text = "{n} open requests were added to the tab “Giải trình”: {ids}."
        request.write_message(translate(request.lang, text, n=len(added), ids=", ".join(row.id for row in added)))
    request.write_message(_format_summary(checked, out, request))
    return 0


def _check_explanations(
    raw: RawSheet, source: Source, register: Register, request: Request, today: date
) -> CheckedExplanations | None:
    """Return the checked tab of explanations, by the requests of the installation; None where there is none to read."""
    try:
        layouts = find_explanation_layouts(raw)
    except SourceError as error:
        request.write_message(explain(error, request.lang))
        return None
    if not layouts:
        return None
    requests = read_requests(request.read_settings(read_only=True).pointer, None)

    def find_requests(hashes: Collection[int]) -> PlanRequests:
        return build_plan_requests(requests, None, source, register, today, hashes)

    return check_explanations(layouts, source.plan, register, today, find_requests, {})


def _list_questions(raw: RawSheet, plan: str, request: Request, today: date) -> list[RequestRow]:
    """Return the open requests of the plan that stand in no sheet, this one included."""
    rows = list_unsent_rows(request.read_settings(read_only=True).pointer, plan, today)
    present = {fold(cell.text) for tab in raw.tabs for row in tab.rows for cell in row.cells} if rows else set()
    return [row for row in rows if fold(row.id) not in present]


def _compute_figures(raw: RawSheet, checked: CheckedSheet, source: Source, register: Register) -> RowFigures:
    """Sync this one file into a temporary database and return its figures, computed by the usual rules."""
    with open_work_folder("feedback") as folder:
        pointer = folder / "kpis.json"
        sync.run(
            SourcesFile((source,)),
            pointer,
            register,
            raw.read_at,
            publish.publish_totals,
            read=lambda *_: raw,
        )
        database = Database.open(pointer)
        if database is None:
            raise StoreError("{path}: no figures could be computed from it.", path=source.location)
        days = [row.entry.occurred_on for row in checked.rows if row.entry]
        figures = build_row_figures(database, source.plan, days, clock.to_local_day(raw.read_at))
        database.close()
    return figures


def _format_summary(checked: CheckedSheet, out: Path, request: Request) -> str:
    rejected = sum(bool(row.rejections) for row in checked.rows)
    warned = sum(bool(row.warnings) and not row.rejections for row in checked.rows)
    return translate(
        request.lang,
        "{path}: {accepted} rows count, {warned} of them with warnings; {rejected} to fix. "
        "The totals are those of this file alone.",
        path=out,
        accepted=len(checked.rows) - rejected,
        warned=warned,
        rejected=rejected,
    )
