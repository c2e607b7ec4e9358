"""Entries as a list that is searched, sorted and downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpis.language import clock, formatting
from kpis.language.normalization import to_sort_key
from kpis.measures.entry_list import list_all_entries, list_counted_entries
from kpis.measures.latest_entries import LatestEntry
from kpis.pack.xlsx.tab import CellValue
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.entry_cells import render_quantity
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.lists.columns import build_columns
from kpis.ui.shared.lists.model import ListCell, ListRow, ListTable
from kpis.ui.shared.one_plan import reads_one_plan
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import ONLY_EVERY_YEAR
from kpis.wording import target_figures

NAME = "entries"
MAX_ROWS = 5_000
"""Entries that the page holds, the latest; the workbook has all up to what a sheet of Excel holds."""
MAX_FILE_ROWS = 1_000_000


@reads_one_plan
def build_entry_list(
    db: Database, view: PageView, target: str, has_all_years: bool, max_rows: int = MAX_ROWS
) -> ListTable:
    """Return the list: what counts in the year's period of each target, or with `has_all_years` every entry."""
    question = replace(view.question, agency=view.filters.agency)
    find = list_all_entries if has_all_years else list_counted_entries
    listed = find(db, question, target or None, max_rows)
    rules = [ONLY_EVERY_YEAR] if has_all_years else []
    titles = {
        "day": "Day", "agency": "Agency", "target": "Target", "quantity": "Quantity", "content": "Content",
        "evidence": "Evidence", "where": "Where", "recorded": "Recorded",
    }  # fmt: skip
    return ListTable(
        name=NAME,
        page=pages.ENTRIES,
        title=view.t("Entries of the sheets"),
        caption=view.t("Accepted rows of the sheets, the latest day first."),
        file_stem="muc-tien-do",
        columns=build_columns(view, titles, {"quantity"}),
        value_titles=tuple(view.t(title) for title in _VALUE_TITLES),
        rows=tuple(_build_row(entry, view, frozenset(rules)) for entry in listed.entries),
        as_of=view.as_of,
        total=listed.total,
    )


_VALUE_TITLES = (
    "Day", "Agency", "Code", "Target", "Quantity", "Denominator", "Unit", "Content", "Evidence", "Source", "Tab", "Row",
    "Recorded",
)  # fmt: skip


def _build_row(entry: LatestEntry, view: PageView, rules: frozenset[str]) -> ListRow:
    title = target_figures.get_title(entry, view.lang)
    evidence, plan = entry["evidence"], view.filters.plan
    recorded = clock.to_local(entry["recorded_at"]).replace(tzinfo=None)
    place = tag(
        "span",
        view.t("row {row}", row=entry["row"]),
        tag("small", f"{entry['tab']} · {entry['source']}", class_="kpis-under"),
    )
    cells: Sequence[tuple[Child, object]] = (
        (view.format_day(entry["occurred_on"]), entry["occurred_on"]),
        (
            html.render_link(view.build_url(pages.AGENCY, plan=plan, agency=entry["agency"]), entry["agency"]),
            to_sort_key(entry["agency"]),
        ),
        (title, to_sort_key(title)),
        (render_quantity(entry, view), entry["quantity"]),
        (entry["content"] or "", to_sort_key(entry["content"]) if entry["content"] else None),
        (
            html.render_evidence(evidence) if evidence else tag("span", formatting.NO_VALUE, class_="kpis-quiet"),
            evidence,
        ),
        (place, (entry["source"], entry["tab"], entry["row"])),
        (formatting.format_moment(entry["recorded_at"], view.lang), entry["recorded_at"]),
    )
    values: tuple[CellValue, ...] = (
        entry["occurred_on"], entry["agency"], entry["target"], title, entry["quantity"], entry["denominator"],
        entry["unit_vi" if view.lang == "vi" else "unit_en"], entry["content"], evidence, entry["source"], entry["tab"],
        entry["row"], recorded,
    )  # fmt: skip
    return ListRow(
        cells=tuple(ListCell(content, order) for content, order in cells),
        values=values,
        texts=(entry["target"], title, entry["agency"], entry["content"] or "", evidence or ""),
        flags=rules,
    )
