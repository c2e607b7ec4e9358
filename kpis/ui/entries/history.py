"""What each sync changed of a target's rows, with the target's figure of the row's own day before and after it."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.attainment_rows import Attainment
from kpis.measures.entry_changes import ChangedRow, EntryChange, compute_effect, list_entry_changes
from kpis.measures.question import Question
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import data
from kpis.ui.shared.entry_cells import format_quantity
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_collection import is_collecting
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.table_query import TableQuery
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.wording import target_figures

MAX_CHANGES, MAX_FILE_CHANGES = 10, 100
"""Changes shown and in the workbook, the latest; each figure beside them is computed as of its day and moment."""


def render_history(db: Database, view: PageView, rows_db: Database, target: str) -> Markup | None:
    """Return the latest changes of a target's rows; None without any.

    `rows_db` has the rows that the viewer may see, `db` the target's figures.
    """
    plan = view.filters.plan or ""
    question = Question(view.as_of, plans=frozenset({plan}), agency=view.filters.agency)
    limit = MAX_FILE_CHANGES if is_collecting() else MAX_CHANGES
    changes = data.call_cached(rows_db, list_entry_changes, question, target, limit)
    if not changes:
        return None
    columns = [
        ColumnHeader(view.t("Read")),
        ColumnHeader(view.t("Agency")),
        ColumnHeader(view.t("What changed")),
        ColumnHeader(view.t("The target's figure of that day")),
    ]
    caption = view.t(
        "The latest {n} changes, by reading. A row was edited only where one reading took exactly one row away and "
        "brought exactly one. The figure is the effect of the whole reading.",
        n=len(changes),
    )
    lines = [_render_change(db, change, plan, view) for change in changes]
    title = view.t("History of the rows")
    download = TableName(pages.ENTRIES, "history", title, view, TableQuery(target=target))
    return tag("section", tag("h2", title), render_table(caption, columns, lines, download=download))


def _render_change(db: Database, change: EntryChange, plan: str, view: PageView) -> list[Child]:
    effects = [(day, *data.call_cached(db, compute_effect, change, day, plan)) for day in change.days]
    measure = next((row["measure"] for _, *pair in effects for row in pair if row), "")
    place = tag("small", f"{change.tab} · {change.source}", class_="kpis-under")
    return [
        tag("span", formatting.format_moment(change.changed_at, view.lang), place),
        change.agency,
        _render_rows(change, measure, view),
        join(_render_effect(day, earlier, later, view) for day, earlier, later in effects),
    ]


def _render_rows(change: EntryChange, measure: str, view: PageView) -> Markup:
    if change.is_mark_only:
        text = view.t("confirmation or mark changed: {row}", row=_format_row(change.new_rows[0], measure, view))
        return tag("span", text)
    if change.is_edit:
        earlier, later = (_format_row(rows[0], measure, view) for rows in (change.withdrawn_rows, change.new_rows))
        return tag("span", view.t("edited from {earlier} to {later}", earlier=earlier, later=later))
    return join(
        tag("div", view.t(key, row=_format_row(row, measure, view)))
        for key, rows in (("new: {row}", change.new_rows), ("withdrawn: {row}", change.withdrawn_rows))
        for row in rows
    )


def _format_row(row: ChangedRow, measure: str, view: PageView) -> str:
    """Return day, quantity, content and evidence of a row: "01/10/2026: 8 (Tin trên báo, 4/BC)"."""
    words = ", ".join(text for text in (row.content, row.evidence) if text)
    text = f"{view.format_day(row.occurred_on)}: {format_quantity(measure, row.quantity, row.denominator, view)}"
    return f"“{text} ({words})”" if words else f"“{text}”"


def _render_effect(day: date, earlier: Attainment | None, later: Attainment | None, view: PageView) -> Markup:
    figures = (
        target_figures.format_fraction(earlier, view.lang) if earlier else formatting.NO_VALUE,
        target_figures.format_counted_fraction(later, view.lang) if later else formatting.NO_VALUE,
    )
    return tag("div", f"{view.format_day(day)}: {figures[0]} → {figures[1]}")
