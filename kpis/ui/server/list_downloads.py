"""A list or a table of a page as a workbook: the same query, the same scope, a line in the audit."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

import anyio.to_thread
from starlette.responses import PlainTextResponse, Response

from kpis.access.errors import AuditError
from kpis.access.identities import Viewer
from kpis.access.recording import record_action
from kpis.language import clock
from kpis.pack.edition.folders import ALL_PLANS
from kpis.settings import load_settings
from kpis.ui import pages
from kpis.ui.agency import agency_choices
from kpis.ui.entries import page as entries
from kpis.ui.explanations import page as explanations
from kpis.ui.findings import page as findings
from kpis.ui.frame import startup
from kpis.ui.frame.view_resolution import ResolvedView, resolve_view
from kpis.ui.server.page_tables import find_page, find_scope_of_file, find_table
from kpis.ui.server.request_viewer import find_request_viewer
from kpis.ui.shared.lists.model import ListTable
from kpis.ui.shared.lists.workbook import MIME_TYPE, build_list_workbook, build_table_workbook
from kpis.ui.shared.table_query import TableQuery, parse_table_query
from kpis.ui.shared.viewer import list_page_slugs
from kpis.ui.sources import page as sources
from kpis.ui.targets import page as targets
from kpis.ui.tasks import page as tasks

if TYPE_CHECKING:
    from starlette.requests import Request

_log = logging.getLogger("kpis")

LISTS: Mapping[str, tuple[str, Callable[[ResolvedView, TableQuery], ListTable]]] = {
    "tasks": (pages.TASKS, lambda seen, query: tasks.load_list(seen.database, seen.view, query)),
    "explanations": (pages.EXPLANATIONS, lambda seen, _query: explanations.load_list(seen.row_database, seen.view)),
    "tasks-by-lead": (pages.TASKS, lambda seen, _query: tasks.load_lead_list(seen.database, seen.view)),
    "targets": (pages.TARGETS, lambda seen, query: targets.load_list(seen.database, seen.view, query)),
    "plans": (pages.TARGETS, lambda seen, _query: targets.load_plan_list(seen.database, seen.view)),
    "findings": (pages.FINDINGS, lambda seen, _query: findings.load_list(seen.row_database, seen.view)),
    "findings-by-source": (
        pages.FINDINGS,
        lambda seen, _query: findings.load_source_list(seen.row_database, seen.view),
    ),
    "agencies": (pages.AGENCY, lambda seen, _query: agency_choices.load_list(seen.database, seen.view)),
    "all-agencies": (pages.AGENCY, lambda seen, _query: agency_choices.load_list(seen.database, seen.view)),
    "sources": (pages.SOURCES, lambda seen, _query: sources.load_list(seen.database, seen.view)),
    "task-reports": (pages.ENTRIES, lambda seen, _query: entries.build_report_file(seen.row_database, seen.view)),
    "entries": (pages.ENTRIES, lambda seen, query: entries.build_file_list(seen.row_database, seen.view, query)),
}
"""Name in the address -> page on which the list stands, and what loads it."""

LISTS_OF_AGENCIES = frozenset({"agencies", "all-agencies"})
"""Lists with figures of every agency: the page of an officer is about one, so it does not have them."""


async def serve_list(request: Request) -> Response:
    """Answer with a list or a table as a workbook; 404 for one that the viewer may not see."""
    viewer = find_request_viewer(request)
    name, params = request.path_params["name"], dict(request.query_params)
    try:
        built = await anyio.to_thread.run_sync(lambda: build_file(name, params, viewer, os.environ))
    except AuditError as error:  # what cannot be written down is not done
        _log.warning("%s", error)
        return PlainTextResponse("", status_code=503)
    if built is None:
        return PlainTextResponse("", status_code=404)
    file_name, body = built
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name)}"}
    return Response(body, media_type=MIME_TYPE, headers=headers)


def build_file(
    name: str, params: Mapping[str, str], viewer: Viewer, environ: Mapping[str, str]
) -> tuple[str, bytes] | None:
    """Return name and content of a file; None without such a list or table, without figures or without its page."""
    page, load = LISTS.get(name, (find_page(name), None))
    version = startup.open_version(environ) if page and page in list_page_slugs(viewer) else None
    if version is None:
        return None
    seen = resolve_view(params, version, viewer, page)
    view, query = seen.view, parse_table_query(params)
    if view.has_fixed_agency and name in LISTS_OF_AGENCIES:
        return None
    table = load(seen, query) if load else find_table(name, seen, query)
    if table is None:
        return None
    stem = table.file_stem if isinstance(table, ListTable) else name
    file_name = f"{stem}-{view.as_of.isoformat()}.xlsx"
    plan = find_scope_of_file(page, seen, query)
    record_action(
        load_settings(environ, read_only=True),
        "download",
        viewer.name,
        clock.get_utc_now(),
        file=file_name,
        plan=plan or ALL_PLANS,
    )
    place = _name_place(plan, seen)
    title = " · ".join((table.title, place, view.t("As of {day}", day=view.format_day(view.as_of))))
    if isinstance(table, ListTable):
        return file_name, build_list_workbook(table, query, title)
    return file_name, build_table_workbook(table, title)


def _name_place(plan: str | None, seen: ResolvedView) -> str:
    """Return the name of a plan's place, also of the only plan that the reader sees; else that all plans are meant."""
    plans = {choice.plan: choice.name for choice in seen.options.plans}
    return plans[plan] if plan else next(iter(plans.values())) if len(plans) == 1 else seen.view.t("all plans")
