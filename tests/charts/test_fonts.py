"""The typeface has every Vietnamese letter, and digits of one width."""

from io import BytesIO
from itertools import product
from unicodedata import normalize

import pytest
from fontTools.ttLib import TTFont

from kpis.charts import drawing, fonts

pytestmark = pytest.mark.slow

VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]


def list_letters() -> set[str]:
    composed = {normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, TONES)}
    return composed | set("đĐ₫–…“”‘’·×≥≤0123456789")


@pytest.mark.parametrize("weight", fonts.STYLES)
def test_every_weight_has_every_vietnamese_letter(weight: int) -> None:
    characters = TTFont(BytesIO(fonts.build_woff(weight))).getBestCmap()
    assert {letter for letter in list_letters() if ord(letter) not in characters} <= {"≥", "≤"}


@pytest.mark.parametrize("weight", fonts.STYLES)
def test_all_digits_have_one_width(weight: int) -> None:
    font = TTFont(BytesIO(fonts.build_woff(weight)))
    names = font.getBestCmap()
    assert len({font["hmtx"][names[ord(digit)]][0] for digit in fonts.DIGITS}) == 1


def test_the_typeface_of_a_page_covers_the_labels_of_axes_in_both_languages() -> None:
    months = [month for times in drawing.TIME_LOCALES.values() for month in times["shortMonths"]]
    needed = {*"".join(months), *" .,/%+−", *fonts.DIGITS}  # Vega's own minus sign
    characters = TTFont(BytesIO(fonts.build_woff(400))).getBestCmap()
    assert {letter for letter in needed if ord(letter) not in characters} == set()
