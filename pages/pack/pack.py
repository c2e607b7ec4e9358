"""Giao ban tuần: choose a week and scope, see a preview, seal the edition, download it, compare two."""

from kpis.ui.pack.choose import choose
from kpis.ui.pack.compare import compare
from kpis.ui.pack.editions import latest, listed
from kpis.ui.pack.make import buttons, drawn
from kpis.ui.pack.preview import previewed, sealed
from kpis.ui.shared import html
from kpis.ui.shared.view import current

view = current()
chosen = choose(view)
buttons(view, chosen)
if shown := drawn(chosen):
    previewed(view, shown)
elif edition := latest(chosen):
    sealed(view, edition)
html.show(listed(view, chosen))
compare(view, chosen)
