"""Nhật ký: who signed in, sealed, downloaded or was refused; whether a line was changed."""

from kpis.ui.audit.page import render_audit_page
from kpis.ui.shared.page_view import get_current_view

render_audit_page(get_current_view())
