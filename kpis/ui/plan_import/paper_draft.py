"""A draft on paper: every row with decision, values and the words of the document; a screen shows none of it."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from kpis.plan_import.review.draft.fields import DraftField, list_fields
from kpis.plan_import.review.draft.model import ROW_KINDS, Draft, DraftRow
from kpis.plan_import.review.draft.values import format_value
from kpis.ui.plan_import.row_titles import DECISION_LABELS, format_kind, list_shown_rows, name_row
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, GroupHeading, render_table


def render_paper_draft(draft: Draft | None, view: PageView) -> Markup:
    """Return what the fields of the page hold, for print alone; without a draft the sentence that there is none."""
    if draft is None:
        sentence = tag("p", view.t("No draft is shown: this page is for importing documents."))
        return tag("div", sentence, class_="kpis kpis-paper", lang=view.lang)
    columns = [
        ColumnHeader(view.t("Row")),
        ColumnHeader(view.t("Decision")),
        ColumnHeader(view.t("Values")),
        ColumnHeader(view.t("The document says:")),
    ]
    caption = view.t("Every row of the draft, as decided so far")
    return tag(
        "div", render_table(caption, columns, _iterate_rows(draft, view)), class_="kpis kpis-paper", lang=view.lang
    )


def _iterate_rows(draft: Draft, view: PageView) -> Iterator[GroupHeading | list[Child]]:
    for kind in ROW_KINDS:
        rows = [row for row in list_shown_rows(draft, kind) if not row.is_added or row.decision is not None]
        if rows:
            yield GroupHeading(format_kind(kind, draft, view))
        for row in rows:
            decision = view.t(DECISION_LABELS[row.decision]) if row.decision else view.t("not decided")
            values = [tag("span", line, class_="kpis-line") for line in _list_values(row, view)]
            yield [name_row(row, view), decision, tag("span", *values), row.quote]


def _list_values(row: DraftRow, view: PageView) -> Iterator[str]:
    for item in list_fields(row):
        if text := _format_value(item, row.get_value(item.name), view):
            yield f"{view.t(item.label)}: {text}"


def _format_value(item: DraftField, text: str, view: PageView) -> str:
    if text in item.choices:
        return view.t(item.choices[text])
    return format_value(item, text, view.lang)
