"""Cơ quan: what one agency has done, owes and leads, its rows to fix, and when it last reported."""

from kpis.ui.agency.page import render_agency
from kpis.ui.agency.rows_to_fix import render_rows_to_fix
from kpis.ui.explanations.ask_form import show_ask_form
from kpis.ui.explanations.page import render_section
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view

view = get_current_view()
html.show_markup(data.cache_per_version(render_agency)(view))
html.show_markup(data.cache_per_read(render_rows_to_fix)(view))
if view.filters.agency is not None:
    html.show_markup(render_section(data.get_row_database(), view))
    show_ask_form(view)
