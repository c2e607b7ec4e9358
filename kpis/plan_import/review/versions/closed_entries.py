"""Which changed or ended entries an amendment does not judge anew, since their day was over when it was accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kpis.language.messages import Language, translate
from kpis.plan_import.review.amendments.base_plan import BasePlan
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.versions.entries import list_entries
from kpis.register.judging_versions import VersionDays
from kpis.register.periods import list_own_instances, list_own_periods


@dataclass(frozen=True)
class ClosedEntry:
    """A target or task that the document changes or ends, with the closed years that keep their verdict.

    `years_to_name`: those of them that the version would judge if they were named.
    """

    title: str
    years: tuple[int, ...]
    years_to_name: tuple[int, ...]


def list_closed_entries(draft: Draft, base: BasePlan, days: VersionDays) -> list[ClosedEntry]:
    """Return the entries, the targets first; `days`: what decides which periods the new version judges."""
    closed = []
    for entry in list_entries(draft, ("target", "milestone", "task")):
        if entry.rows and not entry.list_changed():
            continue
        may_be_judged = {
            year: bool(entry.rows) or days.in_force_from is None or due_on >= days.in_force_from
            for due_on, year in _list_due_days(base, entry.id)
            if due_on < days.first_due_on
        }
        to_name = tuple(year for year, may in may_be_judged.items() if may and year not in days.judges_again)
        years = tuple(year for year, may in may_be_judged.items() if year in to_name or not may)
        if years:
            closed.append(ClosedEntry(entry.old[0].get_value("title"), years, to_name))
    return closed


def _list_due_days(base: BasePlan, entry_id: str) -> Iterator[tuple[date, int]]:
    """Yield the due day and the year of each period or instance of an entry in force."""
    if target := base.register.targets.get(entry_id):
        periods = list_own_periods(base.register, target)
        yield from ((period.due_on, period.end.year) for period in periods if period.in_force)
    elif task := base.register.tasks.get(entry_id):
        for instance in list_own_instances(base.register, task):
            if instance.due_on is not None:
                yield instance.due_on, instance.year


def describe_closed(entry: ClosedEntry, lang: Language) -> str:
    """Return in one sentence which years of an entry the version before goes on judging."""
    text = "“{title}”: what is due in {years} stays as the version before judges it."
    return translate(lang, text, title=entry.title, years=", ".join(map(str, entry.years)))


def list_years_to_name(closed: Sequence[ClosedEntry]) -> list[int]:
    """Return the years that the version would judge if they were named."""
    return sorted({year for each in closed for year in each.years_to_name})
