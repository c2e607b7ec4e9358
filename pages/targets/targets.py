"""Danh mục chỉ tiêu: the plans, their targets, where each is stated, and our readings of the text."""

from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.targets.page import render_targets

html.show_markup(data.cache_per_version(render_targets)(get_current_view()))
