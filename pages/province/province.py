"""Tỉnh/thành: one plan's targets with charts, what is owed, agencies, tasks, entries, yearly report."""

from kpis.ui.explanations.ask_form import show_ask_form
from kpis.ui.explanations.page import render_section
from kpis.ui.province import report_button
from kpis.ui.province.page import load_province
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.shared.table_query import get_table_query

view = get_current_view()
report_button.render_report_button(view)
rows = data.get_row_database()
html.show_markup(load_province(data.get_current_database(), rows, view, get_table_query()))
if view.plan is not None:
    html.show_markup(render_section(rows, view))
    show_ask_form(view)
