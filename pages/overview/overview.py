"""Tổng quan: what is met, on pace and late in every province, and who owes it."""

from kpis.ui import data, html
from kpis.ui.overview.page import overview
from kpis.ui.view import current

html.show(data.per_version(overview)(current()))
