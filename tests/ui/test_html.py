"""No text of a sheet becomes HTML: one module builds it and escapes every value."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from kpis.ui.shared import html
from kpis.ui.shared.html import tag

HOSTILE = '<img src=x onerror="alert(1)">&\'"'


def test_text_and_attributes_are_escaped() -> None:
    markup = tag("td", HOSTILE, title=HOSTILE, data_label=HOSTILE)
    assert "<img" not in markup
    assert markup.count("<") == 2
    assert markup.count('"') == 4


def test_markup_is_not_escaped_twice() -> None:
    inner = tag("b", "5 < 6")
    assert tag("p", "x & ", inner, None, ["y", 3]) == "<p>x &amp; <b>5 &lt; 6</b>y3</p>"


def test_attribute_names_change_underscores_and_false_leaves_an_attribute_out() -> None:
    markup = tag("th", class_="a", data_label="b", colspan=2, hidden=True, lang=None, title=False)
    assert markup == '<th class="a" data-label="b" colspan="2" hidden></th>'


@pytest.mark.parametrize("name", ["href", "src", "style", "onclick", "onerror", "A B"])
def test_unsafe_attributes_are_rejected(name: str) -> None:
    with pytest.raises(ValueError, match=name.rstrip("_")):
        tag("a", **{name: "javascript:alert(1)"})


@pytest.mark.parametrize("name", ["script", "style", "iframe", "b onclick"])
def test_unsafe_elements_are_rejected(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        tag(name)


@pytest.mark.parametrize("url", ["https://ha.gov.vn/a?b=1&c=2", "http://x.vn"])
def test_a_web_link_opens_a_new_tab_without_opener_or_referrer(url: str) -> None:
    markup = html.render_link(url, "x")
    assert markup.startswith('<a href="' + url.replace("&", "&amp;"))
    assert 'target="_blank" rel="noopener noreferrer"' in markup


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.vn",
        "/\\evil.vn",
        "ftp://x.vn",
        "https://",
        "http://[",
        "https://x.vn/a b",
        'https://x.vn/"onmouseover="',
        "123/QĐ-UBND",
    ],
)
def test_any_other_link_stays_text(url: str) -> None:
    markup = html.render_link(url, url)
    assert "<" not in markup


def test_a_link_to_a_page_opens_in_the_same_tab() -> None:
    assert html.render_link("/province?plan=ha-noi", "Hà Nội") == (
        '<a href="/province?plan=ha-noi" target="_self">Hà Nội</a>'
    )


@given(st.text(max_size=60))
def test_no_text_can_open_or_close_an_element(text: str) -> None:
    markup = tag("td", html.render_evidence(text), title=text)
    assert markup.count("<td") == 1
    assert markup.count("</td>") == 1
    assert markup.count("<") == (4 if "<a " in markup else 2)


def test_an_image_is_a_data_url_with_an_alternative_text() -> None:
    markup = html.render_image("data:image/svg+xml,x", 'a "b"')
    assert markup == '<img src="data:image/svg+xml,x" alt="a &#34;b&#34;" class="kpis-chart">'
    with pytest.raises(ValueError, match="https"):
        html.render_image("https://x.vn/spy.png", "x")


def test_a_bar_stays_within_its_limits_and_is_hidden_from_screen_readers() -> None:
    assert "width:100.0%" in html.render_bar(21.0, state="attained")
    assert "width:0.0%" in html.render_bar(-1.0, state="behind")
    assert 'aria-hidden="true"' in html.render_bar(0.5, state="behind", mark=0.9)
    assert "90.0%" in html.render_bar(0.5, state="behind", mark=0.9)


def test_showing_plain_text_is_an_error() -> None:
    text: Any = "<b>x</b>"
    with pytest.raises(TypeError):
        html.show_markup(text)
    html.show_markup(Markup())
