"""The page of one plan as one block of HTML, made once per version, filters, language and look."""

from __future__ import annotations

from collections import defaultdict

from markupsafe import Markup

from kpis.language import clock
from kpis.measures.attainment import attainment, by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import earlier, last_sunday
from kpis.measures.latest_entries import latest_entries
from kpis.measures.running_curve import curves
from kpis.measures.task_status import task_status
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.overview.last_year import last_year
from kpis.ui.overview.status_tiles import comparable, tiles
from kpis.ui.province.deadline import deadline
from kpis.ui.province.latest_entries import entries
from kpis.ui.province.plan_choices import choose
from kpis.ui.province.target_card import milestone, target
from kpis.ui.shared import data, states
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.page_view import View
from kpis.ui.tasks.lead_table import by_lead
from kpis.ui.tasks.state_tiles import tally

LATEST = 15
"""Entries that the page shows, newest first."""


def province(db: Database, view: View) -> Markup:
    """Tiles and deadline, a card per target, tasks by lead, the latest entries; without a plan, a choice."""
    if view.plan is None:
        return choose(attainment(db, view.as_of, year=view.filters.year), view)
    plan = view.plan.plan
    rows = attainment(db, view.as_of, year=view.filters.year, plan=plan)
    if not rows:
        sentence = view.t(
            "The plan of {place} promises nothing for {year}.", place=view.plan.name, year=view.filters.year
        )
        return join([states.nothing_here(view.lang, sentence), last_year(db, view, [plan], pages.PROVINCE)])
    # As the overview's tiles: of seven days, and of every province, the same question.
    sunday = last_sunday(view.as_of)
    known = data.ask(db, earlier, sunday, clock.end_of_day(sunday), year=view.filters.year)
    before = [row for row in known.then if row["plan"] == plan]
    drawn = curves(db, view.as_of, view.filters.year, plan=plan)
    parts: dict[str, list[Attainment]] = defaultdict(list)
    for part in by_agency(db, view.as_of, year=view.filters.year, plan=plan):
        parts[part["target"]].append(part)
    tasks = task_status(db, view.as_of, plan=plan, year=view.filters.year)
    measured = [row for row in rows if row["measure"] != "milestone"]
    cards = [target(row, parts[row["target"]], drawn.get(row["target"]), view) for row in measured]
    steps = [milestone(row, parts[row["target"]], view) for row in rows if row["measure"] == "milestone"]
    return tag(
        "div",
        last_year(db, view, [plan], pages.PROVINCE),
        tiles(rows, before if comparable(view) else None, view.lang),
        deadline(db, plan, view),
        _list(view.t("Targets in figures"), cards, "kpis-targets"),
        _list(view.t("Milestones"), steps, "kpis-milestones"),
        tag("section", tag("h2", view.t("Annex tasks")), tally(tasks, view)) if tasks else None,
        by_lead(tasks, view) if tasks else None,
        entries(latest_entries(db, plan, view.as_of, most=LATEST), plan, view),
        class_="kpis",
        lang=view.lang,
    )


def _list(title: str, items: list[Markup], class_: str) -> Markup | None:
    return tag("section", tag("h2", title), tag("ul", *items, class_=class_)) if items else None
