"""Nhập kế hoạch: upload an issued document, decide on each proposal beside its text, accept the plan."""

from kpis.ui.plan_import.page import render_plan_import
from kpis.ui.shared.page_view import get_current_view

render_plan_import(get_current_view())
