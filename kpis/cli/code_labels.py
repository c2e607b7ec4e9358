"""Labels of the codes of register and measures, as tables show them; JSON keeps the codes."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.language import formatting
from kpis.language.change_words import format_change
from kpis.language.messages import Language, translate

CODE_LABELS: Mapping[str, str] = {
    "yearly": "every year",
    "once": "once",
    "by_end": "by the end",
    "by_stages": "by stages in given years",
    "standing": "standing",
    "quarterly": "every quarter",
    "monthly": "every month",
    "half_yearly": "every half-year",
    "ongoing": "ongoing",
    "stated": "stated",
    "reading": "our reading",
    "binding": "binding",
    "aspirational": "aspirational",
    "tentative": "tentative",
    "conditional": "conditional",
    "not_started": "not begun",
    "not_applicable": "not applicable",
    "carried": "kept in words",
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
"""Code -> catalogue key, the same words as on the pages."""


def translate_code(code: object, lang: Language) -> str | None:
    """Return the label of a code; None for None, an empty cell."""
    if code is None:
        return None
    return translate(lang, CODE_LABELS.get(str(code), str(code)))


def format_figure(value: object, measure: object, lang: Language) -> str | None:
    """Return a figure of a target: a share in percent, rounded down; a count as a number."""
    if not isinstance(value, int | float):
        return None
    if measure == "change":
        return format_change(value, lang)
    if measure in {"ratio", "coverage"}:
        return formatting.format_percent(value, 1, lang)
    return formatting.format_number(value, lang, formatting.EXACT_DECIMALS if measure == "amount" else 0)
