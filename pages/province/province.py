"""Tỉnh/thành: one plan's targets with charts, what is owed, agencies, tasks, entries, yearly report."""

from kpis.ui.explanations.ask_form import show_ask_form
from kpis.ui.explanations.page import render_section
from kpis.ui.province import report_button
from kpis.ui.province.page import render_province
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view

view = get_current_view()
report_button.render_report_button(view)
html.show_markup(data.cache_per_version(render_province)(view))
if view.plan is not None:
    html.show_markup(render_section(data.get_row_database(), view))
    show_ask_form(view)
