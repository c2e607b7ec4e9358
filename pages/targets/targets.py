"""Danh mục chỉ tiêu: the plans, their targets, where each is stated, and our readings of the text."""

from kpis.ui.shared import data
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.shared.table_query import get_table_query
from kpis.ui.targets.page import show_targets

show_targets(data.get_current_database(), data.get_row_database(), get_current_view(), get_table_query())
