"""Write the workbook of a draft: proposed values locked, entered values beside them, drop-downs, ready to print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import count
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kpis.language.messages import translate
from kpis.plan_import.model import Place
from kpis.plan_import.review.book.cell_texts import format_place, format_quote, split_text, to_cell_text
from kpis.plan_import.review.book.layout import (
    DECISION_COLUMN,
    DECISIONS,
    FIRST_FIELD_COLUMN,
    LISTS_TAB,
    SYSTEM_TAB,
    TABS,
    TEXT_TAB,
    BookColumn,
    list_columns,
    list_titles,
)
from kpis.plan_import.review.draft.decisions import is_needed
from kpis.plan_import.review.draft.fields import DraftField, list_fields
from kpis.plan_import.review.draft.model import ROW_KINDS, Draft, DraftRow, RowKind
from kpis.plan_import.review.draft.values import format_value
from kpis.sheet.cells import format_cell_name
from kpis.templates.new_sheet_formats import NewSheetFormats, compute_row_height

_QUOTE_WIDTH, _PLACE_WIDTH, _TEXT_WIDTH = 46, 16, 130
_MAX_HEIGHT = 240.0  # points; Excel allows 409
_MAX_TEXT_HEIGHT = 409.0
_PAPER_A4 = 9
_COUNTING_HINT = (
    "Say how the entries of this target count: added up, or the latest one. The document does not say it, and it "
    "decides whether the target is met; a coloured cell must be filled in."
)
_PRINTED_WIDTH = 190  # characters across a page of A4 in landscape that can still be read


def build_book(draft: Draft, agencies: Iterable[str], indicators: Iterable[str] = ()) -> bytes:
    """Return the workbook of a draft as .xlsx; `agencies` and `indicators` are the names that drop-downs offer."""
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True, "default_format_properties": {}}) as workbook:
        workbook.set_properties({"title": draft.plan})
        formats = NewSheetFormats(workbook)
        lists = _ChoiceLists(workbook)
        offered = {"agency": lists.add(sorted(set(agencies))), "indicator": lists.add(sorted(set(indicators)))}
        for kind in ROW_KINDS:
            sheet = workbook.add_worksheet(TABS[kind])
            _write_rows(sheet, kind, draft.list_rows(kind), formats, lists, offered)
        _write_text(workbook.add_worksheet(TEXT_TAB), draft, formats)
        lists.write(workbook)
        _write_system(workbook.add_worksheet(SYSTEM_TAB), draft)
    return buffer.getvalue()


class _ChoiceLists:
    """The items of drop-downs on a hidden tab: a list inside a check may have 255 characters."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._lists: list[list[str]] = []

    def add(self, items: Sequence[str]) -> str:
        """Return the named range of a list."""
        if list(items) not in self._lists:
            self._lists.append(list(items))
        return f"=ds_{self._lists.index(list(items)) + 1}"

    def write(self, workbook: Workbook) -> None:
        """Write the hidden tab."""
        sheet = workbook.add_worksheet(LISTS_TAB)
        for column, items in enumerate(self._lists):
            for number, item in enumerate(items):
                sheet.write_string(number, column, to_cell_text(item))
            letter = chr(ord("A") + column)
            workbook.define_name(f"ds_{column + 1}", f"='{LISTS_TAB}'!${letter}$1:${letter}${max(len(items), 1)}")
        sheet.very_hidden()


def _write_rows(
    sheet: Worksheet,
    kind: RowKind,
    rows: Sequence[DraftRow],
    formats: NewSheetFormats,
    lists: _ChoiceLists,
    offered: Mapping[str, str],
) -> None:
    columns = list_columns(kind)
    widths = [8, 12, _QUOTE_WIDTH, _PLACE_WIDTH, *(column.item.width for column in columns)]
    for position, title in enumerate(list_titles(kind)):
        is_open = position == 1 or (
            position >= FIRST_FIELD_COLUMN and columns[position - FIRST_FIELD_COLUMN].is_entered
        )
        sheet.set_column(position, position, widths[position])
        sheet.write_string(0, position, title, formats.header if is_open else formats.read_only_header)
        if position >= FIRST_FIELD_COLUMN and not _is_column_used(columns[position - FIRST_FIELD_COLUMN], rows):
            sheet.set_column(position, position, widths[position], None, {"hidden": True})
    sheet.set_row(0, 44)
    for number, row in enumerate(rows, start=1):
        _write_row(sheet, number, row, columns, widths, formats)
    last = max(len(rows), 1)
    _add_decisions(sheet, kind, rows, formats)
    if kind == "header":
        _add_header_checks(sheet, rows, lists, offered)
    for position, column in zip(count(FIRST_FIELD_COLUMN), columns):
        if column.is_entered and kind != "header":
            _add_check(sheet, (1, last), position, column.item, lists, offered)
    # Entered values are texts: Excel would take 15/12 for a day and 1.200 for 1,2.
    sheet.ignore_errors({"number_stored_as_text": f"A1:{format_cell_name(len(widths) - 1, last + 1)}"})
    sheet.autofilter(0, 0, last, len(widths) - 1)
    sheet.freeze_panes(1, FIRST_FIELD_COLUMN if kind == "header" else 2)
    sheet.protect(
        "", {"format_columns": True, "format_rows": True, "format_cells": True, "autofilter": True, "sort": True}
    )
    # On one page a row of many fields would be too small to read: each further page repeats code and decision.
    sheet.repeat_columns(0, DECISION_COLUMN)
    sheet.print_across()
    _set_print_layout(sheet, ceil(sum(widths) / _PRINTED_WIDTH))


def _is_column_used(column: BookColumn, rows: Sequence[DraftRow]) -> bool:
    """Tell whether any row has a field; of what the reviewer alone decides, whether anything is proposed."""
    name = column.item.name
    if column.item.role == "reviewer" and not column.is_entered:
        return any(row.proposed.get(name) for row in rows)
    return not rows or any(item.name in {name, "value"} for row in rows for item in list_fields(row))


def _add_decisions(sheet: Worksheet, kind: RowKind, rows: Sequence[DraftRow], formats: NewSheetFormats) -> None:
    """Offer the decisions of each row, and colour those cells that must not stay empty until they are filled in."""
    for number, row in enumerate(rows, start=1):
        # A number left over and an added row propose nothing that could be accepted.
        is_proposal = kind != "number" and not row.is_added
        words = [word for decision, word in DECISIONS.items() if is_proposal or decision != "accept"]
        check = {"validate": "list", "source": words, "error_type": "stop"}
        sheet.data_validation(number, DECISION_COLUMN, number, DECISION_COLUMN, check)
        if row.needs_decision:
            _mark_while_empty(sheet, number, DECISION_COLUMN, formats)


def _mark_while_empty(sheet: Worksheet, number: int, column: int, formats: NewSheetFormats) -> None:
    rule = {"type": "blanks", "format": formats.undecided}
    sheet.conditional_format(number, column, number, column, rule)


def _write_row(
    sheet: Worksheet, number: int, row: DraftRow, columns: Sequence[BookColumn], widths: Sequence[int],
    formats: NewSheetFormats,
) -> None:  # fmt: skip
    fields = {item.name: item for item in list_fields(row)}
    decision = "" if row.decision is None else DECISIONS[row.decision]
    texts: list[tuple[str, Format]] = [
        (row.id, formats.read_only),
        (decision, formats.decided),
        (format_quote(row), formats.read_only),
        (format_place(row.place), formats.read_only),
    ]
    for column in columns:
        item = fields.get(column.item.name)
        values = row.entered if column.is_entered else row.proposed
        text = format_value(item, values.get(item.name, ""), "vi") if item else ""
        is_open = column.is_entered and item is not None
        texts.append(
            (to_cell_text(text), formats.decided if is_open else formats.read_only if item else formats.unused)
        )
        if is_open and item is not None and is_needed(row, item):
            _mark_while_empty(sheet, number, len(texts) - 1, formats)
    sheet.set_row(number, min(compute_row_height([text for text, _ in texts], widths), _MAX_HEIGHT))
    for position, (text, cell_format) in enumerate(texts):
        if text:
            sheet.write_string(number, position, text, cell_format)
        else:
            sheet.write_blank(number, position, None, cell_format)


def _add_header_checks(
    sheet: Worksheet, rows: Sequence[DraftRow], lists: _ChoiceLists, offered: Mapping[str, str]
) -> None:
    position = FIRST_FIELD_COLUMN + [column.is_entered for column in list_columns("header")].index(True)
    for number, row in enumerate(rows, start=1):
        _add_check(sheet, (number, number), position, list_fields(row)[0], lists, offered)


def _add_check(
    sheet: Worksheet, rows: tuple[int, int], position: int, item: DraftField, lists: _ChoiceLists,
    offered: Mapping[str, str],
) -> None:  # fmt: skip
    """Offer the choices of a field; an agency or indicator that is not listed may be typed."""
    if item.type == "choice":
        source = lists.add([translate("vi", label) for label in item.choices.values()])
    elif item.type in offered:
        source = offered[item.type]
    else:
        return
    check = {"validate": "list", "source": source, "error_type": "stop" if item.type == "choice" else "information"}
    if item.name == "accumulation":
        check |= {"input_title": _cut_title(item), "input_message": translate("vi", _COUNTING_HINT)}
    sheet.data_validation(rows[0], position, rows[1], position, check)


def _cut_title(item: DraftField) -> str:
    """Return the label of a field as a message of Excel may have it for its title."""
    return translate("vi", item.label)[:32]


def _write_text(sheet: Worksheet, draft: Draft, formats: NewSheetFormats) -> None:
    """Write the whole text of the document, to be read beside the proposals."""
    for position, (title, width) in enumerate(
        (("Place of the clause", _PLACE_WIDTH), ("Text of the document", _TEXT_WIDTH))
    ):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, translate("vi", title), formats.read_only_header)
    number = count(1)
    for block in draft.text:
        place = to_cell_text(format_place(Place(block.section, block.page, block.index, block.line)))
        for line in split_text(block.text):
            row = next(number)
            sheet.set_row(row, min(compute_row_height([line], [_TEXT_WIDTH]), _MAX_TEXT_HEIGHT))
            sheet.write_string(row, 0, place, formats.read_only)
            sheet.write_string(row, 1, line, formats.read_only)
    sheet.freeze_panes(1, 0)
    sheet.protect()
    _set_print_layout(sheet)


def _write_system(sheet: Worksheet, draft: Draft) -> None:
    """Write what ties the workbook to its draft."""
    values = {"plan": draft.plan, "draft": draft.id, "revision": str(draft.revision), "sha256": draft.sha256}
    for number, (name, text) in enumerate(values.items()):
        sheet.write_string(number, 0, name)
        sheet.write_string(number, 1, text)
    sheet.protect()
    sheet.very_hidden()


def _set_print_layout(sheet: Worksheet, pages_wide: int = 1) -> None:
    sheet.set_paper(_PAPER_A4)
    sheet.set_landscape()
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(pages_wide, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&R&P/&N")
