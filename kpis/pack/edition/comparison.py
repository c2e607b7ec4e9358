"""The figures stored with an edition, and the comparison of two editions' figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpis.charts import palette
from kpis.language.messages import Language
from kpis.measures.attainment_rows import restore_attainment_row
from kpis.pack.edition.folders import FIGURES_FILE, Edition, EditionError, compute_digest
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.json_values import to_json_value
from kpis.pack.figures.previous_edition import EarlierRevision
from kpis.wording import target_figures

_TARGET_COLUMNS = (
    "target", "plan", "period_start", "title_vi", "title_en", "measure", "comparator", "floor", "stretch",
    "unit", "unit_en", "actual", "numerator", "denominator", "expected", "roster_size", "status",
    "agency", "population", "reporting_agencies", "roster_reported", "entries", "period_end",
    "is_proportion", "is_ceiling", "is_complete",
)  # fmt: skip
_TASK_COLUMNS = "task", "plan", "year", "title_vi", "title_en", "state"


@dataclass(frozen=True)
class ComparedState:
    """A target in one edition: "24/50" and its status. A task has a state and no fraction."""

    fraction: str
    status: str
    label: str


@dataclass(frozen=True)
class ComparedItem:
    """One target or task in two editions; None where an edition does not have it."""

    place: str
    title: str
    first: ComparedState | None
    second: ComparedState | None

    @property
    def differs(self) -> bool:
        """True if the two editions differ on it."""
        return self.first != self.second


@dataclass(frozen=True)
class EditionComparison:
    """Every target and task of two editions: the second's in its order, then those only the first has."""

    targets: list[ComparedItem]
    tasks: list[ComparedItem]


def _pick_columns(row: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
    return {name: row[name] for name in names}


def dump_figures(figures: EditionFigures, previous_statuses: Mapping[str, str] | None) -> str:
    """Return the text of figures.json: every target as judged and every task's state, for later comparison.

    It also holds what the figures were compared with, so that the same comparison can be repeated: the
    `previous_statuses` (target -> status) of the week before, and the earlier revisions of the same week.
    """
    targets = [
        {"place": place.name, **_pick_columns(row, _TARGET_COLUMNS)}
        for place in figures.places
        for row in place.targets
    ]
    tasks = [
        {"place": place.name, **_pick_columns(task, _TASK_COLUMNS)} for place in figures.places for task in place.tasks
    ]
    record = {
        "as_of": figures.query.as_of,
        "targets": targets,
        "tasks": tasks,
        "shown_before": previous_statuses,
        "revised": figures.earlier_revisions,
        "explanations": figures.explanations,
    }
    return json.dumps(record, ensure_ascii=False, default=to_json_value, indent=1) + "\n"


def read_statuses(edition: Edition) -> dict[str, str] | None:
    """Return the statuses of an edition's targets (target -> status); None if its figures cannot be read."""
    try:
        return {str(row["target"]): str(row["status"]) for row in _read_figures(edition)["targets"]}
    except EditionError:
        return None


def read_compared_with(edition: Edition) -> tuple[dict[str, str] | None, tuple[EarlierRevision, ...]]:
    """Return what `dump_figures` stored as compared with: the previous statuses and the earlier revisions.

    Raises EditionError if the edition's figures are lost or damaged.
    """
    record = _read_figures(edition)
    revisions = (
        EarlierRevision(
            revision["name"],
            date.fromisoformat(revision["as_of"]),
            datetime.fromisoformat(revision["sealed_at"]),
        )
        for revision in record.get("revised", ())
    )
    return record.get("shown_before"), tuple(revisions)


def compare_editions(first: Edition, second: Edition, lang: Language) -> EditionComparison:
    """Compare two editions. Raises EditionError if the stored figures of one are lost or damaged."""
    left, right = _read_figures(first), _read_figures(second)
    return EditionComparison(_compare_targets(left, right, lang), _compare_tasks(left, right, lang))


def _read_figures(edition: Edition) -> dict[str, Any]:
    """Return the content of figures.json, only if its bytes are those that were sealed."""
    path = edition.folder / FIGURES_FILE
    try:
        is_intact = compute_digest(path) == edition.files.get(FIGURES_FILE)
        record: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if is_intact else None
    except OSError:
        record = None
    if record is None:
        raise EditionError(
            "The stored figures of edition {edition} are lost or damaged, so it cannot be compared. "
            "Choose another edition.",
            edition=edition.name,
        )
    return record


def _compare_targets(left: dict[str, Any], right: dict[str, Any], lang: Language) -> list[ComparedItem]:
    # Editions of earlier releases name the start alone; no target had two periods with one start.
    has_ends = all("period_end" in row for record in (left, right) for row in record["targets"])
    names = ("target", "period_start", "period_end") if has_ends else ("target", "period_start")
    first, second = ({tuple(row[name] for name in names): row for row in record["targets"]} for record in (left, right))
    return [
        ComparedItem(
            place=str(row["place"]),
            title=str(row[f"title_{lang}"]),
            first=_build_target_state(first.get(key), lang),
            second=_build_target_state(second.get(key), lang),
        )
        for key, row in {**second, **first}.items()
    ]


def _compare_tasks(left: dict[str, Any], right: dict[str, Any], lang: Language) -> list[ComparedItem]:
    first, second = ({(row["task"], row["year"]): row for row in record["tasks"]} for record in (left, right))
    places = {row["plan"]: row["place"] for record in (right, left) for row in record["targets"]}
    pairs = []
    for key in {**second, **first}:
        # Editions of an older format hold only a task's id, year and state.
        task = {**second.get(key, {}), **first.get(key, {})}
        plan = str(task["task"]).partition(".")[0]
        pairs.append(
            ComparedItem(
                place=str(task.get("place") or places.get(plan, plan)),
                title=str(task.get(f"title_{lang}") or task["task"]),
                first=_build_task_state(first.get(key), lang),
                second=_build_task_state(second.get(key), lang),
            )
        )
    return pairs


def _build_target_state(row: dict[str, Any] | None, lang: Language) -> ComparedState | None:
    if row is None:
        return None
    status = str(row["status"])
    fraction = target_figures.format_counted_fraction(restore_attainment_row(row), lang)
    return ComparedState(fraction, status, palette.get_status_label(status, lang))


def _build_task_state(row: dict[str, Any] | None, lang: Language) -> ComparedState | None:
    if row is None:
        return None
    state = str(row["state"])
    return ComparedState("", state, palette.get_task_state_label(state, lang))
