"""The trend of the last twelve weeks: six small charts of counts, or one target's actual against its pace.

Each has its figures as a table; fewer than two weeks are a sentence. A line ends where weeks cannot be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TypeVar

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.attainment_rows import TargetStatus
from kpis.measures.trend import COUNTED_STATUSES, CountedWeek, TargetWeek, TrendWeek
from kpis.ui import pages
from kpis.ui.shared import charts, html
from kpis.ui.shared.charts import TrendLines
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.phone_rows import render_phone_summary
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.table_query import TableQuery
from kpis.ui.shared.tables import BodyRow, ColumnHeader, GroupHeading, render_table
from kpis.wording import trends

_Week = TypeVar("_Week", bound=TrendWeek)
_FEWEST_WEEKS = 2


def render_count_trend(view: PageView, weeks: Sequence[CountedWeek], page: str = pages.OVERVIEW) -> Markup:
    """Return how many targets had each of the six statuses, week by week, on a phone folded; `page` is its page."""
    if len(weeks) < _FEWEST_WEEKS:
        return _render_section(view, tag("p", trends.format_too_few(len(weeks), view.lang), class_="kpis-quiet"))
    top = max(count for week in weeks for count in week.counts.values())
    items = [_render_count(view, weeks, status, top) for status in COUNTED_STATUSES]
    columns = [
        *(ColumnHeader(view.t("Sunday")), ColumnHeader(view.t("Judged targets"), "number")),
        *(ColumnHeader(palette.get_status_label(status, view.lang), "number") for status in COUNTED_STATUSES),
    ]

    def list_cells(week: CountedWeek) -> list[Child]:
        numbers = (week.targets, *(week.counts[status] for status in COUNTED_STATUSES))
        return [view.format_day(week.sunday), *(formatting.format_number(number, view.lang) for number in numbers)]

    download = TableName(page, "weeks", view.t("Figures of each week"), view)
    figures = _render_figures(view, columns, weeks, list_cells, download)
    summary = render_phone_summary(view.t("Show the charts"))
    return _render_section(view, summary, tag("ul", *items, class_="kpis-trends"), figures)


def _render_count(view: PageView, weeks: Sequence[CountedWeek], status: TargetStatus, top: int) -> Markup:
    label = palette.get_status_label(status, view.lang)
    counts = [week.counts[status] for week in weeks]
    chart = charts.render_trend(
        _build_lines(weeks, lambda week: week.counts[status], None, float(top)),
        status,
        f"{label}: {_describe_first_and_last(view, weeks, counts)}",
        view.lang,
        width=165,
        height=62,
    )
    change = tag("span", f"{counts[0]} → {counts[-1]}", class_="kpis-quiet kpis-whole", aria_hidden="true")
    return tag("li", tag("p", html.render_status(status, label), " ", change), chart)


def _describe_first_and_last(view: PageView, weeks: Sequence[TrendWeek], figures: Sequence[object]) -> str:
    return view.t(
        "{first} on {first_day}, {last} on {last_day}",
        first=figures[0],
        first_day=view.format_day(weeks[0].sunday),
        last=figures[-1],
        last_day=view.format_day(weeks[-1].sunday),
    )


def render_target_trend(
    view: PageView, weeks: Sequence[TargetWeek], *, is_partial: bool, has_pace: bool, target: str = ""
) -> Markup:
    """Return a target's actual against its pace, week by week.

    `is_partial`: its shares are only of those in the reports. `has_pace`: false for a ceiling, of which nothing is
    expected by a day.
    """
    columns = [
        ColumnHeader(view.t("Sunday")),
        ColumnHeader(view.t("Status")),
        ColumnHeader(view.t("Actual"), "number"),
        ColumnHeader(view.t("Expected by then"), "number"),
    ]

    def list_cells(week: TargetWeek) -> list[Child]:
        expected = week.expected if has_pace else None
        return [
            view.format_day(week.sunday),
            html.render_status(week.status, palette.get_status_label(week.status, view.lang)),
            trends.format_value(week.measure, trends.get_actual(week), view.lang),
            trends.format_value(week.measure, expected, view.lang, is_expected=True),
        ]

    comparable = _select_same_measure(weeks)
    download = TableName(pages.ENTRIES, "weeks", view.t("Figures of each week"), view, TableQuery(target=target))
    figures = _render_figures(view, columns, weeks, list_cells, download) if weeks else None
    if len(comparable) < _FEWEST_WEEKS:
        return _render_section(
            view, tag("p", trends.format_too_few(len(comparable), view.lang), class_="kpis-quiet"), figures
        )
    notes = [
        view.t("Only of those in the reports.") if is_partial else None,
        view.t("Of the target as a whole, whichever agency is chosen.") if view.filters.agency else None,
    ]
    lines = [tag("p", note, class_="kpis-under") for note in notes if note]
    return _render_section(view, _render_target_chart(view, comparable, has_pace=has_pace), *lines, figures)


def _render_target_chart(view: PageView, weeks: Sequence[TargetWeek], *, has_pace: bool) -> Markup:
    last = weeks[-1]
    written = [trends.format_value(week.measure, trends.get_actual(week), view.lang) for week in (weeks[0], last)]
    alt_text = view.t("Actual: {figures}", figures=_describe_first_and_last(view, weeks, written))
    legend = tag("p", view.t("Line: actual. Dashed: expected by then."), class_="kpis-under") if has_pace else None
    chart = charts.render_trend(
        _build_lines(weeks, trends.get_actual, (lambda week: week.expected) if has_pace else None, 0.0),
        last.status,
        alt_text,
        view.lang,
        percent=last.measure in trends.PERCENT_MEASURES,
        width=340,
        height=110,
    )
    return html.join([chart, legend])


def _select_same_measure(weeks: Sequence[TargetWeek]) -> list[TargetWeek]:
    """Return the weeks whose figures are of the kind of the last one: an axis has either numbers or percentages."""
    return [week for week in weeks if week.measure == weeks[-1].measure]


def _build_lines(
    weeks: Sequence[_Week],
    get_actual: Callable[[_Week], float | None],
    get_expected: Callable[[_Week], float | None] | None,
    top: float,
) -> TrendLines:
    return TrendLines(
        actual=tuple(_list_lines(weeks, get_actual)),
        expected=tuple(_list_lines(weeks, get_expected)) if get_expected else (),
        days=(weeks[0].sunday, weeks[-1].sunday),
        top=top,
        breaks=tuple(week.sunday for week in weeks if week.break_reason not in (None, "first")),
    )


def _list_lines(
    weeks: Iterable[_Week], get_value: Callable[[_Week], float | None]
) -> Iterator[tuple[tuple[date, float], ...]]:
    for _, line in groupby(weeks, lambda week: week.line):
        points = tuple((week.sunday, float(value)) for week in line if (value := get_value(week)) is not None)
        if points:
            yield points


def _render_section(view: PageView, *parts: Child) -> Markup:
    return tag("section", tag("h2", view.t("The last twelve weeks")), *parts, class_="kpis-trend")


def _render_figures(
    view: PageView,
    columns: Sequence[ColumnHeader],
    weeks: Sequence[_Week],
    list_cells: Callable[[_Week], list[Child]],
    download: TableName,
) -> Markup:
    caption = view.t("As known at the end of each Sunday; what was learnt later changes nothing here.")
    rows: list[BodyRow] = []
    for week in weeks:
        if reason := trends.format_break(week.break_reason, view.lang):
            rows.append(GroupHeading(reason))
        rows.append(list_cells(week))
    return tag(
        "details",
        tag("summary", view.t("Figures of each week")),
        render_table(caption, columns, rows, download=download),
        class_="kpis-fold",
    )
