"""A name or figure of one target leads to its card, which is on the page of its plan once."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import quote_plus, unquote, urlsplit

import pytest

from tests.ui.test_table_downloads import build_viewer, draw

LINK = re.compile(r'<a href="(/province\?[^"#]*#[^"]*)"')
AGENCY = "Sở Công Thương"


@pytest.mark.parametrize(
    "path",
    ["/overview", "/overview?plan=dong-thap", "/targets", f"/agency?plan=dong-thap&agency={quote_plus(AGENCY)}"],
)
def test_every_link_to_a_target_finds_its_card(sample_pointer: Path, path: str) -> None:
    urls = {html.unescape(url) for url in LINK.findall(draw(sample_pointer, path))}
    assert len(urls) > 3
    drawn: dict[str, str] = {}
    for url in urls:
        address = urlsplit(url)
        page = f"{address.path}?{address.query}"
        markup = drawn.setdefault(page, draw(sample_pointer, page))
        assert markup.count(f'id="{unquote(address.fragment)}"') == 1, url


def test_an_officer_has_no_link_to_a_page_that_is_closed(sample_pointer: Path) -> None:
    officer = build_viewer("officer", "dong-thap", AGENCY)
    assert not LINK.findall(draw(sample_pointer, "/targets?plan=dong-thap", officer))
