"""The tab of changes: newly late, newly attained, lowered, silent, and what came of what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kpis.charts import palette
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import SilentAgency
from kpis.pack.figures.gather import EditionFigures
from kpis.pack.pages.contents import Contents
from kpis.pack.xlsx.tab import CellValue, TabColumns, WorkbookTab, build_tab, to_cell_value
from kpis.wording import owed_sentences
from kpis.wording import target_figures as words


@dataclass(frozen=True)
class _ChangeRow:
    kind: str
    place: str
    subject: str
    previous_value: CellValue = None
    same_day_value: CellValue = None
    current_value: CellValue = None
    status: str = ""
    owed: str = ""
    lead: str = ""
    last_report_on: date | None = None
    days_silent: int | None = None
    newly_silent: str = ""


def build_changes_tab(figures: EditionFigures, contents: Contents) -> WorkbookTab:
    """One row per change, the kinds one after the other."""
    lang = figures.query.lang
    rows = [*_list_changes(figures), *_list_follow_ups(contents)]
    columns: TabColumns = (
        ("Kind of change", lambda row: translate(lang, row.kind)),
        ("Province or ward", lambda row: row.place),
        ("Target or agency", lambda row: row.what),
        ("Shown then", lambda row: row.then),
        ("The same day, as known now", lambda row: row.same_day),
        ("Known now", lambda row: row.now),
        ("Status", lambda row: row.status or None),
        ("Still owed", lambda row: row.owed or None),
        ("Lead", lambda row: row.lead or None),
        ("Last report", lambda row: row.last),
        ("Days silent", lambda row: row.days),
        ("Newly silent", lambda row: row.newly or None),
    )
    return build_tab(lang, "Changes", columns, lambda: rows)


def _list_changes(figures: EditionFigures) -> Iterator[tuple[str, _ChangeRow]]:
    lang, names, changes = figures.query.lang, figures.place_names, figures.changes
    told = (
        ("newly-late", "Newly late", changes.newly_late),
        ("newly-met", "Newly attained", changes.newly_met),
    )
    for key, kind, rows in told:
        for row in rows:
            yield key, _build_target_row(kind, row, names, lang)
    today = {_get_period_key(row): row for place in figures.places for row in place.targets}
    for pair in changes.lowered_figures:
        # (the period of an earlier year is over: what is known of it now, stands)
        stands = today.get(_get_period_key(pair.current_row), pair.current_row)
        told_now = _build_target_row("Lowered since we last showed it", stands, names, lang)
        then, same_day = (to_cell_value(row, row["actual"]) for row in (pair.known_row, pair.current_row))
        yield "lowered", replace(told_now, previous_value=then, same_day_value=same_day)
    for one in changes.silent_agencies:
        yield "silent", _build_silent_row(one, one in changes.newly_silent_agencies, names, lang)


def _get_period_key(row: Attainment) -> tuple[str, date]:
    return row["target"], row["period_start"]


def _build_silent_row(
    agency: SilentAgency, is_newly_silent: bool, place_names: Mapping[str, str], lang: Language
) -> _ChangeRow:
    return _ChangeRow(
        "Silent agencies",
        place_names[agency["plan"]],
        agency["agency"],
        last_report_on=agency["last_report_on"],
        days_silent=agency["days_silent"],
        newly_silent=translate(lang, "newly silent") if is_newly_silent else "",
    )


def _build_target_row(
    kind: str, row: Attainment, place_names: Mapping[str, str], lang: Language
) -> _ChangeRow:
    return _ChangeRow(
        kind,
        place_names[row["plan"]],
        words.get_title(row, lang),
        current_value=to_cell_value(row, row["actual"]),
        status=palette.get_status_label(str(row["status"]), lang),
        owed=owed_sentences.format_sentence(row, lang),
        lead=row["lead"],
    )


def _list_follow_ups(contents: Contents) -> Iterator[tuple[str, _ChangeRow]]:
    """What came of what the edition before asked for, in the words that it kept."""
    for table in contents.tables:
        if table.key == "asked":
            for row in table.rows:
                place, what, then, status, owed, lead = (cell.text for cell in row)
                yield (
                    table.key,
                    _ChangeRow(table.title, place, what, then, status=status, owed=owed, lead=lead),
                )
