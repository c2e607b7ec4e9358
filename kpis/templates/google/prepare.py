"""A shared Google Sheet made ready to fill: header, drop-downs, protection, locale, time zone (design.md §4).

Everything goes out in one spreadsheets.batchUpdate, and only what is missing: a second run sends nothing.
What people typed stays: headers keep their place and their accepted name, new columns go to the right of
everything, and no row below a header is written, but for the plan's tasks on a tab that has no row yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpis.errors import UsageError
from kpis.language.messages import Language, translate
from kpis.register.model import Register
from kpis.sheet.layout import FEEDBACK, TAB_NAMES, Kind
from kpis.sources.google.client import GoogleClient, Json
from kpis.sources.google.read import find_tabs
from kpis.sources.google.urls import spreadsheet_id
from kpis.templates import target_words
from kpis.templates.google import requests as request
from kpis.templates.google.own_tabs import own_tabs, update_own
from kpis.templates.google.tab import Tab, find_header, same_rule, tab_of
from kpis.templates.google.tab_order import ORDER, place_new
from kpis.templates.google.validation import rule_of
from kpis.templates.plan_sheet import PROGRESS_COLUMNS, TASK_COLUMNS, Column, Template, template

LOCALE, TIME_ZONE = "vi_VN", "Asia/Ho_Chi_Minh"
ROWS = 1000
FIELDS = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,sheetType,hidden,gridProperties),"
    "protectedRanges(range,warningOnly,requestingUserCanEdit),"
    "data(rowData(values(effectiveValue,effectiveFormat(numberFormat(type)),dataValidation))))"
)


@dataclass(frozen=True)
class Prepared:
    """What was done and what is to be looked at, as sentences; `done` is empty when nothing was missing."""

    title: str
    done: tuple[str, ...]
    notes: tuple[str, ...]


def prepare(url: str, client: GoogleClient, register: Register, plan: str, lang: Language = "vi") -> Prepared:
    """Make the sheet behind `url` ready for `plan`; one read, and one write if anything is missing.

    UsageError for a link that is none, an unknown plan, or rows without a header; GoogleError where the
    account may not edit the file.
    """
    filled = template(register, plan)
    file = spreadsheet_id(url)
    answer = client.spreadsheet(file, fields=FIELDS)
    work = _Work(answer, register, filled, client.account, lang)
    work.everything()
    if work.requests:
        client.batch_update(file, work.requests)
    title = str(answer.get("properties", {}).get("title", ""))
    return Prepared(title, tuple(work.done), tuple(work.notes))


class _Work:
    """The requests that one sheet needs, gathered tab by tab."""

    def __init__(
        self, answer: Json, register: Register, filled: Template, account: str, lang: Language
    ) -> None:
        self.requests: list[Json] = []
        self.done: dict[str, None] = {}
        self.notes: dict[str, None] = {}
        self._answer, self._register, self._filled = answer, register, filled
        self._account, self._lang = account, lang
        self._tabs = [tab_of(sheet) for sheet in answer.get("sheets", ())]
        self._entry_tabs: dict[int, str] = {}

    def everything(self) -> None:
        """Gather what the whole file lacks."""
        self._properties()
        before = len(self.requests)
        for own in own_tabs(self._filled, self._register):
            update_own(own, self._tabs, self.requests, self._free_id)
        if len(self.requests) > before:
            self._say("Lists, guide and targets written.")
        self._entry_tab("progress", PROGRESS_COLUMNS)
        if self._filled.tasks:
            self._entry_tab("tasks", TASK_COLUMNS)
        there = [tab.id for tab in self._tabs if not tab.new]
        names = {tab.id: tab.title for tab in self._tabs if tab.title in ORDER} | self._entry_tabs
        place_new(self.requests, there, names)

    def _properties(self) -> None:
        there = self._answer.get("properties", {})
        locale, zone = there.get("locale", LOCALE), there.get("timeZone", TIME_ZONE)
        new = {}
        if locale not in {LOCALE, "vi"}:
            new["locale"] = LOCALE
            if any(not tab.empty for tab in self._tabs):
                self._note(
                    "The sheet's locale was {locale}. Days typed until now may have day and month swapped: "
                    "look at them once.",
                    locale=locale,
                )
        if zone not in {TIME_ZONE, "Asia/Saigon"}:
            new["timeZone"] = TIME_ZONE
        if new:
            self.requests.append(request.spreadsheet_properties(**new))
            self._say("Locale set to Vietnam, time zone to Ho Chi Minh City.")

    def _entry_tab(self, kind: Kind, columns: Sequence[Column]) -> None:
        tab = self._tab(kind, columns)
        self._entry_tabs[tab.id] = TAB_NAMES[kind]
        find_header(tab, kind, columns)
        added = self._headers(tab, columns)
        self._checks(tab, columns)
        self._protection(tab)
        if tab.frozen == 0 and not tab.new:
            self.requests.append(request.freeze(tab.id, tab.header + 1))
            self._say("Tab “{tab}”: the header stays in sight.", tab=tab.title)
        if kind == "tasks" and not tab.has_rows:
            self._task_rows(tab)
        if added:
            self._say("Tab “{tab}”: added {columns}.", tab=tab.title, columns=", ".join(added))

    def _tab(self, kind: Kind, columns: Sequence[Column]) -> Tab:
        """The tab of that kind; where there is none, the file's only and empty tab, else a new one."""
        found = find_tabs(self._answer)[kind]
        if len(found) > 1:
            raise UsageError(
                "Two tabs are both “{tab}”. Rename or delete one; nothing was changed.", tab=TAB_NAMES[kind]
            )
        if found:
            return next(tab for tab in self._tabs if tab.id == tab_of(found[0]).id)
        title = TAB_NAMES[kind]
        there = self._answer.get("sheets", ())
        if kind == "progress" and len(there) == 1 and self._tabs[0].empty:
            self.requests.append(request.rename(self._tabs[0].id, title))
            self._tabs[0].title = title
            return self._tabs[0]
        tab = Tab(self._free_id(), title, ROWS, len(columns) + 3, new=True)
        self._tabs.append(tab)
        self.requests.append(request.add_sheet(tab.id, title, tab.rows, tab.columns, frozen=1))
        return tab

    def _headers(self, tab: Tab, columns: Sequence[Column]) -> list[str]:
        """Write the headers that are missing, to the right of everything; notes only where all is new."""
        fresh = not tab.places
        missing = [c for c in columns if c.header not in tab.places and (fresh or c.kind != "note")]
        at = tab.free_column
        if at + len(missing) > tab.columns:
            self.requests.append(request.grow(tab.id, "COLUMNS", at + len(missing) - tab.columns))
            tab.columns = at + len(missing)
        for column in missing:
            tab.places[column.header] = at
            cell = request.text(column.header, request.HEAD, translate("vi", column.hint))
            fields = "userEnteredValue,userEnteredFormat,note"
            self.requests.append(request.write(tab.id, tab.header, at, [[cell]], fields))
            shown = request.WRAPPED | {
                "day": request.DAY,
                "count": request.COUNT,
                "total": request.COUNT,
            }.get(column.kind, {})
            self.requests.append(request.look(tab.id, tab.header + 1, (at, at + 1), shown))
            self.requests.append(request.width(tab.id, at, column.width))
            at += 1
        return [column.header for column in missing]

    def _checks(self, tab: Tab, columns: Sequence[Column]) -> None:
        """Set the drop-downs and checks that differ from ours anywhere in their column."""
        row = tab.header + 1
        for column in columns:
            place = tab.places.get(column.header)
            rule = None if place is None else rule_of(column.kind, self._filled, row, place)
            if place is None or rule is None or all(same_rule(one, rule) for one in tab.rules(place)):
                continue
            self.requests.append(request.check(tab.id, row, place, rule))
            self._say("Tab “{tab}”: drop-downs and checks set.", tab=tab.title)

    def _protection(self, tab: Tab) -> None:
        place = tab.places[FEEDBACK]
        guard = tab.guarded(place)
        if guard is None:
            description = translate("vi", "Written by the system")
            self.requests.append(request.protect(tab.id, tab.header, place, self._account, description))
            self._say("Tab “{tab}”: the column “Phản hồi” is locked for everyone else.", tab=tab.title)
        elif guard.get("requestingUserCanEdit") is False:
            self._note(
                "Tab “{tab}”: the column “Phản hồi” is protected against {account}, so no verdict can be "
                "written. Let it in: Data → Protect sheets and ranges.",
                tab=tab.title,
                account=self._account,
            )

    def _task_rows(self, tab: Tab) -> None:
        rows = self._filled.task_rows
        first = tab.header + 1
        if first + len(rows) > tab.rows:
            self.requests.append(request.grow(tab.id, "ROWS", first + len(rows) - tab.rows))
        texts = {
            "Mã": [row.task.id for row in rows],
            "Nhiệm vụ": [row.task.title_vi for row in rows],
            "Cơ quan": [row.agency for row in rows],
            "Chủ trì theo kế hoạch": ["; ".join(row.task.leads) for row in rows],
            "Thời hạn": [target_words.task_due(self._register, row.task) for row in rows],
        }
        for header, column in texts.items():
            if header in tab.places:
                cells = [[request.text(text)] for text in column]
                self.requests.append(
                    request.write(tab.id, first, tab.places[header], cells, "userEnteredValue")
                )
        self._say("Tab “{tab}”: the plan's tasks filled in.", tab=tab.title)

    def _free_id(self) -> int:
        taken = {tab.id for tab in self._tabs}
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    def _say(self, key: str, **values: object) -> None:
        self.done[translate(self._lang, key, **values)] = None

    def _note(self, key: str, **values: object) -> None:
        self.notes[translate(self._lang, key, **values)] = None
