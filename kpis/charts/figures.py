"""How a target's figures are written: "24/50", a bar's length, the sentence a screen reader hears."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.charts import palette
from kpis.language import format as written
from kpis.language.messages import Language, translate
from kpis.measures.rows import Attainment


def fraction(row: Attainment, lang: Language) -> str:
    """Done against promised: "24/50" for a count, "42%" for a ratio, "7/10" agencies, "3 of at most 5"."""
    if row["measure"] == "ratio":
        return written.percent(row["numerator"], row["denominator"] or 0, lang)
    if row["measure"] == "coverage":
        return f"{written.number(row['numerator'], lang)}/{written.number(row['roster_size'], lang)}"
    floor = row["floor"]
    done = written.number(row["actual"] or 0, lang)
    if floor is None:
        return done
    limit = written.number(floor, lang, 1)
    if row["comparator"] in ("<=", "<"):
        return translate(lang, "{done} of at most {limit}", done=done, limit=limit)
    return f"{done}/{limit}"


def amount(row: Attainment, value: float | None, lang: Language) -> str:
    """A value of a target in its own unit: "44", "87%" (rounded down)."""
    if value is None:
        return written.NOTHING
    if row["measure"] in ("ratio", "coverage"):
        return written.percent(value, 1, lang)
    return written.number(value, lang, 1)


def counted(row: Attainment, lang: Language) -> str:
    """What was counted, as it was counted: "45/60" people for a ratio, "12" for the rest."""
    done = written.number(row["numerator"], lang)
    if row["measure"] != "ratio":
        return done
    return f"{done}/{written.number(row['denominator'] or 0, lang)}"


def part(row: Attainment) -> float:
    """How much of the floor is done, 1.0 for all of it; 0 where there is no floor."""
    return float(row["actual"] or 0) / float(row["floor"]) if row["floor"] else 0.0


def pace_part(row: Attainment) -> float | None:
    """Where the floor's bar should stand by now; None where there is no floor, or the period is over."""
    if not row["floor"] or row["expected"] is None or row["as_of"] >= row["due_on"]:
        return None
    return float(row["expected"]) / float(row["floor"])


def sentence(row: Attainment, lang: Language) -> str:
    """The figures in words, for a screen reader and a tooltip."""
    unit = row["unit"] if lang == "vi" else row["unit_en"]
    return translate(
        lang,
        "{title}: {done} {unit}, expected by now {expected}, due {due}. {status}.",
        title=row["title_vi"] if lang == "vi" else row["title_en"],
        done=fraction(row, lang),
        unit=unit,
        expected=amount(row, row["expected"], lang),
        due=written.day(row["due_on"], lang),
        status=palette.word(row["status"], lang) if row["status"] else translate(lang, "No floor of its own"),
    )


def title(row: Mapping[str, object], lang: Language) -> str:
    """A target's or task's title in a language."""
    return str(row["title_vi" if lang == "vi" else "title_en"])
