"""Every target as a list: what the plan says, and how it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.normalization import to_sort_key
from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.attainment_rows import STATUSES, URGENT_STATUSES, Attainment, select_targets
from kpis.measures.changes import compare_with_last_week
from kpis.measures.clauses import ClauseFacts, load_clauses
from kpis.measures.doubtful_entries import PeriodKey, get_period_key
from kpis.measures.query import fetch_current_rows
from kpis.measures.register_facts import PlanFacts, format_full_place_name, format_place_name, list_plans
from kpis.pack.xlsx.tab import CellValue, to_cell_value
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.entry_explanations import NO_EXPLANATIONS, EntryExplanations, render_explanation_link
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.lists.columns import build_columns
from kpis.ui.shared.lists.model import ListCell, ListRow, ListTable
from kpis.ui.shared.one_plan import reads_one_plan
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import ONLY_PART, ONLY_PROVINCES, ONLY_YEAR
from kpis.ui.targets.plan_targets import FORCES, CatalogueRow, format_due_day, render_cells
from kpis.wording import doubt_sentences, owed_sentences, target_figures

NAME = "targets"
_OWN_PREFIX = "own_"
_FORCES = tuple(FORCES)


@dataclass(frozen=True)
class _Facts:
    """What is known of all rows of the list."""

    plans: Mapping[str, PlanFacts]
    catalogue: Mapping[str, CatalogueRow]
    clauses: Mapping[str, Sequence[ClauseFacts]]
    own_parts: Mapping[str, Attainment]
    changes: Mapping[str, frozenset[PeriodKey]]
    explanations: EntryExplanations


@reads_one_plan
def build_target_list(
    db: Database, view: PageView, has_change: bool = False, explanations: EntryExplanations = NO_EXPLANATIONS
) -> ListTable:
    """Return the list; with `has_change` it knows which targets changed since last week.

    A target without a period in the year stands in it without a status.
    """
    rows = compute_targets(db, view.question)
    changes = _find_changes(db, view, rows) if has_change else {}
    facts = _load_facts(db, view, rows, changes, explanations)
    by_target: dict[str, list[Attainment | None]] = defaultdict(list)
    for row in [*rows, *_list_earlier_rows(rows, changes)]:
        by_target[row["target"]].append(row)
    positions = dict.fromkeys([*facts.catalogue, *by_target])
    plan_order = {plan: position for position, plan in enumerate(facts.plans)}
    built = [
        (plan_order[plan["plan"]], _build_row(plan, facts, target, row, view))
        for target in positions
        for row in by_target.get(target) or [None]
        if (plan := _find_plan(facts, target, row)) is not None
    ]
    built.sort(key=lambda item: item[0])
    return _build_table([row for _, row in built], view)


def _find_plan(facts: _Facts, target: str, row: Attainment | None) -> PlanFacts | None:
    return facts.plans.get(row["plan"] if row else str(facts.catalogue[target]["plan"]))


def _load_facts(
    db: Database,
    view: PageView,
    rows: Sequence[Attainment],
    changes: Mapping[str, Sequence[Attainment]],
    explanations: EntryExplanations,
) -> _Facts:
    params = {"plan": view.filters.plan, "as_of": view.as_of}
    catalogue = fetch_current_rows(db, "kpis.ui.targets", "targets", params)
    own_parts: dict[str, Attainment] = {}
    if view.filters.agency is not None:
        own_rows = select_targets(compute_by_agency(db, replace(view.question, agency=view.filters.agency)))
        # A target that it leads counts by its status as a whole, as in the list of agencies.
        led = (row for row in rows if row["lead"] == view.filters.agency)
        own_parts = {row["target"]: row for row in (*own_rows, *led)}
    return _Facts(
        plans={plan["plan"]: plan for plan in list_plans(db, view.filters.plan)},
        catalogue={str(row["target"]): row for row in catalogue},
        clauses=load_clauses(db, view.filters.plan),
        own_parts=own_parts,
        changes={name: frozenset(map(get_period_key, changed)) for name, changed in changes.items()},
        explanations=explanations,
    )


def _find_changes(db: Database, view: PageView, rows: Sequence[Attainment]) -> dict[str, list[Attainment]]:
    """Return change -> rows; empty where weeks are not compared (see the overview)."""
    if view.filters.year != view.as_of.year or view.as_of > view.today:
        return {}
    changes = compare_with_last_week(db, view.question, current_rows=rows)
    return {
        "newly_met": changes.newly_met,
        "newly_late": changes.newly_late,
        "lowered": [lowered.current_row for lowered in changes.lowered_figures],
    }


def _list_earlier_rows(rows: Sequence[Attainment], changes: Mapping[str, Sequence[Attainment]]) -> Iterator[Attainment]:
    """Yield the rows of periods that ended with last year and changed since."""
    present = set(map(get_period_key, rows))
    for changed in changes.values():
        for row in changed:
            if get_period_key(row) not in present:
                present.add(get_period_key(row))
                yield row


def _build_table(rows: Sequence[ListRow], view: PageView) -> ListTable:
    titles = {
        "title": "Target", "commitment": "Commitment", "status": "Status", "owed": "Still owed", "due": "Due",
        "lead": "Lead agency", "recurrence": "Recurrence", "force": "Force", "citation": "Citation",
    }  # fmt: skip
    return ListTable(
        name=NAME,
        page=pages.TARGETS,
        title=view.t("Every target"),
        caption=view.t("“Our reading” marks what the text does not state clearly, with the reason."),
        file_stem="chi-tieu",
        columns=build_columns(view, titles),
        value_titles=tuple(view.t(title) for title in _VALUE_TITLES),
        rows=tuple(rows),
        as_of=view.as_of,
        statuses=_format_status_labels(view),
        has_due=True,
        has_leads=True,
    )


def _format_status_labels(view: PageView) -> dict[str, str]:
    """Return the labels of the statuses; with an agency chosen, of its own part too."""
    labels = {str(status): palette.get_status_label(status, view.lang) for status in STATUSES}
    if view.filters.agency is None:
        return labels
    own_labels = {
        f"{_OWN_PREFIX}{status}": view.t("{status} (part of {agency})", status=label, agency=view.filters.agency)
        for status, label in labels.items()
    }
    return {**labels, **own_labels}


_VALUE_TITLES = (
    "Province or ward", "Code", "Target", "Commitment", "Floor", "Unit", "Actual", "Status", "Still owed", "Due",
    "Lead agency", "Recurrence", "Force", "Document", "Section",
)  # fmt: skip


def _build_row(plan: PlanFacts, facts: _Facts, target: str, row: Attainment | None, view: PageView) -> ListRow:
    entry = facts.catalogue.get(target)
    cells: tuple[Child, ...] = (
        render_cells(plan, entry, view, facts.clauses.get(target, ()), with_place=view.plan is None)
        if entry
        else (join([_get_title(row, view)]), *(formatting.NO_VALUE,) * 6)
    )
    title, commitment, due, lead_cell, recurrence, force, citation = cells
    facts_of_row: Mapping[str, object] = entry or row or {}
    name = str(facts_of_row["title_vi" if view.lang == "vi" else "title_en"])
    lead, place = str(facts_of_row["lead"]), format_place_name(plan)
    due_on = row["due_on"] if row else None
    status = str(row["status"]) if row else ""
    owed = owed_sentences.format_sentence(row, view.lang) if row else ""
    words = {key: join([cell]).striptags() for key, cell in (("commitment", commitment), ("recurrence", recurrence))}
    section = str(facts_of_row["section"])
    orders: Sequence[tuple[Child, object]] = (
        (title, to_sort_key(name)),
        (commitment, to_sort_key(words["commitment"])),
        (
            join([_render_status(row, view), render_explanation_link(target, facts.explanations, view)]),
            STATUSES.index(row["status"]) if row and row["status"] else None,
        ),
        (owed or formatting.NO_VALUE, to_sort_key(owed) if owed else None),
        (due, due_on),
        (lead_cell, to_sort_key(lead)),
        (recurrence, to_sort_key(words["recurrence"])),
        (force, _FORCES.index(str(facts_of_row["force"]))),
        (citation, (to_sort_key(plan["number"] or ""), to_sort_key(section))),
    )
    link = html.render_link(
        view.build_url(pages.PROVINCE, plan=plan["plan"], agency=None), format_full_place_name(plan)
    )
    values: tuple[CellValue, ...] = (
        place, target, name, words["commitment"], to_cell_value(row, row["floor"]) if row else None,
        str(facts_of_row["unit_vi" if entry and view.lang == "vi" else "unit" if not entry else "unit_en"]),
        to_cell_value(row, row["actual"]) if row else None,
        doubt_sentences.format_status(row, view.lang) or None if row else None, owed or None,
        due_on or (format_due_day(entry, view) if entry else None), lead, words["recurrence"],
        join([force]).striptags(), plan["number"], section,
    )  # fmt: skip
    return ListRow(
        cells=tuple(ListCell(content, order) for content, order in orders),
        values=values,
        texts=(target, name, lead, place, str(facts_of_row.get("name_vi") or "")),
        group=link,
        statuses=(status, *_list_own_statuses(facts, target, row)),
        due_on=due_on,
        leads=(lead,),
        flags=frozenset(_list_flags(plan, facts, target, row)),
        is_open=status in URGENT_STATUSES,
    )


def _list_own_statuses(facts: _Facts, target: str, row: Attainment | None) -> tuple[str, ...]:
    """Return the status of the agency's own part, under a name of its own."""
    part = facts.own_parts.get(target)
    return (f"{_OWN_PREFIX}{part['status']}",) if part and row and part["status"] else ()


def _get_title(row: Attainment | None, view: PageView) -> str:
    return target_figures.get_title(row, view.lang) if row else ""


def _render_status(row: Attainment | None, view: PageView) -> Markup:
    """Return status and figure; without a period in the year a dash."""
    if row is None or row["status"] is None:
        return tag("span", formatting.NO_VALUE, class_="kpis-quiet")
    status = html.render_status(row["status"], doubt_sentences.format_status(row, view.lang))
    if row["measure"] == "milestone" or row["status"] in ("carried", "not_applicable"):
        return status
    return join([status, tag("small", target_figures.format_counted_fraction(row, view.lang), class_="kpis-under")])


def _list_flags(plan: PlanFacts, facts: _Facts, target: str, row: Attainment | None) -> Iterator[str]:
    if plan["kind"] != "ward":
        yield ONLY_PROVINCES
    if target in facts.own_parts:
        yield ONLY_PART
    if row is None:
        return
    yield ONLY_YEAR
    for change, keys in facts.changes.items():
        if get_period_key(row) in keys:
            yield change
