"""The page Nhật ký: two filters, then the lines."""

from __future__ import annotations

import os

import streamlit as st

from kpis.settings import load_settings
from kpis.store.shared_files import find_files
from kpis.ui.audit.content import load_audit, render_audit
from kpis.ui.audit.words import format_action
from kpis.ui.shared import html
from kpis.ui.shared.choice_fields import choose_option
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.shared_folder import find_folder_problem, render_folder_notice
from kpis.ui.shared.table_query import TableQuery
from kpis.ui.shared.viewer import require_right


def render_audit_page(view: PageView) -> None:
    """Draw the page for who may see the audit; NotAllowedError for anybody else."""
    require_right("see_audit")
    settings = load_settings(os.environ, read_only=True)
    html.show_markup(render_folder_notice(settings, view))
    if find_folder_problem(settings) is not None:
        return
    content = load_audit(find_files(settings))
    person = action = None
    if content.lines:
        with st.container(horizontal=True):
            every = view.t("All")
            person = choose_option(
                view, view.t("Person"), content.people, str, index=None, placeholder=every, key="kpis_audit_person"
            )
            action = choose_option(
                view,
                view.t("Action"),
                content.actions,
                lambda name: format_action(name, view),
                index=None,
                placeholder=every,
                key="kpis_audit_action",
            )
    query = TableQuery(lead=person or "", source=action or "")
    html.show_markup(render_audit(content, content.select(person, action), view, query))
