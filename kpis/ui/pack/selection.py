"""Which week, and whose figures: the week of the day asked about and the filters' plan to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import streamlit as st

from kpis.language import formatting as written
from kpis.language.messages import Language
from kpis.pack.edition.folders import kept_beside
from kpis.pack.figures.scopes import scopes
from kpis.pack.figures.weeks import Week, week_of
from kpis.ui.shared import data
from kpis.ui.shared.page_view import View

_OFFERED = 60
"""Weeks back from the running one: a little more than a year."""

_ALL = ""
"""All plans, as a choice: None would be an empty box that can be cleared."""

WIDTH = 340
"""px of a select box: two stand side by side, on a phone one below the other."""


@dataclass(frozen=True)
class Chosen:
    """What the page is about; `plan` None is all plans, `names` every plan's place."""

    week: Week
    plan: str | None
    lang: Language
    names: Mapping[str, str]
    pointer: Path

    @property
    def out(self) -> Path:
        """The folder that keeps the editions."""
        return kept_beside(self.pointer)


def choose(view: View) -> Chosen:
    """Two select boxes side by side."""
    names = data.per_version(scopes)()
    running = week_of(view.today)
    asked = min(week_of(view.as_of), running)
    weeks = [Week(running.monday - timedelta(weeks=back)) for back in range(_OFFERED)]
    if asked not in weeks:
        weeks.append(asked)
    plans = [_ALL, *names]
    asked_plan = view.filters.plan if view.filters.plan and view.filters.plan in names else _ALL
    with st.container(horizontal=True, vertical_alignment="bottom"):
        week = st.selectbox(
            view.t("Week"),
            weeks,
            index=weeks.index(asked),
            format_func=lambda one: week_label(one, view.lang),
            key="kpis_pack_week",
            width=WIDTH,
        )
        plan = st.selectbox(
            view.t("Whose figures"),
            plans,
            index=plans.index(asked_plan),
            format_func=lambda one: names[one] if one else view.t("All plans"),
            key="kpis_pack_scope",
            width=WIDTH,
        )
    return Chosen(week, plan or None, view.lang, names, data.in_use().pointer)


def week_label(week: Week, lang: Language) -> str:
    """A week and its days, short enough for a phone: "2026-W47 · 16–22/11", "2026-W49 · 30/11–06/12"."""
    first, last = (written.day_of_year(day, lang) for day in (week.monday, week.sunday))
    if lang == "vi" and week.monday.month == week.sunday.month:
        first = first[:2]
    return f"{week} · {first}–{last}"
