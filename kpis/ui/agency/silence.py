"""Agencies that still owe something and have not reported for weeks; the agencies of all plans by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kpis.language import formatting
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment import compute_targets
from kpis.measures.changes import find_last_sunday
from kpis.measures.register_facts import format_place_name, list_agency_names, list_plans
from kpis.measures.silent_agencies import SilentAgency, list_silent_agencies
from kpis.measures.task_status import SILENT_DAYS
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.lists.columns import build_columns
from kpis.ui.shared.lists.model import ListCell, ListRow, ListTable
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import ONLY_PROVINCES

NAME = "all-agencies"
SILENT, NEWLY_SILENT = "silent", "newly_silent"


@dataclass(frozen=True)
class Silence:
    """The silent agencies by plan and name; `newly` are those that were not silent at the end of last week."""

    agencies: Mapping[tuple[str, str], SilentAgency]
    newly: frozenset[tuple[str, str]]

    def get_statuses(self, plan: str, agency: str) -> tuple[str, ...]:
        """Return "silent" and "newly_silent" where they hold."""
        key = plan, agency
        return (*((SILENT,) if key in self.agencies else ()), *((NEWLY_SILENT,) if key in self.newly else ()))

    def format_labels(self, view: PageView) -> dict[str, str]:
        """Return the labels of both, for the filter of a list."""
        return {SILENT: view.t("Silent agencies"), NEWLY_SILENT: view.t("of them newly")}


def find_silent_agencies(db: Database, view: PageView) -> Silence:
    """Return the silent agencies of the view's plan, or of all, as the overview counts them; none on a future day."""
    if view.filters.year != view.as_of.year or view.as_of > view.today:
        return Silence({}, frozenset())
    rows = compute_targets(db, view.question)
    found_agencies = {
        (agency["plan"], agency["agency"]): agency for agency in list_silent_agencies(db, view.question, rows)
    }
    week = (view.as_of - find_last_sunday(view.as_of)).days
    newly = (key for key, agency in found_agencies.items() if agency["days_silent"] - week < SILENT_DAYS)
    return Silence(found_agencies, frozenset(newly))


def build_all_agencies_list(db: Database, view: PageView) -> ListTable:
    """Return the agencies of every plan: the silent ones first, longest first, then the others by name."""
    view = replace(view, filters=replace(view.filters, agency=None))
    silence = find_silent_agencies(db, view)
    rows: list[ListRow] = []
    for plan in list_plans(db):
        silent_names = [name for key_plan, name in silence.agencies if key_plan == plan["plan"]]
        names = {*list_agency_names(db, plan["plan"]), *silent_names}
        rows.extend(
            _build_row(view, plan["plan"], format_place_name(plan), plan["kind"], name, silence) for name in names
        )
    order = list(silence.agencies)
    ranks = {key: rank for rank, key in enumerate(order)}
    rows.sort(key=lambda row: (ranks.get((row.source, row.texts[0]), len(ranks)), to_sort_key(row.texts[0])))
    titles = {"agency": "Agency", "place": "Province or ward", "report": "Last report", "silent": "Silent for"}
    return ListTable(
        name=NAME,
        page=pages.AGENCY,
        title=view.t("Agencies"),
        caption="",
        file_stem="co-quan",
        columns=build_columns(view, titles),
        value_titles=tuple(view.t(title) for title in (*list(titles.values())[:3], "Days silent")),
        rows=tuple(rows),
        as_of=view.as_of,
        statuses=silence.format_labels(view),
    )


def _build_row(view: PageView, plan: str, place: str, kind: str, name: str, silence: Silence) -> ListRow:
    agency = silence.agencies.get((plan, name))
    last_report = agency["last_report_on"] if agency else None
    report = formatting.NO_VALUE
    if agency:
        report = view.format_day(last_report) if last_report else view.t("has never reported")
    days = agency["days_silent"] if agency else None
    statuses = silence.get_statuses(plan, name)
    return ListRow(
        cells=(
            ListCell(html.render_link(view.build_url(pages.AGENCY, plan=plan, agency=name), name), to_sort_key(name)),
            ListCell(place, to_sort_key(place)),
            ListCell(report, last_report),
            ListCell(formatting.NO_VALUE if days is None else formatting.format_weeks(days, view.lang), days),
        ),
        values=(name, place, last_report, days),
        texts=(name, place),
        statuses=statuses,
        flags=frozenset() if kind == "ward" else frozenset({ONLY_PROVINCES}),
        source=plan,
        is_open=bool(statuses),
    )
