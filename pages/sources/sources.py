"""Nguồn số liệu: every source, when it was last read well, what failed and what to do; reads them again."""

from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view
from kpis.ui.sources.page import render_sources
from kpis.ui.sources.read_now import render_read_button

view = get_current_view()
render_read_button(view)
html.show_markup(data.cache_per_read(render_sources)(view))
