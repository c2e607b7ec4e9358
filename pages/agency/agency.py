"""Cơ quan: what one agency has done, owes and leads, its rows to fix, and when it last reported."""

from kpis.ui.agency.page import show_agency
from kpis.ui.shared import data
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.shared.table_query import get_table_query

show_agency(data.get_current_database(), get_current_view(), get_table_query())
