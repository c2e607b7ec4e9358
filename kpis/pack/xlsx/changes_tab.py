"""The tab of changes: newly late, newly attained, lowered, silent, and what came of what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kpis.charts import palette
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import SilentAgency
from kpis.pack.figures.gather import Figures
from kpis.pack.pages.contents import Contents
from kpis.pack.xlsx.tab import Columns, Tab, Value, amount, tab
from kpis.wording import owed_sentences
from kpis.wording import target_figures as words


@dataclass(frozen=True)
class _Change:
    kind: str
    place: str
    what: str
    then: Value = None
    same_day: Value = None
    now: Value = None
    status: str = ""
    owed: str = ""
    lead: str = ""
    last: date | None = None
    days: int | None = None
    newly: str = ""


def changes_tab(figures: Figures, contents: Contents) -> Tab:
    """One row per change, the kinds one after the other."""
    lang = figures.asked.lang
    rows = [*_changed(figures), *_asked(contents)]
    columns: Columns = (
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
    return tab(lang, "Changes", columns, lambda: rows)


def _changed(figures: Figures) -> Iterator[tuple[str, _Change]]:
    lang, names, changes = figures.asked.lang, figures.names, figures.changes
    told = (
        ("newly-late", "Newly late", changes.newly_late),
        ("newly-met", "Newly attained", changes.newly_met),
    )
    for key, kind, rows in told:
        for row in rows:
            yield key, _target(kind, row, names, lang)
    today = {_period(row): row for place in figures.places for row in place.targets}
    for pair in changes.lowered:
        # (the period of an earlier year is over: what is known of it now, stands)
        stands = today.get(_period(pair.now), pair.now)
        told_now = _target("Lowered since we last showed it", stands, names, lang)
        then, same_day = (amount(row, row["actual"]) for row in (pair.then, pair.now))
        yield "lowered", replace(told_now, then=then, same_day=same_day)
    for one in changes.silent:
        yield "silent", _silent(one, one in changes.newly_silent, names, lang)


def _period(row: Attainment) -> tuple[str, date]:
    return row["target"], row["period_start"]


def _silent(one: SilentAgency, newly: bool, names: Mapping[str, str], lang: Language) -> _Change:
    return _Change(
        "Silent agencies",
        names[one["plan"]],
        one["agency"],
        last=one["last_report_on"],
        days=one["days_silent"],
        newly=translate(lang, "newly silent") if newly else "",
    )


def _target(kind: str, row: Attainment, names: Mapping[str, str], lang: Language) -> _Change:
    return _Change(
        kind,
        names[row["plan"]],
        words.title(row, lang),
        now=amount(row, row["actual"]),
        status=palette.word(str(row["status"]), lang),
        owed=owed_sentences.sentence(row, lang),
        lead=row["lead"],
    )


def _asked(contents: Contents) -> Iterator[tuple[str, _Change]]:
    """What came of what the edition before asked for, in the words that it kept."""
    for table in contents.tables:
        if table.key == "asked":
            for row in table.rows:
                place, what, then, status, owed, lead = (cell.text for cell in row)
                yield table.key, _Change(table.title, place, what, then, status=status, owed=owed, lead=lead)
