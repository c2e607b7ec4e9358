"""What is still owed, in words: "thiếu 12 tin bài · còn 5 tuần · cần 2,4 tin bài/tuần (đang 0,8)"."""

from __future__ import annotations

from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import Owed, owes

_A_YEAR = 366  # days
_RATE_FROM = 14  # days: in the last two weeks a rate per week says no more than what is missing


def sentence(row: Attainment, lang: Language) -> str:
    """What a target, or an agency's part in it, still owes as of its day; empty where it owes nothing."""
    one = owes(row, row["as_of"])
    return " · ".join([*missing(one, lang), left(one, lang), *rate(one, lang)]) if one else ""


def missing(one: Owed, lang: Language) -> list[str]:
    """What is missing, without the time: "thiếu 40 cán bộ", "3 cơ quan chưa báo cáo"; never empty."""
    row, unit = one.row, one.row["unit" if lang == "vi" else "unit_en"]
    said = []
    if one.excess:
        said.append(_counted(lang, "{n} {unit} too many", one.excess, unit))
    if one.missing and row["measure"] == "milestone":
        said.append(translate(lang, "not done yet"))
    elif one.missing and row["measure"] == "coverage":
        idle = ("{n} agency still to take part", "{n} agencies still to take part")
        if one.missing < one.agencies_missing:
            idle = ("{n} more agency has to take part", "{n} more agencies have to take part")
        said.append(_agencies(lang, *idle, one.missing))
    elif one.missing:
        said.append(_counted(lang, "{n} {unit} missing", one.missing, unit))
    if one.agencies_silent and (row["measure"] != "coverage" or one.agencies_silent > (one.missing or 0)):
        # (of a coverage, whoever is still to take part is told already)
        silent = ("{n} agency has not reported", "{n} agencies have not reported")
        said.append(_agencies(lang, *silent, one.agencies_silent))
    if one.uncounted:
        said.append(_counted(lang, "{n} {unit} not counted yet", one.uncounted, unit))
    if one.no_roster:
        said.append(translate(lang, "the list of who must do it is not fixed"))
        if row["reporting_agencies"]:
            heard = ("{n} agency has reported", "{n} agencies have reported")
            said.append(_agencies(lang, *heard, row["reporting_agencies"]))
    if not said:
        said.append(translate(lang, "nothing reported yet"))
    return said


def left(one: Owed, lang: Language) -> str:
    """The time: "còn 5 tuần", "quá hạn 6 ngày", "đến hạn hôm nay"; beyond a year the day itself."""
    if one.days_left == 0:
        return translate(lang, "due today")
    if one.days_left > _A_YEAR:
        return translate(lang, "due {day}", day=written.day(one.row["due_on"], lang))
    key = "{time} left" if one.days_left > 0 else "{time} overdue"
    return translate(lang, key, time=written.weeks(abs(one.days_left), lang))


def rate(one: Owed, lang: Language) -> list[str]:
    """The pace that is needed from now on against the one so far; nothing where neither helps.

    Over years a rate a week says nothing: one thing by 2030 is no tenth of it a week.
    """
    if one.row["measure"] != "count" or not one.missing or not _RATE_FROM <= one.days_left <= _A_YEAR:
        return []
    if one.needed_per_week is None:
        return []
    return [
        translate(
            lang,
            "{needed} {unit} a week needed ({now} so far)",
            needed=written.number(one.needed_per_week, lang, 1),
            unit=_of(one.row["unit" if lang == "vi" else "unit_en"], one.needed_per_week, lang),
            now=_so_far(one, lang),
        )
    ]


def _so_far(one: Owed, lang: Language) -> str:
    """The rate so far; a little is not nothing."""
    if one.row["numerator"] and not one.current_per_week:
        return translate(lang, "under {n}", n=written.number(0.1, lang, 1))
    return written.number(one.current_per_week, lang, 1)


def _agencies(lang: Language, one: str, several: str, number: int) -> str:
    return _counted(lang, one if number == 1 else several, number)


def _counted(lang: Language, key: str, number: float, unit: str = "") -> str:
    return translate(lang, key, n=written.number(number, lang, 1), unit=_of(unit, number, lang))


def _of(unit: str, number: float, lang: Language) -> str:
    """A unit as it stands behind a number; the register has English ones in the singular."""
    if lang == "vi" or number == 1 or not unit:
        return unit
    return unit[:-1] + "ies" if unit.endswith("y") else unit + "s"
