"""Danh mục chỉ tiêu: the plans, their targets, where each is written and how we read it."""

from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import current
from kpis.ui.targets.page import targets

html.show(data.per_version(targets)(current()))
