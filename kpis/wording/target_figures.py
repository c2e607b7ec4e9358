"""How a target's figures are written: "24/50", a bar's length, the sentence a screen reader hears."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.wording.ratios import decimals, in_parts, is_ceiling, is_open, is_uncounted, pace, percent, reached

_BOUNDED = {
    "<=": "{done} of at most {limit}",
    "<": "{done}, must be under {limit}",
    ">": "{done}, must be over {limit}",
}


def fraction(row: Attainment, lang: Language) -> str:
    """Done against promised, short: "24/50", "42%", "7/10" agencies, "3 of at most 5", "1% of at most 5%".

    Of a ratio whose whole has not spoken, a bare share would say more than is known: "5/1.000" while a
    population is not counted, "5/?" where nobody has said yet who makes up the whole.
    """
    floor, comparator = row["floor"], row["comparator"]
    if is_ceiling(row) and not row["entries"]:
        return written.NOTHING  # a 0 would keep it, and nobody has said so
    if in_parts(row):
        said = _of_whole(row, lang)
        if said == written.NOTHING or not is_ceiling(row):
            return said
    else:
        said = written.number(row["actual"] or 0, lang)
    if floor is None:
        return said
    limit = promised(row, floor, lang)
    if comparator in _BOUNDED:
        return translate(lang, _BOUNDED[comparator], done=said, limit=limit)
    return f"{said}/{limit}"


def done(row: Attainment, lang: Language) -> str:
    """What was done, without what was promised: "24", "87%", "5/1.000", "1 agency has reported"."""
    if not in_parts(row):
        unheard = is_ceiling(row) and not row["entries"]
        return written.NOTHING if unheard else written.number(row["actual"] or 0, lang, 1)
    if row["measure"] == "ratio":
        return _of_whole(row, lang) if is_uncounted(row) else percent(row, lang)
    if row["roster_size"]:
        return percent(row, lang)
    heard = row["reporting_agencies"]
    if not heard:
        return written.NOTHING
    key = "{n} agency has reported" if heard == 1 else "{n} agencies have reported"
    return translate(lang, key, n=written.number(heard, lang))


def beside(row: Attainment, lang: Language) -> str:
    """What has to stand beside a share of a whole that has not spoken or is not known; else empty."""
    if done(row, lang) == written.NOTHING:
        return ""
    if is_uncounted(row):
        return translate(lang, "{counted} in the reports", counted=counted(row, lang))
    if not is_open(row):
        return ""
    said = translate(lang, "the list of who must do it is not fixed")
    return f"{counted(row, lang)}, {said}" if row["measure"] == "ratio" else said


def amount(row: Attainment, value: float | None, lang: Language) -> str:
    """A value of a target in its own unit: "44", "87%" (rounded down)."""
    if value is None:
        return written.NOTHING
    if in_parts(row):
        return written.percent(value, 1, lang)
    return written.number(value, lang, 1)


def promised(row: Attainment, value: float | None, lang: Language) -> str:
    """A promised value in its own unit with all its decimals: "50", "99,5%"."""
    if value is None:
        return written.NOTHING
    if in_parts(row):
        return written.percent(value, 1, lang, written.EXACT_PERCENT)
    return written.number(value, lang, written.EXACT)


def limit(row: Attainment, lang: Language) -> str:
    """The floor or ceiling as it is to be kept: "50", "99,5%", "under 5", "over 10"."""
    said = promised(row, row["floor"], lang)
    if row["comparator"] in (">=", "<=") or row["floor"] is None:
        return said
    return translate(lang, "under {n}" if row["comparator"] == "<" else "over {n}", n=said)


def expected(row: Attainment, lang: Language) -> str:
    """What should stand by now: "44", "87%" (rounded down); nothing for a ceiling."""
    value = row["expected"]
    if value is None or is_ceiling(row):
        return written.NOTHING
    if value == row["floor"]:
        return promised(row, value, lang)
    if in_parts(row):
        return written.percent(value, 1, lang, decimals(row))
    return amount(row, value, lang)


def counted(row: Attainment, lang: Language) -> str:
    """What was counted, as it was counted: "45/60" people for a ratio, "12" for the rest."""
    done = written.number(row["numerator"], lang)
    if row["measure"] != "ratio":
        return done
    return f"{done}/{written.number(row['denominator'] or 0, lang)}"


def own_deed(row: Attainment, lang: Language) -> str:
    """What an agency did itself: as `counted`, of a milestone whether it reported it done.

    Where several did, one alone is counted, which does not mean that the others did nothing.
    """
    if row["measure"] != "milestone":
        return counted(row, lang)
    return translate(lang, "reported done") if row["actual"] else written.NOTHING


def part(row: Attainment) -> float:
    """How much of the floor is done, 1.0 for all of it; 0 where there is no floor."""
    return reached(row) / float(row["floor"]) if row["floor"] else 0.0


def pace_part(row: Attainment) -> float | None:
    """Where the floor's bar should stand by now; None where there is no floor, or the period is over."""
    by_now = pace(row)
    if not row["floor"] or by_now is None or row["as_of"] >= row["due_on"]:
        return None
    return by_now / float(row["floor"])


def sentence(row: Attainment, lang: Language) -> str:
    """The figures in words, for a screen reader and a tooltip."""
    unit = row["unit"] if lang == "vi" else row["unit_en"]
    done = fraction(row, lang)
    if is_open(row) and done != written.NOTHING:
        unit += ", " + translate(lang, "the list of who must do it is not fixed")
    key = "{title}: {done} {unit}, expected by now {expected}, due {due}. {status}."
    if is_ceiling(row):
        key = "{title}: {done} {unit}, due {due}. {status}."
    return translate(
        lang,
        key,
        title=row["title_vi"] if lang == "vi" else row["title_en"],
        done=done,
        unit=unit,
        expected=expected(row, lang),
        due=written.day(row["due_on"], lang),
        status=palette.word(row["status"], lang) if row["status"] else translate(lang, "No floor of its own"),
    )


def title(row: Mapping[str, object], lang: Language) -> str:
    """A target's or task's title in a language."""
    return str(row["title_vi" if lang == "vi" else "title_en"])


def _of_whole(row: Attainment, lang: Language) -> str:
    """A ratio or coverage against the whole it is of, as far as that is known."""
    done = written.number(row["numerator"], lang)
    if row["measure"] == "coverage":
        if row["roster_size"]:
            return f"{done}/{written.number(row['roster_size'], lang)}"
        heard = row.get("reporting_agencies")  # (an edition's kept figures have fewer columns)
        return f"{written.number(heard, lang)}/?" if heard else written.NOTHING
    if not row["denominator"]:
        return written.NOTHING
    if is_ceiling(row):
        return percent(row, lang)
    if is_uncounted(row):
        return f"{done}/{written.number(row['population'] or 0, lang)}"
    return f"{done}/?" if is_open(row) else percent(row, lang)
