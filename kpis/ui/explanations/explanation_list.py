"""Every explanation as a list: what it is about, who answers, by when, and the answer with its promise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from markupsafe import Markup

from kpis.language.normalization import to_sort_key
from kpis.measures.attainment import compute_targets
from kpis.measures.explanations import STATE_ORDER, Explanation, fetch_explanations
from kpis.measures.question import Question, as_plan_set
from kpis.measures.task_status import compute_task_status
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.filter_options import load_plan_choices
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.list_links import link_to_target, link_to_task
from kpis.ui.shared.lists.columns import build_columns
from kpis.ui.shared.lists.model import ListCell, ListRow, ListTable
from kpis.ui.shared.page_view import PageView
from kpis.wording import explanation_sentences as sentences

NAME = "explanations"
_TITLES = {
    "request": "Request", "agency": "Agency", "due": "Due", "state": "State", "explanation": "Explanation",
}  # fmt: skip
_VALUE_TITLES = (
    "Request", "Plan", "Code", "Target or task", "Agency", "Question", "Requested on", "Due", "State", "Explanation",
    "Measures", "To be done by", "Promise", "Answered on", "Answered by", "Asked by", "Where it stands",
)  # fmt: skip


def list_explanations(db: Database, view: PageView) -> list[Explanation]:
    """Return the explanations of the view; `db` is the one for lists of rows: an officer's own agencies."""
    question = Question(view.as_of, plans=as_plan_set(view.filters.plan), agency=view.filters.agency)
    return fetch_explanations(db, question)


def build_explanation_list(db: Database, view: PageView) -> ListTable:
    """Return every explanation of the view, late ones first."""
    return build_table(list_explanations(db, view), view, name_places(db, view), find_shown_entries(db, view))


def name_places(db: Database, view: PageView) -> dict[str, str]:
    """Return plan -> place where the view has several plans, whose agencies may have one name; else nothing."""
    return {} if view.filters.plan else {plan.plan: plan.name for plan in load_plan_choices(db)}


def find_shown_entries(db: Database, view: PageView) -> frozenset[str]:
    """Return the targets that have a card in the view's year, and the tasks that its list has."""
    question = replace(view.question, agency=None)
    targets = {row["target"] for row in compute_targets(db.with_all_agencies, question)}
    return frozenset(targets | {task["task"] for task in compute_task_status(db.with_all_agencies, question)})


def render_agency(url: str, agency: str, place: str | None) -> Markup:
    """Return the link to an agency, and its place where that is to be named."""
    under = tag("small", place, class_="kpis-under") if place else None
    return join([html.render_link(url, agency), under])


def build_table(
    items: Sequence[Explanation],
    view: PageView,
    places: Mapping[str, str] = MappingProxyType({}),
    shown_entries: Collection[str] = (),
) -> ListTable:
    """Return explanations as a list; `places`: plan -> place, where that is to be named.

    `shown_entries`: the targets and tasks to which their titles lead.
    """
    return ListTable(
        name=NAME,
        page=pages.EXPLANATIONS,
        title=view.t("Requests and explanations"),
        caption=view.t("Late ones first; the answer that was recorded last counts."),
        file_stem="giai-trinh",
        columns=build_columns(view, _TITLES),
        value_titles=tuple(view.t(title) for title in _VALUE_TITLES),
        rows=tuple(_build_row(item, view, places.get(item.plan), shown_entries) for item in items),
        as_of=view.as_of,
        statuses={state: sentences.get_state_label(state, view.lang) for state in STATE_ORDER},
        has_due=True,
        has_leads=True,
        has_entries=True,
    )


def _build_row(item: Explanation, view: PageView, place: str | None, shown_entries: Collection[str]) -> ListRow:
    orders = (item.id, to_sort_key(item.agency), item.due_on, STATE_ORDER.index(item.state), item.answered_on)
    cells = (
        render_request(item, view, is_linked=item.entry in shown_entries),
        render_agency(view.build_url(pages.AGENCY, plan=item.plan, agency=item.agency), item.agency, place),
        view.format_day(item.due_on) if item.due_on else None,
        render_state(item, view),
        render_answer(item, view),
    )
    title = get_title(item, view)
    return ListRow(
        cells=tuple(map(ListCell, cells, orders)),
        values=(
            item.id, item.plan, item.entry, title, item.agency, item.question, item.asked_on, item.due_on,
            sentences.format_state(item, view.lang), item.answer, item.measures, item.promise_on,
            sentences.format_promise(item, view.lang), item.answered_on, item.answered_by,
            sentences.format_asker(item.asked_by, view.lang),
            sentences.format_sheet_state(item, view.lang) or sentences.format_origin(item, view.lang),
        ),
        texts=(item.id, item.entry or "", title, item.agency, item.plan, place or ""),
        statuses=(item.state,),
        due_on=item.due_on,
        leads=(item.agency,),
        entry=item.entry or "",
        is_open=item.is_open,
    )  # fmt: skip


def get_title(item: Explanation, view: PageView) -> str:
    """Return what an explanation is about."""
    if item.entry is None:
        return view.t("about the agency")
    return (item.title_vi if view.lang == "vi" else item.title_en) or item.entry


def _build_address(item: Explanation, view: PageView) -> str:
    """Return the address of the target's card or of the task that an explanation is about."""
    if item.target is not None:
        return link_to_target(view, item.plan, item.target)
    return link_to_task(view, item.plan, item.task) if item.task is not None else ""


def render_request(item: Explanation, view: PageView, *, is_linked: bool = False) -> Markup:
    """Return what is asked about, as a link if `is_linked`, the question, its id, who asked and when."""
    asker = sentences.format_asker(item.asked_by, view.lang)
    under: list[str | None] = [
        item.id if item.origin == "ledger" else sentences.format_origin(item, view.lang),
        item.entry,
        view.t("of {day}", day=view.format_day(item.asked_on)) if item.asked_on else None,
        view.t("by {person}", person=asker) if asker else None,
    ]
    return join(
        [
            tag("span", html.render_link(_build_address(item, view) if is_linked else "", get_title(item, view))),
            tag("q", item.question, class_="kpis-line") if item.question else None,
            tag("small", " · ".join(part for part in under if part), class_="kpis-under"),
        ]
    )


def render_state(item: Explanation, view: PageView) -> Markup:
    """Return the state with its sign, and what else is to be known about it."""
    parts: list[Child] = [html.render_status(sentences.LOOKS[item.state], sentences.format_state(item, view.lang))]
    if note := sentences.format_sheet_state(item, view.lang):
        parts.append(tag("small", note, class_="kpis-under"))
    if item.return_reason and item.is_open:
        parts.append(tag("small", view.t("returned: {reason}", reason=item.return_reason), class_="kpis-under"))
    if item.withdrawal_reason and item.state == "withdrawn":
        parts.append(tag("small", item.withdrawal_reason, class_="kpis-under"))
    return join(parts)


def render_answer(item: Explanation, view: PageView) -> Markup:
    """Return the answer, its measures and promise, who answered when; earlier answers folded."""
    parts: list[Child] = [tag("span", item.answer) if item.answer else tag("span", "–", class_="kpis-quiet")]
    if item.measures:
        parts.append(tag("small", view.t("measures: {text}", text=item.measures), class_="kpis-under"))
    if promise := sentences.format_promise(item, view.lang):
        parts.append(tag("small", promise, class_="kpis-under"))
    if item.answered_on:
        by = [view.format_day(item.answered_on), *([item.answered_by] if item.answered_by else [])]
        parts.append(tag("small", " · ".join(by), class_="kpis-under"))
    if item.other_answers:
        lines = [tag("li", f"{view.format_day(other.answered_on)}: {other.text}") for other in item.other_answers]
        summary = tag("summary", view.t("{n} earlier answers", n=len(item.other_answers)))
        parts.append(tag("details", summary, tag("ul", *lines)))
    return join(parts)
