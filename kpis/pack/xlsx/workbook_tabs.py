"""What stands on each tab of an edition's workbook: every figure behind every page, as values.

A tab is columns (catalogue key and how a value is found) and rows; the key of a row is that of the page's
table it belongs to, so that both can be counted against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from kpis.charts import palette
from kpis.language import clock
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import Owed
from kpis.measures.task_status import TaskStatus
from kpis.pack.figures.gather import Figures
from kpis.pack.pages.agencies_table import owed_part
from kpis.pack.pages.contents import Cell, Contents, Tiles
from kpis.pack.pages.sources_page import days_unchanged, listed, state
from kpis.pack.xlsx.changes_tab import changes_tab
from kpis.pack.xlsx.tab import Columns, Tab, Value, amount, tab
from kpis.sync.status import SourceStatus
from kpis.wording import missing_data, owed_sentences
from kpis.wording import target_figures as words
from kpis.wording.ratios import is_ceiling


def tabs(figures: Figures, contents: Contents) -> tuple[Tab, ...]:
    """Overview, targets, agencies (as on the pages, then part by part), tasks, to do, changes, sources."""
    return (
        _overview(figures, contents),
        _targets(figures),
        _agencies(figures, contents),
        _parts(figures),
        _tasks(figures),
        _owed(figures),
        changes_tab(figures, contents),
        _sources(figures),
    )


def _figures_of(figures: Figures) -> Columns:
    lang, names = figures.asked.lang, figures.names
    return (
        ("Province or ward", lambda row: names[row["plan"]]),
        ("Code", lambda row: row["target"]),
        ("Target", lambda row: words.title(row, lang)),
        ("Comparison", lambda row: row["comparator"] if row["floor"] is not None else None),
        ("Floor", lambda row: None if is_ceiling(row) else amount(row, row["floor"])),
        ("Ceiling", lambda row: amount(row, row["floor"]) if is_ceiling(row) else None),
        ("Stretch", lambda row: amount(row, _stretch(row))),
        ("Unit", lambda row: row["unit" if lang == "vi" else "unit_en"]),
        ("Actual", lambda row: amount(row, row["actual"])),
        ("Numerator", lambda row: row["numerator"]),
        ("Denominator", lambda row: row["denominator"]),
        ("Population", lambda row: row["population"] if row["agency"] is None else None),
        ("Needed by now", lambda row: None if is_ceiling(row) else amount(row, row["expected"])),
        ("Status", lambda row: palette.word(row["status"], lang) if row["status"] else None),
        ("Still owed", lambda row: owed_sentences.sentence(row, lang) or None),
        ("Period from", lambda row: row["period_start"]),
        ("Period to", lambda row: row["period_end"]),
        ("Due", lambda row: row["due_on"]),
        ("Entries", lambda row: row["entries"]),
        ("Sources", lambda row: _never_read(row["plan"], figures)),
    )


def _stretch(row: Attainment) -> float | None:
    """The whole target's: no agency's share has one, nor has what an agency adds without a floor."""
    own = row["agency"] is None or (row["measure"] == "ratio" and row.get("share") is None)
    return row["stretch"] if own else None


def _never_read(plan: str, figures: Figures) -> Value:
    """What is to be said beside a figure of a plan of which nothing was ever read."""
    return missing_data.short(figures.asked.lang) if plan in figures.unread else None


def _overview(figures: Figures, contents: Contents) -> Tab:
    columns: Columns = (
        ("Status", lambda tile: tile.word),
        ("Now", lambda tile: tile.number),
        ("On the day compared with", lambda tile: tile.then),
        ("Change", lambda tile: None if figures.new_year else tile.number - tile.then),
        ("Of", lambda tile: tile.total),
        ("As of", lambda _: figures.asked.as_of),
        ("Day compared with", lambda _: figures.asked.since),
    )
    blocks = [block for page in contents.pages for block in page.blocks if isinstance(block, Tiles)]
    tiles = [("", tile) for block in blocks for tile in block.tiles]
    return tab(contents.lang, "Overview", columns, lambda: tiles)


def _targets(figures: Figures) -> Tab:
    lang = figures.asked.lang

    def earlier(row: Attainment) -> Value:
        then = row["period_start"] <= figures.asked.since
        status = figures.before.get(row["target"]) if then else None
        return palette.word(status, lang) if status else None

    columns = (
        *_figures_of(figures),
        ("Lead", lambda row: row["lead"]),
        ("Agencies that reported", lambda row: row["reporting_agencies"]),
        ("Agencies on the roster", lambda row: row["roster_size"] or None),
        ("Status on the day compared with", earlier),
        ("Status code", lambda row: row["status"]),
    )
    rows = [(f"targets-{place.plan}", row) for place in figures.places for row in place.targets]
    # What ended with the year before has no row on the pages, only a sentence.
    shown = {(row["target"], row["period_start"]) for _, row in rows}
    rows += [("", row) for row in figures.ended if (row["target"], row["period_start"]) not in shown]
    return tab(lang, "Targets", columns, lambda: rows)


def _agencies(figures: Figures, contents: Contents) -> Tab:
    """As the pages have them; a plan without tasks has fewer columns than one with an annex."""
    lang, names = figures.asked.lang, figures.names
    own = [table for table in contents.tables if table.key.startswith("agencies-")]
    titles = dict.fromkeys(column.title for table in own for column in table.columns)

    def read(title: str) -> Callable[[Any], Value]:
        def found(row: tuple[str, dict[str, Cell]]) -> Value:
            cell = row[1].get(title, Cell())
            return cell.text if cell.number is None else cell.number

        return found

    columns: Columns = (
        ("Province or ward", lambda row: row[0]),
        *((title, read(title)) for title in titles),
    )
    rows = []
    for table in own:
        place = names[table.key.removeprefix("agencies-")]
        named = [column.title for column in table.columns]
        rows += [(table.key, (place, dict(zip(named, row, strict=True)))) for row in table.rows]
    return tab(lang, "Agencies", columns, lambda: rows)


def _parts(figures: Figures) -> Tab:
    lang = figures.asked.lang
    columns: Columns = (
        ("Agency", lambda row: row["agency"]),
        *_figures_of(figures),
        ("Share", lambda row: amount(row, row["share"])),
    )

    def rows() -> Iterator[tuple[str, Attainment]]:
        for place in figures.places:
            for row in place.agencies:
                yield f"owing-{place.plan}" if owed_part(row) else "", row

    return tab(lang, "Agencies by target", columns, rows)


def _tasks(figures: Figures) -> Tab:
    lang, names = figures.asked.lang, figures.names

    def state(task: TaskStatus) -> Value:
        return palette.task_word(task["state"], lang)

    columns: Columns = (
        ("Province or ward", lambda task: names[task["plan"]]),
        ("Code", lambda task: task["task"]),
        ("Task", lambda task: words.title(task, lang)),
        ("Lead", lambda task: "; ".join(task["leads"])),
        ("Coordinators", lambda task: "; ".join(task["coordinators"])),
        ("Output", lambda task: task["output"]),
        ("Schedule", lambda task: task["schedule"]),
        ("State", state),
        ("Due", lambda task: task["due_on"]),
        ("Done on", lambda task: task["done_on"]),
        ("Members of the lead", lambda task: task["members"]),
        ("Members done", lambda task: task["members_done"]),
        ("Reports", lambda task: task["reports"]),
        ("Last report", lambda task: task["last_report_on"]),
        ("Reported by", lambda task: task["last_report_by"]),
        ("Result", lambda task: task["result"]),
        ("Evidence", lambda task: task["evidence"]),
        ("Difficulty", lambda task: task["difficulty"]),
        ("State code", lambda task: task["state"]),
        ("Sources", lambda task: _never_read(task["plan"], figures)),
    )
    rows = [(f"tasks-{place.plan}", task) for place in figures.places for task in place.tasks]
    return tab(lang, "Tasks", columns, lambda: rows)


def _owed(figures: Figures) -> Tab:
    lang, names = figures.asked.lang, figures.names

    def rate(one: Owed, value: float | None) -> Value:
        return value if one.row["measure"] == "count" else None

    columns: Columns = (
        ("Province or ward", lambda one: names[one.row["plan"]]),
        ("Code", lambda one: one.row["target"]),
        ("Target", lambda one: words.title(one.row, lang)),
        ("Status", lambda one: palette.word(one.row["status"], lang)),
        ("Still owed", lambda one: owed_sentences.sentence(one.row, lang)),
        ("Missing", lambda one: one.missing),
        ("Too many", lambda one: one.excess),
        ("Agencies missing", lambda one: one.agencies_missing),
        ("Not counted yet", lambda one: one.uncounted),
        ("Due", lambda one: one.row["due_on"]),
        ("Days left", lambda one: one.days_left),
        ("Needed a week", lambda one: rate(one, one.needed_per_week)),
        ("So far a week", lambda one: rate(one, one.current_per_week)),
        ("Lead", lambda one: one.row["lead"]),
    )
    rows = [("owed", one) for one in figures.to_do]
    return tab(lang, "To do now", columns, lambda: rows)


def _sources(figures: Figures) -> Tab:
    lang = figures.asked.lang

    def there(moment: datetime | None) -> Value:
        return clock.local(moment).replace(tzinfo=None) if moment else None

    def of(read: Callable[[SourceStatus], Value]) -> Callable[[tuple[str, SourceStatus | None]], Value]:
        """Empty beside a place that has no source."""
        return lambda row: None if row[1] is None else read(row[1])

    columns: Columns = (
        ("Source", of(lambda one: one.id)),
        ("Province or ward", lambda row: row[0]),
        ("Last good read", of(lambda one: there(one.last_good_at))),
        ("Content unchanged since", of(lambda one: there(one.changed_at))),
        ("Days unchanged", of(lambda one: days_unchanged(one, figures.asked_at))),
        ("State", lambda row: state(row[1], figures.asked_at, lang).text),
        ("Rows read", of(lambda one: one.read)),
        ("Counted", of(lambda one: one.accepted)),
        ("With a warning", of(lambda one: one.warned)),
        ("Sent back", of(lambda one: one.rejected)),
    )
    return tab(lang, "Sources", columns, lambda: [("sources", row) for row in listed(figures)])
