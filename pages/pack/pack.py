"""Giao ban tuần: choose a week and scope, see a preview, seal the edition, download it, compare two."""

from kpis.ui.pack.comparison import compare_editions
from kpis.ui.pack.edition_buttons import get_preview, render_buttons
from kpis.ui.pack.edition_pages import render_preview, render_sealed_edition
from kpis.ui.pack.edition_table import find_latest_edition, render_editions
from kpis.ui.pack.selection import select_week_and_plan
from kpis.ui.shared import html
from kpis.ui.shared.page_view import get_current_view

view = get_current_view()
selection = select_week_and_plan(view)
render_buttons(view, selection)
if shown := get_preview(selection):
    render_preview(view, shown)
elif edition := find_latest_edition(selection):
    render_sealed_edition(view, edition)
html.show_markup(render_editions(view, selection))
compare_editions(view, selection)
