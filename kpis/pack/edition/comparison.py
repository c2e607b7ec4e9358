"""The figures that an edition keeps, and two editions' figures beside each other."""

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
from kpis.pack.figures.gather import EditionFigures, to_json_value
from kpis.pack.figures.previous_edition import EarlierRevision
from kpis.wording import target_figures as words

_TARGET_COLUMNS = (
    "target", "plan", "period_start", "title_vi", "title_en", "measure", "comparator", "floor", "stretch",
    "unit", "unit_en", "actual", "numerator", "denominator", "expected", "roster_size", "status",
    "agency", "population", "reporting_agencies", "roster_reported", "entries",
    "is_proportion", "is_ceiling", "is_complete",
)  # fmt: skip
_TASK_COLUMNS = "task", "plan", "year", "title_vi", "title_en", "state"


@dataclass(frozen=True)
class ComparedState:
    """One target in one edition: "24/50" and its status; of a task, its state alone."""

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
        """Whether the two say different things."""
        return self.first != self.second


@dataclass(frozen=True)
class EditionComparison:
    """Every target and every task of two editions, in the first's order, then those of the second alone."""

    targets: list[ComparedItem]
    tasks: list[ComparedItem]


def _pick_columns(row: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
    return {name: row[name] for name in names}


def dump_figures(figures: EditionFigures, previous_statuses: Mapping[str, str] | None) -> str:
    """figures.json: every target as it was judged and every task's state, for a later comparison.

    And what they were held against, so that the same can be asked again: the statuses that the edition of
    the week before had `shown` (target -> status), and the revisions beside.
    """
    targets = [
        {"place": place.name, **_pick_columns(row, _TARGET_COLUMNS)}
        for place in figures.places
        for row in place.targets
    ]
    tasks = [
        {"place": place.name, **_pick_columns(task, _TASK_COLUMNS)}
        for place in figures.places
        for task in place.tasks
    ]
    held = {
        "as_of": figures.query.as_of,
        "targets": targets,
        "tasks": tasks,
        "shown_before": previous_statuses,
        "revised": figures.earlier_revisions,
    }
    return json.dumps(held, ensure_ascii=False, default=to_json_value, indent=1) + "\n"


def read_statuses(edition: Edition) -> dict[str, str] | None:
    """How the targets of an edition stood in it: target -> status; None where it cannot be read."""
    try:
        return {str(row["target"]): str(row["status"]) for row in _read_figures(edition)["targets"]}
    except EditionError:
        return None


def read_compared_with(edition: Edition) -> tuple[dict[str, str] | None, tuple[EarlierRevision, ...]]:
    """What `kept` was given: the statuses shown before, and the revisions beside, of a whole edition."""
    held = _read_figures(edition)
    revised = (
        EarlierRevision(
            one["name"], date.fromisoformat(one["as_of"]), datetime.fromisoformat(one["sealed_at"])
        )
        for one in held.get("revised", ())
    )
    return held.get("shown_before"), tuple(revised)


def compare_editions(first: Edition, second: Edition, lang: Language) -> EditionComparison:
    """Two editions beside each other; EditionError where the figures that one keeps are lost or damaged."""
    left, right = _read_figures(first), _read_figures(second)
    return EditionComparison(_compare_targets(left, right, lang), _compare_tasks(left, right, lang))


def _read_figures(edition: Edition) -> dict[str, Any]:
    """What the edition keeps, byte for byte as it was sealed."""
    path = edition.folder / FIGURES_FILE
    try:
        whole = compute_digest(path) == edition.files.get(FIGURES_FILE)
        held: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if whole else None
    except OSError:
        held = None
    if held is None:
        raise EditionError(
            "The figures that the edition {edition} keeps are lost or damaged, so it cannot be compared. "
            "Choose another edition.",
            edition=edition.name,
        )
    return held


def _compare_targets(left: dict[str, Any], right: dict[str, Any], lang: Language) -> list[ComparedItem]:
    first, second = (
        {(row["target"], row["period_start"]): row for row in held["targets"]} for held in (left, right)
    )
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
    first, second = ({(row["task"], row["year"]): row for row in held["tasks"]} for held in (left, right))
    places = {row["plan"]: row["place"] for held in (right, left) for row in held["targets"]}
    pairs = []
    for key in {**second, **first}:
        # An edition sealed before this was kept holds a task's id, year and state alone.
        known = {**second.get(key, {}), **first.get(key, {})}
        plan = str(known["task"]).partition(".")[0]
        pairs.append(
            ComparedItem(
                place=str(known.get("place") or places.get(plan, plan)),
                title=str(known.get(f"title_{lang}") or known["task"]),
                first=_build_task_state(first.get(key), lang),
                second=_build_task_state(second.get(key), lang),
            )
        )
    return pairs


def _build_target_state(row: dict[str, Any] | None, lang: Language) -> ComparedState | None:
    if row is None:
        return None
    status = str(row["status"])
    fraction = words.format_fraction(restore_attainment_row(row), lang)
    return ComparedState(fraction, status, palette.get_status_label(status, lang))


def _build_task_state(row: dict[str, Any] | None, lang: Language) -> ComparedState | None:
    if row is None:
        return None
    state = str(row["state"])
    return ComparedState("", state, palette.get_task_state_label(state, lang))
