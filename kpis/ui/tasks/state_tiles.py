"""The number of tasks per state, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.task_status import TASK_STATES, TaskStatus
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.list_links import link_to_tasks, render_count
from kpis.ui.shared.page_view import PageView


def count_by_state(rows: Iterable[TaskStatus]) -> Counter[str]:
    """Count tasks by state."""
    return Counter(row["state"] for row in rows)


def render_state_tiles(rows: Sequence[TaskStatus], view: PageView, agency: str | None = None) -> Markup:
    """Return one tile per state that at least one task has; `agency`: the one whose tasks `rows` are, if of one."""
    counts = count_by_state(rows)
    total = view.t("/1 task" if len(rows) == 1 else "/{n} tasks", n=formatting.format_number(len(rows), view.lang))
    tiles = [
        tag(
            "li",
            html.render_status(state, palette.get_task_state_label(state, view.lang)),
            tag(
                "p",
                render_count(view, counts[state], link_to_tasks(view, status=(state,), agency=agency)),
                tag("small", total),
                class_="kpis-count",
            ),
            class_=f"kpis-tile kpis-{state}",
        )
        for state in TASK_STATES
        if counts[state]
    ]
    return tag(
        "section",
        tag("h2", view.t("Tasks by state"), class_="kpis-hidden"),
        tag("ul", *tiles, class_="kpis-tiles"),
    )
