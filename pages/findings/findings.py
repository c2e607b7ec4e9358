"""Dòng cần sửa: every rejection and warning now in the sheets, with its cell and message."""

from kpis.ui.findings.page import render_findings
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view

html.show_markup(data.cache_per_read(render_findings)(get_current_view()))
