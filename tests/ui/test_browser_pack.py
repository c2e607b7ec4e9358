"""The page Giao ban tuần in a real browser: preview, seal, download; nothing cut on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from kpis.language import clock
from kpis.language.clock import parse_moment
from kpis.pack.edition.folders import get_default_folder, list_editions
from kpis.pack.edition.sealing import EditionRequest, seal
from kpis.pack.figures.weeks import parse_week
from kpis.store.database import Database
from tests.ui.conftest import OpenedPage, PageOpener

pytestmark = pytest.mark.browser

PAGE = "/pack?plan=bac-kan"
FIND_CUT_CONTROLS = """() => [
  ...document.querySelectorAll('[data-testid=stSelectbox] *, [data-testid=stDownloadButton] *')
].filter(node => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== 'visible')
  .map(node => node.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def pointer(sample_pointer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample database, so that editions can be sealed."""
    folder = tmp_path_factory.mktemp("sealing") / "var"
    shutil.copytree(sample_pointer.parent, folder)
    return folder / sample_pointer.name


@pytest.fixture(scope="module")
def editions_site(serve: Callable[[Path], str], pointer: Path) -> str:
    return serve(pointer)


def _press_button(opened: OpenedPage, name: str, expected_text: str) -> None:
    opened.page.get_by_role("button", name=name, exact=True).click()
    opened.page.get_by_text(expected_text).first.wait_for(timeout=90_000)
    opened.wait_until_ready()


def _download(opened: OpenedPage, name: str) -> tuple[str, bytes]:
    with opened.page.expect_download() as download:
        opened.page.get_by_role("link", name=name, exact=True).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_an_edition_is_previewed_then_sealed_then_downloaded(
    open_page: PageOpener, editions_site: str, pointer: Path
) -> None:
    opened = open_page(PAGE, address=editions_site)
    _press_button(opened, "Xem trước", "Xem trước – chưa chốt")
    assert opened.get_mark("charts") == "1"
    assert opened.page.get_by_role("link", name="Tải PDF").count() == 0
    assert list_editions(get_default_folder(pointer)) == []

    _press_button(opened, "Chốt bản này", "Đã chốt bản 2026-W47")
    (edition,) = list_editions(get_default_folder(pointer))
    assert opened.page.get_by_text("Xem trước – chưa chốt").count() == 0
    buttons = opened.page.locator(".kpis-downloads a").all_inner_texts()
    assert buttons == [
        *("Tải PDF", "Tải PowerPoint", "Tải phụ lục (.pdf)", "Tải Excel", "Tải ảnh trang này (.png)"),
        *("Tải tất cả ảnh (.zip)", "Tải trọn bản (.zip)"),
    ]
    name, pdf = _download(opened, "Tải PDF")
    assert name == "2026-W47-bac-kan-r1.pdf"
    assert pdf == (edition.folder / "pages.pdf").read_bytes()
    _, images = _download(opened, "Tải tất cả ảnh (.zip)")
    with ZipFile(BytesIO(images)) as archive:
        assert archive.namelist() == [path.name for path in edition.list_page_images()]
    _, edition_zip = _download(opened, "Tải trọn bản (.zip)")
    with ZipFile(BytesIO(edition_zip)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            path.name: path.read_bytes() for path in edition.paths
        }
    assert opened.console == []


def test_a_preview_can_be_closed(open_page: PageOpener, editions_site: str) -> None:
    opened = open_page(PAGE, address=editions_site)
    _press_button(opened, "Xem trước", "Xem trước – chưa chốt")
    opened.page.get_by_role("button", name="Đóng bản xem trước").click()
    opened.page.get_by_text("Xem trước – chưa chốt").first.wait_for(state="detached")
    opened.wait_until_ready()
    assert opened.console == []


def test_on_a_phone_no_choice_and_no_button_is_cut(open_page: PageOpener, editions_site: str) -> None:
    opened = open_page(PAGE, "phone", address=editions_site)
    week = opened.page.get_by_test_id("stSelectbox").filter(has_text="Tuần")
    assert "2026-W47 · 16–22/11" in (week.inner_text() + (week.locator("input").input_value() or ""))
    assert opened.page.evaluate(FIND_CUT_CONTROLS) == []


def test_an_unreadable_edition_is_reported(open_page: PageOpener, editions_site: str, pointer: Path) -> None:
    broken = get_default_folder(pointer) / "2026-W40-bac-kan" / "r1"
    broken.mkdir(parents=True)
    (broken / "edition.json").write_text("{", encoding="utf-8")
    try:
        opened = open_page(PAGE, address=editions_site)
        assert opened.page.get_by_text("Không đọc được bản chốt ở 2026-W40-bac-kan/r1").count() == 1
        assert opened.get_mark("state") == "ok"
    finally:
        shutil.rmtree(broken.parent)


def test_lost_files_of_an_edition_are_reported_and_the_rest_of_the_page_works(
    open_page: PageOpener, editions_site: str, pointer: Path
) -> None:
    database, now = Database.open(pointer), parse_moment("2026-11-21 10:00")
    assert database is not None
    first, second = (
        seal(
            database,
            pointer,
            EditionRequest(parse_week(week), "tuyen-quang", "vi", now, clock.to_local_day(now)),
            get_default_folder(pointer),
        ).edition
        for week in ("2026-W46", "2026-W47")
    )
    (first.folder / "figures.json").unlink()
    second.list_page_images()[0].unlink()
    opened = open_page("/pack?plan=tuyen-quang", address=editions_site)
    assert opened.page.get_by_text("Số liệu lưu kèm bản chốt 2026-W46 đã mất hoặc hỏng").count() == 1
    assert opened.page.get_by_text("Ảnh của trang này đã mất.").count() == 1
    assert opened.page.get_by_text("Các bản đã chốt").count() > 0
    assert opened.page.locator(".kpis-downloads a").all_inner_texts() == [
        *("Tải PDF", "Tải PowerPoint", "Tải phụ lục (.pdf)", "Tải Excel")
    ]
    assert opened.get_mark("state") == "ok"


def _choose(opened: OpenedPage, label: str, option: str) -> None:
    box = opened.page.get_by_test_id("stSelectbox").filter(has_text=label).get_by_role("combobox")
    box.scroll_into_view_if_needed()
    opened.page.wait_for_timeout(500)  # a list closes while its page scrolls
    box.click()
    opened.page.get_by_role("option", name=option, exact=False).first.click()
    opened.wait_until_ready()


def _get_query(opened: OpenedPage) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(opened.page.url).query))


def test_what_is_chosen_stands_in_the_address_and_back_shows_it_again(
    open_page: PageOpener, editions_site: str, pointer: Path
) -> None:
    database, now = Database.open(pointer), parse_moment("2026-11-21 10:00")
    assert database is not None
    for week in ("2026-W45", "2026-W46", "2026-W47"):
        order = EditionRequest(parse_week(week), "thai-nguyen", "vi", now, clock.to_local_day(now))
        seal(database, pointer, order, get_default_folder(pointer))
    opened = open_page("/pack?plan=thai-nguyen", address=editions_site)
    heads = opened.page.locator("section", has_text="chỉ tiêu khác nhau").locator("th[scope=col]")
    _choose(opened, "Tuần", "2026-W46 ·")
    opened.page.wait_for_url("**week=2026-W46")
    opened.wait_until_ready()
    assert _download(opened, "Tải PDF")[0] == "2026-W46-thai-nguyen-r1.pdf"
    _choose(opened, "Bản chốt", "2026-W45")
    opened.page.wait_for_url("**first=2026-W45")
    assert _get_query(opened) == {"plan": "thai-nguyen", "week": "2026-W46", "first": "2026-W45"}
    expect(heads.nth(2)).to_have_text("2026-W45")
    assert heads.nth(3).inner_text() == "2026-W47"
    copied = open_page(opened.page.url.removeprefix(editions_site), address=editions_site)
    assert _download(copied, "Tải PDF")[0] == "2026-W46-thai-nguyen-r1.pdf"
    opened.page.go_back()
    opened.page.wait_for_url("**week=2026-W46")
    expect(opened.page.get_by_role("combobox", name="Bản chốt")).to_have_value("2026-W46")
    expect(heads.nth(2)).to_have_text("2026-W46")
    opened.page.go_back()
    opened.page.wait_for_url(lambda address: "week=" not in address)
    opened.wait_until_ready()
    assert _download(opened, "Tải PDF")[0] == "2026-W47-thai-nguyen-r1.pdf"
    assert _get_query(opened) == {"plan": "thai-nguyen"}
    assert opened.console == []


def test_a_week_that_is_no_choice_is_named(open_page: PageOpener, editions_site: str) -> None:
    opened = open_page("/pack?plan=bac-kan&week=2026-W60", address=editions_site)
    assert opened.page.get_by_text("“2026-W60” trong địa chỉ không có").count() == 1


def test_a_day_in_a_table_is_never_broken(open_page: PageOpener) -> None:
    opened = open_page("/targets", "laptop")
    line_counts = opened.page.evaluate(
        """() => {
          const lineCounts = [];
          for (const cell of document.querySelectorAll('.kpis-table td, .kpis-table th')) {
            if (!/^\\d\\d\\/\\d\\d\\/\\d{4}$/.test(cell.textContent.trim())) continue;
            const range = document.createRange(); range.selectNodeContents(cell);
            const tops = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
            lineCounts.push(tops.size);
          }
          return lineCounts;
        }"""
    )
    assert len(line_counts) > 5
    assert set(line_counts) == {1}
