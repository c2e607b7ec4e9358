"""Danh mục chỉ tiêu: the plans, their targets, where each is written and how we read it."""

from kpis.ui import data, html
from kpis.ui.targets.page import targets
from kpis.ui.view import current

html.show(data.per_version(targets)(current()))
