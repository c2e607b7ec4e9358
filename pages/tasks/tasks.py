"""Nhiệm vụ: the annex tasks of the plans by state, lead and section."""

from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import current
from kpis.ui.tasks.page import tasks

html.show(data.per_version(tasks)(current()))
