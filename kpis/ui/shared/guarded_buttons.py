"""The buttons that only some people have, by key: who presses one without having it is refused and written down.

A page draws them for who has the right, and asks for it again when one is pressed. A press of a button that is not
on the viewer's page changes nothing; the gate sees it and writes it into the audit.
"""

from __future__ import annotations

from collections.abc import Mapping

from kpis.access.rights import Action

READ_AGAIN, PREVIEW, SEAL, REPORT = "kpis_read", "kpis_pack_preview", "kpis_pack_make", "kpis_report_make"
IMPORT_PREFIX = "kpis_import_"
"""How the keys of every button of the page Nhập kế hoạch begin."""

REQUEST_PREFIX = "kpis_request_"
"""How the keys of every button begin that asks for an explanation or does something with an answer."""

LOSS_PREFIX = "kpis_accept_loss_"
"""How the keys of the buttons begin that accept the loss of a source."""

_ACTIONS: Mapping[str, Action] = {READ_AGAIN: "read_again", PREVIEW: "preview", SEAL: "seal", REPORT: "report"}


def find_action(key: str) -> Action | None:
    """Return the right that the button with this key needs; None for a button that everybody has."""
    if key.startswith(REQUEST_PREFIX):
        return "request"
    if key.startswith(LOSS_PREFIX):
        return "accept_shrink"
    return "import_plan" if key.startswith(IMPORT_PREFIX) else _ACTIONS.get(key)
