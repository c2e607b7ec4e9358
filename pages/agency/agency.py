"""Cơ quan: what one agency has done, owes and leads, its rows to fix, what it explains, and when it last reported."""

from kpis.ui.agency.page import show_agency
from kpis.ui.explanations.ask_form import show_ask_form
from kpis.ui.explanations.page import render_section
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.shared.table_query import get_table_query

view = get_current_view()
show_agency(data.get_current_database(), view, get_table_query())
if view.filters.plan and view.filters.agency:
    html.show_markup(render_section(data.get_row_database(), view))
    show_ask_form(view)
