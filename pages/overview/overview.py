"""Tổng quan: what is met, on pace and late in every province, and who owes it."""

from dataclasses import replace

from kpis.ui.overview.page import overview
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import current

# The style sheet follows light and dark by itself: one answer serves both.
html.show(data.per_version(overview)(replace(current(), look="light")))
