"""What a page is given: the filters, the data version, the day, the language and the look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

import streamlit as st

from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.ui.shared.filters import Filters, PlanChoice

_VIEW_KEY = "kpis_view"


@dataclass(frozen=True)
class PageView:
    """One reader's question: small, and the same all day, so that it can be part of a cache's key.

    `today` is the day that stands when no day is asked for; for the sample it is the sample's own. `look` is
    "light" or "dark".
    """

    filters: Filters
    plan: PlanChoice | None
    today: date
    sample: bool
    theme: str

    @property
    def lang(self) -> Language:
        """The reader's language."""
        return self.filters.lang

    @property
    def as_of(self) -> date:
        """The day that is asked about."""
        return self.filters.as_of

    def t(self, key: str, /, **values: object) -> str:
        """A sentence in the reader's language."""
        return translate(self.lang, key, **values)

    def format_day(self, value: date) -> str:
        """A day as the reader writes it."""
        return written.format_day(value, self.lang)

    def build_url(self, page: str, **changes: object) -> str:
        """The address of a page (kpis.ui.pages) with the reader's filters, some changed."""
        return self.filters.build_url(page, self.today, **changes)


def store_view(view: PageView) -> None:
    """Keeps the view for the page that is about to run."""
    st.session_state[_VIEW_KEY] = view


def get_current_view() -> PageView:
    """The view of this run; the frame has set it before any page runs."""
    return cast(PageView, st.session_state[_VIEW_KEY])


def get_session_language() -> Language:
    """The language of this session, for a sentence when no view could be made."""
    view = st.session_state.get(_VIEW_KEY)
    asked = st.query_params.get("lang")
    if isinstance(view, PageView):
        return view.lang
    return "en" if asked == "en" else "vi"
