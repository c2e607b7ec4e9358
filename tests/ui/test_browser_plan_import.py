"""The whole road in a real browser: a document is uploaded, decided on, accepted; its targets then show the clause."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.services.refresh import refresh
from kpis.settings import Settings, load_settings
from tests.cli.command_runner import NOW, run_kpis
from tests.plan_import.review.small_draft import TEXT
from tests.ui.conftest import OpenedPage, PageOpener
from tests.ui.plan_import_visit import PLAN, Review, decide_all

pytestmark = pytest.mark.browser

HOSTILE = "kiểm tra <script>document.title='x'</script> **chợ** $x$ [a](http://b.vn)"
FIRST_FIELD = {"Chỉ tiêu": "Mức phải đạt", "Nhiệm vụ": "Thời gian thực hiện", "Cơ quan": "Chính là cơ quan"}
LIT_OFFSET = """() => {
  const pane = document.querySelector('.kpis-source').getBoundingClientRect();
  const lit = document.querySelector('.kpis-lit').getBoundingClientRect();
  return [lit.top - pane.top, pane.bottom - lit.bottom];
}"""


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A province's own sheets for another plan, read once."""
    (tmp_path / "sources.toml").write_text('[[source]]\nid = "a"\nplan = "ha-noi"\nworkbook = "a.xlsx"\n', "utf-8")
    run_kpis("new-sheet", "--plan", "ha-noi", "--out", str(tmp_path / "a.xlsx"), environ=build_environ(tmp_path))
    sync(tmp_path)
    return tmp_path


def build_environ(folder: Path) -> dict[str, str]:
    return {"KPIS_SOURCES": str(folder / "sources.toml"), "KPIS_DATABASE": str(folder / "var" / "kpis.json")}


def sync(folder: Path) -> Settings:
    settings = load_settings(build_environ(folder))
    refresh(settings, {}, NOW)
    return settings


def press(opened: OpenedPage, name: str, expected: str) -> None:
    opened.page.get_by_role("button", name=name, exact=True).click()
    opened.page.get_by_text(expected).first.wait_for(timeout=60_000)
    opened.wait_until_ready()


def test_a_document_becomes_a_plan_whose_targets_show_their_clause(
    open_page: PageOpener, serve: Callable[..., str], installation: Path
) -> None:
    address = serve(installation / "var" / "kpis.json", build_environ(installation))
    document = installation / "ke-hoach.txt"
    document.write_text(TEXT.replace("kiểm tra vệ sinh chợ", HOSTILE), encoding="utf-8")
    opened = open_page("/plan-import", address=address)
    page = opened.page
    page.set_input_files("[data-testid=stFileUploader] input", document)
    page.get_by_text("ke-hoach.txt").first.wait_for()
    page.get_by_label("Mã của kế hoạch mới").fill(PLAN)
    page.get_by_label("Địa phương, như").fill("thành phố Cần Thơ")
    press(opened, "Đọc văn bản", "Chưa có gì được tính cho đến khi rà soát")

    page.get_by_role("radio", name="Chỉ tiêu").click()
    page.locator(".kpis-lit").first.wait_for()
    opened.wait_until_ready()
    assert "<script>document.title='x'</script>" in page.locator(".kpis-source").inner_text()
    assert page.title().startswith("Nhập kế hoạch")
    above, below = page.evaluate(LIT_OFFSET)
    assert above > 0 and below > 0, "the lit clause is in sight"
    page.get_by_label("Mức phải đạt").fill("5")
    page.get_by_role("combobox", name="Cơ quan chủ trì *").click()
    page.keyboard.type("Sở Công")
    page.get_by_role("option", name="Sở Công Thương", exact=True).click()
    page.get_by_label("Cách tính số liệu nhập").click()
    page.get_by_role("option", name="cộng dồn các lần nhập", exact=True).click()
    press(opened, "Ghi sửa đổi", ": sửa.")
    row = DraftFolder(installation / "register", PLAN).read().get_row("CT001")
    assert (row.decision, row.get_value("floor"), row.get_value("lead")) == ("change", "5", "Sở Công Thương")

    decide_all(installation / "register")
    page.reload()
    opened.wait_until_ready()
    assert page.get_by_text("Mọi dòng đã được quyết định.").count() == 1
    press(opened, "Chấp nhận kế hoạch", "Đã chấp nhận kế hoạch “can-tho”")
    page.wait_for_timeout(500)
    bounds = page.evaluate("() => document.querySelector('.kpis-outcome').getBoundingClientRect().toJSON()")
    assert bounds["top"] >= 0 and bounds["bottom"] <= page.evaluate("window.innerHeight"), "what came of it is in sight"
    assert opened.console == []

    sheet = installation / "b.xlsx"
    run_kpis("new-sheet", "--plan", PLAN, "--out", str(sheet), environ=build_environ(installation))
    with (installation / "sources.toml").open("a", encoding="utf-8") as file:
        file.write(f'[[source]]\nid = "b"\nplan = "{PLAN}"\nworkbook = "b.xlsx"\n')
    sync(installation)
    opened = open_page(f"/province?plan={PLAN}", address=address)
    text = opened.page.locator(".kpis").all_inner_texts()
    assert any("Nguyên văn tại mục I.1" in part and "<script>document.title='x'</script>" in part for part in text)
    catalogue = open_page(f"/targets?plan={PLAN}", address=address)
    assert "kiểm tra <script>" in catalogue.page.locator("q").first.inner_text()
    assert opened.console == catalogue.console == []
    assert (installation / "register" / "plans" / PLAN / "1" / "book.xlsx").exists()


def test_a_row_that_is_opened_again_still_has_its_values(
    open_page: PageOpener, serve: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Review(tmp_path, monkeypatch).import_text()
    (tmp_path / "var").mkdir()
    opened = open_page("/plan-import", address=serve(tmp_path / "var" / "kpis.json", build_environ(tmp_path)))
    page = opened.page

    def read_fields(part: str) -> list[str]:
        page.get_by_role("radio", name=part).click()
        page.get_by_label(FIRST_FIELD[part]).first.wait_for()
        opened.wait_until_ready()
        fields = page.locator("[data-testid=stForm]").locator("input,textarea").all()
        return [field.input_value().replace("–", "") for field in fields]

    first = {part: read_fields(part) for part in FIRST_FIELD}
    assert all(any(values) for values in first.values())
    for part, values in first.items():
        assert read_fields(part) == values, "as on the first visit, not emptied"
    assert opened.console == []


def test_without_any_figures_every_page_leads_to_the_import(
    open_page: PageOpener, serve: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "sources.toml").write_text('[[source]]\nid = "a"\nplan = "ha-noi"\nworkbook = "a.xlsx"\n', "utf-8")
    (tmp_path / "var").mkdir()
    address = serve(tmp_path / "var" / "kpis.json", build_environ(tmp_path))
    opened = open_page("/tasks", address=address)
    assert "Chưa có số liệu" in opened.page.locator(".kpis-state").inner_text()
    opened.page.get_by_test_id("kpis-first-steps").get_by_role("link", name="Nhập kế hoạch").click()
    opened.page.get_by_text("Văn bản này là").wait_for()
    opened.wait_until_ready()
    document = tmp_path / "ke-hoach.txt"
    document.write_text(TEXT, encoding="utf-8")
    opened.page.set_input_files("[data-testid=stFileUploader] input", document)
    opened.page.get_by_text("ke-hoach.txt").first.wait_for()
    opened.page.get_by_label("Mã của kế hoạch mới").fill(PLAN)
    opened.page.get_by_label("Địa phương, như").fill("thành phố Cần Thơ")
    press(opened, "Đọc văn bản", "Chưa có gì được tính cho đến khi rà soát")
    assert DraftFolder(tmp_path / "register", PLAN).read().revision == 1
    assert opened.console == []
