"""Danh mục chỉ tiêu: the plans, their targets, where each is written and how we read it."""

from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.targets.page import render_targets

html.show_markup(data.cache_per_version(render_targets)(get_current_view()))
