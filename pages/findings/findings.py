"""Dòng cần sửa: every rejection and warning that stands in a sheet now, with its cell and its sentence."""

from kpis.ui.findings.page import findings
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import current

html.show(data.per_reading(findings)(current()))
