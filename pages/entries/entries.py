"""Mục tiến độ: the accepted rows behind a count, and what each reading changed of them."""

from kpis.ui.entries.page import show_entries
from kpis.ui.shared import data
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.shared.table_query import get_table_query

show_entries(data.get_current_database(), data.get_row_database(), get_current_view(), get_table_query())
