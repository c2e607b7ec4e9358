"""How a target's figures are written: "24/50", a bar's length, the sentence a screen reader hears."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.wording.ratios import (
    choose_decimals,
    compute_bar_pace,
    compute_bar_value,
    format_percent,
    has_uncounted_population,
    has_unknown_base,
    is_ceiling,
    is_proportion,
)

_LIMIT_MESSAGES = {
    "<=": "{done} of at most {limit}",
    "<": "{done}, must be under {limit}",
    ">": "{done}, must be over {limit}",
}


def format_fraction(row: Attainment, lang: Language) -> str:
    """Done against promised, short: "24/50", "42%", "7/10" agencies, "3 of at most 5", "1% of at most 5%".

    Of a ratio whose whole has not spoken, a bare share would say more than is known: "5/1.000" while a
    population is not counted, "5/?" where nobody has said yet who makes up the whole.
    """
    floor, comparator = row["floor"], row["comparator"]
    if is_ceiling(row) and not row["entries"]:
        return written.NO_VALUE  # a 0 would keep it, and nobody has said so
    if is_proportion(row):
        said = _format_proportion(row, lang)
        if said == written.NO_VALUE or not is_ceiling(row):
            return said
    else:
        said = written.format_number(row["actual"] or 0, lang)
    if floor is None:
        return said
    limit = format_exact_amount(row, floor, lang)
    if comparator in _LIMIT_MESSAGES:
        return translate(lang, _LIMIT_MESSAGES[comparator], done=said, limit=limit)
    return f"{said}/{limit}"


def format_actual(row: Attainment, lang: Language) -> str:
    """What was done, without what was promised: "24", "87%", "5/1.000", "1 agency has reported"."""
    if not is_proportion(row):
        unheard = is_ceiling(row) and not row["entries"]
        return written.NO_VALUE if unheard else written.format_number(row["actual"] or 0, lang, 1)
    if row["measure"] == "ratio":
        return _format_proportion(row, lang) if has_uncounted_population(row) else format_percent(row, lang)
    if row["roster_size"]:
        return format_percent(row, lang)
    heard = row["reporting_agencies"]
    if not heard:
        return written.NO_VALUE
    key = "{n} agency has reported" if heard == 1 else "{n} agencies have reported"
    return translate(lang, key, n=written.format_number(heard, lang))


def format_qualifier(row: Attainment, lang: Language) -> str:
    """What has to stand beside a share of a whole that has not spoken or is not known; else empty."""
    if format_actual(row, lang) == written.NO_VALUE:
        return ""
    if has_uncounted_population(row):
        return translate(lang, "{counted} in the reports", counted=format_counted(row, lang))
    if not has_unknown_base(row):
        return ""
    said = translate(lang, "the list of those who must do it is not final")
    return f"{format_counted(row, lang)}, {said}" if row["measure"] == "ratio" else said


def format_amount(row: Attainment, value: float | None, lang: Language) -> str:
    """A value of a target in its own unit: "44", "87%" (rounded down)."""
    if value is None:
        return written.NO_VALUE
    if is_proportion(row):
        return written.format_percent(value, 1, lang)
    return written.format_number(value, lang, 1)


def format_exact_amount(row: Attainment, value: float | None, lang: Language) -> str:
    """A promised value in its own unit with all its decimals: "50", "99,5%"."""
    if value is None:
        return written.NO_VALUE
    if is_proportion(row):
        return written.format_percent(value, 1, lang, written.EXACT_PERCENT_DECIMALS)
    return written.format_number(value, lang, written.EXACT_DECIMALS)


def format_limit(row: Attainment, lang: Language) -> str:
    """The floor or ceiling as it is to be kept: "50", "99,5%", "under 5", "over 10"."""
    said = format_exact_amount(row, row["floor"], lang)
    if row["comparator"] in (">=", "<=") or row["floor"] is None:
        return said
    return translate(lang, "under {n}" if row["comparator"] == "<" else "over {n}", n=said)


def format_expected(row: Attainment, lang: Language) -> str:
    """What should stand by now: "44", "87%" (rounded down); nothing for a ceiling."""
    value = row["expected"]
    if value is None or is_ceiling(row):
        return written.NO_VALUE
    if value == row["floor"]:
        return format_exact_amount(row, value, lang)
    if is_proportion(row):
        return written.format_percent(value, 1, lang, choose_decimals(row))
    return format_amount(row, value, lang)


def format_counted(row: Attainment, lang: Language) -> str:
    """What was counted, as it was counted: "45/60" people for a ratio, "12" for the rest."""
    done = written.format_number(row["numerator"], lang)
    if row["measure"] != "ratio":
        return done
    return f"{done}/{written.format_number(row['denominator'] or 0, lang)}"


def format_own_contribution(row: Attainment, lang: Language) -> str:
    """What an agency did itself: as `counted`, of a milestone whether it reported it done.

    Where several did, one alone is counted, which does not mean that the others did nothing.
    """
    if row["measure"] != "milestone":
        return format_counted(row, lang)
    return translate(lang, "reported done") if row["actual"] else written.NO_VALUE


def compute_floor_fraction(row: Attainment) -> float:
    """How much of the floor is done, 1.0 for all of it; 0 where there is no floor."""
    return compute_bar_value(row) / float(row["floor"]) if row["floor"] else 0.0


def compute_pace_fraction(row: Attainment) -> float | None:
    """Where the floor's bar should stand by now; None where there is no floor, or the period is over."""
    by_now = compute_bar_pace(row)
    if not row["floor"] or by_now is None or row["as_of"] >= row["due_on"]:
        return None
    return by_now / float(row["floor"])


def format_sentence(row: Attainment, lang: Language) -> str:
    """The figures in words, for a screen reader and a tooltip."""
    unit = row["unit"] if lang == "vi" else row["unit_en"]
    done = format_fraction(row, lang)
    if has_unknown_base(row) and done != written.NO_VALUE:
        unit += ", " + translate(lang, "the list of those who must do it is not final")
    key = "{title}: {done} {unit}, expected by now {expected}, due {due}. {status}."
    if is_ceiling(row):
        key = "{title}: {done} {unit}, due {due}. {status}."
    return translate(
        lang,
        key,
        title=row["title_vi"] if lang == "vi" else row["title_en"],
        done=done,
        unit=unit,
        expected=format_expected(row, lang),
        due=written.format_day(row["due_on"], lang),
        status=palette.get_status_label(row["status"], lang)
        if row["status"]
        else translate(lang, "No floor of its own"),
    )


def get_title(row: Mapping[str, object], lang: Language) -> str:
    """A target's or task's title in a language."""
    return str(row["title_vi" if lang == "vi" else "title_en"])


def _format_proportion(row: Attainment, lang: Language) -> str:
    """A ratio or coverage against the whole it is of, as far as that is known."""
    done = written.format_number(row["numerator"], lang)
    if row["measure"] == "coverage":
        if row["roster_size"]:
            return f"{done}/{written.format_number(row['roster_size'], lang)}"
        heard = row.get("reporting_agencies")  # (an edition's kept figures have fewer columns)
        return f"{written.format_number(heard, lang)}/?" if heard else written.NO_VALUE
    if not row["denominator"]:
        return written.NO_VALUE
    if is_ceiling(row):
        return format_percent(row, lang)
    if has_uncounted_population(row):
        return f"{done}/{written.format_number(row['population'] or 0, lang)}"
    return f"{done}/?" if has_unknown_base(row) else format_percent(row, lang)
