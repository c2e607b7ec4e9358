"""What agencies were asked about a target or task, beside it: in its card in words, in a list as a counted link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.explanations import Explanation, ExplanationState, fetch_explanations
from kpis.measures.question import Question
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import data, html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.list_links import COUNT_CLASS, build_list_url, render_more
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import TableQuery
from kpis.wording import explanation_sentences as sentences

SHOWN_STATES: tuple[ExplanationState, ...] = ("late", "open", "answered")
MAX_SHOWN = 3
"""Explanations that a card shows in words; all others are counted, with a link."""


@dataclass(frozen=True)
class EntryExplanations:
    """The explanations about targets and tasks that a reader sees; hashable, as part of the key of what shows them."""

    items: tuple[Explanation, ...] = ()

    @cached_property
    def by_entry(self) -> Mapping[str, Sequence[Explanation]]:
        """The explanations of each target or task, late ones first."""
        grouped: dict[str, list[Explanation]] = defaultdict(list)
        for item in self.items:
            if item.entry is not None:
                grouped[item.entry].append(item)
        return grouped


NO_EXPLANATIONS = EntryExplanations()


def load_entry_explanations(rows: Database, view: PageView) -> EntryExplanations:
    """Return late, open and answered explanations about targets and tasks of the view's plans.

    `rows` is the database for lists of rows, which for an officer holds those of the own agencies alone.
    """
    question = Question(view.as_of, plans=view.question.plans, agency=_get_own_agency(view))
    return data.call_cached_by_ledger(rows, _fetch, question)


def _fetch(rows: Database, question: Question) -> EntryExplanations:
    items = fetch_explanations(rows, question)
    return EntryExplanations(tuple(item for item in items if item.entry and item.state in SHOWN_STATES))


def _get_own_agency(view: PageView) -> str | None:
    """Return the agency of an officer; whoever sees more sees what every agency was asked about a target."""
    return view.filters.agency if view.has_fixed_agency else None


def _build_url(items: Sequence[Explanation], view: PageView) -> str:
    query = TableQuery(status=SHOWN_STATES, target=items[0].entry or "")
    return build_list_url(view, pages.EXPLANATIONS, query, plan=items[0].plan, agency=_get_own_agency(view))


def render_explanation_link(entry: str, explanations: EntryExplanations, view: PageView) -> Markup | None:
    """Return the number of explanations about a target or task as a link, and how many are late; None for none."""
    items = explanations.by_entry.get(entry)
    if not items:
        return None
    text = view.t("Explanations: {n}", n=formatting.format_number(len(items), view.lang))
    late = sum(item.state == "late" for item in items)
    note: Child = None
    if late:
        number = formatting.format_number(late, view.lang)
        note = join([" · ", html.render_status(sentences.LOOKS["late"], view.t("{n} late answers", n=number))])
    return tag("small", html.render_link(_build_url(items, view), text, class_=COUNT_CLASS), note, class_="kpis-under")


def render_entry_explanations(entry: str, explanations: EntryExplanations, view: PageView) -> Markup | None:
    """Return what was asked about a target or task and what was answered, the late ones first; None for nothing."""
    items = explanations.by_entry.get(entry)
    if not items:
        return None
    lines = [tag("li", _render_explanation(item, view)) for item in items[:MAX_SHOWN]]
    url = _build_url(items, view)
    if more := render_more(view, len(items) - MAX_SHOWN, len(items), url):
        lines.append(tag("li", more))
    return tag("ul", *lines, class_="kpis-asked", aria_label=view.t("Explanations"))


def _render_explanation(item: Explanation, view: PageView) -> Markup:
    """Return state, agency and due day, the question, then answer, measures and promise."""
    state = html.render_status(sentences.LOOKS[item.state], sentences.format_state(item, view.lang))
    agency = html.render_link(view.build_url(pages.AGENCY, plan=item.plan, agency=item.agency), item.agency)
    head: list[Child] = [state, agency]
    if item.is_open and item.due_on:
        head.append(view.t("to be answered by {day}", day=view.format_day(item.due_on)))
    elif item.answered_on:
        head.append(view.format_day(item.answered_on))
    facts = [view.t("measures: {text}", text=item.measures)] if item.measures else []
    if promise := sentences.format_promise(item, view.lang):
        facts.append(promise)
    return join(
        [
            join(head, " · "),
            tag("q", item.question, class_="kpis-line") if item.question else None,
            tag("span", item.answer, class_="kpis-line") if item.answer else None,
            *(tag("small", fact, class_="kpis-under") for fact in facts),
        ]
    )
