"""Rows to fix as one block of HTML, cached per sync: rows may move in a sheet without a new version."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.findings import (
    Finding,
    SetAsideRowRecord,
    list_rejections,
    list_set_aside_rows,
    list_warnings,
)
from kpis.measures.rows_to_confirm import RowToConfirm
from kpis.store.database import Database
from kpis.sync.state import read_states
from kpis.ui import pages
from kpis.ui.findings.findings_table import group_by_row, render_findings_table, render_set_aside_table
from kpis.ui.findings.rows_to_confirm import load_rows_to_confirm, render_rows_to_confirm
from kpis.ui.shared import html, states
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table

MAX_ROWS = 500
"""Rows shown per list; the counts above it are complete, and the command lists every row."""


def render_findings(db: Database, view: PageView) -> Markup:
    """Return the number of rows to fix per source, then the rows, rejected ones first."""
    query = (view.lang, view.filters.plan, view.filters.agency, db.pointer)
    rejected, warned = list_rejections(db, *query), list_warnings(db, *query)
    set_aside = _list_set_aside_rows(db, view)
    to_confirm = load_rows_to_confirm(db, view)
    unassigned = _render_unassigned_count(db, view)
    if not rejected and not warned and not set_aside and not to_confirm:
        return _render_empty(db, view, unassigned)
    return tag(
        "div",
        tag("p", unassigned, class_="kpis-quiet") if unassigned else None,
        _render_summary(rejected, to_confirm, warned, set_aside, view),
        _render_list(view.t("Rejected rows"), view.t("Not counted until fixed in the sheet."), rejected, view),
        render_rows_to_confirm(to_confirm, view),
        _render_list(view.t("Rows with a warning"), view.t("Counted; please check them."), warned, view),
        _render_set_aside_list(set_aside, view),
        class_="kpis",
        lang=view.lang,
    )


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


def _list_set_aside_rows(db: Database, view: PageView) -> list[SetAsideRowRecord]:
    """Return the rows that are no data; none with an agency chosen, since such a row names none."""
    if view.filters.agency is not None:
        return []
    return list_set_aside_rows(db, view.lang, view.filters.plan, db.pointer)


def _render_summary(
    rejected: Sequence[Finding],
    to_confirm: Sequence[RowToConfirm],
    warned: Sequence[Finding],
    set_aside: Sequence[SetAsideRowRecord],
    view: PageView,
) -> Markup:
    columns = [
        ColumnHeader(view.t("Source")),
        ColumnHeader(view.t("Rejected rows"), "number"),
        ColumnHeader(view.t("Rows to confirm"), "number"),
        ColumnHeader(view.t("Rows with a warning"), "number"),
        ColumnHeader(view.t("Rows that are no data"), "number"),
    ]
    places_to_confirm = {item.place for item in to_confirm}
    sources = {row["source"] for row in (*rejected, *warned, *set_aside)}
    lines = []
    for source in sorted(sources | {place[0] for place in places_to_confirm}):
        counts = [
            _count_rows([finding for finding in rejected if finding["source"] == source]),
            sum(place[0] == source for place in places_to_confirm),
            _count_rows([finding for finding in warned if finding["source"] == source]),
            sum(row["source"] == source for row in set_aside),
        ]
        lines.append([source, *(formatting.format_number(count, view.lang) for count in counts)])
    return tag("section", render_table(view.t("A row with two errors is counted once."), columns, lines))


def _render_list(title: str, caption: str, findings: Sequence[Finding], view: PageView) -> Markup | None:
    rows = group_by_row(findings)
    if not rows:
        return None
    return tag(
        "section",
        _render_heading(title, len(rows), view),
        render_findings_table(caption, rows[:MAX_ROWS], view),
        _render_more(len(rows), view),
    )


def _render_set_aside_list(rows: Sequence[SetAsideRowRecord], view: PageView) -> Markup | None:
    if not rows:
        return None
    caption = view.t("Titles, headers, totals and signatures: neither counted nor rejected.")
    return tag(
        "section",
        _render_heading(view.t("Rows that are no data"), len(rows), view),
        render_set_aside_table(caption, rows[:MAX_ROWS], view),
        _render_more(len(rows), view),
    )


def _render_heading(title: str, count: int, view: PageView) -> Markup:
    return tag("h2", title, " ", html.tag("small", formatting.format_number(count, view.lang)))


def _render_more(count: int, view: PageView) -> Markup | None:
    """Return how many of the rows are shown, None if all are."""
    if count <= MAX_ROWS:
        return None
    key = "The first {n} of {all} are shown; choose an agency or a plan, or run “python -m kpis rejections”."
    return tag("p", view.t(key, n=MAX_ROWS, all=count), class_="kpis-below")
