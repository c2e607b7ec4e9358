"""A place's agencies: those that lead, with their tasks by state, and whose own part of a target is pressing.

A commune's part is often like its neighbours': those that owe the same stand by their names in one row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment_rows import MET_STATUSES, URGENT_STATUSES, Attainment
from kpis.measures.owed import Owed, compute_owed
from kpis.pack.figures.gather import PlaceFigures
from kpis.pack.pages.contents import Table, TableCell, TableColumn
from kpis.wording import owed_sentences
from kpis.wording import target_figures as words

_TALLY_STATES = ("overdue", "silent", "paused", "in_progress", "not_started", "done")
_MERGED_STATES = {"ongoing": "in_progress", "done_late": "done"}
_NAMES_PER_ROW = 24
"""So many names stand in one row; the others go on in the next."""


def build_agency_tables(place: PlaceFigures, lang: Language) -> tuple[Table, Table]:
    """Who leads, and whose own part of a target is late, at risk or without figures."""
    rows = list(place.agency_rows)
    return _build_leads_table(place, rows, lang), _build_owing_table(place, rows, lang)


def find_owed_part(row: Attainment) -> Owed | None:
    """What an agency owes of a part of its own that presses; None where it does not, or nothing is owed."""
    return compute_owed(row, row["as_of"]) if row["status"] in URGENT_STATUSES else None


def group_names(names: Sequence[str], lang: Language) -> Iterator[tuple[TableCell, TableCell]]:
    """How many, and their names in alphabetical order: so many to a row, which then says of how many."""
    ordered = sorted(names, key=to_sort_key)
    whole = f"/{written.format_number(len(ordered), lang)}" if len(ordered) > _NAMES_PER_ROW else ""
    for at in range(0, len(ordered), _NAMES_PER_ROW):
        part = ordered[at : at + _NAMES_PER_ROW]
        number = TableCell(written.format_number(len(part), lang), subtext=whole, number=len(part))
        yield number, TableCell("; ".join(part))


def _build_leads_table(place: PlaceFigures, rows: Sequence[Attainment], lang: Language) -> Table:
    """Those that lead; how many others have reported and owe nothing stands in the note."""
    tallied = _TALLY_STATES if place.tasks else ()
    leads = {row["lead"] for row in place.targets} | {name for task in place.tasks for name in task["leads"]}
    reported: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["entries"]:
            reported[str(row["agency"])].add(row["target"])
    others = reported.keys() - leads - _find_owing_agencies(rows)
    note = ""
    if others:
        number = written.format_number(len(others), lang)
        note = translate(lang, "{n} more agencies have reported and owe no part of their own.", n=number)
    columns = (
        TableColumn(translate(lang, "Agency"), width=3.3),
        TableColumn(translate(lang, "Targets it leads"), "number", 1.8),
        TableColumn(translate(lang, "Targets reported on"), "number", 1.5),
        *(TableColumn(_format_tally_title(state, lang), "number") for state in tallied),
    )
    made = [
        _build_lead_row(name, len(reported[name]), place, tallied, lang)
        for name in sorted(leads, key=to_sort_key)
    ]
    made.sort(key=lambda cells: -sum(int(cell.number or 0) for cell in cells[3:5]))
    return Table(
        f"agencies-{place.plan}",
        translate(lang, "Agencies that lead, and their tasks by state"),
        columns,
        tuple(made),
        translate(lang, "No agency leads anything."),
        note,
    )


def _build_lead_row(
    name: str, reported_count: int, place: PlaceFigures, tally_states: tuple[str, ...], lang: Language
) -> tuple[TableCell, ...]:
    own = [row for row in place.targets if row["lead"] == name]
    states = Counter(
        _MERGED_STATES.get(task["state"], task["state"]) for task in place.tasks if name in task["leads"]
    )
    return (
        TableCell(name),
        _build_led_targets_cell(own, lang),
        TableCell(written.format_number(reported_count, lang), number=reported_count),
        *(_build_tally_cell(states[state], state, lang) for state in tally_states),
    )


def _build_led_targets_cell(targets: Sequence[Attainment], lang: Language) -> TableCell:
    if not targets:
        return TableCell(written.NO_VALUE, number=0)
    met = written.format_number(sum(row["status"] in MET_STATUSES for row in targets), lang)
    said = translate(lang, "{met}/{all} attained", met=met, all=written.format_number(len(targets), lang))
    return TableCell(said, number=len(targets))


def _format_tally_title(state: str, lang: Language) -> str:
    """The state's word, and what is counted with it."""
    with_others = {"in_progress": "In progress, ongoing", "done": "Done, late too"}
    return (
        translate(lang, with_others[state])
        if state in with_others
        else palette.get_task_state_label(state, lang)
    )


def _build_tally_cell(number: int, state: str, lang: Language) -> TableCell:
    if not number:
        return TableCell(written.NO_VALUE, number=0)
    return TableCell(written.format_number(number, lang), state, number=number)


def _find_owing_agencies(rows: Sequence[Attainment]) -> set[str]:
    return {str(row["agency"]) for row in rows if compute_owed(row, row["as_of"])}


def _build_owing_table(place: PlaceFigures, rows: Sequence[Attainment], lang: Language) -> Table:
    alike: defaultdict[tuple[int, str, str], list[Owed]] = defaultdict(list)
    for row in rows:
        if one := find_owed_part(row):
            alike[row["position"], words.get_title(row, lang), _format_owed_by_each(one, lang)].append(one)
    told = {str(one.row["agency"]) for found in alike.values() for one in found}
    others = len(_find_owing_agencies(rows) - told)
    note = ""
    if others:
        number = written.format_number(others, lang)
        note = translate(lang, "{n} more agencies still owe a part and are on pace.", n=number)
    groups = sorted(alike.items(), key=lambda group: (group[0][0], -_get_gap(group[1][0]), group[0][2]))
    return Table(
        f"owing-{place.plan}",
        translate(lang, "Own parts of agencies to do now"),
        (
            TableColumn(translate(lang, "Target"), width=3),
            TableColumn(translate(lang, "Each still owes"), width=2.2),
            TableColumn(translate(lang, "How many"), "number", 0.9),
            TableColumn(translate(lang, "Agencies"), width=6),
        ),
        tuple(
            (TableCell(title), TableCell(owed), *named)
            for (_, title, owed), found in groups
            for named in group_names([str(one.row["agency"]) for one in found], lang)
        ),
        translate(lang, "No agency's own part is late, at risk or without figures."),
        note,
        record_count=sum(len(found) for found in alike.values()),
    )


def _format_owed_by_each(owed: Owed, lang: Language) -> str:
    """What each of some agencies owes, and the time; the pace, which each has its own, is in the workbook."""
    idle = owed.missing and owed.row["measure"] == "coverage"
    said = [translate(lang, "has not taken part yet")] if idle else owed_sentences.format_missing(owed, lang)
    return " · ".join([*said, owed_sentences.format_time_left(owed, lang)])


def _get_gap(owed: Owed) -> int:
    return owed.missing or owed.excess or 0
