"""Giao ban tuần: choose a week and scope, preview, seal and download an edition, compare two."""

from kpis.ui.pack.comparison import render_edition_comparison
from kpis.ui.pack.edition_buttons import get_preview, render_buttons
from kpis.ui.pack.edition_pages import render_preview, render_sealed_edition
from kpis.ui.pack.edition_table import find_latest_edition, render_editions
from kpis.ui.pack.selection import select_week_and_plan
from kpis.ui.shared import html
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.shared.table_query import get_table_query

view, query = get_current_view(), get_table_query()
if selection := select_week_and_plan(view):
    render_buttons(view, selection)
    if preview := get_preview(selection):
        render_preview(view, preview)
    elif edition := find_latest_edition(selection):
        render_sealed_edition(view, edition)
    html.show_markup(render_editions(view, selection, query))
    render_edition_comparison(view, selection, query)
