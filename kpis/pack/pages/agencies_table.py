"""A place's agencies: those that lead, with their tasks by state, and whose own part of a target is pressing.

A commune's part is often like its neighbours': those that owe the same stand by their names in one row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.language.normalization import sort_key
from kpis.measures.attainment_rows import MET, PRESSING, Attainment
from kpis.measures.owed import Owed, owes
from kpis.pack.figures.gather import Place
from kpis.pack.pages.contents import Cell, Column, Table
from kpis.wording import owed_sentences
from kpis.wording import target_figures as words

_TALLIED = ("overdue", "silent", "paused", "in_progress", "not_started", "done")
_TOLD_AS = {"ongoing": "in_progress", "done_late": "done"}
_NAMES = 24
"""So many names stand in one row; the others go on in the next."""


def agencies(place: Place, lang: Language) -> tuple[Table, Table]:
    """Who leads, and whose own part of a target is late, at risk or without figures."""
    rows = list(place.agencies)
    return _leads(place, rows, lang), _owing(place, rows, lang)


def owed_part(row: Attainment) -> Owed | None:
    """What an agency owes of a part of its own that presses; None where it does not, or nothing is owed."""
    return owes(row, row["as_of"]) if row["status"] in PRESSING else None


def named_together(names: Sequence[str], lang: Language) -> Iterator[tuple[Cell, Cell]]:
    """How many, and their names in alphabetical order: so many to a row, which then says of how many."""
    ordered = sorted(names, key=sort_key)
    whole = f"/{written.number(len(ordered), lang)}" if len(ordered) > _NAMES else ""
    for at in range(0, len(ordered), _NAMES):
        part = ordered[at : at + _NAMES]
        number = Cell(written.number(len(part), lang), small=whole, number=len(part))
        yield number, Cell("; ".join(part))


def _leads(place: Place, rows: Sequence[Attainment], lang: Language) -> Table:
    """Those that lead; how many others have reported and owe nothing stands in the note."""
    tallied = _TALLIED if place.tasks else ()
    leads = {row["lead"] for row in place.targets} | {name for task in place.tasks for name in task["leads"]}
    reported: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["entries"]:
            reported[str(row["agency"])].add(row["target"])
    others = reported.keys() - leads - _owing_agencies(rows)
    note = ""
    if others:
        number = written.number(len(others), lang)
        note = translate(lang, "{n} more agencies have reported and owe no part of their own.", n=number)
    columns = (
        Column(translate(lang, "Agency"), width=3.3),
        Column(translate(lang, "Targets it leads"), "number", 1.8),
        Column(translate(lang, "Targets reported on"), "number", 1.5),
        *(Column(_tallied_as(state, lang), "number") for state in tallied),
    )
    made = [_lead(name, len(reported[name]), place, tallied, lang) for name in sorted(leads, key=sort_key)]
    made.sort(key=lambda cells: -sum(int(cell.number or 0) for cell in cells[3:5]))
    return Table(
        f"agencies-{place.plan}",
        translate(lang, "Agencies that lead, and their tasks by state"),
        columns,
        tuple(made),
        translate(lang, "No agency leads anything."),
        note,
    )


def _lead(
    name: str, reported: int, place: Place, tallied: tuple[str, ...], lang: Language
) -> tuple[Cell, ...]:
    own = [row for row in place.targets if row["lead"] == name]
    states = Counter(
        _TOLD_AS.get(task["state"], task["state"]) for task in place.tasks if name in task["leads"]
    )
    return (
        Cell(name),
        _led(own, lang),
        Cell(written.number(reported, lang), number=reported),
        *(_tally(states[state], state, lang) for state in tallied),
    )


def _led(own: Sequence[Attainment], lang: Language) -> Cell:
    if not own:
        return Cell(written.NOTHING, number=0)
    met = written.number(sum(row["status"] in MET for row in own), lang)
    said = translate(lang, "{met}/{all} attained", met=met, all=written.number(len(own), lang))
    return Cell(said, number=len(own))


def _tallied_as(state: str, lang: Language) -> str:
    """The state's word, and what is counted with it."""
    with_others = {"in_progress": "In progress, ongoing", "done": "Done, late too"}
    return translate(lang, with_others[state]) if state in with_others else palette.task_word(state, lang)


def _tally(number: int, state: str, lang: Language) -> Cell:
    if not number:
        return Cell(written.NOTHING, number=0)
    return Cell(written.number(number, lang), state, number=number)


def _owing_agencies(rows: Sequence[Attainment]) -> set[str]:
    return {str(row["agency"]) for row in rows if owes(row, row["as_of"])}


def _owing(place: Place, rows: Sequence[Attainment], lang: Language) -> Table:
    alike: defaultdict[tuple[int, str, str], list[Owed]] = defaultdict(list)
    for row in rows:
        if one := owed_part(row):
            alike[row["position"], words.title(row, lang), _each(one, lang)].append(one)
    told = {str(one.row["agency"]) for found in alike.values() for one in found}
    others = len(_owing_agencies(rows) - told)
    note = ""
    if others:
        number = written.number(others, lang)
        note = translate(lang, "{n} more agencies still owe a part and are on pace.", n=number)
    groups = sorted(alike.items(), key=lambda group: (group[0][0], -_gap(group[1][0]), group[0][2]))
    return Table(
        f"owing-{place.plan}",
        translate(lang, "Own parts of agencies to do now"),
        (
            Column(translate(lang, "Target"), width=3),
            Column(translate(lang, "Each still owes"), width=2.2),
            Column(translate(lang, "How many"), "number", 0.9),
            Column(translate(lang, "Agencies"), width=6),
        ),
        tuple(
            (Cell(title), Cell(owed), *named)
            for (_, title, owed), found in groups
            for named in named_together([str(one.row["agency"]) for one in found], lang)
        ),
        translate(lang, "No agency's own part is late, at risk or without figures."),
        note,
        records=sum(len(found) for found in alike.values()),
    )


def _each(one: Owed, lang: Language) -> str:
    """What each of some agencies owes, and the time; the pace, which each has its own, is in the workbook."""
    idle = one.missing and one.row["measure"] == "coverage"
    said = [translate(lang, "has not taken part yet")] if idle else owed_sentences.missing(one, lang)
    return " · ".join([*said, owed_sentences.left(one, lang)])


def _gap(one: Owed) -> int:
    return one.missing or one.excess or 0
