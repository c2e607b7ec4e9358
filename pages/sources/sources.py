"""Nguồn số liệu: every source, when it was last read well, what failed and what to do; reads them again."""

from kpis.ui.shared import data, html
from kpis.ui.shared.view import current
from kpis.ui.sources.again import button
from kpis.ui.sources.page import sources

view = current()
button(view)
html.show(data.per_reading(sources)(view))
