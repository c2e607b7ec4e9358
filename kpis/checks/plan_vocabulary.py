"""Reads the cells of a sheet against one plan; each distinct cell is read once."""

from __future__ import annotations

from datetime import date

from kpis.checks.agency_groups import AgencyGroups
from kpis.checks.cell_readings import (
    CellReading,
    CellReadings,
    FindingDetail,
    find_look_problem,
    find_text_problem,
    format_code,
    make_unread,
    read_amount_cell,
    read_carried_cell,
    read_milestone_cell,
    read_number_cell,
    read_status_cell,
)
from kpis.checks.dates import InvalidDay, read_day
from kpis.checks.name_suggestions import NameSuggester
from kpis.checks.short_forms import CodeSuggester, ShortForms
from kpis.checks.version_names import VersionNames
from kpis.register.model import Register, Target, Task
from kpis.register.names import AgencyNames, AmbiguousTarget, TargetNames
from kpis.sheet.model import Cell


class PlanVocabulary:
    """The names that a sheet of one plan may use, from the register; `today` tells which days are future."""

    def __init__(self, register: Register, plan_id: str, today: date) -> None:
        plan = register.plans[plan_id]
        self._plan, self._today = plan_id, today
        self._first_year, self._last_year = plan.start_year, plan.end_year
        self._register = register
        self._agency_names = AgencyNames(register, plan_id)
        self._agency_groups = AgencyGroups(register, plan_id, self._agency_names)
        self._names = VersionNames(register, plan_id, today)
        self._tasks = [task for task in register.tasks.values() if task.plan == plan_id]
        agency_suggestions = _list_agency_suggestions(register, plan_id)
        self._agency_suggester = NameSuggester(agency_suggestions)
        self._short_forms = ShortForms(
            agency_suggestions,
            (plan.province, plan.place),
            [agency.name for agency in register.agencies if agency.kind == "commune"],
        )
        self._target_codes = CodeSuggester(
            plan_id, [target.id for target in register.targets.values() if target.plan == plan_id]
        )
        self._task_codes = CodeSuggester(plan_id, [task.id for task in self._tasks])
        self._task_example = next((task.id for task in self._tasks), None)
        self._target_suggester = NameSuggester(_list_target_suggestions(register, plan_id))
        self.agencies = CellReadings(self._read_agency)
        self._targets: dict[int, CellReadings[Target]] = {}
        self._task_readings: dict[date | None, CellReadings[Task]] = {}
        self.statuses = CellReadings(read_status_cell)
        self.numbers = CellReadings(read_number_cell)
        self.milestones = CellReadings(read_milestone_cell)
        self.amounts = CellReadings(read_amount_cell)
        self.carried = CellReadings(read_carried_cell)

    @property
    def today(self) -> date:
        """The day of the sync."""
        return self._today

    def build_day_readings(self, *, date1904: bool) -> CellReadings[date]:
        """Return readings of days for a tab whose bare numbers count from 1900 or from 1904."""
        return CellReadings(lambda cell: self._read_day(cell, date1904))

    def read_target(self, cell: Cell, day: date | None) -> CellReading[Target]:
        """Return the target that a cell names in a row of a day, as the version has it that judges the day's period."""
        number = self._names.find_number(day)
        if number not in self._targets:
            self._targets[number] = CellReadings(lambda cell: self._read_target(cell, number))
        reading = self._targets[number][cell]
        if reading.value is None:
            return reading
        target = self._names.get_target(reading.value.id, day)
        return reading if target is reading.value else CellReading(reading.key, target)

    def read_task(self, cell: Cell, day: date | None, title: str = "") -> CellReading[Task]:
        """Return the task that a cell names in a row of a day, of several the one whose title stands beside it."""
        first_day = self._names.find_first_day(day)
        if first_day not in self._task_readings:
            self._task_readings[first_day] = CellReadings(lambda cell: self._read_task(cell, first_day))
        reading = self._task_readings[first_day][cell]
        if reading.code != "task_ambiguous":
            return reading
        task = self._names.choose_task(self._find_tasks(cell, day), title)
        return reading if task is None else CellReading(task.id, task)

    def find_reporter(self, agency: CellReading[str], day: date | None) -> CellReading[str]:
        """Return the agency whose row it is: of a row dated since a merger or renaming, the successor."""
        if not self._agency_names.successors or agency.value is None or day is None:
            return agency
        name = self._agency_names.successors.find(agency.value, day)
        return agency if name == agency.value else CellReading(name, name)

    def list_other_reporters(self, agency: str) -> list[str]:
        """Return the other agencies of the chains to which one belongs: whose row it may be by another register."""
        successors = self._agency_names.successors
        chains = [successors.list_chain(name) for name in successors.list_agencies()] if successors else []
        return [
            name for name in dict.fromkeys(n for chain in chains if agency in chain for n in chain) if name != agency
        ]

    def find_lead_on(self, target: Target, day: date) -> str:
        """Return the agency that leads a target on a day."""
        return self._agency_names.successors.find(target.lead, day)

    def read_lead(self, task_id: str, day: date | None) -> CellReading[str]:
        """Return the agency that leads a task alone on a day, whose report a row is that names no agency.

        There is none for several leads or a collective, and none of a row without a day where the versions of the plan
        differ: it then counts for whoever leads on the day that is judged. Such a row is identified by the first
        version's lead, so that no amendment makes it another row.
        """
        leads = [self._find_single_lead(task) for task in self._names.list_tasks_on(task_id, day)]
        return CellReading(leads[0] or "", leads[0] if len(set(leads)) == 1 else None)

    def _find_single_lead(self, task: Task) -> str | None:
        lead = task.leads[0] if len(task.leads) == 1 else ""
        return lead if lead and self._agency_names.find(lead) == lead else None

    def find_deciding_agencies(self, task: Task, day: date) -> frozenset[str]:
        """Return whose reports decide a task on a day (§5): its leads, the focal agency for a collective lead."""
        focal = self._register.plans[self._plan].focal_agency
        task = self._names.list_tasks_on(task.id, day)[0]
        names = {self._agency_names.find(lead) or focal for lead in task.leads} or {focal}
        return frozenset(self._agency_names.successors.find(name, day) for name in names)

    def _read_day(self, cell: Cell, date1904: bool) -> CellReading[date]:
        day = read_day(cell, date1904=date1904)
        if isinstance(day, InvalidDay):
            detail: dict[str, str | int] = {"reason": day.reason} if day.reason else {}
            if cell.shown_text is not None:
                detail["shown"] = cell.shown_text
            return make_unread(cell, format_code("date", day.problem), detail)
        key = day.isoformat()
        if day > self._today:
            return CellReading(key, day, "date_future")
        if day.year < self._first_year or (self._last_year is not None and day.year > self._last_year):
            last = {} if self._last_year is None else {"last": self._last_year}
            return CellReading(key, day, "date_outside_plan", {"first": self._first_year, **last})
        return CellReading(key, day)

    def _read_agency(self, cell: Cell) -> CellReading[str]:
        if code := find_text_problem(cell, "agency"):
            return make_unread(cell, code)
        if detail := find_look_problem(cell):
            return make_unread(cell, "agency_unknown", detail)
        name = self._agency_names.find(cell.text)
        if name is None and self._agency_groups.matches(cell.text):
            return make_unread(cell, "agency_unknown", {"reason": "several"})
        if name is None:
            nearest = self._short_forms.suggest(cell.text) or self._agency_suggester.suggest(cell.text)
            return make_unread(cell, "agency_unknown", _build_suggestion(nearest))
        return CellReading(name, name)

    def _read_target(self, cell: Cell, number: int) -> CellReading[Target]:
        if code := find_text_problem(cell, "target"):
            return make_unread(cell, code)
        if detail := find_look_problem(cell):
            return make_unread(cell, "target_unknown", detail)
        target = self._names.find_target(cell.text, number)
        if target is None:
            nearest = self._target_codes.suggest(cell.text) or self._target_suggester.suggest(cell.text)
            return make_unread(cell, "target_unknown", _build_suggestion(nearest))
        if isinstance(target, AmbiguousTarget):
            return make_unread(cell, "target_ambiguous", {"candidates": ", ".join(target.candidates)})
        return CellReading(target, self._register.targets[target])

    def _read_task(self, cell: Cell, day: date | None) -> CellReading[Task]:
        example = {"example": self._task_example} if self._task_example else {}
        if code := find_text_problem(cell, "task"):
            return make_unread(cell, code, example if code == "task_missing" else {})
        if detail := find_look_problem(cell):
            return make_unread(cell, "task_unknown", detail)
        tasks = self._find_tasks(cell, day)
        if not self._tasks:
            return make_unread(cell, "task_unknown", {"reason": "no_tasks"})
        if len(tasks) > 1:
            candidates = "; ".join(f"{task.id} ({task.title_vi})" for task in tasks)
            return make_unread(cell, "task_ambiguous", {"candidates": candidates})
        if not tasks:
            nearest = self._task_codes.suggest(cell.text, may_lack_plan=True)
            return make_unread(cell, "task_unknown", _build_suggestion(nearest) or example)
        return CellReading(tasks[0].id, tasks[0])

    def _find_tasks(self, cell: Cell, day: date | None) -> tuple[Task, ...]:
        return self._names.find_tasks(cell.text, day, is_number=cell.kind == "number")


def _build_suggestion(name: str | None) -> FindingDetail:
    return {"nearest": name} if name else {}


def _list_agency_suggestions(register: Register, plan: str) -> list[tuple[str, str]]:
    agencies = [agency for agency in register.agencies if agency.plan == plan]
    return [(name, agency.name) for agency in agencies for name in (agency.name, *agency.aliases)]


def _list_target_suggestions(register: Register, plan: str) -> list[tuple[str, str]]:
    """Return titles and indicator names that mean one target of the plan; ids are too short to suggest."""
    names = TargetNames(register, plan)
    targets = [target for target in register.targets.values() if target.plan == plan]
    texts = [
        text
        for target in targets
        for text in (target.title_vi, register.indicators[target.indicator].name_vi)
        if isinstance(names.find(text), str)
    ]
    return [(text, text) for text in dict.fromkeys(texts)]
