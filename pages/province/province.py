"""Tỉnh/thành: one plan's targets with charts and what is owed, its agencies, tasks and latest entries."""

from kpis.ui import data, html
from kpis.ui.province.page import province
from kpis.ui.view import current

html.show(data.per_version(province)(current()))
