"""What an uploaded document is for: a new plan, or the amendment or the whole new text of one that is in force."""

from __future__ import annotations

import os

import streamlit as st

from kpis import settings
from kpis.plan_import.review.draft.model import DraftMode
from kpis.register.load import load_register
from kpis.register.model import Plan
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import get_viewer

_MODE_KEY, _PLAN_KEY = "kpis_import_mode", "kpis_import_amended"
_NEW_PLAN_KEY, _PLACE_KEY = "kpis_import_plan", "kpis_import_place"
_MODES: dict[DraftMode, str] = {
    "new": "a new plan", "amends": "amends some points of a plan", "whole": "replaces the whole text of a plan",
}  # fmt: skip


def render_mode(view: PageView) -> DraftMode:
    """Draw the choice; outside the form, whose fields follow it."""
    chosen: DraftMode | None = st.radio(
        view.t("What the document is"), list(_MODES), format_func=lambda mode: view.t(_MODES[mode]), key=_MODE_KEY,
        horizontal=True,
    )  # fmt: skip
    return chosen or "new"


def render_subject_fields(view: PageView, mode: DraftMode) -> tuple[str, str]:
    """Draw the fields of a mode within the form; return the plan's id and its place, both as given."""
    if mode == "new":
        plan_column, place_column = st.columns(2)
        with plan_column:
            plan = st.text_input(
                view.t("Id of the new plan, like can-tho-2027"), key=_NEW_PLAN_KEY, max_chars=60
            )  # fmt: skip
        with place_column:
            place = st.text_input(
                view.t("Place, like “thành phố Cần Thơ” or “phường Bắc Kạn, Thái Nguyên”"), key=_PLACE_KEY,
                max_chars=120,
            )  # fmt: skip
        return plan.strip(), place.strip()
    plans = list_amendable_plans()
    chosen = st.selectbox(
        view.t("The plan that it changes"), list(plans), index=None, key=_PLAN_KEY, placeholder=view.t("Choose a plan"),
        format_func=lambda plan: _format_plan(plans[plan], view),
    )  # fmt: skip
    return chosen or "", ""


def list_amendable_plans() -> dict[str, Plan]:
    """Return the plans in force that the viewer may import for, by id: those accepted here first."""
    viewer = get_viewer()
    overlay = settings.find_overlay(os.environ)
    accepted = {path.name for path in overlay.glob("plans/*")} if overlay else set()
    plans = [plan for plan in load_register(overlay=overlay).plans.values() if viewer.may("import_plan", plan.id)]
    return {plan.id: plan for plan in sorted(plans, key=lambda plan: (plan.id not in accepted, plan.place, plan.id))}


def _format_plan(plan: Plan, view: PageView) -> str:
    return view.t("{plan} · {place} · {file}", plan=plan.id, place=plan.place, file=plan.number or plan.title_vi)
