"""One typeface with every Vietnamese letter, and figures that stand under each other."""

from io import BytesIO
from itertools import product
from unicodedata import normalize

import pytest
from fontTools.ttLib import TTFont

from kpis.charts import drawing, fonts

VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]


def list_letters() -> set[str]:
    composed = {normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, TONES)}
    return composed | set("đĐ₫–…“”‘’·×≥≤0123456789")


@pytest.mark.parametrize("weight", fonts.STYLES)
def test_every_weight_has_every_vietnamese_letter(weight: int) -> None:
    known = TTFont(BytesIO(fonts.build_woff(weight))).getBestCmap()
    assert {letter for letter in list_letters() if ord(letter) not in known} <= {"≥", "≤"}


@pytest.mark.parametrize("weight", fonts.STYLES)
def test_all_figures_are_one_width(weight: int) -> None:
    font = TTFont(BytesIO(fonts.build_woff(weight)))
    names = font.getBestCmap()
    assert len({font["hmtx"][names[ord(figure)]][0] for figure in fonts.DIGITS}) == 1


def test_the_letters_inside_a_chart_cover_its_axes_in_both_languages() -> None:
    needed = {
        character
        for times in drawing.TIME_LOCALES.values()
        for month in times["shortMonths"]
        for character in month
    }
    assert needed <= set(fonts.AXIS_CHARACTERS)


def test_the_font_inside_a_chart_is_small() -> None:
    assert len(fonts.build_axis_font_url()) < 8_000
