"""A status has a colour, a sign and a word; the colours are legible in both themes and distinguishable."""

import itertools
import re
import tomllib
from pathlib import Path

import pytest

from kpis.charts import palette
from kpis.language.messages import load_catalogue
from kpis.measures.attainment_rows import STATUSES
from kpis.ui.server import theme
from tests.paths import ROOT


def linearize_channels(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def compute_contrast(first: str, second: str) -> float:
    """WCAG 2.2, contrast ratio."""
    bright, dark = sorted(
        (
            sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linearize_channels(x), strict=True))
            for x in (first, second)
        ),
        reverse=True,
    )
    return (bright + 0.05) / (dark + 0.05)


def test_every_status_of_the_rules_has_a_style_in_the_same_order() -> None:
    assert tuple(palette.STATUS_STYLES) == STATUSES


@pytest.mark.parametrize("theme_name", ["light", "dark"])
def test_text_has_enough_contrast_on_every_background(theme_name: str) -> None:
    backgrounds = (palette.SURFACE.resolve(theme_name), palette.RAISED_SURFACE.resolve(theme_name))
    texts = [
        palette.INK,
        palette.MUTED,
        palette.ACCENT,
        *(state.colour for state in palette.STATUS_STYLES.values()),
    ]
    for background, text in itertools.product(backgrounds, texts):
        assert compute_contrast(background, text.resolve(theme_name)) >= 4.5, (background, text)
    assert compute_contrast(palette.SAMPLE.resolve(theme_name), palette.SAMPLE_BACKGROUND.resolve(theme_name)) >= 4.5


@pytest.mark.parametrize("theme_name", ["light", "dark"])
def test_the_white_text_of_a_primary_button_is_legible(theme_name: str) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert compute_contrast("#ffffff", config["theme"][theme_name]["primaryColor"]) >= 4.5


def test_no_two_statuses_share_a_sign_or_a_word() -> None:
    signs = [style.icon_path for style in palette.STATUS_STYLES.values()]
    words = [load_catalogue("vi")[style.label_key] for style in palette.STATUS_STYLES.values()]
    assert len(set(signs)) == len(set(words)) == len(palette.STATUS_STYLES)


# Brettel, Viénot and Mollon 1997 as matrices for linear RGB (Viénot 1999).
PROTAN = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))
DEUTAN = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))


@pytest.mark.parametrize("matrix", [PROTAN, DEUTAN])
@pytest.mark.parametrize("theme_name", ["light", "dark"])
def test_late_and_met_are_distinguishable_with_red_green_blindness(
    theme_name: str, matrix: tuple[tuple[float, ...], ...]
) -> None:
    def simulate_colour(status: str) -> list[float]:
        linear = linearize_channels(palette.get_style(status).colour.resolve(theme_name))
        mixed = [sum(w * c for w, c in zip(row, linear, strict=True)) for row in matrix]
        return [max(part, 0.0) ** (1 / 2.2) for part in mixed]

    for late, met in itertools.product(("overdue", "behind"), ("attained", "on_track")):
        distance = sum((a - b) ** 2 for a, b in zip(simulate_colour(late), simulate_colour(met), strict=True)) ** 0.5
        assert distance > 0.15, (late, met, distance)


def test_the_style_sheet_has_no_markup_and_every_status() -> None:
    css = theme.build_stylesheet()
    assert "<" not in css  # it stands in a <style> element of the first document
    assert css.count("{") == css.count("}")
    for status in palette.STATUS_STYLES:
        assert f".kpis-{status}{{--state:light-dark(#" in css


def test_the_streamlit_theme_has_the_same_font_and_colours() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert config["fontFaces"] == theme.list_font_faces()
    for theme_name in ("light", "dark"):
        assert config[theme_name]["backgroundColor"] == palette.SURFACE.resolve(theme_name)
        assert config[theme_name]["secondaryBackgroundColor"] == palette.RAISED_SURFACE.resolve(theme_name)
        assert config[theme_name]["textColor"] == palette.INK.resolve(theme_name)
        assert config[theme_name]["linkColor"] == palette.ACCENT.resolve(theme_name)
        assert config[theme_name]["borderColor"] == palette.LINE.resolve(theme_name)


def test_every_class_of_the_style_sheet_is_used() -> None:
    root = Path(theme.__file__).parents[1]
    code = "".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py"))
    rules = (root / "server" / "style.css").read_text(encoding="utf-8")
    classes = set(re.findall(r"\.kpis-([a-z]+(?:-[a-z]+)*)", rules))
    assert {name for name in classes if f"kpis-{name}" not in code} == set()


def test_no_class_of_the_style_sheet_has_the_name_of_a_state() -> None:
    """The class of a state stands on tiles and signs: a rule for something else of that name would move them."""
    classes = set(re.findall(r"\.kpis-([\w-]+)", (ROOT / "kpis/ui/server/style.css").read_text(encoding="utf-8")))
    assert not classes & {*palette.STATUS_STYLES, *palette.TASK_STATE_STYLES}
