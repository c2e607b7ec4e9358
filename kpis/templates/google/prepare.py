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
from kpis.sheet.layout import FEEDBACK_HEADER, TAB_NAMES, TabKind
from kpis.sources.google.client import GoogleClient, Json
from kpis.sources.google.sheet_reader import find_tabs
from kpis.sources.google.urls import parse_spreadsheet_id
from kpis.templates import target_texts
from kpis.templates.google import batch_requests as request
from kpis.templates.google.own_tabs import add_reference_tab_requests, build_reference_tabs
from kpis.templates.google.tab import GoogleTab, find_header, is_same_rule, parse_tab
from kpis.templates.google.tab_order import TAB_ORDER, place_new_tabs
from kpis.templates.google.validation import build_column_rule
from kpis.templates.plan_sheet import (
    PROGRESS_COLUMNS,
    TASK_COLUMNS,
    SheetTemplate,
    TemplateColumn,
    build_template,
)

LOCALE, TIME_ZONE = "vi_VN", "Asia/Ho_Chi_Minh"
NEW_TAB_ROWS = 1000
FIELD_MASK = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,sheetType,hidden,gridProperties),"
    "protectedRanges(range,warningOnly,requestingUserCanEdit),"
    "data(rowData(values(effectiveValue,effectiveFormat(numberFormat(type)),dataValidation))))"
)


@dataclass(frozen=True)
class PrepareResult:
    """What was done and what is to be looked at, as sentences; `done` is empty when nothing was missing."""

    title: str
    changes: tuple[str, ...]
    notes: tuple[str, ...]


def prepare_spreadsheet(
    url: str, client: GoogleClient, register: Register, plan: str, lang: Language = "vi"
) -> PrepareResult:
    """Make the sheet behind `url` ready for `plan`; one read, and one write if anything is missing.

    UsageError for a link that is none, an unknown plan, or rows without a header; GoogleError where the
    account may not edit the file.
    """
    filled = build_template(register, plan)
    file = parse_spreadsheet_id(url)
    answer = client.get_spreadsheet(file, fields=FIELD_MASK)
    work = _SpreadsheetPreparation(answer, register, filled, client.account, lang)
    work.collect_requests()
    if work.requests:
        client.batch_update(file, work.requests)
    title = str(answer.get("properties", {}).get("title", ""))
    return PrepareResult(title, tuple(work.changes), tuple(work.notes))


class _SpreadsheetPreparation:
    """The requests that one sheet needs, gathered tab by tab."""

    def __init__(
        self, response: Json, register: Register, template: SheetTemplate, account: str, lang: Language
    ) -> None:
        self.requests: list[Json] = []
        self.changes: dict[str, None] = {}
        self.notes: dict[str, None] = {}
        self._response, self._register, self._template = response, register, template
        self._account, self._lang = account, lang
        self._tabs = [parse_tab(sheet) for sheet in response.get("sheets", ())]
        self._entry_tabs: dict[int, str] = {}

    def collect_requests(self) -> None:
        """Gather what the whole file lacks."""
        self._prepare_properties()
        before = len(self.requests)
        for own in build_reference_tabs(self._template, self._register):
            add_reference_tab_requests(own, self._tabs, self.requests, self._find_free_id)
        if len(self.requests) > before:
            self._add_change("Lists, guide and targets written.")
        self._prepare_entry_tab("progress", PROGRESS_COLUMNS)
        if self._template.tasks:
            self._prepare_entry_tab("tasks", TASK_COLUMNS)
        there = [tab.id for tab in self._tabs if not tab.is_new]
        names = {tab.id: tab.title for tab in self._tabs if tab.title in TAB_ORDER} | self._entry_tabs
        place_new_tabs(self.requests, there, names)

    def _prepare_properties(self) -> None:
        there = self._response.get("properties", {})
        locale, zone = there.get("locale", LOCALE), there.get("timeZone", TIME_ZONE)
        new = {}
        if locale not in {LOCALE, "vi"}:
            new["locale"] = LOCALE
            if any(not tab.is_empty for tab in self._tabs):
                self._add_note(
                    "The sheet's locale was {locale}. Days typed until now may have day and month swapped: "
                    "look at them once.",
                    locale=locale,
                )
        if zone not in {TIME_ZONE, "Asia/Saigon"}:
            new["timeZone"] = TIME_ZONE
        if new:
            self.requests.append(request.set_spreadsheet_properties(**new))
            self._add_change("Locale set to Vietnam, time zone to Ho Chi Minh City.")

    def _prepare_entry_tab(self, kind: TabKind, columns: Sequence[TemplateColumn]) -> None:
        tab = self._find_or_add_tab(kind, columns)
        self._entry_tabs[tab.id] = TAB_NAMES[kind]
        find_header(tab, kind, columns)
        added = self._add_headers(tab, columns)
        self._set_checks(tab, columns)
        self._protect_feedback_column(tab)
        if tab.frozen_rows == 0 and not tab.is_new:
            self.requests.append(request.freeze_rows(tab.id, tab.header_row + 1))
            self._add_change("Tab “{tab}”: the header stays in sight.", tab=tab.title)
        if kind == "tasks" and not tab.has_rows:
            self._fill_task_rows(tab)
        if added:
            self._add_change("Tab “{tab}”: added {columns}.", tab=tab.title, columns=", ".join(added))

    def _find_or_add_tab(self, kind: TabKind, columns: Sequence[TemplateColumn]) -> GoogleTab:
        """The tab of that kind; where there is none, the file's only and empty tab, else a new one."""
        found = find_tabs(self._response)[kind]
        if len(found) > 1:
            raise UsageError(
                "Two tabs are both “{tab}”. Rename or delete one; nothing was changed.", tab=TAB_NAMES[kind]
            )
        if found:
            return next(tab for tab in self._tabs if tab.id == parse_tab(found[0]).id)
        title = TAB_NAMES[kind]
        there = self._response.get("sheets", ())
        if kind == "progress" and len(there) == 1 and self._tabs[0].is_empty:
            self.requests.append(request.rename_tab(self._tabs[0].id, title))
            self._tabs[0].title = title
            return self._tabs[0]
        tab = GoogleTab(self._find_free_id(), title, NEW_TAB_ROWS, len(columns) + 3, is_new=True)
        self._tabs.append(tab)
        self.requests.append(request.add_sheet(tab.id, title, tab.row_count, tab.column_count, frozen_rows=1))
        return tab

    def _add_headers(self, tab: GoogleTab, columns: Sequence[TemplateColumn]) -> list[str]:
        """Write the headers that are missing, to the right of everything; notes only where all is new."""
        fresh = not tab.columns_by_header
        missing = [
            c for c in columns if c.header not in tab.columns_by_header and (fresh or c.kind != "note")
        ]
        at = tab.first_free_column
        if at + len(missing) > tab.column_count:
            self.requests.append(
                request.append_dimension(tab.id, "COLUMNS", at + len(missing) - tab.column_count)
            )
            tab.column_count = at + len(missing)
        for column in missing:
            tab.columns_by_header[column.header] = at
            cell = request.build_text_cell(column.header, request.HEADER_FORMAT, translate("vi", column.hint))
            fields = "userEnteredValue,userEnteredFormat,note"
            self.requests.append(request.write_cells(tab.id, tab.header_row, at, [[cell]], fields))
            shown = request.WRAPPED_FORMAT | {
                "day": request.DATE_FORMAT,
                "count": request.NUMBER_FORMAT,
                "total": request.NUMBER_FORMAT,
            }.get(column.kind, {})
            self.requests.append(request.format_columns(tab.id, tab.header_row + 1, (at, at + 1), shown))
            self.requests.append(request.set_column_width(tab.id, at, column.width))
            at += 1
        return [column.header for column in missing]

    def _set_checks(self, tab: GoogleTab, columns: Sequence[TemplateColumn]) -> None:
        """Set the drop-downs and checks that differ from ours anywhere in their column."""
        row = tab.header_row + 1
        for column in columns:
            place = tab.columns_by_header.get(column.header)
            rule = None if place is None else build_column_rule(column.kind, self._template, row, place)
            if place is None or rule is None or all(is_same_rule(one, rule) for one in tab.list_rules(place)):
                continue
            self.requests.append(request.set_validation(tab.id, row, place, rule))
            self._add_change("Tab “{tab}”: drop-downs and checks set.", tab=tab.title)

    def _protect_feedback_column(self, tab: GoogleTab) -> None:
        place = tab.columns_by_header[FEEDBACK_HEADER]
        guard = tab.find_protected_range(place)
        if guard is None:
            description = translate("vi", "Written by the system")
            self.requests.append(
                request.protect_column(tab.id, tab.header_row, place, self._account, description)
            )
            self._add_change("Tab “{tab}”: the column “Phản hồi” is locked for everyone else.", tab=tab.title)
        elif guard.get("requestingUserCanEdit") is False:
            self._add_note(
                "Tab “{tab}”: the column “Phản hồi” is protected against {account}, so no verdict can be "
                "written. Let it in: Data → Protect sheets and ranges.",
                tab=tab.title,
                account=self._account,
            )

    def _fill_task_rows(self, tab: GoogleTab) -> None:
        rows = self._template.task_rows
        first = tab.header_row + 1
        if first + len(rows) > tab.row_count:
            self.requests.append(request.append_dimension(tab.id, "ROWS", first + len(rows) - tab.row_count))
        texts = {
            "Mã": [row.task.id for row in rows],
            "Nhiệm vụ": [row.task.title_vi for row in rows],
            "Cơ quan": [row.agency for row in rows],
            "Chủ trì theo kế hoạch": ["; ".join(row.task.leads) for row in rows],
            "Thời hạn": [target_texts.format_task_due(self._register, row.task) for row in rows],
        }
        for header, column in texts.items():
            if header in tab.columns_by_header:
                cells = [[request.build_text_cell(text)] for text in column]
                self.requests.append(
                    request.write_cells(
                        tab.id, first, tab.columns_by_header[header], cells, "userEnteredValue"
                    )
                )
        self._add_change("Tab “{tab}”: the plan's tasks filled in.", tab=tab.title)

    def _find_free_id(self) -> int:
        taken = {tab.id for tab in self._tabs}
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    def _add_change(self, key: str, **values: object) -> None:
        self.changes[translate(self._lang, key, **values)] = None

    def _add_note(self, key: str, **values: object) -> None:
        self.notes[translate(self._lang, key, **values)] = None
