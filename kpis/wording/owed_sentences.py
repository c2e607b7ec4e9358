"""What is still owed, in words: "thiếu 12 tin bài · còn 5 tuần · cần 2,4 tin bài/tuần (đang 0,8)"."""

from __future__ import annotations

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import DAYS_PER_YEAR, Owed, compute_owed, has_unknown_base
from kpis.wording import amounts, doubt_sentences, spans
from kpis.wording.target_figures import NO_ROSTER_KEY, format_reporting_agencies
from kpis.wording.units import inflect_unit

_MIN_DAYS_FOR_RATE = 14  # in the last two weeks a rate per week adds nothing to what is missing


def format_sentence(row: Attainment, lang: Language) -> str:
    """Return what a target, or an agency's part in it, still owes as of its day; empty for nothing.

    A figure in doubt is said in both readings, also where nothing is owed.
    """
    owed = compute_owed(row, row["as_of"])
    if owed is None:
        return doubt_sentences.format_figures(row, lang)
    return " · ".join([*format_missing(owed, lang), format_time_left(owed, lang), *format_rate(owed, lang)])


def format_missing(owed: Owed, lang: Language) -> list[str]:
    """Return what is missing, without the time: "thiếu 40 cán bộ", "3 cơ quan chưa báo cáo"; never empty."""
    row, unit = owed.row, owed.row["unit" if lang == "vi" else "unit_en"]
    parts = []
    if owed.excess:
        key = "{n} {unit} still to be reduced" if row["starts_at_baseline"] else "{n} {unit} too many"
        parts.append(_format_quantity(lang, key, owed.excess, unit))
    if owed.missing and row["measure"] == "milestone":
        parts.append(translate(lang, "not done yet"))
    elif owed.missing and row["measure"] == "coverage":
        keys = ("{n} agency still to take part", "{n} agencies still to take part")
        if owed.missing < owed.agencies_missing:
            keys = ("{n} more agency has to take part", "{n} more agencies have to take part")
        parts.append(_format_agencies(lang, *keys, owed.missing))
    elif owed.missing:
        parts.append(_format_quantity(lang, "{n} {unit} missing", owed.missing, unit))
    if owed.agencies_silent and (row["measure"] != "coverage" or owed.agencies_silent > (owed.missing or 0)):
        # For a coverage, the agencies still to take part have been listed above.
        keys = ("{n} agency has not reported", "{n} agencies have not reported")
        parts.append(_format_agencies(lang, *keys, owed.agencies_silent))
    if owed.uncounted:
        parts.append(_format_quantity(lang, "{n} {unit} not counted yet", owed.uncounted, unit))
    if owed.no_roster:
        parts.append(translate(lang, NO_ROSTER_KEY))
    if owed.unmet_spans:
        parts.append(spans.format_unmet(owed.unmet_spans, lang))
    if has_unknown_base(row) and row["reporting_agencies"]:
        parts.append(format_reporting_agencies(row["reporting_agencies"], lang))
    if figures := doubt_sentences.format_figures(row, lang):
        parts.append(figures)
    if not parts:
        parts.append(translate(lang, "nothing reported yet"))
    return parts


def format_time_left(owed: Owed, lang: Language) -> str:
    """Return the time left: "còn 5 tuần", "quá hạn 6 ngày", "đến hạn hôm nay"; beyond a year the due day."""
    if owed.days_left == 0:
        return translate(lang, "due today")
    if owed.days_left > DAYS_PER_YEAR:
        return translate(lang, "due {day}", day=formatting.format_day(owed.row["due_on"], lang))
    key = "{time} left" if owed.days_left > 0 else "{time} overdue"
    return translate(lang, key, time=formatting.format_weeks(abs(owed.days_left), lang))


def format_rate(owed: Owed, lang: Language) -> list[str]:
    """Return the rate per week needed from now on and the one so far; nothing where a rate does not help.

    Beyond a year a weekly rate means nothing: one event by 2030 is not a tenth of an event a week.
    """
    if not owed.has_rate or not owed.missing or not _MIN_DAYS_FOR_RATE <= owed.days_left <= DAYS_PER_YEAR:
        return []
    if owed.needed_per_week is None:
        return []
    return [
        translate(
            lang,
            "{needed} {unit} a week needed ({now} so far)",
            needed=formatting.format_number(owed.needed_per_week, lang, 1),
            unit=inflect_unit(owed.row["unit" if lang == "vi" else "unit_en"], owed.needed_per_week, lang),
            now=_format_current_rate(owed, lang),
        )
    ]


def _format_current_rate(owed: Owed, lang: Language) -> str:
    """Return the rate so far; a small one is shown as "under 0.1", not as 0."""
    if owed.row["numerator"] and not owed.current_per_week:
        return translate(lang, "under {n}", n=formatting.format_number(0.1, lang, 1))
    return formatting.format_number(owed.current_per_week, lang, 1)


def _format_agencies(lang: Language, singular_key: str, plural_key: str, number: float) -> str:
    return _format_quantity(lang, singular_key if number == 1 else plural_key, number)


def _format_quantity(lang: Language, key: str, number: float, unit: str = "") -> str:
    return translate(lang, key, n=amounts.format_gap(number, lang), unit=inflect_unit(unit, number, lang))
