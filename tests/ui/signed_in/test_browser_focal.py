"""A focal department: its own plan by page or command is one edition; nothing of another plan or of all is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from kpis.pack.edition.folders import Edition, get_default_folder, list_editions
from tests.cli.command_runner import run_kpis
from tests.plan_import.review.small_draft import TEXT
from tests.ui.conftest import OpenedPage
from tests.ui.signed_in.conftest import Received, SignIn
from tests.ui.signed_in.installation import PEOPLE, Site
from tests.ui.signed_in.replaying import RECORD_SOCKETS, replay

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
PROVINCE = "Phường Bắc Kạn"
SEAL, PREVIEW, SEALED = "Chốt bản này", "Xem trước", "Đã chốt bản"


def read_editions(site: Site, plan: str | None = None) -> list[Edition]:
    return list_editions(get_default_folder(site.pointer), plan)


def press(opened: OpenedPage, name: str) -> None:
    opened.page.get_by_role("button", name=name, exact=True).click()


def import_document(opened: OpenedPage, document: Path, plan: str) -> None:
    page = opened.page
    page.set_input_files("[data-testid=stFileUploader] input", document)
    page.get_by_text(document.name).first.wait_for()
    page.get_by_label("Mã của kế hoạch mới").fill(plan)
    page.get_by_label("Địa phương, như").fill("thành phố Cần Thơ")
    press(opened, "Đọc văn bản")


def test_the_own_plan_by_page_and_by_command_is_one_edition(sign_in: SignIn, signed_in_site: Site) -> None:
    opened = sign_in("focal@tinh.vn", "/pack?plan=bac-kan")
    press(opened, SEAL)
    opened.page.get_by_text(SEALED).first.wait_for(timeout=90_000)
    (edition,) = read_editions(signed_in_site, "bac-kan")
    environ = {
        "KPIS_DATABASE": str(signed_in_site.pointer),
        "KPIS_SOURCES": str(signed_in_site.rights_file.with_name("sources.toml")),
    }
    run = run_kpis("pack", "--week", edition.week, "--province", PROVINCE, environ=environ)
    assert run.code == 0, run.err
    assert read_editions(signed_in_site, "bac-kan") == [edition], "the command finds the page's edition unchanged"
    elsewhere = signed_in_site.rights_file.with_name("elsewhere")
    run = run_kpis("pack", "--week", edition.week, "--province", PROVINCE, "--out", str(elsewhere), environ=environ)
    assert run.code == 0, run.err
    (by_command,) = list_editions(elsewhere, "bac-kan")
    assert by_command.figures_sha256 == edition.figures_sha256
    sealed = [(line.person, line.details["fingerprint"]) for line in signed_in_site.list_audit("seal")]
    assert sealed[0] == ("focal@tinh.vn", edition.figures_sha256) and {value for _, value in sealed} == {sealed[0][1]}


@pytest.mark.parametrize("query", ["", "?plan=ha-noi", "?plan=khong-co"])
def test_whatever_the_address_says_the_own_plan_is_sealed(sign_in: SignIn, signed_in_site: Site, query: str) -> None:
    opened = sign_in("focal@tinh.vn", f"/pack{query}")
    lines = len(signed_in_site.list_audit("refused"))
    press(opened, SEAL)
    opened.page.locator(".kpis-notice", has_text="2026-W").first.wait_for(timeout=90_000)
    assert {edition.scope for edition in read_editions(signed_in_site)} == {"bac-kan"}
    assert len(signed_in_site.list_audit("refused")) == lines


def test_only_the_own_plans_can_be_chosen(sign_in: SignIn, signed_in_site: Site) -> None:
    try:
        entry: dict[str, object] = {"role": "focal", "plans": ["bac-kan", "dong-thap"]}
        signed_in_site.write_rights({**PEOPLE, "focal@tinh.vn": entry})
        opened = sign_in("focal@tinh.vn", "/pack")
        opened.page.get_by_test_id("stSelectbox").filter(has_text="Số liệu của").locator("input").click()
        options = opened.page.get_by_role("option")
        options.first.wait_for()
        assert sorted(options.all_inner_texts()) == ["Phường Bắc Kạn", "Đồng Tháp"]
    finally:
        signed_in_site.write_rights(PEOPLE)


@pytest.mark.parametrize("query", ["", "?plan=ha-noi"], ids=["all plans", "another plan"])
def test_presses_of_an_administrator_replayed_seal_nothing(
    sign_in: SignIn, new_context: NewContext, signed_in_site: Site, query: str
) -> None:
    received = Received()
    admin = sign_in("admin@tinh.vn", f"/pack{query}", received=received)
    received.sent.clear()
    press(admin, PREVIEW)
    admin.page.get_by_role("button", name="Đóng bản xem trước").wait_for(timeout=120_000)
    received.sent.clear()
    press(admin, SEAL)
    admin.page.get_by_text(SEALED).first.wait_for(timeout=120_000)
    frames, editions = list(received.sent), read_editions(signed_in_site)
    assert frames
    sealed = len(signed_in_site.list_audit("seal"))
    context = new_context()
    context.add_init_script(RECORD_SOCKETS)
    focal = sign_in("focal@tinh.vn", f"/pack{query}", context=context)
    replay(focal, frames)
    assert read_editions(signed_in_site) == editions
    assert len(signed_in_site.list_audit("seal")) == sealed


def test_a_document_for_another_plan_is_not_imported(sign_in: SignIn, signed_in_site: Site, tmp_path: Path) -> None:
    register = signed_in_site.rights_file.with_name("register")
    document = tmp_path / "ke-hoach.txt"
    document.write_text(TEXT, encoding="utf-8")
    opened = sign_in("focal@tinh.vn", "/plan-import")
    begin = len(signed_in_site.list_audit("refused"))
    for plan in ("ha-noi", "can-tho"):
        import_document(opened, document, plan)
        opened.page.get_by_text("không cho phép").first.wait_for(timeout=60_000)
        opened.wait_until_ready()
    [refused] = signed_in_site.list_audit("refused")[begin:]  # one a minute for each action
    assert (refused.person, refused.details) == ("focal@tinh.vn", {"wanted": "import_plan", "plan": "ha-noi"})
    assert not register.exists() or not any(register.glob("drafts/*"))
    administrator = sign_in("admin@tinh.vn", "/plan-import")
    import_document(administrator, document, "can-tho")
    administrator.page.get_by_text("Chưa có gì được tính cho đến khi rà soát").first.wait_for(timeout=60_000)
    assert [path.name for path in register.glob("drafts/*")] == ["can-tho"]
    opened.page.reload()
    opened.wait_until_ready()
    assert opened.page.locator(".kpis-source").count() == 0
    assert document.name not in opened.page.inner_text("[data-testid=stMain]")
    assert document.name in administrator.page.inner_text("[data-testid=stMain]")
