"""What is still owed, in words: "thiếu 12 tin bài · còn 5 tuần · cần 2,4 tin bài/tuần (đang 0,8)"."""

from __future__ import annotations

from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import Owed, compute_owed

_DAYS_PER_YEAR = 366  # days
_MIN_DAYS_FOR_RATE = 14  # days: in the last two weeks a rate per week says no more than what is missing


def format_sentence(row: Attainment, lang: Language) -> str:
    """What a target, or an agency's part in it, still owes as of its day; empty where it owes nothing."""
    one = compute_owed(row, row["as_of"])
    return (
        " · ".join([*format_missing(one, lang), format_time_left(one, lang), *format_rate(one, lang)])
        if one
        else ""
    )


def format_missing(owed: Owed, lang: Language) -> list[str]:
    """What is missing, without the time: "thiếu 40 cán bộ", "3 cơ quan chưa báo cáo"; never empty."""
    row, unit = owed.row, owed.row["unit" if lang == "vi" else "unit_en"]
    said = []
    if owed.excess:
        said.append(_format_quantity(lang, "{n} {unit} too many", owed.excess, unit))
    if owed.missing and row["measure"] == "milestone":
        said.append(translate(lang, "not done yet"))
    elif owed.missing and row["measure"] == "coverage":
        idle = ("{n} agency still to take part", "{n} agencies still to take part")
        if owed.missing < owed.agencies_missing:
            idle = ("{n} more agency has to take part", "{n} more agencies have to take part")
        said.append(_format_agencies(lang, *idle, owed.missing))
    elif owed.missing:
        said.append(_format_quantity(lang, "{n} {unit} missing", owed.missing, unit))
    if owed.agencies_silent and (row["measure"] != "coverage" or owed.agencies_silent > (owed.missing or 0)):
        # (of a coverage, whoever is still to take part is told already)
        silent = ("{n} agency has not reported", "{n} agencies have not reported")
        said.append(_format_agencies(lang, *silent, owed.agencies_silent))
    if owed.uncounted:
        said.append(_format_quantity(lang, "{n} {unit} not counted yet", owed.uncounted, unit))
    if owed.no_roster:
        said.append(translate(lang, "the list of those who must do it is not final"))
        if row["reporting_agencies"]:
            heard = ("{n} agency has reported", "{n} agencies have reported")
            said.append(_format_agencies(lang, *heard, row["reporting_agencies"]))
    if not said:
        said.append(translate(lang, "nothing reported yet"))
    return said


def format_time_left(owed: Owed, lang: Language) -> str:
    """The time: "còn 5 tuần", "quá hạn 6 ngày", "đến hạn hôm nay"; beyond a year the day itself."""
    if owed.days_left == 0:
        return translate(lang, "due today")
    if owed.days_left > _DAYS_PER_YEAR:
        return translate(lang, "due {day}", day=written.format_day(owed.row["due_on"], lang))
    key = "{time} left" if owed.days_left > 0 else "{time} overdue"
    return translate(lang, key, time=written.format_weeks(abs(owed.days_left), lang))


def format_rate(owed: Owed, lang: Language) -> list[str]:
    """The pace that is needed from now on against the one so far; nothing where neither helps.

    Over years a rate a week says nothing: one thing by 2030 is no tenth of it a week.
    """
    if (
        owed.row["measure"] != "count"
        or not owed.missing
        or not _MIN_DAYS_FOR_RATE <= owed.days_left <= _DAYS_PER_YEAR
    ):
        return []
    if owed.needed_per_week is None:
        return []
    return [
        translate(
            lang,
            "{needed} {unit} a week needed ({now} so far)",
            needed=written.format_number(owed.needed_per_week, lang, 1),
            unit=_inflect_unit(owed.row["unit" if lang == "vi" else "unit_en"], owed.needed_per_week, lang),
            now=_format_current_rate(owed, lang),
        )
    ]


def _format_current_rate(owed: Owed, lang: Language) -> str:
    """The rate so far; a little is not nothing."""
    if owed.row["numerator"] and not owed.current_per_week:
        return translate(lang, "under {n}", n=written.format_number(0.1, lang, 1))
    return written.format_number(owed.current_per_week, lang, 1)


def _format_agencies(lang: Language, singular_key: str, plural_key: str, number: int) -> str:
    return _format_quantity(lang, singular_key if number == 1 else plural_key, number)


def _format_quantity(lang: Language, key: str, number: float, unit: str = "") -> str:
    return translate(
        lang, key, n=written.format_number(number, lang, 1), unit=_inflect_unit(unit, number, lang)
    )


def _inflect_unit(unit: str, number: float, lang: Language) -> str:
    """A unit as it stands behind a number; the register has English ones in the singular."""
    if lang == "vi" or number == 1 or not unit:
        return unit
    return unit[:-1] + "ies" if unit.endswith("y") else unit + "s"
