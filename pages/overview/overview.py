"""Tổng quan: what is met, on pace and late in every province, and who owes it."""

from dataclasses import replace

from kpis.ui.overview.page import render_overview
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view

# The style sheet follows light and dark by itself: one answer serves both.
html.show_markup(data.cache_per_version(render_overview)(replace(get_current_view(), theme="light")))
