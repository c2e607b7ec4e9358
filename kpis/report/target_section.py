"""The section of the report with the result of every target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.attainment_rows import MET_STATUSES, STATUSES, Attainment
from kpis.measures.status_overview import select_judged
from kpis.report.figures import EntryCounts, ReportFigures
from kpis.report.phrases import (
    format_doubt,
    format_owed,
    format_promise,
    format_result,
    lower_first_letter,
    mark_unless_known,
    t,
)
from kpis.report.word_document import Placeholder, WordDocument
from kpis.wording.clauses import format_clauses
from kpis.wording.predecessors import format_parts

_TARGET_COLUMN_WIDTHS = (9.0, 41.0, 27.0, 27.0, 19.0, 21.0, 21.0)  # mm, 165 in all


def add_targets(document: WordDocument, figures: ReportFigures) -> None:
    """Add how many targets are attained, a row for each, and what is owed of those that are not."""
    document.add_heading(t("II. RESULTS BY TARGET"))
    rows = figures.targets
    judged = select_judged(rows)
    counts = Counter(str(row["status"]) for row in judged)
    met = sum(row["status"] in MET_STATUSES for row in judged)
    state_counts = [
        t(
            "{n} targets {state}",
            n=formatting.format_number(counts[status], "vi"),
            state=lower_first_letter(palette.get_status_label(status, "vi")),
        )
        for status in sorted(counts, key=_rank_best_first)
    ]
    summary = mark_unless_known(
        figures.can_state_results,
        t(
            "As of {day}, {met} of {all} targets of {year} are attained ({states}).",
            day=formatting.format_day(figures.as_of, "vi"),
            met=formatting.format_number(met, "vi"),
            all=formatting.format_number(len(judged), "vi"),
            year=figures.year,
            states=", ".join(state_counts),
        ),
    )
    document.add_paragraph(summary)
    titles = ["TT", "Chỉ tiêu", "Mức phải đạt", "Kết quả", "Tình trạng", "Thời hạn", "Mục có minh chứng"]
    document.add_table(
        titles,
        [_build_target_row(n, row, figures) for n, row in enumerate(rows, start=1)],
        _TARGET_COLUMN_WIDTHS,
        10,
    )
    open_targets = [(row, text) for row in rows if row["status"] not in MET_STATUSES and (text := format_owed(row))]
    if open_targets:
        document.add_paragraph(mark_unless_known(figures.can_state_results, t("Targets not attained yet:")))
    for row, owed in open_targets:
        template = "- {} " + f"[{t('Give the reason and what will be done')}]"
        document.add_paragraph(
            mark_unless_known(figures.can_state_results, f"{row['title_vi']}: {owed}."), template=template
        )


def _build_target_row(number: int, row: Any, figures: ReportFigures) -> Sequence[str]:
    counts = figures.entry_counts.get(row["target"])
    evidence: str = Placeholder(f"[{t('None')}]")
    if counts is not None:
        with_evidence, total = counts.with_evidence, counts.total
        evidence = f"{formatting.format_number(with_evidence, 'vi')}/{formatting.format_number(total, 'vi')}"
        evidence = mark_unless_known(with_evidence == total, evidence)
    result = _format_result(row, counts, figures.year)
    if row["status"] == "carried":
        result = figures.words.get(row["target"], "")
    if parts := format_parts(figures.predecessor_parts.list_of_target(row), "vi"):
        result = f"{result}\n({parts})"
    if doubt := format_doubt(row):
        result = Placeholder(f"{result}\n[{doubt}]")
    clause = format_clauses(figures.clauses.get(row["target"], ()), row["title_vi"], "vi")
    return (
        str(number),
        "\n".join(filter(None, (row["title_vi"], f"({row['lead']})", clause))),
        format_promise(row),
        result if row["entries"] and result else Placeholder(f"[{t('no figures yet')}]"),
        mark_unless_known(figures.can_state_results, palette.get_status_label(str(row["status"]), "vi")),
        formatting.format_day(row["due_on"], "vi"),
        evidence,
    )


def _format_result(row: Attainment, entry_counts: EntryCounts | None, year: int) -> str:
    """Return the result; for a period begun before `year`, with its first year or the milestone's day."""
    result, start = format_result(row), row["period_start"].year
    if start >= year or row["status"] == "not_applicable":
        return result
    if row["measure"] != "milestone":
        since = t("in total since {year}", year=start)
        return f"{result[:-1]}; {since})" if result.endswith(")") else f"{result} ({since})"
    if not row["met"] or entry_counts is None or entry_counts.first_done_on is None:
        return result
    return t("{result} (on {day})", result=result, day=formatting.format_day(entry_counts.first_done_on, "vi"))


def _rank_best_first(status: str) -> tuple[bool, int]:
    """Return the sort key of a status: best first, statuses without a result last."""
    position = [str(name) for name in STATUSES].index(status)
    return status in ("not_started", "not_applicable", "carried"), -position
