"""Tasks by lead: for each agency that leads, how many of its tasks stand at each state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.normalization import sort_key
from kpis.measures.task_status import TASK_STATES, TaskStatus
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table
from kpis.ui.tasks.state_tiles import counts


def by_lead(rows: Sequence[TaskStatus], view: View) -> Markup:
    """One line per lead and plan, in alphabetical order; a task with two leads stands in both lines."""
    led: dict[tuple[str, str], list[TaskStatus]] = defaultdict(list)
    for row in rows:
        for lead in row["leads"]:
            led[row["plan"], lead].append(row)
    shown = [state for state in TASK_STATES if counts(rows)[state]]
    columns = [
        Column(view.t("Lead agency")),
        *([] if view.plan else [Column(view.t("Province or ward"))]),
        *(Column(palette.task_word(state, view.lang), "number") for state in shown),
        Column(view.t("All tasks"), "number"),
    ]
    lines = [
        _line(view, plan, lead, led[plan, lead], shown)
        for plan, lead in sorted(led, key=lambda key: (sort_key(key[1]), led[key][0]["plan_position"]))
    ]
    caption = view.t("A task with two leads is counted for both.")
    return tag("section", tag("h2", view.t("Tasks by lead agency")), table(caption, columns, lines))


def _line(
    view: View, plan: str, lead: str, rows: Sequence[TaskStatus], shown: Sequence[str]
) -> list[Markup | str]:
    found = counts(rows)
    address = view.address(pages.AGENCY, plan=plan, agency=lead)
    place = [] if view.plan else [place_of(rows[0])]
    numbers = [_count(found[state], state, view) for state in shown]
    return [html.link(address, lead), *place, *numbers, written.number(len(rows), view.lang)]


def _count(number: int, state: str, view: View) -> Markup | str:
    if not number:
        return written.NOTHING
    return tag("span", html.sign(state, None), " ", written.number(number, view.lang), class_=f"kpis-{state}")


def place_of(row: TaskStatus) -> str:
    """ "Đồng Tháp", or a ward by its own name."""
    return row["province"] if row["kind"] == "province" else row["place"][:1].upper() + row["place"][1:]
