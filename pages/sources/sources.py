"""Nguồn số liệu: every source, when it was last read well, what failed and what to do; reads them again."""

from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import current
from kpis.ui.sources.page import sources
from kpis.ui.sources.read_now import button

view = current()
button(view)
html.show(data.per_reading(sources)(view))
