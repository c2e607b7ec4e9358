"""Which week, and whose figures: the week of the day asked about and the filters' plan to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import streamlit as st

from kpis.language.messages import Language
from kpis.pack.place import kept_beside
from kpis.pack.scopes import scopes
from kpis.pack.weeks import Week, week_of
from kpis.ui import data
from kpis.ui.view import View

_OFFERED = 60
"""Weeks back from the running one: a little more than a year."""


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
    pointer = data.in_use()[0]
    names = data.per_version(scopes)()
    running = week_of(view.today)
    asked = min(week_of(view.as_of), running)
    weeks = [Week(running.monday - timedelta(weeks=back)) for back in range(_OFFERED)]
    if asked not in weeks:
        weeks.append(asked)
    plans = [None, *names]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        week = st.selectbox(
            view.t("Week"),
            weeks,
            index=weeks.index(asked),
            format_func=lambda one: _week(one, view),
            key="kpis_pack_week",
        )
        plan = st.selectbox(
            view.t("Whose figures"),
            plans,
            index=plans.index(view.filters.plan) if view.filters.plan in names else 0,
            format_func=lambda one: names[one] if one else view.t("All plans"),
            key="kpis_pack_scope",
        )
    return Chosen(week, plan, view.lang, names, Path(pointer))


def _week(week: Week, view: View) -> str:
    days = view.t("{first} to {last}", first=view.day(week.monday), last=view.day(week.sunday))
    return f"{week} · {days}"
