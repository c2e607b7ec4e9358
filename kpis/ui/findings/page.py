"""Rows to mend as one block of HTML. Kept by reading: rows may move in a sheet without a new version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.measures.findings import Finding, list_rejections, list_warnings
from kpis.store.database import Database
from kpis.sync.state import read_states
from kpis.ui import pages
from kpis.ui.findings.findings_table import render_findings_table
from kpis.ui.shared import html, states
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table

MAX_ROWS = 500
"""Rows that one list shows; the counts above it are whole, and the commands list every row."""


def render_findings(db: Database, view: PageView) -> Markup:
    """How many rows of each source want mending, then every one of them, sent back first."""
    asked = (view.lang, view.filters.plan, view.filters.agency, db.pointer)
    back, noted = list_rejections(db, *asked), list_warnings(db, *asked)
    nobodys = _render_unassigned_count(db, view)
    if not back and not noted:
        return _render_empty(db, view, nobodys)
    return tag(
        "div",
        tag("p", nobodys, class_="kpis-quiet") if nobodys else None,
        _render_summary(back, noted, view),
        _render_list(view.t("Rows sent back"), view.t("Not counted until mended in the sheet."), back, view),
        _render_list(
            view.t("Rows with a warning"), view.t("Counted; please look at them again."), noted, view
        ),
        class_="kpis",
        lang=view.lang,
    )


def _render_empty(db: Database, view: PageView, unassigned: Markup | None) -> Markup:
    """No row to mend: because none was read, or of this agency, or because all that was read is right."""
    plan = view.filters.plan
    if not any(state.read for state in read_states(db).values() if plan in (None, state.plan)):
        why = view.t("No sheet has given a row yet, so there is nothing to check.")
        sources = html.render_link(view.build_url(pages.SOURCES), view.t("Sources"))
        return states.render_state(view.t("No row has been read yet"), join([why, " ", sources]))
    title = view.t("Nothing to mend")
    if view.filters.agency is not None:
        return states.render_state(title, view.t("This agency has no row to mend."), unassigned)
    return states.render_state(title, view.t("Every row that was read is counted, and none needs a look."))


def _render_unassigned_count(db: Database, view: PageView) -> Markup | None:
    """Under one agency: how many rows of its plan name no known agency, any of which may be its own."""
    plan = view.filters.plan
    if plan is None or view.filters.agency is None:
        return None
    asked = (view.lang, plan, None, db.pointer)
    found = [
        one for one in (*list_rejections(db, *asked), *list_warnings(db, *asked)) if one["agency"] is None
    ]
    if not found:
        return None
    key = "Rows to mend in this plan that name no known agency: {n}."
    said = view.t(key, n=written.format_number(_count_rows(found), view.lang))
    whole = html.render_link(view.build_url(pages.FINDINGS, agency=None), view.t("All rows of this plan"))
    return join([said, " ", whole])


def _count_rows(findings: Sequence[Finding]) -> int:
    """A row with two codes is one row."""
    return len({(one["source"], one["tab"], one["row"]) for one in findings})


def _render_summary(rejected: Sequence[Finding], warned: Sequence[Finding], view: PageView) -> Markup:
    columns = [
        ColumnHeader(view.t("Source")),
        ColumnHeader(view.t("Rows sent back"), "number"),
        ColumnHeader(view.t("Rows with a warning"), "number"),
    ]
    sources = sorted(Counter(one["source"] for one in (*rejected, *warned)))
    lines = [
        [
            source,
            *(
                written.format_number(
                    _count_rows([one for one in found if one["source"] == source]), view.lang
                )
                for found in (rejected, warned)
            ),
        ]
        for source in sources
    ]
    return tag("section", render_table(view.t("A row with two mistakes is counted once."), columns, lines))


def _render_list(title: str, caption: str, findings: Sequence[Finding], view: PageView) -> Markup | None:
    if not findings:
        return None
    heading = tag(
        "h2", title, " ", html.tag("small", written.format_number(_count_rows(findings), view.lang))
    )
    shown = findings[:MAX_ROWS]
    more = None
    if len(shown) < len(findings):
        more = tag(
            "p",
            view.t("The first {n} of {all} are shown; choose an agency or a plan, or run "
                   "“python -m kpis rejections”.", n=len(shown), all=len(findings)),
            class_="kpis-below",
        )  # fmt: skip
    return tag("section", heading, render_findings_table(caption, shown, view), more)
