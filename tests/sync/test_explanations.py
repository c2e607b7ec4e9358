"""The tab of explanations in a sync: its rows, its requests, its history, and its faults, which are its own (§4)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.errors import SourceError
from kpis.requests.ledger import append_events
from kpis.requests.model import RequestEvent
from kpis.sheet.cells import make_error_cell
from kpis.sheet.model import RawSheet, SheetNote
from tests.sync.conftest import NOON, SheetRow, World, make_entry, make_register, make_sheet

LEAD, OTHER = "Sở Công Thương", "Sở Tài chính"
COLUMNS = ("Mã", "Cơ quan", "Ngày yêu cầu", "Nội dung yêu cầu", "Hạn trả lời", "Giải trình", "Biện pháp",
           "Cam kết hoàn thành", "Ngày trả lời", "Người trả lời", "Mã yêu cầu", "Phản hồi")  # fmt: skip
PROGRESS = (make_entry(date(2026, 3, 1), 3),)


def make_answer(subject: str | None = "p.01", agency: str = LEAD, text: str | None = "Do thiếu kinh phí.",
                **more: str | date | None) -> SheetRow:  # fmt: skip
    names = {"asked": "Ngày yêu cầu", "question": "Nội dung yêu cầu", "due": "Hạn trả lời", "remedies": "Biện pháp",
             "promised": "Cam kết hoàn thành", "answered": "Ngày trả lời", "by": "Người trả lời",
             "request": "Mã yêu cầu"}  # fmt: skip
    return {
        "Mã": subject,
        "Cơ quan": agency,
        "Giải trình": text,
        **{names[name]: value for name, value in more.items()},
    }


def make_sheet_with(rows: Sequence[SheetRow], columns: Sequence[str] = COLUMNS, name: str = "Giải trình") -> RawSheet:
    main, extra = make_sheet(PROGRESS), make_sheet(rows, columns=columns)
    return RawSheet((*main.tabs, replace(extra.tabs[0], name=name)), NOON)


def ask(world: World, number: int = 1, entry: str | None = "p.01", agency: str = LEAD, at: datetime = NOON) -> str:
    request = f"YC-p-2026-{number:04}"
    details = {"plan": "p", "agency": agency, "question": "Vì sao chậm?", **({"entry": entry} if entry else {})}
    event = RequestEvent(request, "asked", at, at.date(), "lan@example.vn", details)
    append_events(world.pointer, at, lambda _content, moment: [replace(event, at=moment)])
    return request


def add_event(world: World, request: str, kind: str, at: datetime) -> None:
    event = RequestEvent(request, kind, at, at.date(), "", {"reason": "x"})  # type: ignore[arg-type]
    append_events(world.pointer, at, lambda _content, moment: [replace(event, at=moment)])


def list_rows(world: World) -> list[tuple[object, ...]]:
    """Return target, agency, answer and request of every current row."""
    rows = world.list_findings("explanations")
    return sorted(
        ((row["target"] or row["task"], row["agency"], row["answer"], row["request"]) for row in rows), key=str
    )


def list_codes(world: World, table: str = "rejections") -> list[str]:
    return sorted(str(row["code"]) for row in world.list_findings(table))


def test_a_source_without_the_tab_has_no_rows_and_says_nothing(world: World) -> None:
    world.sheets["s"] = make_sheet(PROGRESS)
    assert world.sync_one().messages == ()
    assert list_rows(world) == []


def test_an_answer_is_recorded_beside_the_rows_of_the_source(world: World) -> None:
    of_task = make_answer("p.I.1", OTHER, "Đang làm", promised=date(2027, 1, 1))
    world.sheets["s"] = make_sheet_with([make_answer(), of_task, make_answer(None, LEAD, "Chung")])
    result = world.sync_one()
    assert (result.read, result.accepted, result.outcome, result.messages) == (1, 1, "changed", ())
    assert list_rows(world) == [
        ("p.01", LEAD, "Do thiếu kinh phí.", None), ("p.I.1", OTHER, "Đang làm", None), (None, LEAD, "Chung", None),
    ]  # fmt: skip
    assert not world.sync().published


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (make_answer(None, ""), ["agency_missing"]),
        (make_answer("p.99"), ["target_unknown"]),
        (make_answer(agency="Sở Ma"), ["agency_unknown"]),
        (make_answer(text=None, answered=date(2026, 5, 1)), ["request_missing"]),
        (make_answer(text=None, remedies="Mượn thêm người"), ["request_missing"]),
        (make_answer(answered=date(2027, 5, 1)), ["date_future"]),
        (make_answer(asked=date(2027, 5, 1)), ["date_future"]),
        (make_answer(request="YC-p-2026-0009"), ["request_unknown"]),
        (make_answer(request="YC-p-2026-0001"), []),
        (make_answer(agency=OTHER, request="YC-p-2026-0001"), ["request_mismatch"]),
        (make_answer("p.02", request="YC-p-2026-0001"), ["request_mismatch"]),
        (make_answer(promised=date(2031, 5, 1), due=date(2031, 5, 1)), []),
        (make_answer(answered="hôm qua", due="31/02/2026", promised="cuối năm"), []),
        (make_answer(answered=date(2020, 1, 1)), []),
    ],
)
def test_a_row_is_rejected_for_what_is_wrong_with_it(world: World, row: SheetRow, codes: list[str]) -> None:
    ask(world)
    world.sheets["s"] = make_sheet_with([row])
    world.sync()
    assert list_codes(world) == codes
    assert len(list_rows(world)) == (0 if codes else 1)


def test_days_that_cannot_be_read_or_are_turned_around_warn_and_count(world: World) -> None:
    turned = make_answer(text="Sớm", asked=date(2026, 5, 2), question="Sao?", answered=date(2026, 5, 1))
    world.sheets["s"] = make_sheet_with([make_answer(answered="hôm qua"), turned])
    world.sync()
    assert list_codes(world, "warnings") == ["answer_before_request", "date_unreadable"]
    assert len(list_rows(world)) == 2


def test_no_day_that_cannot_be_read_rejects_an_answer(world: World) -> None:
    ask(world)
    columns = ("asked", "due", "promised", "answered")
    sheet = make_sheet_with([make_answer(**dict.fromkeys(columns, "hôm qua"))])
    *tabs, tab = sheet.tabs
    header, row = tab.rows
    cells = tuple(make_error_cell("#REF!") if cell.text == "hôm qua" else cell for cell in row.cells)
    world.sheets["s"] = replace(sheet, tabs=(*tabs, replace(tab, rows=(header, replace(row, cells=cells)))))
    world.sync()
    assert list_codes(world) == []
    assert list_rows(world) == [("p.01", LEAD, "Do thiếu kinh phí.", "YC-p-2026-0001")]
    warnings = world.list_findings("warnings")
    assert sorted(json.loads(str(row["detail"]))["reason"] for row in warnings) == [
        "answer", "answer", "due", "promise",
    ]  # fmt: skip


def test_a_row_with_code_and_agency_alone_is_no_row(world: World) -> None:
    world.sheets["s"] = make_sheet_with([make_answer(text=None), make_answer()])
    world.sync()
    assert (len(list_rows(world)), list_codes(world)) == (1, [])


def test_an_answer_without_an_id_closes_the_only_open_request_and_keeps_it(world: World) -> None:
    request = ask(world)
    world.sheets["s"] = make_sheet_with([make_answer()])
    world.sync()
    assert list_rows(world) == [("p.01", LEAD, "Do thiếu kinh phí.", request)]
    ask(world, 2, at=NOON + timedelta(days=1))
    world.now += timedelta(days=2)
    assert not world.sync().published
    world.sheets["s"] = make_sheet_with([make_answer(), make_answer(text="Lần hai")])
    world.sync()
    assert [row[3] for row in list_rows(world)] == [request, "YC-p-2026-0002"]


def test_of_several_open_requests_an_answer_must_name_one(world: World) -> None:
    first, second = ask(world), ask(world, 2)
    world.sheets["s"] = make_sheet_with([make_answer()])
    world.sync()
    assert (list_codes(world), list_rows(world)) == (["request_ambiguous"], [])
    detail = json.loads(str(world.list_findings("rejections")[0]["detail"]))
    assert detail["candidates"] == f"{first}, {second}"
    add_event(world, first, "withdrawn", NOON + timedelta(hours=1))
    world.sheets["s"] = None
    world.now += timedelta(hours=2)
    world.sync()
    assert (list_codes(world), list_rows(world)) == ([], [("p.01", LEAD, "Do thiếu kinh phí.", second)])


def test_two_new_answers_of_one_sync_see_the_same_open_request(world: World) -> None:
    request = ask(world)
    answers = [make_answer(text="Một"), make_answer(text="Hai")]
    for rows in (answers, answers[::-1]):
        world.sheets["s"] = make_sheet_with(rows)
        world.sync()
        assert [row[3] for row in list_rows(world)] == [request, request]


def test_an_answer_of_a_day_before_the_question_explains_by_itself(world: World) -> None:
    ask(world)
    world.sheets["s"] = make_sheet_with([make_answer(answered=date(2026, 5, 20))])
    world.sync()
    assert list_rows(world) == [("p.01", LEAD, "Do thiếu kinh phí.", None)]


def test_an_edited_answer_keeps_its_predecessor_and_answers_what_was_returned(world: World) -> None:
    request = ask(world)
    world.sheets["s"] = make_sheet_with([make_answer()])
    world.sync()
    add_event(world, request, "returned", NOON + timedelta(hours=1))
    world.now += timedelta(hours=2)
    world.sheets["s"] = make_sheet_with([make_answer(text="Do mưa.")])
    world.sync()
    assert list_rows(world) == [("p.01", LEAD, "Do mưa.", request)]
    database = world.open_database()
    assert len(database.fetch_rows("select * from explanations")) == 2
    database.close()


def test_who_answered_is_no_part_of_the_row_but_its_change_is_recorded(world: World) -> None:
    world.sheets["s"] = make_sheet_with([make_answer(by="An")])
    world.sync()
    world.now += timedelta(days=1)
    world.sheets["s"] = make_sheet_with([make_answer(by="Bình")])
    world.sync()
    (row,) = world.list_findings("explanations")
    assert (row["answered_by"], row["first_recorded_at"]) == ("Bình", NOON)


BROKEN = {
    "columns": make_sheet_with([make_answer()], [name for name in COLUMNS if name != "Cơ quan"]),
    "gone": make_sheet(PROGRESS),
    "empty": make_sheet_with([]),
    "damaged": RawSheet(
        (*make_sheet(PROGRESS).tabs, replace(make_sheet([]).tabs[0], name="Giải trình", rows=(),
                                             problem=SheetNote("{file} is not UTF-8. Save it again as “CSV UTF-8”.",
                                                               {"file": "giai-trinh.csv"}))),
        NOON,
    ),
    "twins": RawSheet(
        (*make_sheet_with([make_answer()]).tabs, make_sheet_with([make_answer()], name="GIẢI TRÌNH").tabs[1]), NOON
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_of_the_tab_keeps_its_rows_and_fails_nothing_else(world: World, fault: str) -> None:
    world.sheets["s"] = make_sheet_with([make_answer()])
    world.sync()
    broken = BROKEN[fault]
    assert broken is not None
    more = make_sheet([*PROGRESS, make_entry(date(2026, 3, 2), 5)])
    world.sheets["s"] = replace(broken, tabs=(more.tabs[0], *broken.tabs[1:]))
    result = world.sync_one()
    assert (result.outcome, result.accepted) == ("changed", 2)
    text = result.format_messages("vi")
    assert "Giải trình" in text and "giữ" in text
    assert len(list_rows(world)) == 1
    world.sheets["s"] = make_sheet_with([make_answer()])
    assert world.sync_one().messages == ()


def test_a_source_that_fails_keeps_its_explanations_too(world: World) -> None:
    world.sheets["s"] = make_sheet_with([make_answer()])
    world.sync()
    world.sheets["s"] = SourceError("The file is damaged.")
    assert world.sync_one().outcome == "failed"
    assert len(list_rows(world)) == 1


def test_a_fall_of_the_tab_is_kept_until_it_is_accepted(world: World) -> None:
    world.sheets["s"] = make_sheet_with([make_answer(text=f"Lý do {number}") for number in range(12)])
    world.sync()
    world.sheets["s"] = make_sheet_with([make_answer(text=f"Lý do {number}") for number in range(4)])
    result = world.sync_one()
    assert (result.outcome, len(list_rows(world))) == ("unchanged", 12)
    assert "12" in result.format_messages("vi")
    world.sync("s")
    assert len(list_rows(world)) == 4


def test_a_held_source_still_takes_its_explanations(world: World) -> None:
    many = [make_entry(date(2026, 3, 1 + number), number + 1) for number in range(12)]
    world.sheets["s"] = make_sheet(many)
    world.sync()
    world.sheets["s"] = make_sheet_with([make_answer()])
    assert world.sync_one().outcome == "held"
    assert len(list_rows(world)) == 1


def test_stored_rows_are_checked_again_with_a_new_register(world: World) -> None:
    world.sheets["s"] = make_sheet_with([make_answer(), make_answer("p.02", OTHER)])
    world.sync()
    world.sheets["s"] = None
    world.register = make_register(register_hash="second", without=[OTHER])
    world.sync()
    assert (len(list_rows(world)), list_codes(world)) == (1, ["agency_unknown"])


def test_a_damaged_ledger_line_stops_nothing(world: World, tmp_path: Path) -> None:
    request = ask(world)
    path = world.pointer.with_name("kpis-requests.jsonl")
    path.write_bytes(path.read_bytes() + b'{"event":"asked","id":"YC-p-2026-0007","at":"20')
    world.sheets["s"] = make_sheet_with([make_answer(request=request.lower())])
    world.sync()
    assert list_rows(world) == [("p.01", LEAD, "Do thiếu kinh phí.", request)]


def test_a_moved_finding_of_the_tab_is_at_its_new_place_whatever_tab_was_read_last(world: World) -> None:
    from kpis.store import positions

    world.sheets["s"] = make_sheet_with([make_answer(), make_answer("p.99")])
    world.sync()
    world.sheets["s"] = make_sheet_with([make_answer("p.99"), make_answer()])
    world.sync()
    places = positions.read(world.pointer)["s"]
    assert [(place.tab, place.row) for place in places.values()] == [("Giải trình", 2)]
    world.sheets["s"] = make_sheet(PROGRESS)  # the tab is gone: its rows and their places stay
    world.sync()
    assert positions.read(world.pointer)["s"] == places
