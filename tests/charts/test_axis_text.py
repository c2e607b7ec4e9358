"""Labels of charts as outlines: each where its text stood, as wide, in its colour, without a font."""

import re
from datetime import date

import pytest

from kpis.charts import drawing, specs
from kpis.charts.axis_text import outline_text
from kpis.charts.fonts import load_axis_font

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def find_extent(svg: str) -> tuple[float, float]:
    """Return the leftmost and rightmost point of the outlines (absolute M, L, Q, H, V, Z)."""
    data = re.findall(r' d="([^"]*)"', svg)[0]
    xs: list[float] = []
    for command, text in re.findall(r"([MLQHVZ])([^MLQHVZ]*)", data):
        values = [float(value) for value in _NUMBER.findall(text)]
        xs += values if command == "H" else values[::2] if command in "MLQ" else []
    return min(xs), max(xs)


@pytest.mark.parametrize(("anchor", "first", "last"), [("start", 0, 22), ("middle", -11, 11), ("end", -22, 0)])
def test_a_label_has_the_place_width_and_colour_of_its_text(anchor: str, first: float, last: float) -> None:
    text = f'<text text-anchor="{anchor}" transform="translate(5,9)" font-size="11px" fill="#56606d">2026</text>'
    outlined = outline_text(f"<svg>{text}</svg>")
    assert outlined.startswith('<svg><path transform="translate(5,9)" fill="#56606d" d="M')
    em = 11 / load_axis_font()["head"].unitsPerEm
    assert 4 * 650 * em == pytest.approx(28.6)
    left, right = find_extent(outlined)
    assert (left, right) == pytest.approx((first * 1.3, last * 1.3), abs=1.0)


def test_a_chart_has_neither_text_nor_font_and_every_label_as_a_path() -> None:
    points = [(date(2026, 1, 1), 0.0), (date(2026, 12, 15), 50.0)]
    svg = drawing.render_svg(specs.build_curve(points, points, 50, "behind", "vi"), "vi")
    labels = re.findall(r"<text[^>]*>([^<]+)</text>", svg)
    outlined = outline_text(svg)
    assert len(labels) > 5 and "<text" not in outlined and "font" not in outlined
    assert outlined.count("<path") - svg.count("<path") == len(labels)


def test_what_a_label_holds_is_never_markup() -> None:
    assert "<b" not in outline_text('<svg><text font-size="11px">&lt;b&gt;</text></svg>')
