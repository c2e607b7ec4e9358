"""Dòng cần sửa: every rejection and warning now in the sheets, with its cell and message."""

from kpis.ui.findings.page import show_findings
from kpis.ui.shared import data
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.shared.table_query import get_table_query

show_findings(data.get_row_database(), get_current_view(), get_table_query())
