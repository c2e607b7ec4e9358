"""Tổng quan: what is met, on pace or late in every province, and who still owes results."""

from dataclasses import replace

from kpis.ui.overview.page import load_overview
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view

# The style sheet handles light and dark itself, so both themes share one cached result.
html.show_markup(load_overview(data.get_current_database(), replace(get_current_view(), theme="light")))
