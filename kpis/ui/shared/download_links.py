"""A link to a file that the page offers to its viewer, for as long as the right to it lasts."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from kpis.access.identities import Viewer
from kpis.access.rights import Action
from kpis.ui.shared.downloads import OFFERS, Offer
from kpis.ui.shared.html import render_link
from kpis.ui.shared.viewer import get_viewer


def render_download(
    label: str, read: Callable[[], bytes], file_name: str, mime_type: str, action: Action, plan: str | None
) -> Markup:
    """Return a link to a file of a plan, or of all; `read` is called when the link is followed.

    It opens the file only for this viewer, and only while the viewer's rights give `action`.
    """

    def is_allowed(viewer: Viewer) -> bool:
        return viewer.may(action, plan)

    offer = Offer(read, file_name, mime_type, get_viewer().session_id, is_allowed)
    return render_link(OFFERS.add(offer), label, class_="kpis-button", is_download=True)
