"""How a target's figures are written: "24/50", the length of a bar, the sentence for screen readers."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.change_words import format_change, format_change_promise
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import has_unknown_base
from kpis.wording import amounts, change_figures, spans
from kpis.wording.ratios import (
    choose_decimals,
    compute_bar_limit,
    compute_bar_pace,
    compute_bar_value,
    format_percent,
    has_uncounted_population,
)
from kpis.wording.units import format_share_of_units, get_counted_unit, inflect_unit

NO_ROSTER_KEY = "list not final"
_LIMIT_MESSAGES = {
    "<=": "{done} of at most {limit}",
    "<": "{done}, must be under {limit}",
    ">": "{done}, must be over {limit}",
}


def format_fraction(row: Attainment, lang: Language) -> str:
    """Return actual and floor, short: "24/50", "42%", "7/10" agencies, "3 of at most 5", "1% of at most 5%".

    Of a change what it has come to: "tăng 4,0% so với 2025". A ratio with an incomplete base has no bare share:
    "5/1.000" while a population is not completely counted, "5/?" if the register has neither roster nor population.
    """
    floor, comparator = row["floor"], row["comparator"]
    if row["measure"] == "carried":
        return formatting.NO_VALUE
    if row["has_spans"]:
        return spans.format_spans_met(row, lang)
    if row["measure"] == "change":
        return change_figures.format_done(row, lang)
    if row["is_ceiling"] and not row["entries"]:
        return formatting.NO_VALUE  # a 0 would look as if the ceiling held, but nothing was reported
    if row["is_proportion"]:
        done = _format_proportion(row, lang)
        if done == formatting.NO_VALUE or not row["is_ceiling"]:
            return done
    else:
        done = amounts.format_figure(row, row["actual"] or 0, lang)
    if floor is None:
        return done
    limit = format_exact_amount(row, floor, lang)
    if comparator is not None and comparator in _LIMIT_MESSAGES:
        return translate(lang, _LIMIT_MESSAGES[comparator], done=done, limit=limit)
    return f"{done}/{limit}"


def format_counted_fraction(row: Attainment, lang: Language) -> str:
    """Return actual and floor with what they count: "24/50 tin bài", "7/10 cơ quan", "3, tối đa 5 vụ".

    A percentage stands alone, since its title says of what; so do spans ("3/4 quý") and changes ("tăng 4,0%").
    """
    done = format_fraction(row, lang)
    if row["has_spans"] or row["measure"] == "change" or done == formatting.NO_VALUE or done.endswith("%"):
        return done
    number = 2 if row["is_proportion"] or row["floor"] is None else row["floor"]
    return f"{done} {inflect_unit(get_counted_unit(row, lang), number, lang)}"


def format_actual(row: Attainment, lang: Language) -> str:
    """Return the actual without the floor: "24", "87%", "5/1.000", "1 agency has reported"."""
    if row["measure"] == "change":
        return change_figures.format_done(row, lang)
    if not row["is_proportion"]:
        is_unknown = row["measure"] == "carried" or (row["is_ceiling"] and not row["entries"])
        return formatting.NO_VALUE if is_unknown else amounts.format_figure(row, row["actual"] or 0, lang)
    if row["measure"] == "ratio":
        return _format_proportion(row, lang) if has_uncounted_population(row) else format_percent(row, lang)
    if row["roster_size"]:
        return format_percent(row, lang)
    reporting = row["reporting_agencies"]
    return format_reporting_agencies(reporting, lang) if reporting else formatting.NO_VALUE


def format_reporting_agencies(count: int, lang: Language) -> str:
    """Return how many agencies have reported: "7 cơ quan đã báo cáo"."""
    key = "{n} agency has reported" if count == 1 else "{n} agencies have reported"
    return translate(lang, key, n=formatting.format_number(count, lang))


def format_qualifier(row: Attainment, lang: Language) -> str:
    """Return the note shown beside a share whose base is incomplete or unknown; else empty."""
    if format_actual(row, lang) == formatting.NO_VALUE:
        return ""
    if has_uncounted_population(row):
        return translate(lang, "{counted} in the reports", counted=format_counted(row, lang))
    if not has_unknown_base(row):
        return ""
    note = format_base_note(row, lang)
    return f"{format_counted(row, lang)}, {note}" if row["measure"] == "ratio" else note


def format_base_note(row: Attainment, lang: Language) -> str:
    """Return what a figure without roster or population rests on; empty where the base is known.

    A ceiling ratio is judged on what is reported, so the note says by how many; a floor cannot be met yet.
    """
    if not has_unknown_base(row):
        return ""
    if row["measure"] == "ratio" and row["is_ceiling"]:
        return format_reporting_agencies(row["reporting_agencies"], lang)
    return translate(lang, NO_ROSTER_KEY)


def format_amount(row: Attainment, value: float | None, lang: Language) -> str:
    """Return a value as a number or percentage: "44", "87%" (rounded down)."""
    if value is None:
        return formatting.NO_VALUE
    if row["measure"] == "change":
        return format_change(value, lang)
    if row["is_proportion"]:
        return formatting.format_percent(value, 1, lang)
    return formatting.format_number(value, lang, 1)


def format_exact_amount(row: Attainment, value: float | None, lang: Language) -> str:
    """Return a floor or stretch with all its decimals: "50", "99,5%"."""
    if value is None:
        return formatting.NO_VALUE
    if row["measure"] == "change":
        return format_change(value, lang)
    if row["is_proportion"]:
        return formatting.format_percent(value, 1, lang, formatting.EXACT_PERCENT_DECIMALS)
    return formatting.format_number(value, lang, formatting.EXACT_DECIMALS)


def format_limit(row: Attainment, lang: Language) -> str:
    """Return the floor or ceiling: "50", "99,5%", "under 5", "over 10", "tăng trên 3%"."""
    if row["measure"] == "change":
        return format_change_promise(str(row["comparator"]), row["floor"] or 0, lang)
    limit = format_exact_amount(row, row["floor"], lang)
    if row["comparator"] in (">=", "<=") or row["floor"] is None:
        return limit
    return translate(lang, "under {n}" if row["comparator"] == "<" else "over {n}", n=limit)


def format_expected(row: Attainment, lang: Language) -> str:
    """Return the value expected by now: "44", "87%" (rounded down); a dash for a ceiling without a baseline."""
    value = row["expected"]
    if row["measure"] == "change":
        return change_figures.format_expected(row, lang)
    if value is None or (row["is_ceiling"] and not row["starts_at_baseline"]):
        return formatting.NO_VALUE
    if value == row["floor"]:
        return format_exact_amount(row, value, lang)
    if row["is_proportion"]:
        return formatting.format_percent(value, 1, lang, choose_decimals(row))
    if row["measure"] == "amount":
        return amounts.format_expected(row, value, lang)
    return format_amount(row, value, lang)


def format_counted(row: Attainment, lang: Language) -> str:
    """Return the counted numbers: "45/60" people for a ratio, "12" for other measures."""
    done = amounts.format_figure(row, row["numerator"], lang)
    if row["measure"] != "ratio":
        return done
    return f"{done}/{formatting.format_number(row['denominator'] or 0, lang)}"


def format_counted_with_unit(row: Attainment, lang: Language) -> str:
    """Return the counted numbers with what they count: "45/60 cán bộ", "12 tin bài"."""
    number = row["denominator"] if row["measure"] == "ratio" else row["numerator"]
    return f"{format_counted(row, lang)} {inflect_unit(get_counted_unit(row, lang), number or 0, lang)}"


def format_own_contribution(row: Attainment, lang: Language) -> str:
    """Return what an agency did itself: as `format_counted`; for a milestone, whether it reported it done.

    A milestone that several agencies reported is counted for one of them only.
    """
    if row["measure"] != "milestone":
        return format_counted(row, lang)
    return translate(lang, "reported done") if row["actual"] else formatting.NO_VALUE


def compute_floor_fraction(row: Attainment) -> float:
    """Return how much of the floor is done, 1.0 for all of it; 0 without a floor. Of a year, how many spans are met."""
    if row["has_spans"]:
        return (row["spans_met"] or 0) / (row["spans"] or 1)
    if row["starts_at_baseline"] or row["measure"] == "change":
        return _compute_way(row, compute_bar_value(row)) if row["entries"] else 0.0
    return compute_bar_value(row) / float(row["floor"]) if row["floor"] else 0.0


def compute_pace_fraction(row: Attainment) -> float | None:
    """Return where the bar of the floor should be by now; None without a floor or once it is due."""
    pace = compute_bar_pace(row)
    if (row["starts_at_baseline"] or row["measure"] == "change") and pace is not None:
        return _compute_way(row, pace) if row["as_of"] < row["due_on"] else None
    if not row["floor"] or pace is None or row["has_spans"] or row["as_of"] >= row["due_on"]:
        return None
    return pace / float(row["floor"])


def _compute_way(row: Attainment, value: float) -> float:
    """Return how much of the way to the floor is covered, from the baseline, or of a sum from nothing."""
    goal = compute_bar_limit(row, row["floor"])
    start = float(row["baseline"] or 0) if row["starts_at_baseline"] else 0.0
    if goal == start:  # the baseline must be held: a floor of 0 %
        return 1.0 if (value <= goal if row["is_ceiling"] else value >= goal) else 0.0
    return max((value - start) / (goal - start), 0.0)


def format_sentence(row: Attainment, lang: Language) -> str:
    """Return the figures in words, for screen readers and tooltips."""
    key = "{title}: {done}, expected by now {expected}, due {due}. {status}."
    if row["is_ceiling"] and not row["starts_at_baseline"]:
        key = "{title}: {done}, due {due}. {status}."
    return translate(
        lang,
        key,
        title=row["title_vi"] if lang == "vi" else row["title_en"],
        done=_format_done_with_unit(row, lang),
        expected=format_expected(row, lang),
        due=formatting.format_day(row["due_on"], lang),
        status=palette.get_status_label(row["status"], lang)
        if row["status"]
        else translate(lang, "No floor of its own"),
    )


def _format_done_with_unit(row: Attainment, lang: Language) -> str:
    """Return actual and floor with the unit, and what the figure rests on if its base is not known."""
    done, unit = format_counted_fraction(row, lang), get_counted_unit(row, lang)
    if row["measure"] == "change":
        return done if done == formatting.NO_VALUE else f"{done} ({format_counted_with_unit(row, lang)})"
    text = format_share_of_units(done, unit, lang) if row["is_proportion"] and done.endswith("%") else done
    note = "" if done == formatting.NO_VALUE else format_base_note(row, lang)
    return f"{text}, {note}" if note else text


def get_title(row: Mapping[str, object], lang: Language) -> str:
    """Return a target's or task's title in a language."""
    return str(row["title_vi" if lang == "vi" else "title_en"])


def _format_proportion(row: Attainment, lang: Language) -> str:
    """Return a ratio or coverage with its base, as far as that is known."""
    done = formatting.format_number(row["numerator"], lang)
    if row["measure"] == "coverage":
        if row["roster_size"]:
            return f"{done}/{formatting.format_number(row['roster_size'], lang)}"
        reporting = row["reporting_agencies"]
        return f"{formatting.format_number(reporting, lang)}/?" if reporting else formatting.NO_VALUE
    if not row["denominator"]:
        return formatting.NO_VALUE
    if row["is_ceiling"]:
        return format_percent(row, lang)
    if has_uncounted_population(row):
        return f"{done}/{formatting.format_number(row['population'] or 0, lang)}"
    return f"{done}/?" if has_unknown_base(row) else format_percent(row, lang)
