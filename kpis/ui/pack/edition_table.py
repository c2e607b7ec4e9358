"""The editions there are of a scope, the latest first."""

from __future__ import annotations

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.language.messages import explain
from kpis.pack.edition.folders import ALL_PLANS, Edition, list_editions, list_unreadable
from kpis.ui.pack.selection import PackSelection
from kpis.ui.shared import html, states
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table


def list_selected_editions(selection: PackSelection) -> list[Edition]:
    """Every edition of the chosen scope and language, the latest first."""
    return list_editions(selection.editions_folder, selection.plan or ALL_PLANS, selection.lang)


def find_latest_edition(selection: PackSelection) -> Edition | None:
    """The last revision of the chosen week; None where it has not been sealed."""
    return next((one for one in list_selected_editions(selection) if one.week == str(selection.week)), None)


def render_editions(view: PageView, selection: PackSelection) -> Markup:
    """A table of them, with what each was held against; or that there is none yet."""
    found = list_selected_editions(selection)
    lost = list_unreadable(selection.editions_folder, selection.plan or ALL_PLANS, selection.lang)
    told = states.render_notices([states.render_notice(explain(error, view.lang)) for error in lost])
    if not found:
        nothing = view.t("No edition of this scope has been sealed yet.")
        return told + states.render_empty(view.lang, nothing)
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
    return told + tag(
        "div",
        tag("h2", view.t("Sealed editions")),
        render_table(caption, columns, [_render_row(one, view) for one in found]),
        class_="kpis",
        lang=view.lang,
    )


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
        written.format_moment(edition.sealed_at, view.lang),
        edition.compared_with or view.t("first edition"),
        written.format_number(len(edition.follow_ups), view.lang),
        written.format_number(len(edition.list_page_images()), view.lang),
        state,
    ]
