"""What a page is given: the filters, the data version, the day, the language and the look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

import streamlit as st

from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.ui.shared.filters import Filters, PlanChoice

_KEY = "kpis_view"


@dataclass(frozen=True)
class View:
    """One reader's question: small, and the same all day, so that it can be part of a cache's key.

    `today` is the day that stands when no day is asked for; for the sample it is the sample's own. `look` is
    "light" or "dark".
    """

    filters: Filters
    plan: PlanChoice | None
    today: date
    sample: bool
    look: str

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

    def day(self, value: date) -> str:
        """A day as the reader writes it."""
        return written.day(value, self.lang)

    def address(self, page: str, **changes: object) -> str:
        """The address of a page (kpis.ui.pages) with the reader's filters, some changed."""
        return self.filters.address(page, self.today, **changes)


def keep(view: View) -> None:
    """Keeps the view for the page that is about to run."""
    st.session_state[_KEY] = view


def current() -> View:
    """The view of this run; the frame has set it before any page runs."""
    return cast(View, st.session_state[_KEY])


def last_language() -> Language:
    """The language of this session, for a sentence when no view could be made."""
    view = st.session_state.get(_KEY)
    asked = st.query_params.get("lang")
    if isinstance(view, View):
        return view.lang
    return "en" if asked == "en" else "vi"
