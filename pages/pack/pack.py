"""Giao ban tuần: choose a week and scope, see a preview, seal the edition, download it, compare two."""

from kpis.ui.pack.comparison import compare
from kpis.ui.pack.edition_buttons import buttons, drawn
from kpis.ui.pack.edition_pages import previewed, sealed
from kpis.ui.pack.edition_table import latest, listed
from kpis.ui.pack.selection import choose
from kpis.ui.shared import html
from kpis.ui.shared.page_view import current

view = current()
chosen = choose(view)
buttons(view, chosen)
if shown := drawn(chosen):
    previewed(view, shown)
elif edition := latest(chosen):
    sealed(view, edition)
html.show(listed(view, chosen))
compare(view, chosen)
