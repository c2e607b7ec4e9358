"""What is projected: few pages, each list cut and counted, with the sheet of the annex that has all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from pptx import Presentation

from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.gather import build_last_week_query, gather_figures
from kpis.pack.figures.previous_edition import PreviousEdition
from kpis.pack.meeting.cuts import AnnexSheets, cut_table
from kpis.pack.meeting.overview import plan_overview
from kpis.pack.meeting.parts import EditionParts, open_parts
from kpis.pack.pages.compose import build_contents, list_follow_ups
from kpis.pack.pages.contents import Contents, Note, Page, Table, TableCell, TableColumn, Tiles
from kpis.pack.pdf.typesetting import write_pages
from kpis.pack.pptx.slides import write_slides
from kpis.store.database import Database
from tests.pack.fixtures import NOW, TODAY

MORE = re.compile(r"và (\d+) mục nữa(?:, phụ lục trang (.+))?")
KIND_SHEET = re.compile(r"(?:từ )?(\d+) \(([^)]+)\)")
SHEET = re.compile(r"phụ lục trang (\d+)")
COUNTED = re.compile(r"\((\d+)\)")


@pytest.fixture(scope="module")
def parts(figures: EditionFigures, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditionParts]:
    """The parts of an edition that follows one of the same figures."""
    previous = PreviousEdition("2026-W46", NOW, list_follow_ups(figures))
    contents = build_contents(figures, NOW, previous)
    with open_parts(figures, contents, NOW, tmp_path_factory.mktemp("parts")) as opened:
        yield opened


@pytest.fixture(scope="module")
def meeting(parts: EditionParts) -> Contents:
    return parts.meeting


def get_page(contents: Contents, key: str) -> Page:
    return next(page for page in contents.pages if page.key == key)


def list_notes(page: Page) -> list[str]:
    return [block.text for block in page.blocks if isinstance(block, Note)]


def list_endings(page: Page) -> list[str]:
    return [table.ending for table in page.tables if table.ending]


def test_five_plans_take_nine_sheets_and_nine_slides(meeting: Contents, tmp_path: Path) -> None:
    pdf, *pictures = write_pages(meeting, tmp_path, NOW)
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        assert len(document) == len(pictures) == 9
    [slides] = write_slides(meeting, tmp_path, NOW)
    assert len(Presentation(str(slides)).slides) == 9
    assert [path.name for path in pictures] == [
        "01-tong-quan.png", "02-tong-quan-2.png", "03-thay-doi.png", "04-da-yeu-cau-va-tra-loi.png",
        "05-dong-thap.png", "06-ha-noi.png", "07-thai-nguyen.png", "08-tuyen-quang.png", "09-bac-kan.png",
    ]  # fmt: skip


def test_what_is_shown_and_what_is_counted_is_the_whole_list(figures: EditionFigures, meeting: Contents) -> None:
    complete = {
        "todo": len(figures.todo_items),
        "newly-late": len(figures.changes.newly_late),
        "newly-overdue-tasks": len(figures.changes.newly_overdue_tasks),
        "newly-done-tasks": len(figures.changes.newly_done_tasks),
        "lowered": len(figures.changes.lowered_figures),
        "newly-met": len(figures.changes.newly_met),
        "asked": len(list_follow_ups(figures)),
    }
    for page in meeting.pages[:3]:
        counted = _count_lists(page)
        assert counted == {key: complete[key] for key in counted}, page.key
    assert {key for page in meeting.pages[:3] for key in _count_lists(page)} >= {"todo", "newly-overdue-tasks", "asked"}


def _count_lists(page: Page) -> dict[str, int]:
    """Return table -> its rows with those that its ending counts."""
    counts: dict[str, int] = {}
    for table in page.tables:
        if not table.key.startswith("matrix"):
            match = MORE.fullmatch(table.ending)
            counts[table.key] = len(table.rows) + (int(match[1]) if match else 0)
    return counts


def test_a_place_counts_every_target_and_overdue_task(figures: EditionFigures, meeting: Contents) -> None:
    for place in figures.places:
        page = get_page(meeting, f"place-{place.plan}")
        tables = {table.key: table for table in page.tables}
        others = [text for text in list_endings(page) if "mục nữa" not in text]
        counted = sum(int(number) for number in re.findall(r"(\d+) [^\d,]+", SHEET.sub("", others[0]))) if others else 0
        assert len(tables[f"targets-{place.plan}"].rows) + counted == len(place.targets)
        overdue = [task for task in figures.overdue_tasks if task["plan"] == place.plan]
        assert _count_lists(page).get(f"overdue-tasks-{place.plan}", 0) == len(overdue)


def test_the_worst_targets_are_shown_and_the_others_are_counted_worst_first(
    figures: EditionFigures, meeting: Contents
) -> None:
    place = next(place for place in figures.places if place.plan == "thai-nguyen")
    page = get_page(meeting, "place-thai-nguyen")
    states = [row[3].state for row in page.tables[0].rows]
    assert states[:3] == ["overdue"] * 3
    assert len(states) < len(place.targets)
    [others] = [text for text in list_endings(page) if "đã đạt" in text]
    assert re.fullmatch(r"và (\d+ [^\d,]+, )*\d+ đã đạt, phụ lục trang \d+", others)


def test_every_reference_names_the_sheet_of_the_annex(parts: EditionParts, meeting: Contents, tmp_path: Path) -> None:
    [annex] = parts.write_annex(tmp_path)
    with closing(pypdfium2.PdfDocument(annex)) as document:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
    page = get_page(meeting, "place-thai-nguyen")
    [targets_sheet] = [
        int(match[1]) for text in list_endings(page) if "đã đạt" in text and (match := SHEET.search(text))
    ]
    assert "Thái Nguyên ·" in texts[targets_sheet - 1]
    [tasks_sheet] = [int(match[2]) for text in list_endings(page) if (match := MORE.fullmatch(text))]
    assert "Thái Nguyên ·" in texts[tasks_sheet - 1]
    assert "Lần báo cáo cuối" in texts[tasks_sheet - 1] or "Báo cáo gần nhất" in texts[tasks_sheet - 1]
    [todo] = [match[2] for text in list_endings(meeting.pages[0]) if (match := MORE.fullmatch(text))]
    sheets = {name: texts[int(sheet) - 1] for sheet, name in KIND_SHEET.findall(todo)}
    assert "Việc cần làm ngay" in sheets["chỉ tiêu"]
    assert "Nhiệm vụ quá hạn (" in sheets["nhiệm vụ"]


def test_what_a_list_to_do_leaves_out_is_named_by_kind(figures: EditionFigures) -> None:
    page = build_contents(figures, NOW, None).pages[0]
    sheets = {"owed": 3, "overdue-tasks": 5, "explanations": 9}
    meeting_page = plan_overview(figures, page, AnnexSheets(sheets, "vi"))
    items = figures.todo_items
    [cut] = [table for table in meeting_page.build({**meeting_page.limits, "todo": 1}).tables if table.key == "todo"]
    assert {item.kind for item in items[1:]} == {"target", "task"}
    assert cut.ending == f"và {len(items) - 1} mục nữa, phụ lục trang 3 (chỉ tiêu), 5 (nhiệm vụ)"
    last_kind = "3" if items[-1].kind == "target" else "5"
    limits = {**meeting_page.limits, "todo": len(items) - 1}
    [cut] = [table for table in meeting_page.build(limits).tables if table.key == "todo"]
    assert cut.ending == f"và 1 mục nữa, phụ lục trang {last_kind}"


def test_a_reference_to_one_kind_has_no_name_and_one_to_several_tables_begins_with_the_first() -> None:
    annex = AnnexSheets({"owed": 3, "targets-a": 12, "targets-b": 9}, "vi")
    assert annex.format_references({"targets": ["owed"]}) == "phụ lục trang 3"
    doubts = {"targets": ["owed"], "figures to confirm": ["targets-a", "targets-b", "targets-a"]}
    assert annex.format_references(doubts) == "phụ lục trang 3 (chỉ tiêu), từ 9 (số liệu cần xác nhận)"
    assert annex.format_references({"targets": ["owed"], "late answers": ["explanations"]}) == "phụ lục trang 3"
    assert AnnexSheets({}, "vi").format_references(doubts) == ""


def test_tiles_and_caveats_stay_on_the_overview(parts: EditionParts, meeting: Contents) -> None:
    annex, projected = parts.annex.pages[0], meeting.pages[0]
    assert [block for block in projected.blocks if isinstance(block, Tiles | Note)][: len(list_notes(annex)) + 1] == [
        block for block in annex.blocks if isinstance(block, Tiles | Note)
    ]


def test_without_an_earlier_edition_there_is_no_page_on_what_was_asked(
    figures: EditionFigures, edition_contents: Contents, tmp_path: Path
) -> None:
    with open_parts(figures, edition_contents, NOW, tmp_path) as parts:
        assert [page.kind for page in parts.meeting.pages[:3]] == ["overview", "changes", "place"]
        assert "Chưa có bản chốt trước để đối chiếu." in " ".join(list_notes(parts.meeting.pages[1]))


@pytest.mark.parametrize("plan", ["thai-nguyen", "tuyen-quang", "bac-kan"])
def test_a_pack_of_one_plan_has_no_matrix(database: Database, pointer: Path, tmp_path: Path, plan: str) -> None:
    figures = gather_figures(database, pointer, build_last_week_query(TODAY, plan), NOW)
    with open_parts(figures, build_contents(figures, NOW, None), NOW, tmp_path) as parts:
        assert not [table for table in parts.meeting.pages[0].tables if table.key.startswith("matrix")]
        _pdf, *pictures = write_pages(parts.meeting, tmp_path, NOW)
        assert len(pictures) <= 4


def test_with_many_places_the_overview_ranks_their_names_worst_first(figures: EditionFigures, tmp_path: Path) -> None:
    places = [
        replace(place, plan=f"{place.plan}{n}", name=f"{place.name} {n}") for n in range(4) for place in figures.places
    ]
    many = replace(
        figures,
        places=places,
        place_names={place.plan: place.name for place in places} | dict(figures.place_names),
        matrix={place.plan: figures.matrix[place.plan[:-1]] for place in places},
    )
    with open_parts(many, build_contents(many, NOW, None), NOW, tmp_path) as parts:
        page = parts.meeting.pages[0]
        [ranking] = [table for table in page.tables if table.key == "ranking"]
        names = [row[0].text for row in ranking.rows]
        assert names[:4] == [f"Thái Nguyên {n}" for n in range(4)] or names[0].startswith("Phường Bắc Kạn")
        assert _count_lists(page)["ranking"] == len(places)
        assert len(parts.meeting.pages) == 2 + len(places)


def build_table(rows: int) -> Table:
    return Table("t", "Bảng", (TableColumn("A"),), tuple((TableCell(str(n)),) for n in range(rows)), "Không có gì.")


@pytest.mark.parametrize(("rows", "limit"), [(0, 3), (1, 3), (3, 3), (4, 3), (40, 3), (4, 0), (1, 0)])
def test_a_cut_list_is_whole_with_what_its_sentence_counts(rows: int, limit: int) -> None:
    block = cut_table(build_table(rows), limit, AnnexSheets({"t": 12}, "vi"))
    drawn = len(block.rows) if isinstance(block, Table) else 0
    text = block.ending if isinstance(block, Table) else block.text if isinstance(block, Note) else ""
    counted = int(match[1]) if (match := MORE.fullmatch(text) or COUNTED.search(text)) else 0
    assert drawn + counted == rows
    assert text == "" or text.endswith("phụ lục trang 12")


def test_a_title_with_a_number_is_not_counted_twice() -> None:
    table = replace(build_table(16), title="Nhiệm vụ quá hạn (16)")
    assert cut_table(table, 0, AnnexSheets({}, "vi"), "") == Note("Nhiệm vụ quá hạn (16)")
