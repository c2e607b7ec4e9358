"""The overview: how many targets stand where, provinces against shared indicators, the most pressing owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import MET_STATUSES, Attainment
from kpis.measures.owed import Owed
from kpis.pack.figures.gather import EditionFigures, PlaceFigures
from kpis.pack.figures.previous_edition import PreviousEdition
from kpis.pack.pages.contents import Block, Note, Page, Table, TableCell, TableColumn, Tile, Tiles
from kpis.wording import missing_data, owed_sentences, year_end
from kpis.wording import target_figures as words

TILE_STATUSES = ("overdue", "behind", "no_data", "at_risk", "on_track", "attained")
_UNTILED_STATUSES = ("not_started", "not_applicable")

MATRIX_KEY = "matrix"
"""The key of the matrix; of its further parts "matrix-2" and so on."""


MAX_MATRIX_COLUMNS = 7
"""So many columns of the matrix stand side by side in letters to be read from the back of a room."""


def build_page(
    figures: EditionFigures, subtitle: str, place_names: Mapping[str, str], previous: PreviousEdition | None
) -> Page:
    """Tiles with the change since the last edition, the matrix, what is owed; or why there are none."""
    lang = figures.query.lang
    title = translate(lang, "Overview")
    if not figures.places:
        said = translate(lang, "No plan promises anything for this week: there are no figures to show.")
        return Page("overview", "overview", title, subtitle, (Note(said),))
    matrix, owing_now = _build_matrix(figures), build_owed_table(figures, place_names, lang)
    warned = [Note(said, "no_data", strong=True) for said in figures.build_caveats(figures.places).values()]
    if said := _format_year_end(figures, lang):
        warned.append(Note(said, strong=True))
    blocks: tuple[Block, ...] = (*warned, build_tiles(figures, previous), *matrix, owing_now)
    return Page("overview", "overview", title, subtitle, blocks)


def _format_year_end(figures: EditionFigures, lang: Language) -> str:
    rows = [row for row in figures.ended_targets if row["kind"] != "ward" or figures.query.plan]
    return year_end.format_sentence(rows, figures.query.since.year, lang)


def build_tiles(figures: EditionFigures, previous: PreviousEdition | None) -> Tiles:
    """One tile per status of the targets that count, worst first, against the edition before or a day."""
    lang, rows = figures.query.lang, figures.counted_targets
    now = Counter(str(row["status"]) for row in rows)
    then = Counter(_list_previous_statuses(figures))
    made = []
    for status in TILE_STATUSES:
        number = _count_status(now, status)
        earlier = _count_status(then, status)
        change = _format_change(number - earlier, None if previous else figures.query.since, lang)
        if figures.is_new_year:  # other targets: less or more would say nothing
            said = written.format_number(earlier, lang), written.format_number(then.total(), lang)
            change = translate(lang, "last year {n}/{all}", n=said[0], all=said[1])
        made.append(Tile(status, palette.get_status_label(status, lang), number, earlier, len(rows), change))
    return Tiles(tuple(made), _format_untiled(now, lang))


def _list_previous_statuses(figures: EditionFigures) -> Iterator[str]:
    """The statuses that the tiles counted then, also those of targets whose period is over since."""
    wards = () if figures.query.plan else tuple(f"{plan}." for plan in figures.ward_plans)
    return (status for target, status in figures.previous_statuses.items() if not target.startswith(wards))


def _count_status(counts: Counter[str], status: str) -> int:
    return counts[status] + (counts["attained_late"] if status == "attained" else 0)


def _format_change(difference: int, since: date | None, lang: Language) -> str:
    """Against the edition before, or against a day where there is none."""
    n = written.format_number(abs(difference), lang)
    if since is None:
        keys = "as last time", "{n} more than last time", "{n} fewer than last time"
        return translate(lang, keys[(difference > 0) - (difference < 0)], n=n)
    keys = "as on {day}", "{n} more than on {day}", "{n} fewer than on {day}"
    return translate(
        lang, keys[(difference > 0) - (difference < 0)], n=n, day=written.format_day_and_month(since, lang)
    )


def _format_untiled(counts: Counter[str], lang: Language) -> str:
    parts = []
    if counts["attained_late"]:
        late = written.format_number(counts["attained_late"], lang)
        parts.append(translate(lang, "{n} of those attained late", n=late))
    for status in _UNTILED_STATUSES:
        if counts[status]:
            word = palette.get_status_label(status, lang)
            number = written.format_number(counts[status], lang)
            parts.append(translate(lang, "{n} {state}", n=number, state=word[:1].lower() + word[1:]))
    return " · ".join(parts)


def _build_matrix(figures: EditionFigures) -> list[Table]:
    """The matrix in as many tables as its indicators need, each with the places before its columns.

    Of one place it has only what that place promises.
    """
    lang = figures.query.lang
    titles = [name_vi if lang == "vi" else name_en for _, name_vi, name_en in figures.shared_indicators]
    titles.append(translate(lang, "Other targets"))
    lines = [_build_matrix_row(place, figures, lang) for place in figures.places]
    # of one place what others promise is no column: each cell of it would be empty
    kept = [at for at in range(len(titles)) if len(lines) > 1 or any(line[1 + at].state for line in lines)]
    title = translate(lang, "Provinces and indicators")
    parts = _split_columns(kept)
    return [
        Table(
            MATRIX_KEY if number == 1 else f"{MATRIX_KEY}-{number}",
            title if len(parts) == 1 else f"{title} ({number}/{len(parts)})",
            (
                TableColumn(translate(lang, "Province"), width=1.4),
                *(TableColumn(titles[at], "status") for at in part),
            ),
            tuple((line[0], *(line[1 + at] for at in part)) for line in lines),
        )
        for number, part in enumerate(parts, start=1)
    ]


def _split_columns(columns: Sequence[int]) -> list[Sequence[int]]:
    """The columns in parts of nearly the same size, none above the most that may stand side by side."""
    parts = -(-len(columns) // MAX_MATRIX_COLUMNS)
    ends = [len(columns) * part // parts for part in range(parts + 1)]
    return [columns[first:after] for first, after in pairwise(ends)]


def _build_matrix_row(place: PlaceFigures, figures: EditionFigures, lang: Language) -> tuple[TableCell, ...]:
    own = figures.matrix.get(place.plan, {})
    shared = [indicator for indicator, _, _ in figures.shared_indicators]
    rest = [row for row in place.targets if row["indicator"] not in shared]
    met = written.format_number(sum(row["status"] in MET_STATUSES for row in place.targets), lang)
    small = translate(
        lang, "{met}/{all} attained", met=met, all=written.format_number(len(place.targets), lang)
    )
    if not place.has_been_read:
        small = missing_data.format_short(lang)
    if place.is_ward:
        apart = translate(lang, "ward of {province}, counted separately", province=place.province)
        small = f"{small} · {apart}"
    return (
        TableCell(place.name, subtext=small),
        *(_build_matrix_cell(own.get(indicator, []), lang) for indicator in shared),
        _build_other_targets_cell(rest, lang),
    )


def _build_matrix_cell(rows: Sequence[Attainment], lang: Language) -> TableCell:
    if not rows:
        return TableCell(written.NO_VALUE)
    first, *more = (build_target_cell(row, lang) for row in rows)
    return TableCell(
        first.text,
        first.state,
        first.subtext,
        first.number,
        bar_length=first.bar_length,
        bar_mark=first.bar_mark,
        more_cells=tuple(more),
    )


def build_target_cell(row: Attainment, lang: Language) -> TableCell:
    """One target in a cell: sign, "24/50", the word under a thin bar. Done or not: the word says it all."""
    status = str(row["status"])
    word = palette.get_status_label(status, lang)
    if row["measure"] == "milestone" or status == "not_applicable":
        return TableCell(word, status, number=row["actual"])
    part, mark = min(words.compute_floor_fraction(row), 1.0), words.compute_pace_fraction(row)
    return TableCell(
        words.format_fraction(row, lang), status, word, row["actual"], bar_length=part, bar_mark=mark
    )


def _build_other_targets_cell(rows: Sequence[Attainment], lang: Language) -> TableCell:
    if not rows:
        return TableCell(written.NO_VALUE)
    worst = min((str(row["status"]) for row in rows), key=palette.get_severity_rank)
    met = sum(row["status"] in MET_STATUSES for row in rows)
    said = f"{written.format_number(met, lang)}/{written.format_number(len(rows), lang)}"
    return TableCell(said, worst, palette.get_status_label(worst, lang), met, bar_length=met / len(rows))


def build_owed_table(figures: EditionFigures, place_names: Mapping[str, str], lang: Language) -> Table:
    """Everything that is late, without figures or at risk, most pressing first: what, how long, by whom."""
    left_out = missing_data.format_left_out(
        figures.unread_to_do_count, lang, as_additional=bool(figures.to_do)
    )
    return Table(
        "owed",
        translate(lang, "To do now"),
        (
            TableColumn(translate(lang, "Province or ward"), width=1.3),
            TableColumn(translate(lang, "Target"), width=2.8),
            TableColumn(translate(lang, "Status"), "status", 1.55),
            TableColumn(translate(lang, "Still owed"), width=2.8),
            TableColumn(translate(lang, "Time left"), width=1.45),
            TableColumn(translate(lang, "Lead"), width=1.7),
        ),
        tuple(_build_owed_row(one, place_names, lang) for one in figures.to_do),
        left_out or translate(lang, "Nothing is late, at risk or without figures."),
        left_out,
    )


def _build_owed_row(owed: Owed, place_names: Mapping[str, str], lang: Language) -> tuple[TableCell, ...]:
    row = owed.row
    status = str(row["status"])
    return (
        TableCell(place_names[row["plan"]]),
        TableCell(words.get_title(row, lang)),
        TableCell(palette.get_status_label(status, lang), status),
        TableCell(
            ", ".join(owed_sentences.format_missing(owed, lang)),
            subtext=" · ".join(owed_sentences.format_rate(owed, lang)),
        ),
        TableCell(owed_sentences.format_time_left(owed, lang), number=owed.days_left),
        TableCell(row["lead"]),
    )
