"""The overview that is projected: status counts, matrix or ranking of the places, what is to do now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import TargetStatus
from kpis.measures.plan_ranking import Standing, sort_standings
from kpis.measures.status_overview import count_statuses
from kpis.measures.todo import TodoItem, TodoKind
from kpis.pack.figures.edition_figures import EditionFigures, PlaceFigures
from kpis.pack.meeting.cuts import AnnexSheets, cut_table
from kpis.pack.meeting.fitting import Limits, MeetingPage
from kpis.pack.pages.contents import Page, Table, TableCell, TableColumn
from kpis.pack.pages.explanations_page import EXPLANATIONS_KEY
from kpis.pack.pages.overview_page import (
    MATRIX_KEY,
    MAX_MATRIX_COLUMNS,
    OVERDUE_TASKS_KEY,
    OWED_KEY,
    build_matrix_tables,
    format_attained,
    format_ward_suffix,
)
from kpis.wording import todo_sentences

MAX_MATRIX_PLACES = 8
"""With more places the overview ranks their names instead of showing the matrix."""
MAX_SHEETS = 2
_TODO_ROWS, _RANKED_PLACES = 16, 20
"""Rows of each list at most; what the sheets do not hold is cut further, and what is cut is counted."""
_KIND_NAMES: Mapping[TodoKind, str] = {
    "explanation": "late answers",
    "target": "targets",
    "task": "tasks",
    "doubt": "figures to confirm",
}
_ANNEX_KEYS: Mapping[TodoKind, str] = {
    "explanation": EXPLANATIONS_KEY,
    "target": OWED_KEY,
    "task": OVERDUE_TASKS_KEY,
}
"""Kind of a thing to do -> the annex's table that has all of them; a figure to confirm stands in that of its place."""
_RANKED_STATUSES: tuple[TargetStatus, ...] = ("overdue", "behind", "no_data", "at_risk")


def plan_overview(figures: EditionFigures, page: Page, annex: AnnexSheets) -> MeetingPage:
    """Plan the page: what is to do is cut before the places are."""
    lang = figures.query.lang
    items = figures.todo_items
    todo = _build_todo_table(items, figures, lang)
    others = [block for block in page.blocks if not isinstance(block, Table)]
    is_ranked = len(figures.places) > MAX_MATRIX_PLACES
    has_matrix = 1 < len(figures.places) <= MAX_MATRIX_PLACES
    tables = build_matrix_tables(figures, _choose_indicators(figures)) if has_matrix else []
    matrix = [replace(table, is_dense=True) for table in tables]
    ranking = _build_ranking(figures, lang)

    def build(limits: Limits) -> Page:
        places = (
            [cut_table(ranking, limits["places"], annex, annex.format_reference(MATRIX_KEY))] if is_ranked else matrix
        )
        list_to_do = cut_table(todo, limits["todo"], annex, _format_reference(items[limits["todo"] :], annex))
        return replace(page, blocks=(*others, *places, list_to_do))

    ranked_rows = min(_RANKED_PLACES, len(ranking.rows)) if is_ranked else 0
    return MeetingPage(build, {"places": ranked_rows, "todo": min(_TODO_ROWS, len(items))}, MAX_SHEETS)


def _format_reference(left_out: Iterable[TodoItem], annex: AnnexSheets) -> str:
    """Return where the annex has the things to do that the list leaves out, by kind."""
    keys: dict[TodoKind, list[str]] = {}
    for item in left_out:
        keys.setdefault(item.kind, []).append(_ANNEX_KEYS.get(item.kind) or f"targets-{item.plan}")
    return annex.format_references({_KIND_NAMES[kind]: keys[kind] for kind in _KIND_NAMES if kind in keys})


def _choose_indicators(figures: EditionFigures) -> list[tuple[str, str, str]]:
    """Return the indicators that most places have, as many as one table holds, in the order of the matrix."""
    counts = Counter(indicator for cells in figures.matrix.values() for indicator, rows in cells.items() if rows)
    chosen = {indicator for indicator, _ in counts.most_common(MAX_MATRIX_COLUMNS - 1)}
    return [entry for entry in figures.shared_indicators if entry[0] in chosen]


def _build_todo_table(items: Sequence[TodoItem], figures: EditionFigures, lang: Language) -> Table:
    number = formatting.format_number(len(items), lang)
    title = translate(lang, "To do now")
    return Table(
        "todo",
        f"{title} ({number})" if items else title,
        (
            TableColumn(translate(lang, "Province or ward"), width=1.2),
            TableColumn(translate(lang, "Target or task"), width=3.6),
            TableColumn(translate(lang, "Status"), "status", 1.5),
            TableColumn(translate(lang, "Still owed"), width=2.6),
            TableColumn(translate(lang, "Time left"), width=1.5),
            TableColumn(translate(lang, "Lead"), width=2),
        ),
        tuple(_build_todo_row(item, figures.place_names, lang) for item in items),
        translate(lang, "Nothing is late, at risk or without figures."),
    )


def _build_todo_row(item: TodoItem, place_names: Mapping[str, str], lang: Language) -> tuple[TableCell, ...]:
    return (
        TableCell(place_names[item.plan]),
        TableCell(todo_sentences.format_title(item, lang)),
        TableCell(todo_sentences.format_status(item, lang), item.status),
        TableCell(", ".join(todo_sentences.format_missing(item, lang))),
        TableCell(todo_sentences.format_time_left(item, lang), number=item.days_left),
        TableCell(todo_sentences.format_owners(item)),
    )


def _build_ranking(figures: EditionFigures, lang: Language) -> Table:
    """Return the places, worst first, in the order of the overview's ranking."""
    columns = (
        TableColumn(translate(lang, "Province or ward"), width=3),
        TableColumn(translate(lang, "Attained"), "number", 1.4),
        *(TableColumn(palette.get_status_label(status, lang), "number") for status in _RANKED_STATUSES),
    )
    by_plan = {place.plan: place for place in figures.places}
    standings = [Standing(place.plan, count_statuses(place.targets), place.has_been_read) for place in figures.places]
    ordered = sort_standings(standings, {plan: place.name for plan, place in by_plan.items()})
    rows = tuple(_build_ranking_row(standing, by_plan[standing.plan], lang) for standing in ordered)
    return Table("ranking", translate(lang, "Provinces, worst first"), columns, rows)


def _build_ranking_row(standing: Standing, place: PlaceFigures, lang: Language) -> tuple[TableCell, ...]:
    name = TableCell(place.name + format_ward_suffix(place, lang))
    if not standing.is_read:
        empty = TableCell(formatting.NO_VALUE)
        return (name, TableCell(format_attained(place, lang)), *(empty,) * len(_RANKED_STATUSES))
    text = f"{formatting.format_number(standing.met, lang)}/{formatting.format_number(standing.judged, lang)}"
    cells = (_build_count_cell(standing.counts[status], status, lang) for status in _RANKED_STATUSES)
    return (name, TableCell(text, number=standing.met), *cells)


def _build_count_cell(number: int, status: str, lang: Language) -> TableCell:
    if not number:
        return TableCell(formatting.NO_VALUE, number=0)
    return TableCell(formatting.format_number(number, lang), status, number=number)
