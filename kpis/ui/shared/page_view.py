"""What a page is given: filters, plan, today and language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import streamlit as st

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.question import Question, as_plan_set
from kpis.ui import pages
from kpis.ui.shared.filters import DEFAULT_LANGUAGE, Filters, PlanChoice
from kpis.ui.shared.table_query import TableQuery

_VIEW_KEY = "kpis_view"


@dataclass(frozen=True)
class PageView:
    """What one reader wants to see: small and unchanged all day, so that it can be part of a cache key.

    `today` is the default day; the sample has its own. `has_fixed_agency`: an
    officer looks, and the page shows what is the own agency's.
    `sees_folders`: paths on the server are shown. `may_request`: the reader may ask agencies for explanations.
    `sees_all_editions`: the editions of all plans are for who may download them. `answered_agencies`: those for which
    an officer's agency stands on the day of the view; their rows are its own.
    """

    filters: Filters
    plan: PlanChoice | None
    today: date
    sample: bool
    has_fixed_agency: bool = False
    sees_folders: bool = True
    may_request: bool = True
    sees_all_editions: bool = True
    answered_agencies: frozenset[str] = frozenset()

    @property
    def lang(self) -> Language:
        """The reader's language."""
        return self.filters.lang

    @property
    def as_of(self) -> date:
        """The day as of which figures are shown."""
        return self.filters.as_of

    @property
    def question(self) -> Question:
        """The question that the filters ask: day, year and plan."""
        return Question(self.as_of, year=self.filters.year, plans=as_plan_set(self.filters.plan))

    def narrow_to_single_plan(self, plans: Sequence[PlanChoice]) -> PageView:
        """Return the view of the only plan that there is, as if it had been chosen; else this view."""
        if self.plan is not None or len(plans) != 1:
            return self
        return replace(self, plan=plans[0], filters=replace(self.filters, plan=plans[0].plan))

    def t(self, key: str, /, **values: object) -> str:
        """Translate an English sentence into the reader's language and fill its {placeholders}."""
        return translate(self.lang, key, **values)

    def format_day(self, value: date) -> str:
        """Format a day in the reader's language."""
        return formatting.format_day(value, self.lang)

    def build_url(self, page: str, table: TableQuery | None = None, **changes: object) -> str:
        """Return the URL of a page (kpis.ui.pages) with the reader's filters, some changed, and `table`'s parameters.

        "" where the reader may not open it: an officer other pages than the own agency's.
        """
        if self.has_fixed_agency and not self._may_open(page, changes.get("agency", self.filters.agency)):
            return ""
        return self.filters.build_url(page, self.today, table.to_query_params() if table else {}, **changes)

    def _may_open(self, page: str, agency: object) -> bool:
        return page in pages.OFFICER_PAGES and agency in (None, self.filters.agency)


def store_view(view: PageView) -> None:
    """Store the view for the page that runs next."""
    st.session_state[_VIEW_KEY] = view


def show_in_address(view: PageView, table: TableQuery) -> None:
    """Put the view's filters and what is asked of its table into the address; the next run shows that."""
    st.query_params.from_dict({**view.filters.to_query_params(view.today), **table.to_query_params()})


def get_current_view() -> PageView:
    """Return the view of this run; the frame stores it before any page runs."""
    return cast(PageView, st.session_state[_VIEW_KEY])


def get_session_language() -> Language:
    """Return the language of this session, also while it has no view."""
    view = st.session_state.get(_VIEW_KEY)
    if isinstance(view, PageView):
        return view.lang
    return "en" if st.query_params.get("lang") == "en" else DEFAULT_LANGUAGE
