"""Labels of charts as text: each where it stood in the drawing, which keeps neither text nor font."""

import re
from datetime import date

import pytest

from kpis.charts import drawing, specs
from kpis.charts.axis_labels import take_labels

POINTS = [(date(2026, 1, 1), 0.0), (date(2026, 12, 15), 50.0)]


def test_a_label_has_the_place_of_its_text_with_all_that_moves_it() -> None:
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><g transform="translate(20,10)"><g>'
        '<text text-anchor="end" transform="translate(-5.5,40)" font-size="11px">1.000</text><path d="M0,0"/>'
        '</g></g><text transform="translate(0,90)">−5</text></svg>'
    )
    svg, labels = take_labels(drawn)
    assert "text" not in svg and '<path d="M0,0"/>' in svg
    assert [(label.text, label.anchor) for label in labels] == [("1.000", "end"), ("−5", "start")]
    assert [(label.x, label.y) for label in labels] == [pytest.approx((14.5 / 200, 0.5)), pytest.approx((0, 0.9))]


def test_a_chart_keeps_no_text_and_every_label_stands_within_it() -> None:
    svg = drawing.render_svg(specs.build_curve(POINTS, POINTS, 50, "behind", "vi"), "vi")
    drawn, labels = take_labels(svg)
    assert [label.text for label in labels] == re.findall(r"<text[^>]*>([^<]+)</text>", svg)
    assert len(labels) > 5 and "<text" not in drawn and "font" not in drawn
    assert drawn.count("<path") == svg.count("<path") and drawn.count("<line") == svg.count("<line")
    assert all(0 <= label.x <= 1 and 0 <= label.y <= 1 for label in labels)
    values = [label for label in labels if label.anchor == "end"]
    assert [label.y for label in values] == sorted((label.y for label in values), reverse=True)  # 0 stands lowest
