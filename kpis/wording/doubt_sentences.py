"""A figure that rests on rows in doubt, in words: "49, chắc chắn 38; xác nhận 2 dòng"."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.open_doubts import DoubtedRow
from kpis.measures.rows_to_confirm import RowToConfirm, count_rows_to_confirm
from kpis.wording import amounts, change_figures

DOUBT_SIGN = "?"
"""Stands beside a status whose figure rests on a row that can be read in two ways."""

_ROW_SENTENCES: Mapping[str, str] = {
    "possibly_running_total": (
        "counted; possibly a running total and not an addition: write x under “Xác nhận” if the number is "
        "what was added, else correct it"
    ),
    "possibly_same_event": (
        "counted; possibly the same event as {rows}: write the same name under “Sự kiện chung” in these rows "
        "if it is one event, or x under “Xác nhận” if it is another one"
    ),
    "struck_through": (
        "counted, but the row is struck through: correct it if it was cancelled, or write x under “Xác nhận” if "
        "it is right"
    ),
    "date_order_doubtful": (
        "counted; day and month may be swapped: type the date again, or write x under “Xác nhận” if it is right"
    ),
}


def format_sign(row: Attainment) -> str:
    """Return the sign of a figure in doubt; empty without an open doubt."""
    return DOUBT_SIGN if row["doubts"] else ""


def format_status(row: Attainment, lang: Language) -> str:
    """Return the status's label, with the sign of a figure in doubt; empty without a status."""
    label = palette.get_status_label(row["status"], lang) if row["status"] else ""
    return " ".join(filter(None, (label, format_sign(row))))


def format_figures(row: Attainment, lang: Language) -> str:
    """Return both readings and how many rows to confirm; empty without an open doubt."""
    if not row["doubts"]:
        return ""
    parts = []
    if row["actual"] != row["actual_weak"]:
        key = "{full}, of which {weak} are certain" if _counts(row) else "{full}, for certain {weak}"
        full, weak = (_format_figure(row, is_weak=is_weak, lang=lang) for is_weak in (False, True))
        parts.append(translate(lang, key, full=full, weak=weak))
    if number := count_rows_to_confirm(row):
        key = "1 row to confirm" if number == 1 else "{n} rows to confirm"
        parts.append(translate(lang, key, n=formatting.format_number(number, lang)))
    return "; ".join(parts)


def format_row(item: RowToConfirm, lang: Language) -> str:
    """Return what to do about one row."""
    rows = [_format_other_row(other, lang) for other in item.others]
    return translate(lang, _ROW_SENTENCES[item.code], rows=", ".join(rows))


def _counts(row: Attainment) -> bool:
    return row["measure"] in ("count", "amount") and not row["is_ceiling"]


def _format_figure(row: Attainment, *, is_weak: bool, lang: Language) -> str:
    value = row["actual_weak"] if is_weak else row["actual"]
    if row["measure"] == "change" and row["agency"] is None:
        return change_figures.format_done(row, lang, is_weak=is_weak)
    if row["measure"] == "milestone":
        return translate(lang, "done" if value else "not done")
    if not row["is_proportion"]:
        return amounts.format_figure(row, value or 0, lang)
    if row["agency"] is not None:  # `numerator` is then what the agency adds to the target
        return formatting.NO_VALUE if value is None else formatting.format_percent(value, 1, lang, 1)
    numerator = row["numerator_weak"] if is_weak else row["numerator"]
    denominator = row["denominator_weak"] if is_weak else row["denominator"]
    done, base = (formatting.format_number(number or 0, lang) for number in (numerator, denominator))
    return f"{done}/{base}"


def _format_other_row(row: DoubtedRow, lang: Language) -> str:
    """Return row and agency; the agency alone where the reader does not see its rows (row 0)."""
    return (
        translate(lang, "row {row} ({agency})", row=row["row"], agency=row["agency"]) if row["row"] else row["agency"]
    )
