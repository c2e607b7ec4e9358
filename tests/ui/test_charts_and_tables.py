"""Charts and tables: every chart has an alternative text that says the same."""

import re
from datetime import date
from urllib.parse import unquote

import pytest
from markupsafe import Markup

from kpis.charts import palette
from kpis.charts.specs import BulletValues
from kpis.ui.shared import charts, tables
from kpis.ui.shared.bullets import render_bullet
from kpis.ui.shared.tables import ColumnHeader, GroupHeading

PACE_POINTS = [(date(2026, 1, 1), 0.0), (date(2026, 12, 31), 50.0)]
ACTUAL_POINTS = [(date(2026, 1, 1), 0.0), (date(2026, 6, 1), 24.0), (date(2026, 11, 21), 24.0)]


def decode_svg(markup: Markup) -> str:
    match = re.search(r'src="data:image/svg\+xml,([^"]+)"', str(markup))
    assert match
    return unquote(match[1].replace("&#39;", "'"))


def test_a_bullet_chart_is_an_image_with_an_alternative_text() -> None:
    markup = render_bullet(BulletValues(24, 50, 44, None, "behind"), "24/50 <tin>")
    assert 'class="kpis-bullet kpis-behind"' in markup
    assert 'role="img" aria-label="24/50 &lt;tin&gt;"' in markup


def read_bullet(values: BulletValues) -> dict[str, dict[str, float]]:
    """Return the elements of a bullet by name, each with its percentages."""
    spans = re.findall(r'<span class="kpis-(\w+)" style="([^"]*)">', render_bullet(values, "x"))
    return {
        name: {key: float(number) for key, number in re.findall(r"([a-z-]+):([\d.]+)%", style)} for name, style in spans
    }


def test_a_bullet_has_the_proportions_of_its_figures() -> None:
    end = 50 * 1.02
    drawn = read_bullet(BulletValues(24, 50, 44, None, "behind"))
    assert drawn["actual"]["width"] == pytest.approx(24 / end * 100, abs=0.01)
    assert drawn["pace"]["inset-inline-start"] == pytest.approx(44 / end * 100, abs=0.01)
    assert drawn["floor"]["inset-inline-start"] == pytest.approx(50 / end * 100, abs=0.01)
    assert "stretch" not in drawn


def test_a_bullet_goes_on_to_its_stretch_and_cuts_off_what_is_far_beyond() -> None:
    drawn = read_bullet(BulletValues(6, 3, 3, 5, "attained"))
    end = 6 * 1.02
    assert drawn["stretch"]["inset-inline-start"] == pytest.approx(3 / end * 100, abs=0.01)
    assert drawn["stretch"]["width"] == pytest.approx(2 / end * 100, abs=0.01)
    assert read_bullet(BulletValues(900, 3, None, None, "attained"))["actual"]["width"] == 100


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (BulletValues(0, 50, 0, None, "no_data"), {"floor"}),
        (BulletValues(0.42, 1.0, 0.2, None, "on_track"), {"actual", "pace", "floor"}),
        (BulletValues(24, 50, 60, 40, "behind"), {"actual", "floor"}),  # expected beyond the floor, no real stretch
        (BulletValues(0, 0, None, None, "attained"), {"floor"}),
        (BulletValues(-3, 5, 1, None, "behind"), {"pace", "floor"}),
    ],
)
def test_a_bullet_leaves_out_what_there_is_not(values: BulletValues, expected: set[str]) -> None:
    drawn = read_bullet(values)
    assert set(drawn) == expected
    assert all(0 <= number <= 100 for numbers in drawn.values() for number in numbers.values())


def list_labels(markup: Markup) -> list[str]:
    """Return the labels of the axes that stand over an image."""
    return re.findall(r'<i class="kpis-label[^"]*"[^>]*>([^<]*)</i>', str(markup))


def test_the_labels_of_the_axes_are_text_over_the_image() -> None:
    markup = charts.render_curve(ACTUAL_POINTS, PACE_POINTS, 50, "behind", "x", "vi")
    drawn = decode_svg(markup)
    assert "font" not in drawn and "<text" not in drawn
    assert "http" not in drawn.replace("http://www.w3.org/", "")
    assert {"T7", "0", "40"} <= {*list_labels(markup)} and "Jul" not in list_labels(markup)
    assert markup.startswith('<span class="kpis-plot"><img') and '<span aria-hidden="true"><i class=' in markup


def test_month_names_follow_the_language() -> None:
    labels = list_labels(charts.render_curve(ACTUAL_POINTS, PACE_POINTS, 50, "behind", "x", "en"))
    assert "Jul" in labels and "T7" not in labels


def test_a_share_is_drawn_in_percent_and_five_years_by_year() -> None:
    pace = [(date(2026, 1, 1), 0.0), (date(2030, 12, 15), 1.0)]
    done = [(date(2026, 1, 1), 0.0), (date(2026, 11, 21), 0.4)]
    labels = list_labels(charts.render_curve(done, pace, 1.0, "on_track", "x", "vi", percent=True))
    assert {"2028", "100%"} <= {*labels}


def test_a_table_names_its_columns_in_every_cell_and_escapes_what_it_holds() -> None:
    columns = [ColumnHeader("Cơ quan"), ColumnHeader("Số lượng", "number")]
    rows: list[tables.BodyRow] = [GroupHeading("Hà Nội"), ["<i>Sở</i>", "1.234"]]
    markup = tables.render_table("Ai đã báo cáo", columns, rows)
    assert "<caption>Ai đã báo cáo</caption>" in markup
    assert '<th colspan="2" scope="rowgroup">Hà Nội</th>' in markup
    assert '<th scope="row" class="kpis-whole">&lt;i&gt;Sở&lt;/i&gt;</th>' in markup
    assert '<td class="kpis-number" data-label="Số lượng">1.234</td>' in markup


def test_a_row_of_the_wrong_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        tables.render_table("x", [ColumnHeader("a"), ColumnHeader("b")], [["1"]])


def test_a_chart_has_the_colours_of_both_themes() -> None:
    drawn = decode_svg(charts.render_curve(ACTUAL_POINTS, PACE_POINTS, 50, "behind", "x", "vi"))
    colours = re.findall(r'"(?:light-dark\()?(#[0-9a-f]{6})[^"]*"', drawn)
    assert len(set(colours)) > 3 and drawn.count("light-dark(") == len(colours)
    behind = palette.get_style("behind").colour
    assert f'"light-dark({behind.light},{behind.dark})"' in drawn
    assert 'style="color-scheme:light dark"' in drawn
