"""The editions of a scope, latest first."""

from __future__ import annotations

import os

from markupsafe import Markup

from kpis.language import formatting
from kpis.pack.edition.folders import ALL_PLANS, Edition, list_editions, list_unreadable
from kpis.settings import load_settings
from kpis.ui import pages
from kpis.ui.pack.selection import PackSelection
from kpis.ui.shared import html, states
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.shared_folder import find_folder_problem, render_folder_notice
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.shared.viewer_errors import explain_to_viewer


def list_selected_editions(selection: PackSelection) -> list[Edition]:
    """Return every edition of the selected scope and language, latest first; none while their folder is gone."""
    if find_folder_problem(load_settings(os.environ, read_only=True)) is not None:
        return []
    return list_editions(selection.editions_folder, selection.plan or ALL_PLANS, selection.lang)


def find_latest_edition(selection: PackSelection) -> Edition | None:
    """Return the last revision of the selected week; None if it has not been sealed."""
    week = str(selection.week)
    return next((edition for edition in list_selected_editions(selection) if edition.week == week), None)


def render_editions(view: PageView, selection: PackSelection, query: TableQuery = NOTHING_ASKED) -> Markup:
    """Return a table of the editions, with what each is compared with; or a notice that there is none."""
    settings = load_settings(os.environ, read_only=True)
    notice = render_folder_notice(settings, view)
    if find_folder_problem(settings) is not None:
        return notice
    editions = list_selected_editions(selection)
    errors = list_unreadable(selection.editions_folder, selection.plan or ALL_PLANS, selection.lang)
    notices = notice + states.render_notices([states.render_notice(explain_to_viewer(error, view)) for error in errors])
    if not editions:
        return notices + states.render_empty(view.lang, _format_nothing_sealed(view, selection))
    columns = [
        ColumnHeader(view.t("Edition")),
        ColumnHeader(view.t("As of the day")),
        ColumnHeader(view.t("Sealed")),
        ColumnHeader(view.t("Compared with")),
        ColumnHeader(view.t("Requests"), "number"),
        ColumnHeader(view.t("Pages"), "number"),
        ColumnHeader(view.t("Figures")),
    ]
    caption = view.t("Sealed editions; a revision never replaces the one before it.")
    title = view.t("Sealed editions")
    rows = [_render_row(edition, view) for edition in editions]
    name = TableName(pages.PACK, "editions", title, view, query)
    table = render_table(caption, columns, rows, download=name)
    return notices + tag("div", tag("section", tag("h2", title), table), class_="kpis", lang=view.lang)


def _format_nothing_sealed(view: PageView, selection: PackSelection) -> str:
    """Return that there is no edition, and of what where there is a choice."""
    if len(selection.place_names) == 1:
        return view.t("No edition has been sealed yet.")
    if selection.plan is None:
        return view.t("No edition of all plans has been sealed yet.")
    return view.t("No edition of {place} has been sealed yet.", place=selection.place_names[selection.plan])


def _render_row(edition: Edition, view: PageView) -> list[Child]:
    altered = edition.list_altered_files()
    state = (
        html.render_status("overdue", view.t("{n} files altered", n=len(altered)))
        if altered
        else html.render_status("attained", view.t("as sealed"))
    )
    return [
        edition.name,
        view.format_day(edition.as_of),
        formatting.format_moment(edition.sealed_at, view.lang),
        edition.compared_with or view.t("first edition"),
        formatting.format_number(len(edition.follow_ups), view.lang),
        formatting.format_number(len(edition.list_page_images()), view.lang),
        state,
    ]
