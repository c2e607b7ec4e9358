"""Links, Back and Forward, the navigation: no second load of the product, and the address alone says what is shown."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.ui.conftest import OpenedPage, PageOpener

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.slice(0, 60)"
SCROLLER = "document.querySelector('[data-testid=stMain]')"


def count_loads(page: Page) -> list[str]:
    """Return a list that grows with every document that the browser loads."""
    loads: list[str] = []
    page.on("request", lambda request: loads.append(request.url) if request.resource_type == "document" else None)
    return loads


def get_filters(opened: OpenedPage) -> dict[str, list[str]]:
    return parse_qs(urlsplit(opened.page.url).query)


def scroll_to(opened: OpenedPage, top: int) -> None:
    opened.page.evaluate(f"{SCROLLER}.scrollTop = {top}")
    opened.page.wait_for_timeout(400)


def wait_for_scroll(opened: OpenedPage, top: int) -> None:
    opened.page.wait_for_function(f"Math.abs({SCROLLER}.scrollTop - {top}) < 3", timeout=10_000)


def test_a_link_opens_its_page_without_loading_the_product_again(open_page: PageOpener) -> None:
    opened = open_page("/?plan=dong-thap&as_of=2026-10-31")
    loads = count_loads(opened.page)
    scroll_to(opened, 200)
    opened.page.locator(".kpis a[href*='/agency?']", has_text="Sở Công Thương").first.click()
    opened.wait_for_page("agency", "dong-thap")
    wait_for_scroll(opened, 0)
    assert loads == []
    assert get_filters(opened) == {"plan": ["dong-thap"], "agency": ["Sở Công Thương"], "as_of": ["2026-10-31"]}
    assert opened.page.evaluate("document.activeElement.tagName") == "H1"
    assert opened.console == []


def test_back_shows_the_page_of_the_address_where_it_was_left(open_page: PageOpener) -> None:
    opened = open_page("/tasks?plan=thai-nguyen")
    scroll_to(opened, 700)
    opened.page.locator("[data-testid=stTopNavLink]", has_text="Tổng quan").click()
    opened.wait_for_page("overview", "thai-nguyen")
    opened.page.go_back()
    opened.wait_for_page("tasks", "thai-nguyen")
    wait_for_scroll(opened, 700)
    opened.page.go_forward()
    opened.wait_for_page("overview", "thai-nguyen")


def test_the_navigation_takes_the_filters_along_in_one_step_of_the_history(open_page: PageOpener) -> None:
    opened = open_page("/?plan=ha-noi&as_of=2026-10-31&lang=en")
    length = opened.page.evaluate("history.length")
    opened.page.locator("[data-testid=stTopNavLink]", has_text="Tasks").click()
    opened.wait_for_page("tasks", "ha-noi")
    assert get_filters(opened) == {"plan": ["ha-noi"], "as_of": ["2026-10-31"], "lang": ["en"]}
    assert opened.page.evaluate("history.length") == length + 1


def test_an_address_without_filters_shows_none_after_a_visit_with_filters(open_page: PageOpener) -> None:
    opened = open_page("/tasks")
    opened.page.evaluate("history.pushState({}, '', '/?plan=ha-noi'); dispatchEvent(new PopStateEvent('popstate'))")
    opened.wait_for_page("overview", "ha-noi")
    opened.page.go_back()
    opened.wait_for_page("tasks", "")
    assert get_filters(opened) == {}


def test_a_click_with_a_key_is_left_to_the_browser(open_page: PageOpener) -> None:
    opened = open_page("/?plan=dong-thap")
    with opened.page.context.expect_page() as popup:
        opened.page.locator(".kpis a[href*='/province?']").first.click(modifiers=["Control"])
    assert "/province?" in popup.value.url
    assert urlsplit(opened.page.url).path == "/"


def test_the_menu_of_a_phone_closes_when_a_page_is_chosen(open_page: PageOpener) -> None:
    opened = open_page("/?plan=ha-noi", size="phone")
    opened.page.locator("[data-testid=stExpandSidebarButton]").click()
    opened.page.locator("[data-testid=stSidebarNavLink]", has_text="Nhiệm vụ").click()
    opened.wait_for_page("tasks", "ha-noi")
    opened.page.wait_for_selector("[data-testid=stExpandSidebarButton]")


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_no_english_word_of_streamlit_is_left(open_page: PageOpener, size: str) -> None:
    opened = open_page("/pack", size=size)
    labels = opened.page.evaluate(
        """() => [...document.querySelectorAll('[aria-label],[placeholder],[title]')]
            .flatMap(element => ['aria-label', 'placeholder', 'title'].map(name => element.getAttribute(name)))
            .filter(text => text && /^[\\x00-\\x7f]*[a-z]{4}[\\x00-\\x7f]*$/.test(text))"""
    )
    assert labels == []
    assert "Skip to main content" not in opened.page.inner_text("body")
    opened.page.get_by_test_id("stPopover").get_by_role("button").click()
    box = opened.page.get_by_test_id("stPopoverBody").get_by_test_id("stSelectbox").last.get_by_role("combobox")
    box.click()
    box.fill("zzzz")
    opened.page.get_by_text("Không có kết quả").first.wait_for()


def test_words_of_streamlit_stay_english_in_the_english_interface(open_page: PageOpener) -> None:
    opened = open_page("/?lang=en")
    assert opened.page.locator("[data-testid=stTopNav][aria-label='App pages']").count() == 1


def test_a_link_works_below_a_path_of_the_host(
    open_page: PageOpener, serve: Callable[..., str], sample_pointer: Path
) -> None:
    opened = open_page("/kpi/?plan=dong-thap", address=serve(sample_pointer, base_path="/kpi"))
    loads = count_loads(opened.page)
    opened.page.locator(".kpis a[href*='/province?']").first.click()
    opened.wait_for_page("province", "dong-thap")
    assert (loads, urlsplit(opened.page.url).path) == ([], "/kpi/province")


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_the_target_that_a_link_names_stands_below_the_navigation(open_page: PageOpener, size: str) -> None:
    opened = open_page("/?plan=dong-thap", size)
    opened.page.locator(".kpis a[href*='#dong-thap.06']").first.click()
    opened.wait_for_page("province", "dong-thap")
    header = opened.page.locator("[data-testid=stHeader]").bounding_box()
    assert header is not None
    opened.page.wait_for_function(f"{SCROLLER}.scrollTop > 100", timeout=10_000)
    opened.page.wait_for_timeout(300)
    card = opened.page.locator("[id='dong-thap.06']").bounding_box()
    assert card is not None
    assert header["y"] + header["height"] <= card["y"] < 200


def test_a_form_with_many_choices_is_filled_in_by_the_keyboard_alone(open_page: PageOpener) -> None:
    opened = open_page("/explanations?plan=dong-thap")
    keyboard = opened.page.keyboard

    def go_to(label: str) -> None:
        for _ in range(40):
            keyboard.press("Tab")
            if label in str(opened.page.evaluate(FOCUSED)):
                return
        raise AssertionError(f"Tab never reaches {label}")

    go_to("Yêu cầu giải trình")
    keyboard.press("Enter")
    opened.page.locator("[data-testid=stExpander] textarea").wait_for()
    opened.wait_until_ready()
    go_to("Tìm: Về")
    keyboard.type("tin bai")
    keyboard.press("Enter")
    opened.page.locator("p[role=status]", has_text="mục khớp").wait_for()
    opened.wait_until_ready()
    assert "Tìm: Về" in str(opened.page.evaluate(FOCUSED)), "the field keeps the focus"
    keyboard.press("Tab")
    keyboard.press("ArrowDown")
    options = opened.page.locator("[role=option]")
    options.first.wait_for()
    second = options.nth(1).inner_text()
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    opened.wait_until_ready()
    assert opened.page.evaluate("document.activeElement.value") == second
    go_to("Nội dung yêu cầu")
    keyboard.type("Vì sao chậm?")
    go_to("Gửi yêu cầu")
    assert opened.console == []
