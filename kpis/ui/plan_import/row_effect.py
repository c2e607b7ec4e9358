"""What a row of an amendment does to the version in force: old beside new, what ends, what is new."""

from __future__ import annotations

from markupsafe import Markup

from kpis.language.formatting import NO_VALUE
from kpis.plan_import.review.amendments.row_changes import find_entry, list_row_changes
from kpis.plan_import.review.draft.model import Draft, DraftRow
from kpis.plan_import.review.draft.values import format_value
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table


def render_effect(draft: Draft, row: DraftRow, view: PageView) -> Markup:
    """Return one sentence, and for a change the table of its fields; nothing for a row of a new plan."""
    sentence = describe_effect(draft, row, view)
    if sentence is None:
        return Markup()
    changes = list_row_changes(row, draft)
    parts = [tag("p", tag("strong", sentence), data_testid="kpis-effect")]
    if changes:
        rows = [
            [
                view.t(change.item.label),
                format_value(change.item, change.old, view.lang) or NO_VALUE,
                format_value(change.item, change.new, view.lang) or NO_VALUE,
            ]
            for change in changes
        ]
        columns = [ColumnHeader(view.t(title)) for title in ("field", "in force now", "after the document")]
        parts.append(render_table(view.t("What changes"), columns, rows))
    return tag("section", *parts, class_="kpis", lang=view.lang)


def describe_effect(draft: Draft, row: DraftRow, view: PageView) -> str | None:
    """Return what a row does, in one sentence; None for a row of a new plan, the header, a number or an agency."""
    if draft.mode == "new" or row.kind not in {"target", "milestone", "task"}:
        return None
    if row.role == "in_force":
        return _describe_entry(draft, row, view)
    if row.is_added and row.decision is None:
        return None
    entry = find_entry(row, draft)
    values = {"row": row.get_value("amends"), "title": entry.get_value("title") if entry else ""}
    match row.get_value("effect"):
        case "add":
            return view.t("The clause adds this as a new entry.")
        case "repeal" if entry is not None:
            return view.t("The clause ends {row} “{title}”.", **values)
        case "change" if entry is not None:
            return view.t("The clause changes {row} “{title}”.", **values)
        case _:
            return view.t("It is unclear what this clause changes: choose what it does, and the row of the version in "
                          "force.")  # fmt: skip


def _describe_entry(draft: Draft, row: DraftRow, view: PageView) -> str:
    deciding = next(
        (other for other in draft.list_rows(row.kind) if other.role == "clause" and other.get_value("amends") == row.id
         and other.decision != "drop"),
        None,
    )  # fmt: skip
    if deciding is not None:
        return view.t("In force; the clause {clause} is about it.", clause=deciding.id)
    if row.decision == "drop":
        return view.t("In force; it ends with this document.")
    if row.needs_decision and row.decision is None:
        return view.t("In force, but not in the new text: keep it, or end it with the clause that repeals it.")
    return view.t("In force; the document leaves it as it is.")
