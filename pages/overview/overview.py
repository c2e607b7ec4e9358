"""Tổng quan: what is met, on pace or late in every province, and who still owes results."""

from kpis.ui.overview.page import load_overview
from kpis.ui.shared import data, html
from kpis.ui.shared.page_view import get_current_view

html.show_markup(load_overview(data.get_current_database(), get_current_view()))
