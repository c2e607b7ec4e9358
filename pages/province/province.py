"""Tỉnh/thành: one plan's targets with charts and what is owed, agencies, tasks, entries, yearly report."""

from kpis.ui.province import report_button
from kpis.ui.province.page import province
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import current

view = current()
report_button.offer(view)
html.show(data.per_version(province)(view))
