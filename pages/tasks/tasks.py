"""Nhiệm vụ: the annex tasks of the plans by state, lead and section."""

from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.tasks.page import render_tasks

html.show_markup(data.cache_per_version(render_tasks)(get_current_view()))
