"""How the yearly report words a target's promise, its result and a task's reports; always Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

from kpis.charts import figures as words
from kpis.language import format as written
from kpis.language.messages import translate
from kpis.measures.rows import Attainment
from kpis.pack.report_figures import TaskReport
from kpis.pack.word import ToFill

t = partial(translate, "vi")
"""The report is written in Vietnamese whatever the language of the command."""

_PROMISES = {
    ">=": "at least {amount}",
    ">": "more than {amount}",
    "<=": "at most {amount}",
    "<": "less than {amount}",
}
_MOST_NAMED = 5  # reports of a collective that are written out; the rest are counted


def promise(row: Attainment) -> str:
    """ "ít nhất 50 tin bài", "ít nhất 100% cán bộ", "hoàn thành"."""
    if row["measure"] == "milestone" or row["floor"] is None:
        return t("to be done")
    amount = f"{words.amount(row, row['floor'], 'vi')} {row['unit']}"
    said = translate("vi", _PROMISES[row["comparator"]], amount=amount)
    if row["stretch"] is not None:
        said += t(", {amount} hoped for", amount=words.amount(row, row["stretch"], "vi"))
    return said


def result(row: Attainment) -> str:
    """What the entries add up to, in the target's own unit."""
    if row["measure"] == "milestone":
        return t("done") if row["met"] else t("not done")
    if row["measure"] == "ratio":
        if not row["denominator"]:
            return t("no figures yet")
        return f"{words.fraction(row, 'vi')} ({words.counted(row, 'vi')} {row['unit']})"
    if row["measure"] == "coverage":
        return f"{words.fraction(row, 'vi')} {t('agencies')}"
    return f"{written.number(row['actual'] or 0, 'vi')} {row['unit']}"


Told = Literal["result", "evidence", "difficulty"]
"""What an agency's report says in words."""


def gathered(reports: Sequence[TaskReport], field: Told, missing: str) -> str:
    """What the agencies' latest reports say in one field ("result", "evidence"); who, where several do."""
    said = [(report["agency"] or "", str(report[field])) for report in reports if report[field]]
    if not said:
        return ToFill(f"[{missing}]")
    if len(said) == 1:
        return said[0][1]
    lines = [f"{agency}: {text}" if agency else text for agency, text in said[:_MOST_NAMED]]
    if len(said) > _MOST_NAMED:
        lines.append(t("and {n} more reports", n=written.number(len(said) - _MOST_NAMED, "vi")))
    return "\n".join(lines)
