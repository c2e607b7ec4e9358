"""Nguồn số liệu: every source: its last successful read, failures and what to do; a button reads them now."""

from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.shared.table_query import get_table_query
from kpis.ui.sources.loss_buttons import render_loss_buttons
from kpis.ui.sources.orders import render_orders
from kpis.ui.sources.page import show_sources
from kpis.ui.sources.read_now import render_protection, render_read_button
from kpis.ui.sources.server_state import render_server_state

view = get_current_view()
render_read_button(view)
html.show_markup(render_orders(view))
show_sources(data.get_current_database(), view, get_table_query())
render_loss_buttons(data.get_current_database(), view)
html.show_markup(render_server_state(view))
html.show_markup(render_protection(view))
