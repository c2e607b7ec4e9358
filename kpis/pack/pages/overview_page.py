"""The overview page: targets by status, the matrix of provinces and shared indicators, what is owed now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import MET_STATUSES, Attainment
from kpis.measures.owed import Owed
from kpis.measures.status_overview import select_judged
from kpis.pack.figures.edition_figures import EditionFigures, PlaceFigures
from kpis.pack.figures.previous_edition import PreviousEdition
from kpis.pack.pages.contents import Block, Note, Page, Table, TableCell, TableColumn, Tile, Tiles
from kpis.pack.pages.task_tables import build_task_tables
from kpis.wording import doubt_sentences, missing_data, owed_sentences, target_figures, unread_tabs, year_end
from kpis.wording.column_units import format_column_title

TILE_STATUSES = ("overdue", "behind", "no_data", "at_risk", "on_track", "attained")
_UNTILED_STATUSES = ("not_started", "not_applicable")

MATRIX_KEY, OWED_KEY, OVERDUE_TASKS_KEY = "matrix", "owed", "overdue-tasks"
"""The key of the matrix's first table; the further ones have "matrix-2" and so on."""

MAX_MATRIX_COLUMNS = 7
"""At most so many columns of the matrix fit at a font size that can be read from the back of a room."""


def build_page(
    figures: EditionFigures, subtitle: str, place_names: Mapping[str, str], previous: PreviousEdition | None
) -> Page:
    """Build the page: tiles with the change since the previous edition, the matrix, what is owed now."""
    lang = figures.query.lang
    title = translate(lang, "Overview")
    if not figures.places:
        nothing = translate(lang, "No plan has a target for this week: there are no figures to show.")
        return Page("overview", "overview", title, subtitle, (Note(nothing),))
    notes = [Note(text, "no_data", strong=True) for text in figures.build_caveats(figures.places).values()]
    place_by_plan = {place.plan: place.name for place in figures.places}
    if unread := unread_tabs.format_sentence(place_by_plan, figures.unread_tabs, lang):
        notes.append(Note(unread, "no_data", strong=True))
    if year_end_text := _format_year_end(figures, lang):
        notes.append(Note(year_end_text, strong=True))
    blocks: tuple[Block, ...] = (
        *notes,
        build_tiles(figures, previous),
        *build_matrix_tables(figures, figures.shared_indicators),
        build_owed_table(figures, place_names, lang),
        *build_task_tables(OVERDUE_TASKS_KEY, "Overdue annex tasks", figures.overdue_tasks, place_names, lang),
    )
    return Page("overview", "overview", title, subtitle, blocks)


def _format_year_end(figures: EditionFigures, lang: Language) -> str:
    rows = [row for row in figures.ended_targets if row["kind"] != "ward" or figures.query.plan]
    return year_end.format_sentence(rows, figures.query.since.year, lang)


def build_tiles(figures: EditionFigures, previous: PreviousEdition | None) -> Tiles:
    """Build one tile per status, worst first, compared with the previous edition or the Sunday before."""
    lang, rows = figures.query.lang, figures.counted_targets
    current = Counter(str(row["status"]) for row in rows)
    earlier = Counter(_list_previous_statuses(figures))
    tiles = []
    for status in TILE_STATUSES:
        number, previous_number = _count_status(current, status), _count_status(earlier, status)
        if figures.is_new_year:  # the years have different targets: a difference would mean nothing
            total = formatting.format_number(earlier.total(), lang)
            number_then = formatting.format_number(previous_number, lang)
            day_then = formatting.format_day(figures.query.since, lang)
            change = translate(lang, "on {day}: {n}/{all}", day=day_then, n=number_then, all=total)
        else:
            day = None if previous else figures.query.since
            change = _format_change(number - previous_number, day, lang)
        label = palette.get_status_label(status, lang)
        tiles.append(Tile(status, label, number, previous_number, len(rows), change))
    return Tiles(tuple(tiles), _format_untiled(current, lang))


def _list_previous_statuses(figures: EditionFigures) -> Iterator[str]:
    """Return the statuses that the tiles counted then, including targets whose period has ended since."""
    wards = () if figures.query.plan else tuple(f"{plan}." for plan in figures.ward_plans)
    statuses = figures.previous_statuses.items()
    return (status for target, status in statuses if status != "carried" and not target.startswith(wards))


def _count_status(counts: Counter[str], status: str) -> int:
    return counts[status] + (counts["attained_late"] if status == "attained" else 0)


def _format_change(difference: int, since: date | None, lang: Language) -> str:
    """Return the change since the previous edition, or since a day if there is none."""
    number = formatting.format_number(abs(difference), lang)
    sign = (difference > 0) - (difference < 0)  # as an index, -1 is the last key
    if since is None:
        keys = "same as last time", "{n} more than last time", "{n} fewer than last time"
        return translate(lang, keys[sign], n=number)
    keys = "same as on {day}", "{n} more than on {day}", "{n} fewer than on {day}"
    return translate(lang, keys[sign], n=number, day=formatting.format_day_and_month(since, lang))


def _format_untiled(counts: Counter[str], lang: Language) -> str:
    parts = []
    if counts["attained_late"]:
        late = formatting.format_number(counts["attained_late"], lang)
        parts.append(translate(lang, "{n} of those attained late", n=late))
    for status in _UNTILED_STATUSES:
        if counts[status]:
            label = palette.get_status_label(status, lang)
            number = formatting.format_number(counts[status], lang)
            parts.append(translate(lang, "{n} {state}", n=number, state=label[:1].lower() + label[1:]))
    return " · ".join(parts)


def build_matrix_tables(figures: EditionFigures, indicators: Sequence[tuple[str, str, str]]) -> list[Table]:
    """Build the matrix of some shared indicators as as many tables as they need, each with the places first.

    The last column has the targets on other indicators. For a single place there are only the columns of its own
    targets.
    """
    lang = figures.query.lang
    titles = [
        format_column_title(
            name_vi if lang == "vi" else name_en,
            (row for cells in figures.matrix.values() for row in cells.get(indicator, ())),
            lang,
        )
        for indicator, name_vi, name_en in indicators
    ]
    titles.append(translate(lang, "Other targets"))
    ids = [indicator for indicator, _, _ in indicators]
    rows = [_build_matrix_row(place, figures, ids, lang) for place in figures.places]
    columns = [at for at in range(len(titles)) if len(rows) > 1 or any(row[1 + at].state for row in rows)]
    title = translate(lang, "Provinces and indicators")
    parts = _split_columns(columns)
    return [
        Table(
            MATRIX_KEY if number == 1 else f"{MATRIX_KEY}-{number}",
            title if len(parts) == 1 else f"{title} ({number}/{len(parts)})",
            (
                TableColumn(translate(lang, "Province"), width=1.4),
                *(TableColumn(titles[at], "status") for at in part),
            ),
            tuple((row[0], *(row[1 + at] for at in part)) for row in rows),
        )
        for number, part in enumerate(parts, start=1)
    ]


def _split_columns(columns: Sequence[int]) -> list[Sequence[int]]:
    """Split the columns into parts of nearly equal size, each of at most `MAX_MATRIX_COLUMNS`."""
    parts = -(-len(columns) // MAX_MATRIX_COLUMNS)
    ends = [len(columns) * part // parts for part in range(parts + 1)]
    return [columns[start:end] for start, end in pairwise(ends)]


def _build_matrix_row(
    place: PlaceFigures, figures: EditionFigures, indicators: Sequence[str], lang: Language
) -> tuple[TableCell, ...]:
    cells = figures.matrix.get(place.plan, {})
    others = [row for row in place.targets if row["indicator"] not in indicators]
    subtext = format_attained(place, lang) + format_ward_suffix(place, lang)
    return (
        TableCell(place.name, subtext=subtext),
        *(_build_matrix_cell(cells.get(indicator, []), lang) for indicator in indicators),
        _build_other_targets_cell(others, lang),
    )


def format_attained(place: PlaceFigures, lang: Language) -> str:
    """Return "5/8 attained" for a place's targets, or that none of its sources has been read."""
    if not place.has_been_read:
        return missing_data.format_short(lang)
    judged = select_judged(place.targets)
    met = formatting.format_number(sum(row["status"] in MET_STATUSES for row in judged), lang)
    return translate(lang, "{met}/{all} attained", met=met, all=formatting.format_number(len(judged), lang))


def format_ward_suffix(place: PlaceFigures, lang: Language) -> str:
    """Return " · ward of Thái Nguyên, counted separately" for a ward, else an empty text."""
    if not place.is_ward:
        return ""
    return " · " + translate(lang, "ward of {province}, counted separately", province=place.province)


def _build_matrix_cell(rows: Sequence[Attainment], lang: Language) -> TableCell:
    if not rows:
        return TableCell(formatting.NO_VALUE)
    first, *others = (build_target_cell(row, lang) for row in rows)
    return replace(first, more_cells=tuple(others))


def build_target_cell(row: Attainment, lang: Language) -> TableCell:
    """Build one target's cell: sign, "24/50", thin bar and status label; a milestone has only the label."""
    status = str(row["status"])
    label = doubt_sentences.format_status(row, lang)
    if row["measure"] == "milestone" or status in ("not_applicable", "carried"):
        return TableCell(label, status, number=row["actual"])
    length, mark = (
        min(target_figures.compute_floor_fraction(row), 1.0),
        target_figures.compute_pace_fraction(row),
    )
    text = target_figures.format_fraction(row, lang)
    return TableCell(text, status, label, row["actual"], bar_length=length, bar_mark=mark)


def _build_other_targets_cell(rows: Sequence[Attainment], lang: Language) -> TableCell:
    if not rows:
        return TableCell(formatting.NO_VALUE)
    worst = min((str(row["status"]) for row in rows), key=palette.get_severity_rank)
    judged = select_judged(rows)
    if not judged:
        return TableCell(palette.get_status_label(worst, lang), worst)
    met = sum(row["status"] in MET_STATUSES for row in judged)
    counts = {"met": met, "all": len(judged)}
    text = translate(lang, "{met}/{all} attained", **{k: formatting.format_number(n, lang) for k, n in counts.items()})
    return TableCell(text, worst, palette.get_status_label(worst, lang), met, bar_length=met / len(judged))


def build_owed_table(figures: EditionFigures, place_names: Mapping[str, str], lang: Language) -> Table:
    """Build the table of every target that is late, without figures or at risk, the most urgent first."""
    left_out = missing_data.format_left_out(figures.unread_to_do_count, lang, as_additional=bool(figures.to_do))
    # In its own pack a ward is counted in the tiles.
    wards = () if figures.query.plan else (place for place in figures.places if place.is_ward)
    ward_notes = {place.plan: format_ward_suffix(place, lang).removeprefix(" · ") for place in wards}
    return Table(
        OWED_KEY,
        translate(lang, "To do now"),
        (
            TableColumn(translate(lang, "Province or ward"), width=1.3),
            TableColumn(translate(lang, "Target"), width=2.8),
            TableColumn(translate(lang, "Status"), "status", 1.55),
            TableColumn(translate(lang, "Still owed"), width=2.8),
            TableColumn(translate(lang, "Time left"), width=1.45),
            TableColumn(translate(lang, "Lead"), width=1.7),
        ),
        tuple(_build_owed_row(item, place_names, ward_notes.get(item.row["plan"], ""), lang) for item in figures.to_do),
        left_out or translate(lang, "Nothing is late, at risk or without figures."),
        left_out,
    )


def _build_owed_row(
    owed: Owed, place_names: Mapping[str, str], ward_note: str, lang: Language
) -> tuple[TableCell, ...]:
    row = owed.row
    status = str(row["status"])
    return (
        TableCell(place_names[row["plan"]], subtext=ward_note),
        TableCell(target_figures.get_title(row, lang)),
        TableCell(doubt_sentences.format_status(row, lang), status),
        TableCell(
            ", ".join(owed_sentences.format_missing(owed, lang)),
            subtext=" · ".join(owed_sentences.format_rate(owed, lang)),
        ),
        TableCell(owed_sentences.format_time_left(owed, lang), number=owed.days_left),
        TableCell(row["lead"]),
    )
