"""The columns that a target and an agency's part of it share, and the remark on plans never read."""

from __future__ import annotations

from kpis.charts import palette
from kpis.measures.attainment_rows import Attainment
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.xlsx.tab import CellValue, TabColumns, to_cell_value
from kpis.wording import doubt_sentences, missing_data, owed_sentences, target_figures
from kpis.wording.predecessors import format_parts


def build_figure_columns(figures: EditionFigures) -> TabColumns:
    """Return the columns of a target, or of an agency's part of it."""
    lang, names = figures.query.lang, figures.place_names
    return (
        ("Province or ward", lambda row: names[row["plan"]]),
        ("Code", lambda row: row["target"]),
        ("Target", lambda row: target_figures.get_title(row, lang)),
        ("Comparison", lambda row: row["comparator"] if _get_floor(row) is not None else None),
        ("Floor", lambda row: None if row["is_ceiling"] else to_cell_value(row, _get_floor(row))),
        ("Ceiling", lambda row: to_cell_value(row, _get_floor(row)) if row["is_ceiling"] else None),
        ("Stretch", lambda row: to_cell_value(row, _get_stretch(row))),
        ("Unit", lambda row: row["unit" if lang == "vi" else "unit_en"]),
        ("Actual", lambda row: to_cell_value(row, row["actual"])),
        ("Numerator", lambda row: row["numerator"]),
        ("Denominator", lambda row: row["denominator"]),
        ("Population", lambda row: row["population"] if row["agency"] is None else None),
        ("Needed by now", lambda row: to_cell_value(row, row["expected"]) if _is_needed(row) else None),
        ("Status", lambda row: palette.get_status_label(row["status"], lang) if row["status"] else None),
        ("In doubt", lambda row: doubt_sentences.format_figures(row, lang) or None),
        ("Still owed", lambda row: owed_sentences.format_sentence(row, lang) or None),
        ("Period from", lambda row: row["period_start"]),
        ("Period to", lambda row: row["period_end"]),
        ("Due", lambda row: row["due_on"]),
        ("Entries", lambda row: row["entries"]),
        ("Baseline", _get_baseline),
        ("Baseline year", lambda row: None if row["baseline"] is None else row["baseline_year"]),
        ("From merged agencies", lambda row: _format_parts(row, figures) or None),
        ("Sources", lambda row: format_never_read(row["plan"], figures)),
    )


def _is_needed(row: Attainment) -> bool:
    """True if something is expected by now: a ceiling is held, unless it is approached from a baseline."""
    return row["starts_at_baseline"] or not row["is_ceiling"]


def _get_baseline(row: Attainment) -> CellValue:
    """Return with what a change is compared, a figure, or where the pace of an amount or ratio begins."""
    return row["baseline"] if row["measure"] == "change" else to_cell_value(row, row["baseline"])


def _format_parts(row: Attainment, figures: EditionFigures) -> str:
    """Return what former agencies had added to the figure of a target, or of an agency's part of it."""
    parts = figures.predecessor_parts
    return format_parts(parts.list_of_target(row) if row["agency"] is None else parts.list_of(row), figures.query.lang)


def _get_floor(row: Attainment) -> float | None:
    """Return the floor; the sum of a year is not compared with that of one quarter, month or half-year."""
    return None if row["has_spans"] else row["floor"]


def _get_stretch(row: Attainment) -> float | None:
    """Return the stretch of a target or of an agency's own ratio; an agency's part of a count has none."""
    has_stretch = row["agency"] is None or (row["measure"] == "ratio" and row.get("share") is None)
    return row["stretch"] if has_stretch else None


def format_never_read(plan: str, figures: EditionFigures) -> CellValue:
    """Return the remark for a plan of which no source was ever read, else None."""
    return missing_data.format_short(figures.query.lang) if plan in figures.unread_plans else None
