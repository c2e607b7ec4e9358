"""A status is told by colour, sign and word; the colours are legible in both looks and keep apart."""

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


def test_every_status_of_the_rules_has_a_look_in_the_same_order() -> None:
    assert tuple(palette.STATUS_STYLES) == STATUSES


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_word_and_figure_can_be_read_on_its_ground(look: str) -> None:
    grounds = (palette.SURFACE.resolve(look), palette.RAISED_SURFACE.resolve(look))
    texts = [
        palette.INK,
        palette.MUTED,
        palette.ACCENT,
        *(state.colour for state in palette.STATUS_STYLES.values()),
    ]
    for ground, text in itertools.product(grounds, texts):
        assert compute_contrast(ground, text.resolve(look)) >= 4.5, (ground, text)
    assert compute_contrast(palette.SAMPLE.resolve(look), palette.SAMPLE_BACKGROUND.resolve(look)) >= 4.5


def test_no_two_statuses_share_a_sign_or_a_word() -> None:
    signs = [look.icon_path for look in palette.STATUS_STYLES.values()]
    words = [load_catalogue("vi")[look.label_key] for look in palette.STATUS_STYLES.values()]
    assert len(set(signs)) == len(set(words)) == len(palette.STATUS_STYLES)


# Brettel, Viénot and Mollon 1997 as matrices for linear RGB (Viénot 1999).
PROTAN = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))
DEUTAN = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))


@pytest.mark.parametrize("matrix", [PROTAN, DEUTAN])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_late_and_met_keep_apart_for_red_green_blindness(
    look: str, matrix: tuple[tuple[float, ...], ...]
) -> None:
    def simulate_colour(status: str) -> list[float]:
        linear = linearize_channels(palette.get_style(status).colour.resolve(look))
        mixed = [sum(w * c for w, c in zip(row, linear, strict=True)) for row in matrix]
        return [max(part, 0.0) ** (1 / 2.2) for part in mixed]

    for late, met in itertools.product(("overdue", "behind"), ("attained", "on_track")):
        apart = (
            sum((a - b) ** 2 for a, b in zip(simulate_colour(late), simulate_colour(met), strict=True)) ** 0.5
        )
        assert apart > 0.15, (late, met, apart)


def test_the_style_sheet_is_one_that_streamlit_lets_through() -> None:
    css = theme.build_stylesheet()
    assert "<" not in css  # a sanitizer drops a style sheet that could open an element
    assert css.count("{") == css.count("}")
    for status in palette.STATUS_STYLES:
        assert f".kpis-{status}{{--state:light-dark(#" in css


def test_streamlit_is_told_the_same_typeface_and_colours() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert config["fontFaces"] == theme.list_font_faces()
    for look in ("light", "dark"):
        assert config[look]["backgroundColor"] == palette.SURFACE.resolve(look)
        assert config[look]["secondaryBackgroundColor"] == palette.RAISED_SURFACE.resolve(look)
        assert config[look]["textColor"] == palette.INK.resolve(look)
        assert config[look]["linkColor"] == palette.ACCENT.resolve(look)
        assert config[look]["borderColor"] == palette.LINE.resolve(look)


def test_every_class_that_the_style_sheet_names_is_used_somewhere() -> None:
    root = Path(theme.__file__).parents[1]
    code = "".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py"))
    rules = (root / "server" / "style.css").read_text(encoding="utf-8")
    named = set(re.findall(r"\.kpis-([a-z]+(?:-[a-z]+)*)", rules))
    assert {name for name in named if f"kpis-{name}" not in code} == set()
