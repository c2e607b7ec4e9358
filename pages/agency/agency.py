"""Cơ quan: what one agency has done, owes and leads, its rows to mend, when it last reported."""

from kpis.ui.agency.page import agency
from kpis.ui.agency.rows_to_fix import mend
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import current

view = current()
html.show(data.per_version(agency)(view))
html.show(data.per_reading(mend)(view))
