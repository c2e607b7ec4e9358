"""Accepted versions whose document was read wrongly: the draft of one is opened again, to be accepted in its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from kpis.errors import KpisError
from kpis.plan_import.review.versions.reopening import list_correctable, reopen_version
from kpis.plan_import.review.versions.version_sentences import describe_version
from kpis.register.accepted_plans import list_accepted_versions
from kpis.register.faults import RegisterFaults
from kpis.register.version_facts import VersionFacts, read_version_facts
from kpis.ui.plan_import import session
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import get_viewer, require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer

_VERSION_KEY = "kpis_import_version"


def render_corrections(view: PageView, register: Path) -> None:
    """Draw the choice of a version and the button; nothing where no version was accepted."""
    versions = _list_versions(register)
    if not versions:
        return
    with st.expander(view.t("Correct an accepted version that was read wrongly")):
        sentence = view.t(
            "An amendment by the authority is imported above. This is for our own mistake: the review of a version "
            "opens again with its decisions; what is accepted then takes its place, with the reason, on every day of "
            "that version. What was known and sealed before keeps the old reading."
        )
        html.show_markup(tag("p", sentence, class_="kpis kpis-small", lang=view.lang))
        position = st.selectbox(
            view.t("Version"), range(len(versions)), key=_VERSION_KEY,
            format_func=lambda each: f"{versions[each].plan} · {describe_version(versions[each], view.lang)}",
        )  # fmt: skip
        st.button(
            view.t("Open its review again"), key="kpis_import_reopen", on_click=_reopen,
            args=(versions[position], register, view),
        )  # fmt: skip


def _list_versions(register: Path) -> Sequence[VersionFacts]:
    viewer = get_viewer()
    by_plan = list_accepted_versions(register, RegisterFaults()) if register.is_dir() else {}
    return [
        facts
        for plan, versions in by_plan.items()
        if viewer.may("import_plan", plan)
        for facts in list_correctable([read_version_facts(version) for version in versions])
    ]


def _reopen(facts: VersionFacts, register: Path, view: PageView) -> None:
    try:
        require_right("import_plan", facts.plan)
        draft = reopen_version(register, facts.plan, facts.number)
    except KpisError as error:
        session.add_messages("page", [explain_to_viewer(error, view)])
        return
    session.open_draft(draft.plan)
    text = "The review of version {number} of “{plan}” is open again. Change what was read wrongly, then accept it."
    session.add_messages("page", [view.t(text, number=facts.number, plan=facts.plan)])
