"""The form "Yêu cầu giải trình": about what, of whom, the question, by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from kpis.errors import KpisError
from kpis.measures.explanations import find_open_ids
from kpis.measures.request_choices import RequestChoice, list_request_choices
from kpis.register.load import load_register
from kpis.requests.asking import Subject, ask
from kpis.requests.model import TIME_TO_ANSWER
from kpis.ui.explanations.asker import require_asker
from kpis.ui.shared import data, guarded_buttons, html, states
from kpis.ui.shared.choice_fields import choose_option, forget_choice
from kpis.ui.shared.filter_options import load_plan_choices
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.request_links import ASK_PARAMETER, link_to_ask_form
from kpis.ui.shared.viewer import get_viewer
from kpis.ui.shared.viewer_errors import explain_to_viewer

_RESULT_KEY = "kpis_asked_result"
_KEY = guarded_buttons.REQUEST_PREFIX


@dataclass(frozen=True)
class _Draft:
    """What the form holds when its button is pressed."""

    plan: str
    entry: str | None
    agencies: tuple[str, ...]
    question: str
    due_on: date


def show_ask_form(view: PageView) -> None:
    """Draw the form for who may ask and the result of the last question; without a plan, the choice of one."""
    plan = view.filters.plan
    if plan is None:
        _show_plan_links(view)
        return
    if not get_viewer().may("request", plan):
        return
    if message := st.session_state.pop(_RESULT_KEY, None):
        html.show_markup(states.render_notices([states.render_notice(message)]))
    _keep_fields(plan)
    wanted = st.query_params.get(ASK_PARAMETER)
    # Its fields are drawn only once it is open: a calendar and lists of choices are half of a page's own work.
    form = st.expander(
        view.t("Request an explanation"), expanded=wanted is not None, key=f"{_KEY}form", on_change="rerun"
    )
    if form.open:
        with form:
            _render_form(view, plan, wanted)


def _build_key(plan: str, field: str) -> str:
    """Return the key of a field; each plan has a form of its own."""
    return f"{_KEY}field_{plan}_{field}"


def _keep_fields(plan: str) -> None:
    """Keep every field while the box is closed: Streamlit forgets a field that a run does not draw."""
    fields = [str(key) for key in st.session_state if str(key).startswith(_build_key(plan, ""))]
    for key in fields:
        st.session_state[key] = st.session_state[key]


def _show_plan_links(view: PageView) -> None:
    """Draw links to the form of each plan about which the reader may ask."""
    viewer = get_viewer()
    plans = load_plan_choices(data.get_current_database())
    names = {plan.plan: plan.name for plan in plans if viewer.may("request", plan.plan)}
    if not names:
        return
    links = [tag("li", link_to_ask_form(view, plan, name)) for plan, name in names.items()]
    title = tag("p", view.t("Choose a province or ward."), class_="kpis-quiet")
    with st.expander(view.t("Request an explanation")):
        html.show_markup(tag("div", title, tag("ul", *links, class_="kpis-plans"), class_="kpis", lang=view.lang))


@st.fragment
def _render_form(view: PageView, plan: str, wanted: str | None) -> None:
    choices = data.cache_per_version(list_request_choices)(plan, view.as_of)
    about = _choose_subject(choices, view, plan, wanted or "")
    agencies = _choose_agencies(about, view, plan)
    question = st.text_area(view.t("Question"), key=_build_key(plan, "question"), max_chars=2000)
    due_on = _choose_day(view, _build_key(plan, "due"))
    is_sure = len(agencies) < 2 or st.checkbox(
        view.t("Ask each of the {n} agencies", n=len(agencies)), key=_build_key(plan, f"several_{about.entry or ''}")
    )
    is_pressed = st.button(
        view.t("Send the request"), key=f"{_KEY}ask", type="primary", disabled=not (is_sure and agencies)
    )
    if is_pressed and due_on is not None:
        draft = _Draft(plan, about.entry, agencies, question, due_on)
        st.session_state[_RESULT_KEY] = _send(draft, view)
        st.rerun()


def _choose_day(view: PageView, key: str) -> date | None:
    """Draw the day to answer by. Its first value stands in the state: a default beside a kept value is refused."""
    kept_day = st.session_state.get(key)
    first_day = kept_day if isinstance(kept_day, date) else view.today + TIME_TO_ANSWER
    st.session_state[key] = max(first_day, view.today)
    day = st.date_input(view.t("To be answered by"), min_value=view.today, format="DD/MM/YYYY", key=key)
    return day if isinstance(day, date) else None


def _choose_subject(choices: Sequence[RequestChoice], view: PageView, plan: str, wanted: str) -> RequestChoice:
    """Return what is asked about: at first, and whenever another link leads here, what the address names."""
    by_entry = {choice.entry or "": choice for choice in choices}
    key, wanted_key = _build_key(plan, "about"), _build_key(plan, "wanted")
    if st.session_state.get(wanted_key, wanted) != wanted:
        forget_choice(key)
    st.session_state[wanted_key] = wanted

    def format_choice(entry: str) -> str:
        choice = by_entry[entry]
        if choice.entry is None:
            return view.t("about the agency")
        return f"{choice.entry} · {choice.title_vi if view.lang == 'vi' else choice.title_en}"

    entries = list(by_entry)
    index = entries.index(wanted) if wanted in by_entry else 0
    entry = choose_option(view, view.t("About"), entries, format_choice, key=key, index=index)
    return choices[0] if entry is None else by_entry[entry]


def _choose_agencies(about: RequestChoice, view: PageView, plan: str) -> tuple[str, ...]:
    """Return whom to ask: one agency, by default the lead, or all that have not done their part."""
    every = view.t("every agency that has not done its part ({n})", n=len(about.owing))
    names = [*([every] if about.owing else []), *about.agencies]
    preset = view.filters.agency if view.filters.agency in names else about.preset
    index = names.index(preset) if preset in names else 0
    name = choose_option(
        view, view.t("Agency"), names, str, key=_build_key(plan, f"agency_{about.entry or ''}"), index=index
    )
    return about.owing if about.owing and name == every else (name,) if name else ()


def _send(draft: _Draft, view: PageView) -> str:
    """Ask, and return what became of it as a sentence."""
    try:
        asker = require_asker(view, draft.plan)
        register = load_register(overlay=asker.settings.overlay)
        open_ids = find_open_ids(data.get_current_database(), view.today)
        subjects = [Subject(draft.plan, draft.entry, agency) for agency in draft.agencies]
        requests = ask(
            asker,
            register,
            subjects,
            draft.question,
            draft.due_on,
            lambda request: request.id in open_ids,
        )
    except KpisError as error:
        return explain_to_viewer(error, view)
    added = [request for request in requests if request.id not in open_ids]
    if not added:
        return view.t("Nothing was added: {id} has not been answered yet.", id=requests[0].id)
    names = ", ".join(request.id for request in added[:3])
    return view.t("Requested: {ids} ({n} in all).", ids=names, n=len(added))
