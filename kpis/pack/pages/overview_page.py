"""The overview: how many targets stand where, provinces against shared indicators, the most pressing owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import MET, Attainment
from kpis.measures.owed import Owed
from kpis.pack.figures.gather import Figures, Place
from kpis.pack.figures.previous_edition import Before
from kpis.pack.pages.contents import Block, Cell, Column, Note, Page, Table, Tile, Tiles
from kpis.wording import missing_data, owed_sentences, year_end
from kpis.wording import target_figures as words

TILES = ("overdue", "behind", "no_data", "at_risk", "on_track", "attained")
_ASIDE = ("not_started", "not_applicable")

MATRIX = "matrix"
"""The key of the matrix; of its further parts "matrix-2" and so on."""


MOST_INDICATORS = 7
"""So many columns of the matrix stand side by side in letters to be read from the back of a room."""


def page(figures: Figures, named: str, names: Mapping[str, str], before: Before | None) -> Page:
    """Tiles with the change since the last edition, the matrix, what is owed; or why there are none."""
    lang = figures.asked.lang
    title = translate(lang, "Overview")
    if not figures.places:
        said = translate(lang, "No plan promises anything for this week: there are no figures to show.")
        return Page("overview", "overview", title, named, (Note(said),))
    matrix, owing_now = _matrix(figures), owed_table(figures, names, lang)
    warned = [Note(said, "no_data", strong=True) for said in figures.caveats(figures.places).values()]
    if said := _ended(figures, lang):
        warned.append(Note(said, strong=True))
    blocks: tuple[Block, ...] = (*warned, tiles(figures, before), *matrix, owing_now)
    return Page("overview", "overview", title, named, blocks)


def _ended(figures: Figures, lang: Language) -> str:
    rows = [row for row in figures.ended if row["kind"] != "ward" or figures.asked.plan]
    return year_end.sentence(rows, figures.asked.since.year, lang)


def tiles(figures: Figures, before: Before | None) -> Tiles:
    """One tile per status of the targets that count, worst first, against the edition before or a day."""
    lang, rows = figures.asked.lang, figures.counted
    now = Counter(str(row["status"]) for row in rows)
    then = Counter(_shown_before(figures))
    made = []
    for status in TILES:
        number = _of(now, status)
        earlier = _of(then, status)
        change = _change(number - earlier, None if before else figures.asked.since, lang)
        if figures.new_year:  # other targets: less or more would say nothing
            said = written.number(earlier, lang), written.number(then.total(), lang)
            change = translate(lang, "last year {n}/{all}", n=said[0], all=said[1])
        made.append(Tile(status, palette.word(status, lang), number, earlier, len(rows), change))
    return Tiles(tuple(made), _aside(now, lang))


def _shown_before(figures: Figures) -> Iterator[str]:
    """The statuses that the tiles counted then, also those of targets whose period is over since."""
    wards = () if figures.asked.plan else tuple(f"{plan}." for plan in figures.wards)
    return (status for target, status in figures.before.items() if not target.startswith(wards))


def _of(counts: Counter[str], status: str) -> int:
    return counts[status] + (counts["attained_late"] if status == "attained" else 0)


def _change(change: int, since: date | None, lang: Language) -> str:
    """Against the edition before, or against a day where there is none."""
    n = written.number(abs(change), lang)
    if since is None:
        keys = "as last time", "{n} more than last time", "{n} fewer than last time"
        return translate(lang, keys[(change > 0) - (change < 0)], n=n)
    keys = "as on {day}", "{n} more than on {day}", "{n} fewer than on {day}"
    return translate(lang, keys[(change > 0) - (change < 0)], n=n, day=written.day_of_year(since, lang))


def _aside(counts: Counter[str], lang: Language) -> str:
    parts = []
    if counts["attained_late"]:
        late = written.number(counts["attained_late"], lang)
        parts.append(translate(lang, "{n} of the attained late", n=late))
    for status in _ASIDE:
        if counts[status]:
            word = palette.word(status, lang)
            number = written.number(counts[status], lang)
            parts.append(translate(lang, "{n} {state}", n=number, state=word[:1].lower() + word[1:]))
    return " · ".join(parts)


def _matrix(figures: Figures) -> list[Table]:
    """The matrix in as many tables as its indicators need, each with the places before its columns.

    Of one place it has only what that place promises.
    """
    lang = figures.asked.lang
    titles = [name_vi if lang == "vi" else name_en for _, name_vi, name_en in figures.shared]
    titles.append(translate(lang, "Other targets"))
    lines = [_line(place, figures, lang) for place in figures.places]
    # of one place what others promise is no column: each cell of it would be empty
    kept = [at for at in range(len(titles)) if len(lines) > 1 or any(line[1 + at].state for line in lines)]
    title = translate(lang, "Provinces and indicators")
    parts = _parts(kept)
    return [
        Table(
            MATRIX if number == 1 else f"{MATRIX}-{number}",
            title if len(parts) == 1 else f"{title} ({number}/{len(parts)})",
            (
                Column(translate(lang, "Province"), width=1.4),
                *(Column(titles[at], "status") for at in part),
            ),
            tuple((line[0], *(line[1 + at] for at in part)) for line in lines),
        )
        for number, part in enumerate(parts, start=1)
    ]


def _parts(columns: Sequence[int]) -> list[Sequence[int]]:
    """The columns in parts of nearly the same size, none above the most that may stand side by side."""
    parts = -(-len(columns) // MOST_INDICATORS)
    ends = [len(columns) * part // parts for part in range(parts + 1)]
    return [columns[first:after] for first, after in pairwise(ends)]


def _line(place: Place, figures: Figures, lang: Language) -> tuple[Cell, ...]:
    own = figures.matrix.get(place.plan, {})
    shared = [indicator for indicator, _, _ in figures.shared]
    rest = [row for row in place.targets if row["indicator"] not in shared]
    met = written.number(sum(row["status"] in MET for row in place.targets), lang)
    small = translate(lang, "{met}/{all} attained", met=met, all=written.number(len(place.targets), lang))
    if not place.read:
        small = missing_data.short(lang)
    if place.ward:
        apart = translate(lang, "ward of {province}, counted apart", province=place.province)
        small = f"{small} · {apart}"
    return (
        Cell(place.name, small=small),
        *(_cells(own.get(indicator, []), lang) for indicator in shared),
        _rest(rest, lang),
    )


def _cells(rows: Sequence[Attainment], lang: Language) -> Cell:
    if not rows:
        return Cell(written.NOTHING)
    first, *more = (figure(row, lang) for row in rows)
    return Cell(
        first.text, first.state, first.small, first.number, part=first.part, mark=first.mark, more=tuple(more)
    )


def figure(row: Attainment, lang: Language) -> Cell:
    """One target in a cell: sign, "24/50", the word under a thin bar. Done or not: the word says it all."""
    status = str(row["status"])
    word = palette.word(status, lang)
    if row["measure"] == "milestone" or status == "not_applicable":
        return Cell(word, status, number=row["actual"])
    part, mark = min(words.part(row), 1.0), words.pace_part(row)
    return Cell(words.fraction(row, lang), status, word, row["actual"], part=part, mark=mark)


def _rest(rows: Sequence[Attainment], lang: Language) -> Cell:
    if not rows:
        return Cell(written.NOTHING)
    worst = min((str(row["status"]) for row in rows), key=palette.rank)
    met = sum(row["status"] in MET for row in rows)
    said = f"{written.number(met, lang)}/{written.number(len(rows), lang)}"
    return Cell(said, worst, palette.word(worst, lang), met, part=met / len(rows))


def owed_table(figures: Figures, names: Mapping[str, str], lang: Language) -> Table:
    """Everything that is late, without figures or at risk, most pressing first: what, how long, by whom."""
    left_out = missing_data.left_out(figures.to_do_unread, lang, more=bool(figures.to_do))
    return Table(
        "owed",
        translate(lang, "To do now"),
        (
            Column(translate(lang, "Province or ward"), width=1.3),
            Column(translate(lang, "Target"), width=2.8),
            Column(translate(lang, "Status"), "status", 1.55),
            Column(translate(lang, "Still owed"), width=2.8),
            Column(translate(lang, "Time left"), width=1.45),
            Column(translate(lang, "Lead"), width=1.7),
        ),
        tuple(_owed(one, names, lang) for one in figures.to_do),
        left_out or translate(lang, "Nothing is late, at risk or without figures."),
        left_out,
    )


def _owed(one: Owed, names: Mapping[str, str], lang: Language) -> tuple[Cell, ...]:
    row = one.row
    status = str(row["status"])
    return (
        Cell(names[row["plan"]]),
        Cell(words.title(row, lang)),
        Cell(palette.word(status, lang), status),
        Cell(", ".join(owed_sentences.missing(one, lang)), small=" · ".join(owed_sentences.rate(one, lang))),
        Cell(owed_sentences.left(one, lang), number=one.days_left),
        Cell(row["lead"]),
    )
