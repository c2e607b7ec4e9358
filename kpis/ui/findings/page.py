"""Rows to fix, cached per sync: rows may move in a sheet without a new version."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.findings import Finding, list_rejections, list_warnings
from kpis.store.database import Database
from kpis.sync.state import read_states
from kpis.ui import pages
from kpis.ui.findings.finding_list import GROUPS, build_finding_list, load_rows_to_fix
from kpis.ui.shared import data, html, states
from kpis.ui.shared.html import join, show_markup, tag
from kpis.ui.shared.list_links import link_to_findings, render_count
from kpis.ui.shared.lists.drawing import render_list, render_side_list
from kpis.ui.shared.lists.model import ListCell, ListColumn, ListRow, ListTable
from kpis.ui.shared.lists.search_fields import show_search
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery
from kpis.ui.shared.tables import ColumnHeader

SOURCES_NAME = "findings-by-source"


def show_findings(db: Database, view: PageView, query: TableQuery) -> None:
    """Draw the search field and the page; `db` is the database for lists of rows."""
    show_search(view, pages.FINDINGS, query)
    show_markup(render_findings(db, view, query))


def render_findings(db: Database, view: PageView, query: TableQuery = NOTHING_ASKED) -> Markup:
    """Return the rows to fix, rejected ones first, then their number per source."""
    unassigned = data.call_cached_per_read(db, _render_unassigned_count, view)
    table = load_list(db, view)
    if not table.rows:
        return _render_empty(db, view, unassigned)
    return tag(
        "div",
        tag("p", unassigned, class_="kpis-quiet") if unassigned else None,
        render_list(table, view, query),
        render_side_list(load_source_list(db, view), view, query),
        class_="kpis",
        lang=view.lang,
    )


def load_list(db: Database, view: PageView) -> ListTable:
    """Return every row to fix of the view."""
    return data.call_cached_per_read(db, build_finding_list, view)


def load_source_list(db: Database, view: PageView) -> ListTable:
    """Return the number of rows to fix per source."""
    return data.call_cached_per_read(db, _build_source_list, view)


def _render_empty(db: Database, view: PageView, unassigned: Markup | None) -> Markup:
    """Return the state without rows to fix: nothing was read, none of this agency, or all rows are fine."""
    plan = view.filters.plan
    if not any(state.read for state in read_states(db).values() if plan in (None, state.plan)):
        reason = view.t("No sheet contains a row yet, so there is nothing to check.")
        sources = html.render_link(view.build_url(pages.SOURCES), view.t("Sources"))
        return states.render_state(view.t("No row has been read yet"), join([reason, " ", sources]))
    title = view.t("Nothing to fix")
    if view.filters.agency is not None:
        return states.render_state(title, view.t("This agency has no rows to fix."), unassigned)
    return states.render_state(title, view.t("Every row that was read is counted, and none needs review."))


def _render_unassigned_count(db: Database, view: PageView) -> Markup | None:
    """With an agency chosen: the number of rows of its plan that name no known agency; any may be its own."""
    plan = view.filters.plan
    if plan is None or view.filters.agency is None or view.has_fixed_agency:
        return None
    query = (view.lang, plan, None, db.pointer)
    findings = (*list_rejections(db, *query), *list_warnings(db, *query))
    unassigned = [finding for finding in findings if finding["agency"] is None]
    if not unassigned:
        return None
    key = "Rows to fix in this plan that name no known agency: {n}."
    sentence = view.t(key, n=formatting.format_number(_count_rows(unassigned), view.lang))
    link = html.render_link(view.build_url(pages.FINDINGS, agency=None), view.t("All rows of this plan"))
    return join([sentence, " ", link])


def _count_rows(findings: Sequence[Finding]) -> int:
    """Count the rows; a row with two codes counts once."""
    return len({(finding["source"], finding["tab"], finding["row"]) for finding in findings})


def _build_source_list(db: Database, view: PageView) -> ListTable:
    rows = load_rows_to_fix(db, view)
    sources = {kind: rows.list_sources(kind) for kind in GROUPS}
    columns = (
        ListColumn("source-name", ColumnHeader(view.t("Source"))),
        *(ListColumn(f"source-{kind}", ColumnHeader(view.t(name), "number")) for kind, (name, _) in GROUPS.items()),
    )
    return ListTable(
        name=SOURCES_NAME,
        page=pages.FINDINGS,
        title=view.t("Rows to fix by source"),
        caption=view.t("A row with two errors is counted once."),
        file_stem="dong-can-sua-theo-nguon",
        columns=columns,
        value_titles=tuple(column.header.title for column in columns),
        rows=tuple(
            _build_source_row(source, {kind: names.count(source) for kind, names in sources.items()}, view)
            for source in sorted({name for names in sources.values() for name in names})
        ),
        as_of=view.as_of,
    )


def _build_source_row(source: str, counts: dict[str, int], view: PageView) -> ListRow:
    cells = (
        ListCell(source, source),
        *(
            ListCell(render_count(view, count, link_to_findings(view, status=(kind,), source=source)), count)
            for kind, count in counts.items()
        ),
    )
    return ListRow(cells=cells, values=(source, *counts.values()), texts=(source,))
