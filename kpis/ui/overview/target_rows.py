"""The targets of one plan as rows, the worst first: status, figure, bar with pace and floor, what is owed, by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.attainment_rows import STATUSES, Attainment
from kpis.measures.owed import Owed, compute_owed
from kpis.measures.todo import TodoItem
from kpis.ui import pages
from kpis.ui.overview.folded_list import render_fold, render_phone_fold
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.list_links import link_to_target
from kpis.ui.shared.page_view import PageView
from kpis.wording import doubt_sentences, owed_sentences, target_figures

SETTLED_STATUSES = STATUSES[STATUSES.index("attained_late") :]
"""The statuses of which nothing is owed now."""
MAX_ROWS = 14
"""Rows that are open; each is at most 44 px high, so that they and who owes them end above pixel 1,000."""


def render_target_rows(view: PageView, rows: Sequence[Attainment], items: Sequence[TodoItem]) -> Markup | None:
    """Return a row for each target; of `items`, the things to do, those of the targets say who lacks a part."""
    if not rows:
        return None
    by_target = {item.subject: item for item in items if item.kind == "target"}
    rows = sort_worst_first(rows)
    lines = [_render_row(view, row, by_target) for row in rows]
    settled = [row for row in rows if row["status"] in SETTLED_STATUSES]
    start = len(rows) - len(settled)
    return tag(
        "section",
        tag("h2", view.t("Targets, the worst first")),
        tag("ol", *lines[: min(start, MAX_ROWS)], class_="kpis-rows") if start else None,
        _render_settled(view, settled[: MAX_ROWS - start], lines[start:MAX_ROWS]) if start < MAX_ROWS else None,
        render_fold(view, lines[MAX_ROWS:], "kpis-rows"),
    )


def _render_settled(view: PageView, rows: Sequence[Attainment], lines: Sequence[Markup]) -> Markup | None:
    """Return the rows of which nothing is owed now; on a phone they are folded, named by their statuses."""
    if not rows:
        return None
    return render_phone_fold(format_status_counts(rows, view), tag("ol", *lines, class_="kpis-rows"))


def format_status_counts(rows: Sequence[Attainment], view: PageView) -> str:
    """Return how many rows have each status, in their order: "Đúng nhịp 2 · Đã đạt 6"."""
    counts = Counter(str(row["status"]) for row in rows)
    return " · ".join(
        f"{palette.get_status_label(status, view.lang)} {formatting.format_number(count, view.lang)}"
        for status, count in counts.items()
    )


def sort_worst_first(rows: Sequence[Attainment]) -> list[Attainment]:
    """Return rows by status, then by due day and order in the plan."""
    return sorted(rows, key=lambda row: (STATUSES.index(row["status"] or "carried"), row["due_on"], row["position"]))


def _render_row(view: PageView, row: Attainment, items: Mapping[str, TodoItem]) -> Markup:
    status = str(row["status"])
    owed = compute_owed(row, view.as_of)
    title = target_figures.get_title(row, view.lang)
    return tag(
        "li",
        html.render_status(status, doubt_sentences.format_status(row, view.lang)),
        tag(
            "p",
            html.render_link(link_to_target(view, row["plan"], row["target"]), title, title=title),
            class_="kpis-line",
        ),
        _render_figure(view, row),
        _render_owed(view, row, owed),
        tag("p", _render_owers(view, row, owed, items.get(row["target"])), class_="kpis-line"),
        tag("p", owed_sentences.format_time_left(owed, view.lang) if owed else "", class_="kpis-left"),
        class_=f"kpis-{status}",
        data_target=row["target"],
        data_status=status,
    )


def _render_figure(view: PageView, row: Attainment) -> Markup:
    done = target_figures.format_fraction(row, view.lang)
    if row["measure"] in ("milestone", "carried") or row["status"] == "not_applicable" or done == formatting.NO_VALUE:
        return tag("p", "", class_="kpis-figure")
    figure = target_figures.format_counted_fraction(row, view.lang)
    return tag("p", tag("span", figure, class_="kpis-number"), _render_bar(row), class_="kpis-figure")


def _render_bar(row: Attainment) -> Markup:
    """Return a bar with the pace; where it goes on to a stretch, the floor is marked too."""
    length = _compute_length(row)
    pace = target_figures.compute_pace_fraction(row)
    return html.render_bar(
        target_figures.compute_floor_fraction(row) / length,
        state=str(row["status"]),
        mark=None if pace is None else pace / length,
        floor=1 / length if length > 1 else None,
    )


def _compute_length(row: Attainment) -> float:
    """Return how long the bar is, in floors."""
    if not row["stretch"] or not row["floor"] or row["measure"] not in ("count", "amount") or row["has_spans"]:
        return 1.0
    return max(float(row["stretch"]) / float(row["floor"]), 1.0)


def _render_owed(view: PageView, row: Attainment, owed: Owed | None) -> Markup:
    missing = owed_sentences.format_missing(owed, view.lang) if owed else []
    if not missing:
        missing = [doubt_sentences.format_figures(row, view.lang)]
    text = ", ".join(part for part in missing if part)
    rate = "".join(f" · {part}" for part in owed_sentences.format_rate(owed, view.lang)) if owed else ""
    return tag("p", tag("strong", text), rate, class_="kpis-line", title=f"{text}{rate}" or None)


def _render_owers(view: PageView, row: Attainment, owed: Owed | None, item: TodoItem | None) -> Child:
    """Return the lead, and of a roster or of parts how many agencies have not done theirs."""
    lead = html.render_link(view.build_url(pages.AGENCY, agency=row["lead"]), row["lead"])
    if owed is None:
        return lead
    lacking = _format_lacking(view, row, owed, item)
    return join([lead, " · ", tag("strong", lacking)]) if lacking else lead


def _format_lacking(view: PageView, row: Attainment, owed: Owed, item: TodoItem | None) -> str:
    if row["roster_size"] and owed.agencies_missing:
        numbers = {"n": owed.agencies_missing, "all": row["roster_size"]}
        texts = {name: formatting.format_number(number, view.lang) for name, number in numbers.items()}
        key = "{n}/{all} agencies lacking" if row["measure"] == "coverage" else "{n}/{all} agencies have not reported"
        return view.t(key, **texts)
    parts = item.parts if item else ()
    if not parts:
        return ""
    key = "1 agency behind with its part" if len(parts) == 1 else "{n} agencies behind with their parts"
    return view.t(key, n=formatting.format_number(len(parts), view.lang))
