"""The words for actions and details of the audit; what has none here is shown as it is written there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kpis.language import clock, formatting
from kpis.ui.shared.page_view import PageView

ACTION_LABELS: Mapping[str, str] = {
    "sign_in": "Signed in",
    "sign_out": "Signed out",
    "unknown_person": "Refused: not in the rights file",
    "refused_account": "Refused: bound to another account",
    "refused": "Refused: no right to it",
    "seal": "Sealed an edition",
    "download": "Downloaded a file",
    "read_again": "Read the sources again",
    "accept_shrink": "Accepted a shrunken source",
    "accept_plan": "Accepted a plan",
    "discard_draft": "Discarded a draft",
    "request_asked": "Asked for an explanation",
    "request_extended": "Gave a request more time",
    "request_withdrawn": "Withdrew a request",
    "request_returned": "Returned an answer",
    "request_accepted": "Accepted an answer",
    "request_write_again": "Had a question written again",
    "own_browser": "A command opened a browser",
    "invite": "Invited a person",
    "unbind": "Released an account",
    "end_sessions": "Ended a person's sessions",
    "access_off": "Turned rights off",
    "restore": "Restored a backup",
}
"""Action -> catalogue key."""

_DETAIL_LABELS: Mapping[str, str] = {
    "edition": "edition",
    "scope": "scope",
    "fingerprint": "fingerprint",
    "file": "file",
    "wanted": "wanted",
    "plan": "plan",
    "kind": "by",
    "rights": "rights file",
    "email": "e-mail",
    "sessions": "sessions",
    "version": "version",
    "revision": "revision",
    "id": "request",
    "entry": "target or task",
    "agency": "agency",
    "question": "question",
    "due_on": "to be answered by",
    "reason": "reason",
    "in_force_from": "in force from",
    "judges_again": "years judged again",
    "corrects": "corrects version",
    "why": "reason",
    "source": "source",
    "backup_at": "backup of",
    "number": "shown as version",
}
_VALUE_LABELS: Mapping[tuple[str, str], str] = {
    ("kind", "provider"): "account of the office",
    ("kind", "invitation"): "invitation",
    ("wanted", "preview"): "preview an edition",
    ("wanted", "seal"): "seal an edition",
    ("wanted", "report"): "create a report",
    ("wanted", "read_again"): "read the sources again",
    ("wanted", "import_plan"): "import a plan",
    ("wanted", "accept_shrink"): "accept a shrunken source",
    ("wanted", "see_audit"): "see the audit",
    ("wanted", "request"): "ask for an explanation",
    ("scope", "all"): "all plans",
    ("plan", "all"): "all plans",
}
_MOMENTS = frozenset({"backup_at"})
_HASHES = frozenset({"fingerprint", "rights"})
_SHOWN_DIGITS = 12


def format_action(action: str, view: PageView) -> str:
    """Return the words for an action."""
    return view.t(ACTION_LABELS[action]) if action in ACTION_LABELS else action


def format_details(details: Mapping[str, str], view: PageView) -> str:
    """Return "label: value · …"; of a hash its first digits."""
    return " · ".join(
        f"{_format_label(key, view)}: {_format_value(key, value, view)}" for key, value in details.items() if value
    )


def _format_label(key: str, view: PageView) -> str:
    return view.t(_DETAIL_LABELS[key]) if key in _DETAIL_LABELS else key


def _format_value(key: str, value: str, view: PageView) -> str:
    if (key, value) in _VALUE_LABELS:
        return view.t(_VALUE_LABELS[key, value])
    if key in _MOMENTS:
        return format_moment(value, view)
    return value[:_SHOWN_DIGITS] if key in _HASHES else value


def format_moment(text: str, view: PageView) -> str:
    """Return a moment of a line (UTC) as readers see it; a text written by hand as it is."""
    try:
        return formatting.format_moment(clock.to_utc(datetime.fromisoformat(text)), view.lang)
    except ValueError:
        return text
