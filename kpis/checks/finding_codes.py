"""The codes of rejections and warnings: stable names that programs and guides rely on (design.md §4)."""

from __future__ import annotations

REJECTION_CODES = (
    "date_missing",
    "date_unreadable",
    "date_future",
    "date_outside_plan",
    "agency_missing",
    "agency_unknown",
    "target_missing",
    "target_unknown",
    "target_ambiguous",
    "target_ended",
    "quantity_missing",
    "quantity_unreadable",
    "quantity_negative",
    "quantity_not_whole",
    "content_missing",
    "denominator_missing",
    "numerator_exceeds_denominator",
    "formula_error",
    "columns_disagree",
    "duplicate_row",
    "task_missing",
    "task_unknown",
    "task_ambiguous",
    "status_missing",
    "status_unknown",
)
WARNING_CODES = (
    "evidence_missing",
    "evidence_shared",
    "looks_cumulative",
    "ratio_fell",
    "same_day_conflict",
    "confirmation_unknown",
    "shared_event_apart",
    "date_order_doubtful",
    "milestone_withdrawn",
    "not_the_lead",
    "successor_total_fell",
)
SET_ASIDE_REASONS = ("repeats_header", "numbers_columns", "no_data")
