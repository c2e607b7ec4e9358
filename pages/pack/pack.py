"""Giao ban tuần: choose a week and scope, seal the edition, see its pages, download it, compare two."""

from kpis.ui import html
from kpis.ui.pack.choose import choose
from kpis.ui.pack.compare import compare
from kpis.ui.pack.editions import latest, listed
from kpis.ui.pack.make import button
from kpis.ui.pack.preview import preview
from kpis.ui.view import current

view = current()
chosen = choose(view)
button(view, chosen)
edition = latest(chosen)
if edition:
    preview(view, edition)
html.show(listed(view, chosen))
compare(view, chosen)
