"""Nhiệm vụ: the annex tasks of the plans by state, lead and section."""

from kpis.ui import data, html
from kpis.ui.tasks.page import tasks
from kpis.ui.view import current

html.show(data.per_version(tasks)(current()))
