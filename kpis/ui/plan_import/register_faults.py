"""Faults that the register would have with an accepted plan, each with the row of the draft that it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kpis.errors import KpisError, RegisterError
from kpis.language.messages import explain
from kpis.plan_import.review.draft.model import Draft
from kpis.ui.plan_import.row_titles import format_row
from kpis.ui.shared.page_view import PageView


def list_register_faults(
    error: RegisterError, rows_by_id: Mapping[str, str], draft: Draft, view: PageView
) -> list[str]:  # fmt: skip
    """Return one sentence for each fault. `rows_by_id`: the codes of the draft's rows by the ids they would get.

    Faults elsewhere in the register may name other plans: who does not run the server sees only that there are some.
    """
    codes = {row.id for row in draft.rows}
    lines = []
    for fault in error.faults:
        row = next((rows_by_id[each] for each in rows_by_id if _names(fault, each) and rows_by_id[each] in codes), None)
        reason = fault.values.get("reason")
        if row is not None:
            sentence = explain(reason if isinstance(reason, KpisError) else fault, view.lang)
            lines.append(f"{format_row(draft.get_row(row), view)} – {sentence}")
        elif view.sees_folders:
            lines.append(explain(fault, view.lang))
        else:
            lines.append(view.t("The register has a fault. Ask the administrator to look at it."))
    return list(dict.fromkeys(lines))


def _names(fault: RegisterError, entry: str) -> bool:
    """Tell whether a fault stands at an entry, or names it."""
    texts = (fault.key, *map(str, fault.values.values()))
    return any(re.search(rf"(?<![\w.]){re.escape(entry)}(?![\w])", text) for text in texts)
