"""Which week, and whose figures: the week of the day asked about and the filters' plan to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import streamlit as st

from kpis.language import formatting as written
from kpis.language.messages import Language
from kpis.pack.edition.folders import get_default_folder
from kpis.pack.figures.scopes import list_scopes
from kpis.pack.figures.weeks import Week, get_week
from kpis.ui.shared import data
from kpis.ui.shared.page_view import PageView

_WEEKS_OFFERED = 60
"""Weeks back from the running one: a little more than a year."""

_ALL_PLANS = ""
"""All plans, as a choice: None would be an empty box that can be cleared."""

SELECT_WIDTH = 340
"""px of a select box: two stand side by side, on a phone one below the other."""


@dataclass(frozen=True)
class PackSelection:
    """What the page is about; `plan` None is all plans, `names` every plan's place."""

    week: Week
    plan: str | None
    lang: Language
    place_names: Mapping[str, str]
    pointer: Path

    @property
    def editions_folder(self) -> Path:
        """The folder that keeps the editions."""
        return get_default_folder(self.pointer)


def select_week_and_plan(view: PageView) -> PackSelection:
    """Two select boxes side by side."""
    names = data.cache_per_version(list_scopes)()
    running = get_week(view.today)
    asked = min(get_week(view.as_of), running)
    weeks = [Week(running.monday - timedelta(weeks=back)) for back in range(_WEEKS_OFFERED)]
    if asked not in weeks:
        weeks.append(asked)
    plans = [_ALL_PLANS, *names]
    asked_plan = view.filters.plan if view.filters.plan and view.filters.plan in names else _ALL_PLANS
    with st.container(horizontal=True, vertical_alignment="bottom"):
        week = st.selectbox(
            view.t("Week"),
            weeks,
            index=weeks.index(asked),
            format_func=lambda one: format_week(one, view.lang),
            key="kpis_pack_week",
            width=SELECT_WIDTH,
        )
        plan = st.selectbox(
            view.t("Figures of"),
            plans,
            index=plans.index(asked_plan),
            format_func=lambda one: names[one] if one else view.t("All plans"),
            key="kpis_pack_scope",
            width=SELECT_WIDTH,
        )
    return PackSelection(week, plan or None, view.lang, names, data.get_current_database().pointer)


def format_week(week: Week, lang: Language) -> str:
    """A week and its days, short enough for a phone: "2026-W47 · 16–22/11", "2026-W49 · 30/11–06/12"."""
    first, last = (written.format_day_and_month(day, lang) for day in (week.monday, week.sunday))
    if lang == "vi" and week.monday.month == week.sunday.month:
        first = first[:2]
    return f"{week} · {first}–{last}"
