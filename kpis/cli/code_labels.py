"""The register's and the measures' code words as a table shows them; JSON keeps the code words."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.language import formatting as written
from kpis.language.messages import Language, translate

CODE_LABELS: Mapping[str, str] = {
    "yearly": "every year",
    "once": "once",
    "by_end": "by the end",
    "standing": "standing",
    "ongoing": "ongoing",
    "stated": "stated",
    "reading": "our reading",
    "binding": "binding",
    "aspirational": "aspirational",
    "tentative": "tentative",
    "conditional": "conditional",
    "not_started": "not begun",
    "not_applicable": "not applicable",
    "attained": "attained",
    "attained_late": "attained late",
    "overdue": "overdue",
    "no_data": "no figures yet",
    "on_track": "on pace",
    "at_risk": "at risk",
    "behind": "behind",
    "done": "done",
    "done_late": "done late",
    "in_progress": "under way",
    "paused": "paused",
    "silent": "silent",
    "changed": "changed",
    "unchanged": "unchanged",
    "failed": "failed",
    "held": "held",
}
"""Code word -> catalogue key, the same words as on the pages."""


def translate_code(code: object, lang: Language) -> str | None:
    """A code word in a language; None stays None, for a cell without one."""
    if code is None:
        return None
    return translate(lang, CODE_LABELS.get(str(code), str(code)))


def format_figure(value: object, measure: object, lang: Language) -> str | None:
    """A figure of a target: a share in percent, rounded down; a count as a number."""
    if not isinstance(value, int | float):
        return None
    return (
        written.format_percent(value, 1, lang)
        if measure in {"ratio", "coverage"}
        else written.format_number(value, lang)
    )
