"""Every row to fix as a list: rejected, to confirm, with a warning, no data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from kpis.language import clock
from kpis.language.normalization import to_sort_key
from kpis.measures.findings import (
    Finding,
    SetAsideRowRecord,
    list_rejections,
    list_set_aside_rows,
    list_warnings,
)
from kpis.measures.register_facts import format_place_name, list_plans
from kpis.measures.rows_to_confirm import RowToConfirm
from kpis.pack.xlsx.tab import CellValue
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.findings.findings_table import (
    get_first_moment,
    group_by_row,
    render_finding_cells,
    render_set_aside_cells,
)
from kpis.ui.findings.rows_to_confirm import load_rows_to_confirm, render_confirm_cells
from kpis.ui.shared.html import Child
from kpis.ui.shared.lists.columns import build_columns
from kpis.ui.shared.lists.model import ListCell, ListRow, ListTable
from kpis.ui.shared.page_view import PageView
from kpis.wording import doubt_sentences

NAME = "findings"
REJECTED, CONFIRM, WARNED, SET_ASIDE = "rejected", "confirm", "warned", "set_aside"
GROUPS: Mapping[str, tuple[str, str]] = {
    REJECTED: ("Rejected rows", "Not counted until fixed in the sheet."),
    CONFIRM: (
        "Rows to confirm",
        "Counted, but they can be read in two ways; a target is attained only if it is without them too.",
    ),
    WARNED: ("Rows with a warning", "Counted; please check them."),
    SET_ASIDE: ("Rows that are no data", "Titles, headers, totals and signatures: neither counted nor rejected."),
}
"""Kind -> its name and what it means, as catalogue keys; in the order of the list."""


@dataclass(frozen=True)
class RowsToFix:
    """The sheet rows of each kind: the findings of one row together, its doubts together."""

    rejected: Sequence[Sequence[Finding]]
    to_confirm: Sequence[Sequence[RowToConfirm]]
    warned: Sequence[Sequence[Finding]]
    set_aside: Sequence[SetAsideRowRecord]

    def list_sources(self, kind: str) -> list[str]:
        """Return the source of each row of a kind."""
        if kind == CONFIRM:
            return [items[0].place[0] for items in self.to_confirm]
        if kind == SET_ASIDE:
            return [row["source"] for row in self.set_aside]
        return [findings[0]["source"] for findings in (self.rejected if kind == REJECTED else self.warned)]


def load_rows_to_fix(db: Database, view: PageView) -> RowsToFix:
    """Return the rows to fix of the view; of a chosen agency no row that is no data, since such a row names none.

    `db` is the database for lists of rows: an officer's has those of the own agencies alone.
    """
    query = (view.lang, view.filters.plan, view.filters.agency, db.pointer, view.as_of)
    set_aside = (
        [] if view.filters.agency is not None else list_set_aside_rows(db, view.lang, view.filters.plan, db.pointer)
    )
    to_confirm = load_rows_to_confirm(db.with_all_agencies, view)
    return RowsToFix(
        group_by_row(list_rejections(db, *query)),
        [list(items) for _, items in groupby(to_confirm, key=lambda item: item.place)],
        group_by_row(list_warnings(db, *query)),
        set_aside,
    )


def build_finding_list(db: Database, view: PageView) -> ListTable:
    """Return the list."""
    rows = load_rows_to_fix(db, view)
    places = {plan["plan"]: format_place_name(plan) for plan in list_plans(db, view.filters.plan)}
    titles = {"row": "Where", "agency": "Agency", "todo": "What to do", "since": "Since"}
    return ListTable(
        name=NAME,
        page=pages.FINDINGS,
        title=view.t("Rows to fix"),
        caption="",
        file_stem="dong-can-sua",
        columns=build_columns(view, titles),
        value_titles=tuple(view.t(title) for title in _VALUE_TITLES),
        rows=tuple(_build_row(item, places.get(item.plan, item.plan), view) for item in _list_items(rows, view)),
        as_of=view.as_of,
        statuses={kind: view.t(name) for kind, (name, _) in GROUPS.items()},
    )


_VALUE_TITLES = (
    "Kind of row", "Province or ward", "Source", "Tab", "Row", "Agency", "Cell", "What to do", "What the row says",
    "Code", "Since",
)  # fmt: skip


@dataclass(frozen=True)
class _Item:
    """One sheet row: `sentences` say what to do about it, `recorded_at` is naive UTC."""

    kind: str
    place: tuple[str, str, int]
    plan: str
    agency: str | None
    cells: tuple[Child, ...]
    sentences: Sequence[str]
    content: str
    codes: Sequence[str]
    sheet_cells: Sequence[str] = ()
    recorded_at: datetime | None = None


def _list_items(rows: RowsToFix, view: PageView) -> Iterator[_Item]:
    for findings in rows.rejected:
        yield _read_findings(REJECTED, findings, view)
    for items in rows.to_confirm:
        yield _read_doubts(items, view)
    for findings in rows.warned:
        yield _read_findings(WARNED, findings, view)
    for row in rows.set_aside:
        yield _Item(
            SET_ASIDE,
            (row["source"], row["tab"], row["row"]),
            row["plan"],
            None,
            render_set_aside_cells(row, view),
            [row["message"]],
            row["value"] or "",
            [row["reason"]],
            recorded_at=row["recorded_at"],
        )


def _read_findings(kind: str, findings: Sequence[Finding], view: PageView) -> _Item:
    first = findings[0]
    return _Item(
        kind,
        (first["source"], first["tab"], first["row"]),
        first["plan"],
        first["agency"],
        render_finding_cells(findings, view),
        [finding["message"] for finding in findings],
        "; ".join(finding["value"] for finding in findings if finding["value"]),
        [finding["code"] for finding in findings],
        [finding["cell"] for finding in findings if finding["cell"]],
        get_first_moment(findings),
    )


def _read_doubts(items: Sequence[RowToConfirm], view: PageView) -> _Item:
    row = items[0].row
    return _Item(
        CONFIRM,
        items[0].place,
        items[0].plan,
        row["agency"],
        render_confirm_cells(items, view),
        [doubt_sentences.format_row(item, view.lang) for item in items],
        row["content"] or "",
        [item.code for item in items],
    )


def _build_row(item: _Item, place_name: str, view: PageView) -> ListRow:
    source, tab, number = item.place
    name, meaning = GROUPS[item.kind]
    day = None if item.recorded_at is None else clock.to_local(item.recorded_at).replace(tzinfo=None)
    orders: Sequence[object] = (
        (source, tab, number),
        to_sort_key(item.agency) if item.agency else None,
        to_sort_key(item.sentences[0]),
        item.recorded_at,
    )
    values: tuple[CellValue, ...] = (
        view.t(name), place_name, source, tab, number, item.agency, ", ".join(item.sheet_cells),
        "\n".join(item.sentences), item.content, ", ".join(item.codes), day,
    )  # fmt: skip
    return ListRow(
        cells=tuple(map(ListCell, item.cells, orders)),
        values=values,
        texts=(*item.codes, place_name, source, item.agency or "", item.content, *item.sheet_cells),
        group=f"{view.t(name)}: {view.t(meaning)}",
        statuses=(item.kind,),
        source=source,
        is_open=item.kind != SET_ASIDE,
    )
