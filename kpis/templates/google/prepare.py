"""Prepare a shared Google Sheet for filling: headers, lists, protection, locale, time zone (design.md §4).

Only what is missing is sent, in one spreadsheets.batchUpdate: a second run sends nothing. What people typed
stays: headers keep their place and accepted name, new columns go to the right of everything, and rows are
written only on a tab of tasks that has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpis.errors import UsageError
from kpis.language.messages import Language, translate
from kpis.register.model import Register
from kpis.sheet.tab_headers import FEEDBACK_HEADER, TAB_NAMES, TabKind
from kpis.sources.google.client import GoogleClient, Json
from kpis.sources.google.column_tags import TAG_FIELDS, build_tag_request
from kpis.sources.google.sheet_reader import find_tabs
from kpis.sources.google.urls import parse_spreadsheet_id
from kpis.templates import target_texts
from kpis.templates.google import batch_requests as request
from kpis.templates.google.own_tabs import add_reference_tab_requests, build_reference_tabs
from kpis.templates.google.tab import GoogleTab, find_header, is_same_rule, parse_tab
from kpis.templates.google.tab_order import TAB_ORDER, place_new_tabs
from kpis.templates.google.validation import build_column_rule
from kpis.templates.plan_sheet import (
    EXPLANATION_COLUMNS,
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
    f"data({TAG_FIELDS},rowData(values(effectiveValue,effectiveFormat(numberFormat(type)),dataValidation))))"
)


@dataclass(frozen=True)
class PrepareResult:
    """What was done (empty if nothing was missing) and what people should check, as sentences."""

    title: str
    changes: tuple[str, ...]
    notes: tuple[str, ...]


def prepare_spreadsheet(
    url: str, client: GoogleClient, register: Register, plan: str, day: date, lang: Language = "vi"
) -> PrepareResult:
    """Prepare the sheet at `url` for `plan` as it is on a day; one read, and one write if anything is missing.

    UsageError for an invalid link, an unknown plan or rows without a header; GoogleError if the account may
    not edit the file.
    """
    template = build_template(register, plan, day)
    file_id = parse_spreadsheet_id(url)
    spreadsheet = client.get_spreadsheet(file_id, fields=FIELD_MASK)
    preparation = _SpreadsheetPreparation(spreadsheet, register, template, client.account, lang)
    preparation.collect_requests()
    if preparation.requests:
        client.batch_update(file_id, preparation.requests)
    title = str(spreadsheet.get("properties", {}).get("title", ""))
    return PrepareResult(title, tuple(preparation.changes), tuple(preparation.notes))


class _SpreadsheetPreparation:
    """The requests that one sheet needs, collected tab by tab; `changes` and `notes` are ordered sets."""

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
        """Collect the requests for everything that the file lacks."""
        self._prepare_properties()
        request_count = len(self.requests)
        for reference in build_reference_tabs(self._template, self._register):
            add_reference_tab_requests(reference, self._tabs, self.requests, self._find_free_id)
        if len(self.requests) > request_count:
            self._add_change("Lists, guide and targets written.")
        self._prepare_entry_tab("progress", PROGRESS_COLUMNS)
        if self._template.tasks:
            self._prepare_entry_tab("tasks", TASK_COLUMNS)
        self._prepare_entry_tab("explanations", EXPLANATION_COLUMNS)
        existing_ids = [tab.id for tab in self._tabs if not tab.is_new]
        titles_by_id = {tab.id: tab.title for tab in self._tabs if tab.title in TAB_ORDER} | self._entry_tabs
        place_new_tabs(self.requests, existing_ids, titles_by_id)

    def _prepare_properties(self) -> None:
        current = self._response.get("properties", {})
        locale, zone = current.get("locale", LOCALE), current.get("timeZone", TIME_ZONE)
        changed = {}
        if locale not in {LOCALE, "vi"}:
            changed["locale"] = LOCALE
            if any(not tab.is_empty for tab in self._tabs):
                self._add_note(
                    "The sheet's locale was {locale}. Days typed until now may have day and month swapped: "
                    "check them once.",
                    locale=locale,
                )
        if zone not in {TIME_ZONE, "Asia/Saigon"}:
            changed["timeZone"] = TIME_ZONE
        if changed:
            self.requests.append(request.set_spreadsheet_properties(**changed))
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
            self._add_change("Tab “{tab}”: the header row is frozen.", tab=tab.title)
        if kind == "tasks" and not tab.has_rows:
            self._fill_task_rows(tab)
        if added:
            self._add_change("Tab “{tab}”: added {columns}.", tab=tab.title, columns=", ".join(added))

    def _find_or_add_tab(self, kind: TabKind, columns: Sequence[TemplateColumn]) -> GoogleTab:
        """Return the tab of that kind; if there is none, the file's only and empty tab, else a new one."""
        title = TAB_NAMES[kind]
        matches = find_tabs(self._response)[kind]
        if len(matches) > 1:
            raise UsageError("Two tabs are named “{tab}”. Rename one of them; nothing was changed.", tab=title)
        if matches:
            return next(tab for tab in self._tabs if tab.id == parse_tab(matches[0]).id)
        sheets = self._response.get("sheets", ())
        if kind == "progress" and len(sheets) == 1 and self._tabs[0].is_empty:
            self.requests.append(request.rename_tab(self._tabs[0].id, title))
            self._tabs[0].title = title
            return self._tabs[0]
        tab = GoogleTab(self._find_free_id(), title, NEW_TAB_ROWS, len(columns) + 3, is_new=True)
        self._tabs.append(tab)
        self.requests.append(request.add_sheet(tab.id, title, tab.row_count, tab.column_count, frozen_rows=1))
        return tab

    def _add_headers(self, tab: GoogleTab, columns: Sequence[TemplateColumn]) -> list[str]:
        """Write missing headers to the right of everything; notes only if there are no headers."""
        has_no_header = not tab.columns_by_header
        missing = [
            column
            for column in columns
            if column.header not in tab.columns_by_header and (has_no_header or column.kind != "note")
        ]
        first = tab.first_free_column
        column_count = first + len(missing)
        if column_count > tab.column_count:
            added_count = column_count - tab.column_count
            self.requests.append(request.append_dimension(tab.id, "COLUMNS", added_count))
            tab.column_count = column_count
        for index, column in enumerate(missing, first):
            tab.columns_by_header[column.header] = index
            cell = request.build_text_cell(column.header, request.HEADER_FORMAT, translate("vi", column.hint))
            fields = "userEnteredValue,userEnteredFormat,note"
            self.requests.append(request.write_cells(tab.id, tab.header_row, index, [[cell]], fields))
            cell_format = request.WRAPPED_FORMAT | {
                "day": request.DATE_FORMAT,
                "any_day": request.DATE_FORMAT,
                "count": {} if self._template.has_decimals else request.NUMBER_FORMAT,
                "total": request.NUMBER_FORMAT,
            }.get(column.kind, {})
            span = (index, index + 1)
            self.requests.append(request.format_columns(tab.id, tab.header_row + 1, span, cell_format))
            self.requests.append(request.set_column_width(tab.id, index, column.width))
        return [column.header for column in missing]

    def _set_checks(self, tab: GoogleTab, columns: Sequence[TemplateColumn]) -> None:
        """Set the validation rule of each column in which any cell has a different one."""
        row = tab.header_row + 1
        for column in columns:
            index = tab.columns_by_header.get(column.header)
            if index is None:
                continue
            rule = build_column_rule(column.kind, self._template, row, index)
            if rule is None or all(is_same_rule(current, rule) for current in tab.list_rules(index)):
                continue
            self.requests.append(request.set_validation(tab.id, row, index, rule))
            self._add_change("Tab “{tab}”: drop-downs and checks set.", tab=tab.title)

    def _protect_feedback_column(self, tab: GoogleTab) -> None:
        index = tab.columns_by_header[FEEDBACK_HEADER]
        protection = tab.find_protected_range(index)
        if protection is None:
            description = translate("vi", "Written by the system")
            self.requests.append(request.protect_column(tab.id, tab.header_row, index, self._account, description))
            self._add_change("Tab “{tab}”: the column “Phản hồi” is locked for everyone else.", tab=tab.title)
        elif protection.get("requestingUserCanEdit") is False:
            self._add_note(
                "Tab “{tab}”: the column “Phản hồi” is protected against {account}, so no feedback can be "
                "written. Give it access: Data → Protect sheets and ranges.",
                tab=tab.title,
                account=self._account,
            )
            return
        if index not in tab.tagged_columns:
            self.requests.append(build_tag_request(tab.id, index))
            self._add_change("Tab “{tab}”: the column “Phản hồi” is marked for the program.", tab=tab.title)

    def _fill_task_rows(self, tab: GoogleTab) -> None:
        rows = self._template.task_rows
        first = tab.header_row + 1
        if first + len(rows) > tab.row_count:
            self.requests.append(request.append_dimension(tab.id, "ROWS", first + len(rows) - tab.row_count))
        texts = [target_texts.format_task_row(self._register, row) for row in rows]
        for header, column in tab.columns_by_header.items():
            if cells := [[request.build_text_cell(row[header])] for row in texts if header in row]:
                self.requests.append(request.write_cells(tab.id, first, column, cells, "userEnteredValue"))
        self._add_change("Tab “{tab}”: the plan's tasks filled in.", tab=tab.title)

    def _find_free_id(self) -> int:
        used_ids = {tab.id for tab in self._tabs}
        return next(number for number in range(1, len(used_ids) + 2) if number not in used_ids)

    def _add_change(self, key: str, **values: object) -> None:
        self.changes[translate(self._lang, key, **values)] = None

    def _add_note(self, key: str, **values: object) -> None:
        self.notes[translate(self._lang, key, **values)] = None
