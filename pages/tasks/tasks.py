"""Nhiệm vụ: the annex tasks of the plans by state, lead and section."""

from kpis.ui.shared import data
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.shared.table_query import get_table_query
from kpis.ui.tasks.page import show_tasks

show_tasks(data.get_current_database(), data.get_row_database(), get_current_view(), get_table_query())
