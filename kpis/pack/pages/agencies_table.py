"""A place's agency tables: the lead agencies with their tasks by state, and agencies whose own part is late.

Communes often owe the same: agencies that owe the same part of a target share one row with their names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment_rows import MET_STATUSES, URGENT_STATUSES, Attainment
from kpis.measures.owed import Owed, compute_owed, owes_something
from kpis.measures.status_overview import select_judged
from kpis.pack.figures.edition_figures import PlaceFigures
from kpis.pack.pages.contents import Table, TableCell, TableColumn
from kpis.wording import owed_sentences, target_figures

_TALLY_STATES = ("overdue", "silent", "paused", "in_progress", "not_started", "done")
_MERGED_STATES = {"ongoing": "in_progress", "done_late": "done"}
NAMES_PER_ROW = 24
"""A row has at most so many names; the next row has the others."""


def build_agency_tables(place: PlaceFigures, lang: Language) -> tuple[Table, Table]:
    """Return the table of lead agencies and that of agencies whose own part of a target is urgent."""
    rows = list(place.agency_rows)
    owing = {str(row["agency"]) for row in rows if owes_something(row, row["as_of"])}
    return _build_leads_table(place, rows, owing, lang), _build_owing_table(place, rows, owing, lang)


def is_part_to_do(row: Attainment) -> bool:
    """Return whether an agency owes something of its own part of a target now; not if it is on pace."""
    return row["status"] in URGENT_STATUSES and owes_something(row, row["as_of"])


def group_names(names: Sequence[str], lang: Language) -> Iterator[tuple[TableCell, TableCell]]:
    """Yield a number cell and a cell of names in alphabetical order for at most `NAMES_PER_ROW` names each.

    If there are several such rows, the number cell also shows the total ("24 /49").
    """
    ordered = sorted(names, key=to_sort_key)
    total = f"/{formatting.format_number(len(ordered), lang)}" if len(ordered) > NAMES_PER_ROW else ""
    for start in range(0, len(ordered), NAMES_PER_ROW):
        part = ordered[start : start + NAMES_PER_ROW]
        number = TableCell(formatting.format_number(len(part), lang), subtext=total, number=len(part))
        yield number, TableCell("; ".join(part))


def _build_leads_table(place: PlaceFigures, rows: Sequence[Attainment], owing: Set[str], lang: Language) -> Table:
    """The note says how many other agencies have reported and owe nothing; `owing` are those that owe a part."""
    states = _TALLY_STATES if place.tasks else ()
    leads = {row["lead"] for row in place.targets} | {name for task in place.tasks for name in task["leads"]}
    reported: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["entries"]:
            reported[str(row["agency"])].add(row["target"])
    others = reported.keys() - leads - owing
    note = ""
    if others:
        number = formatting.format_number(len(others), lang)
        note = translate(lang, "{n} more agencies have reported and owe nothing of their own.", n=number)
    columns = (
        TableColumn(translate(lang, "Agency"), width=3.3),
        TableColumn(translate(lang, "Targets led"), "number", 1.8),
        TableColumn(translate(lang, "Targets reported on"), "number", 1.5),
        *(TableColumn(_format_tally_title(state, lang), "number") for state in states),
    )
    table_rows = [
        _build_lead_row(name, len(reported[name]), place, states, lang) for name in sorted(leads, key=to_sort_key)
    ]
    table_rows.sort(key=lambda cells: -sum(int(cell.number or 0) for cell in cells[3:5]))
    return Table(
        f"agencies-{place.plan}",
        translate(lang, "Lead agencies and their tasks by state"),
        columns,
        tuple(table_rows),
        translate(lang, "No agency leads a target or task."),
        note,
    )


def _build_lead_row(
    name: str, reported_count: int, place: PlaceFigures, tally_states: tuple[str, ...], lang: Language
) -> tuple[TableCell, ...]:
    targets = [row for row in place.targets if row["lead"] == name]
    states = Counter(_MERGED_STATES.get(task["state"], task["state"]) for task in place.tasks if name in task["leads"])
    return (
        TableCell(name),
        _build_led_targets_cell(targets, lang),
        TableCell(formatting.format_number(reported_count, lang), number=reported_count),
        *(_build_tally_cell(states[state], state, lang) for state in tally_states),
    )


def _build_led_targets_cell(targets: Sequence[Attainment], lang: Language) -> TableCell:
    targets = select_judged(targets)
    if not targets:
        return TableCell(formatting.NO_VALUE, number=0)
    met = formatting.format_number(sum(row["status"] in MET_STATUSES for row in targets), lang)
    text = translate(lang, "{met}/{all} attained", met=met, all=formatting.format_number(len(targets), lang))
    return TableCell(text, number=len(targets))


def _format_tally_title(state: str, lang: Language) -> str:
    """Return a column's title: the state's label, with the states that are counted with it."""
    titles = {"in_progress": "In progress, ongoing", "done": "Done, including late"}
    return translate(lang, titles[state]) if state in titles else palette.get_task_state_label(state, lang)


def _build_tally_cell(number: int, state: str, lang: Language) -> TableCell:
    if not number:
        return TableCell(formatting.NO_VALUE, number=0)
    return TableCell(formatting.format_number(number, lang), state, number=number)


def _build_owing_table(place: PlaceFigures, rows: Sequence[Attainment], owing: Set[str], lang: Language) -> Table:
    """The note says how many of the agencies `owing` a part are on pace."""
    by_text: defaultdict[tuple[int, str, str], list[Owed]] = defaultdict(list)
    for row in rows:
        if is_part_to_do(row) and (owed := compute_owed(row, row["as_of"])):
            key = row["position"], target_figures.get_title(row, lang), _format_owed_by_each(owed, lang)
            by_text[key].append(owed)
    urgent_agencies = {str(owed.row["agency"]) for group in by_text.values() for owed in group}
    others = len(owing - urgent_agencies)
    note = ""
    if others:
        number = formatting.format_number(others, lang)
        note = translate(lang, "{n} more agencies still owe a part and are on pace.", n=number)
    groups = sorted(by_text.items(), key=lambda group: (group[0][0], -_get_gap(group[1][0]), group[0][2]))
    return Table(
        f"owing-{place.plan}",
        translate(lang, "Agencies' own parts to do now"),
        (
            TableColumn(translate(lang, "Target"), width=3),
            TableColumn(translate(lang, "Each still owes"), width=2.2),
            TableColumn(translate(lang, "How many"), "number", 0.9),
            TableColumn(translate(lang, "Agencies"), width=6),
        ),
        tuple(
            (TableCell(title), TableCell(owed_text), *cells)
            for (_, title, owed_text), group in groups
            for cells in group_names([str(owed.row["agency"]) for owed in group], lang)
        ),
        translate(lang, "No agency's own part is late, at risk or without figures."),
        note,
        record_count=sum(len(group) for group in by_text.values()),
    )


def _format_owed_by_each(owed: Owed, lang: Language) -> str:
    """Return what each agency of a row owes and the time left; the pace differs and is in the workbook."""
    if owed.missing and owed.row["measure"] == "coverage":
        parts = [translate(lang, "has not taken part yet")]
    else:
        parts = owed_sentences.format_missing(owed, lang)
    return " · ".join([*parts, owed_sentences.format_time_left(owed, lang)])


def _get_gap(owed: Owed) -> float:
    return owed.missing or owed.excess or 0
