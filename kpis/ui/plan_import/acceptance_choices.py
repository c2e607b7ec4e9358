"""What the reviewer says beside the rows: the day in force, years judged again, the correction of a version and why."""

from __future__ import annotations

import os
from datetime import date

import streamlit as st
from markupsafe import Markup

from kpis import settings
from kpis.plan_import.review.amendments.base_plan import read_base_plan
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.versions.closed_entries import describe_closed, list_closed_entries, list_years_to_name
from kpis.register.judging_versions import VersionDays
from kpis.services.plan_acceptance import AcceptanceChoices
from kpis.ui.plan_import.acceptance_lists import render_acceptance_list
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

_MAX_REASON = 400
_YEARS_LABEL = "Years whose closed periods this version judges again"


def render_choices(draft: Draft, corrects: int | None, view: PageView) -> AcceptanceChoices:
    """Draw the fields that fit the draft; `corrects`: the version whose review was opened again."""
    may_lack_targets = st.checkbox(
        view.t("This plan really has no target and no milestone"), key=f"kpis_import_no_targets_{draft.id}"
    )  # fmt: skip
    if draft.mode == "new" and corrects is None:
        return AcceptanceChoices(may_lack_targets)
    in_force_from = _render_day(draft, view) if draft.mode != "new" else None
    judges_again = st.multiselect(
        view.t(_YEARS_LABEL), _list_years(draft, view),
        key=f"kpis_import_again_{draft.id}", placeholder=view.t("none"),
    )  # fmt: skip
    note = view.t("A period that was already due keeps the version that judged it, unless its year is named here.")
    html.show_markup(tag("p", note, class_="kpis kpis-under", lang=view.lang))
    if corrects is None and draft.mode != "new":
        html.show_markup(_render_closed(draft, in_force_from, judges_again, view))
    number = corrects if corrects is not None else _render_correction(draft, view)
    why = ""
    if number is not None:
        why = st.text_area(
            view.t("What version {number} got wrong (shown with the correction)", number=number),
            key=f"kpis_import_why_{draft.id}", max_chars=_MAX_REASON, height=70,
        )  # fmt: skip
    return AcceptanceChoices(may_lack_targets, in_force_from, tuple(judges_again), number, why.strip() or None)


def _render_closed(draft: Draft, day: date | None, judges_again: list[int], view: PageView) -> Markup:
    """Return what keeps the version that judged it, since it was due before this one is accepted and in force."""
    texts = [draft.get_row(f"header.{name}").get_value("value") for name in _DAYS]
    stated = [date.fromisoformat(text) for text in texts if text]
    day = day or (stated[0] if stated else None)
    base = read_base_plan(settings.find_overlay(os.environ), draft.plan)
    days = VersionDays(0, day, view.today, frozenset(judges_again))
    closed = list_closed_entries(draft, base, days)
    sentence = view.t("Due before this version is accepted and in force:")
    listed = render_acceptance_list(sentence, [describe_closed(entry, view.lang) for entry in closed], view)
    if not (years := list_years_to_name(closed)):
        return listed
    offer = view.t(
        "If this version is to judge {years} too, choose that under “{field}”.",
        years=", ".join(map(str, years)), field=view.t(_YEARS_LABEL),
    )  # fmt: skip
    return listed + tag("p", offer, class_="kpis", lang=view.lang)


def _render_day(draft: Draft, view: PageView) -> date | None:
    day: date | None = st.date_input(
        view.t("In force from"), value=None, format="DD/MM/YYYY", key=f"kpis_import_in_force_{draft.id}",
        min_value=date(_list_years(draft, view)[0], 1, 1), max_value=date(_list_years(draft, view)[-1], 12, 31),
    )  # fmt: skip
    stated, issued = (draft.get_row(f"header.{name}").get_value("value") for name in _DAYS)
    if stated:
        note = view.t("Empty: {day}, as the document says.", day=view.format_day(date.fromisoformat(stated)))
    elif issued:
        note = view.t("Empty: {day}, the day of issue.", day=view.format_day(date.fromisoformat(issued)))
    else:
        note = view.t("The document states no day: choose one.")
    html.show_markup(tag("p", note, class_="kpis kpis-under", lang=view.lang))
    return day


_DAYS = ("in_force_from", "document_issued_on")


def _render_correction(draft: Draft, view: PageView) -> int | None:
    """Draw the choice that an amendment made on a version is our own correction of it."""
    if not draft.basis:
        return None
    label = view.t("Not an amendment by the authority: version {number} was read wrongly", number=draft.basis)
    return draft.basis if st.checkbox(label, key=f"kpis_import_corrects_{draft.id}") else None


def _list_years(draft: Draft, view: PageView) -> list[int]:
    """Return the years of the plan as decided so far, else as proposed."""
    texts = {
        name: draft.get_row(f"header.{name}").get_value("value") for name in ("start_year", "end_year", "shown_to")
    }
    first = texts["start_year"] or texts["end_year"]
    last = texts["end_year"] or texts["shown_to"] or first
    return list(range(int(first), int(last) + 1)) if first and int(last) >= int(first) else [view.today.year]
