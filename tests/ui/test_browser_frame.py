"""The frame in a real browser: filters in the URL, language switch, page switch, errors in plain words."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kpis.language import clock
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from tests.ui.conftest import PageOpener

pytestmark = pytest.mark.browser


def test_a_copied_link_opens_the_same_view(open_page: PageOpener) -> None:
    first = open_page("/?as_of=2026-10-31&plan=dong-thap")
    copy = open_page(urlsplit(first.page.url).path + "?" + urlsplit(first.page.url).query)
    scope = "Tính đến ngày 31/10/2026 · Đồng Tháp"
    for opened in (first, copy):
        assert scope in opened.page.locator(".kpis-head").inner_text()
    assert first.page.locator(".kpis-matrix").inner_text() == copy.page.locator(".kpis-matrix").inner_text()


def test_an_invalid_value_becomes_the_default_with_a_notice(open_page: PageOpener) -> None:
    opened = open_page("/?as_of=31/02/2026&plan=sai-gon")
    notices = opened.page.locator(".kpis-notice").all_inner_texts()
    assert notices == [
        "“31/02/2026” không phải là ngày; số liệu tính đến 21/11/2026.",
        "Không có kế hoạch “sai-gon”; đang xem tất cả kế hoạch.",
    ]


def test_choosing_a_province_writes_it_into_the_url_and_a_page_switch_keeps_it(open_page: PageOpener) -> None:
    opened = open_page("/")
    opened.page.get_by_test_id("stPopover").get_by_role("button").click()
    box = opened.page.get_by_test_id("stSelectbox").filter(has_text="Tỉnh, thành, phường")
    box.get_by_role("combobox").click()
    choices = opened.page.get_by_role("option").all_inner_texts()
    assert choices == ["Tất cả", "Đồng Tháp", "Hà Nội", "Thái Nguyên", "Tuyên Quang", "Phường Bắc Kạn"]
    opened.page.get_by_role("option", name="Hà Nội").click()
    opened.wait_for_page("overview", "ha-noi")
    opened.page.keyboard.press("Escape")
    assert opened.page.url.endswith("/?plan=ha-noi")
    assert "· Hà Nội" in opened.page.locator(".kpis-head").inner_text()
    opened.page.get_by_role("link", name="Nhiệm vụ").click()
    opened.wait_for_page("tasks", "ha-noi")
    assert opened.page.url.endswith("/tasks?plan=ha-noi")
    for _ in range(3):  # the switch may be one step of the history or two
        opened.page.go_back()
        opened.page.wait_for_timeout(500)
        if opened.page.url.endswith("/?plan=ha-noi"):
            break
    opened.wait_for_page("overview", "ha-noi")
    assert "· Hà Nội" in opened.page.locator(".kpis-head").inner_text()
    assert opened.console == []


def test_the_language_switch_keeps_the_filters(open_page: PageOpener) -> None:
    opened = open_page("/?plan=ha-noi")
    opened.page.get_by_role("button", name="English").click()
    opened.page.wait_for_url("**lang=en**")
    opened.wait_until_ready()
    assert parse_qs(urlsplit(opened.page.url).query) == {"plan": ["ha-noi"], "lang": ["en"]}
    assert opened.page.locator("h1").inner_text() == "Overview"
    opened.page.get_by_role("button", name="Tiếng Việt").click()
    opened.page.wait_for_url("**/?plan=ha-noi")
    opened.page.locator("h1", has_text="Tổng quan").wait_for()


def test_a_deep_link_opens_with_the_frame_around_it(open_page: PageOpener) -> None:
    opened = open_page("/tasks")
    assert opened.page.locator(".kpis-head").count() == 1
    assert opened.page.locator(".kpis-sample").count() == 1


def test_the_page_shows_no_part_of_streamlit_itself(open_page: PageOpener) -> None:
    page = open_page("/").page
    assert page.get_by_test_id("stMainMenu").count() == 0
    assert page.get_by_test_id("stAppDeployButton").count() == 0
    assert page.title() == "Tổng quan · Theo dõi thực hiện kế hoạch"
    assert page.evaluate("document.documentElement.lang") == "vi"
    icon = page.request.get(page.evaluate("document.querySelector('link[rel~=icon]').href"))
    assert icon.headers["content-type"] == "image/svg+xml"
    files = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert not [file for file in files if "SourceSans" in file]
    assert not [file for file in files if "127.0.0.1" not in file and not file.startswith("data:")]


@pytest.fixture
def missing_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sources file whose only workbook does not exist."""
    sources = tmp_path / "sources.toml"
    sources.write_text('[[source]]\nid = "a"\nplan = "ha-noi"\nworkbook = "a.xlsx"\n', encoding="utf-8")
    monkeypatch.setenv("KPIS_SOURCES", str(sources))
    return sources


@pytest.mark.usefixtures("missing_workbook")
def test_without_a_sync_the_page_says_what_to_do(
    open_page: PageOpener, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    opened = open_page("/", address=serve(tmp_path / "kpis.json"))
    assert "Chưa có số liệu" in opened.page.locator(".kpis-state").inner_text()
    assert "kpis sync" in opened.page.get_by_test_id("kpis-first-steps").inner_text()


def test_if_no_source_can_be_read_the_page_says_that_its_statuses_are_not_results(
    open_page: PageOpener, serve: Callable[[Path], str], tmp_path: Path, missing_workbook: Path
) -> None:
    environ = {"KPIS_SOURCES": str(missing_workbook), "KPIS_DATABASE": str(tmp_path / "kpis.json")}
    refresh(load_settings(environ), environ, clock.get_utc_now())
    opened = open_page("/", address=serve(tmp_path / "kpis.json"))
    notice = opened.page.locator(".kpis-notice").inner_text()
    assert notice.startswith("Chưa đọc được nguồn số liệu nào: ")
    assert "0/16 đạt" not in opened.page.locator(".kpis-matrix").inner_text()
    opened.page.locator(".kpis-notice a").click()
    opened.wait_for_page("sources", "ha-noi")
    assert "a.xlsx" in opened.page.inner_text("body")


def test_a_damaged_database_is_reported_without_a_traceback(
    open_page: PageOpener, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    (tmp_path / "kpis-1.duckdb").write_bytes(b"no database")
    (tmp_path / "kpis.json").write_text('{"version": 1, "file": "kpis-1.duckdb", "size": 11}', encoding="utf-8")
    opened = open_page("/", address=serve(tmp_path / "kpis.json"))
    assert "Không hiện được trang này" in opened.page.locator(".kpis-state").inner_text()
    assert "Traceback" not in opened.page.inner_text("body")
    assert opened.get_mark("state") == "error"


def test_the_first_visit_reads_the_sample_once(
    open_page: PageOpener, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    opened = open_page("/", address=serve(tmp_path / "kpis.json"))
    assert opened.get_mark("state") == "ok"
    assert opened.page.locator(".kpis-sample").count() == 1
    assert opened.page.locator("[data-testid=stProgress]").count() == 0


def test_an_open_page_shows_a_newly_published_version_by_itself(
    open_page: PageOpener, serve: Callable[[Path], str], sample_pointer: Path, tmp_path: Path
) -> None:
    for file in sample_pointer.parent.glob("kpis*"):
        shutil.copy(file, tmp_path / file.name)
    pointer = tmp_path / "kpis.json"
    content = json.loads(pointer.read_text(encoding="utf-8"))
    opened = open_page("/", address=serve(pointer), clock=True)
    assert opened.get_mark("version") == str(content["version"])
    newer = f"kpis-{content['version'] + 1}.duckdb"
    shutil.copy(tmp_path / content["file"], tmp_path / newer)
    pointer.write_text(json.dumps({**content, "version": content["version"] + 1, "file": newer}), encoding="utf-8")
    opened.page.clock.fast_forward(60_000)
    opened.page.wait_for_selector(
        f"[data-testid=kpis-ready][data-version='{content['version'] + 1}']", state="attached", timeout=30_000
    )
