"""Dòng cần sửa: every rejection and warning that stands in a sheet now, with its cell and its sentence."""

from kpis.ui.findings.page import render_findings
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view

html.show_markup(data.cache_per_read(render_findings)(get_current_view()))
