"""Giải trình: what agencies were asked and answered, late ones first; asking, and what is done with answers."""

from kpis.ui.explanations.ask_form import show_ask_form
from kpis.ui.explanations.page import show_explanations
from kpis.ui.explanations.request_actions import show_request_actions
from kpis.ui.shared import data
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.shared.table_query import get_table_query

view = get_current_view()
show_ask_form(view)
show_request_actions(view)
show_explanations(data.get_row_database(), view, get_table_query())
