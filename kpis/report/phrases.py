"""How the yearly report words a target's promise, its result and what it owes; always Vietnamese."""

from __future__ import annotations

from functools import partial

from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import Owed, compute_owed
from kpis.report.word_document import Placeholder
from kpis.wording import target_figures as words

t = partial(translate, "vi")
"""The report is written in Vietnamese whatever the language of the command."""

_PROMISE_TEXTS = {
    ">=": "at least {amount}",
    ">": "more than {amount}",
    "<=": "at most {amount}",
    "<": "less than {amount}",
}
_REMAINING_TEXTS = {"milestone": "it is still to be done", "coverage": "{n} {unit} are yet to take part"}


def mark_unless_known(is_known: bool, text: str) -> str:
    """What the figures tell; what they cannot tell, since it was not read, is still to be written."""
    return text if is_known else Placeholder(f"[{text}]")


def format_promise(row: Attainment) -> str:
    """ "ít nhất 50 tin bài", "100% cán bộ" (there is no more than all), "hoàn thành"."""
    if row["measure"] == "milestone" or row["floor"] is None:
        return t("to be done")
    amount = f"{words.format_exact_amount(row, row['floor'], 'vi')} {row['unit']}"
    whole = row["measure"] in ("ratio", "coverage") and row["floor"] >= 1 and row["comparator"] == ">="
    said = amount if whole else translate("vi", _PROMISE_TEXTS[row["comparator"]], amount=amount)
    if row["stretch"] is not None:
        said += t(", {amount} hoped for", amount=words.format_exact_amount(row, row["stretch"], "vi"))
    return said


def format_result(row: Attainment) -> str:
    """What the entries add up to, in the target's own unit."""
    if row["measure"] == "milestone":
        return t("done") if row["met"] else t("not done")
    if row["measure"] == "ratio":
        if not row["denominator"]:  # only 0/0: there was nobody to count
            return t("0/0 {unit} (there is nobody to count)", unit=row["unit"])
        done = words.format_actual(row, "vi")
        if said := words.format_qualifier(row, "vi"):  # "5/1.000 cán bộ (5/5 trong báo cáo)"
            return f"{done} {row['unit']} ({said})"
        return f"{done} ({words.format_counted(row, 'vi')} {row['unit']})"
    if row["measure"] == "coverage":
        if not row["roster_size"]:
            return words.format_actual(row, "vi") if row["reporting_agencies"] else t("no figures yet")
        size = written.format_number(row["roster_size"], "vi")
        return f"{words.format_counted(row, 'vi')}/{size} {row['unit']}"
    return f"{written.format_number(row['actual'] or 0, 'vi')} {row['unit']}"


def format_owed(row: Attainment) -> str:
    """What a target still owes, as a document says it: what is missing, then the day; empty for nothing."""
    one = compute_owed(row, row["as_of"])
    return f"{', '.join(_list_missing(one))}; {_format_deadline(one)}" if one else ""


def _list_missing(owed: Owed) -> list[str]:
    row, unit = owed.row, owed.row["unit"]
    said = []
    if owed.excess:
        said.append(t("{n} {unit} above the limit", n=written.format_number(owed.excess, "vi"), unit=unit))
    if owed.missing:
        key = _REMAINING_TEXTS.get(row["measure"], "{n} {unit} still missing")
        if row["measure"] == "coverage" and owed.missing < owed.agencies_missing:
            key = "{n} more {unit} have to take part"
        said.append(t(key, n=written.format_number(owed.missing, "vi"), unit=unit))
    told = owed.missing or 0 if row["measure"] == "coverage" else 0
    for number, key in (
        (owed.agencies_silent if owed.agencies_silent > told else 0, "{n} agencies are yet to report"),
        (owed.uncounted, "{n} {unit} are in no report yet"),
    ):
        if number:
            said.append(t(key, n=written.format_number(number, "vi"), unit=unit))
    if owed.no_roster:
        said.append(t("the list of who has to do it is yet to be fixed"))
        if row["reporting_agencies"]:
            said.append(
                t("{n} agencies have sent a report", n=written.format_number(row["reporting_agencies"], "vi"))
            )
    return said or [t("no report has been received yet")]


def _format_deadline(owed: Owed) -> str:
    if owed.days_left < 0:
        key = "it was due by {day}"
    elif owed.days_left == 0:
        key = "it is due on {day}"
    else:
        key = "it is due by {day}"
    return t(key, day=written.format_day(owed.row["due_on"], "vi"))
