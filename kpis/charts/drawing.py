"""How a chart is drawn: Vietnamese numbers and months, our typeface, Altair to SVG without a browser."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import altair as alt
import vl_convert

from kpis.charts import fonts, palette
from kpis.language.messages import Language

Drawn = alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart | alt.HConcatChart

# What Vega writes for screen readers and scripts: an image has neither, its alt text speaks for it.
_NAMES = re.compile(r' (?:aria-[a-z]+|role|class)="[^"]*"')

NUMBERS: dict[Language, dict[str, Any]] = {
    "vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
}
_DAYS: dict[Language, list[str]] = {
    "vi": ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
    "en": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIMES: dict[Language, dict[str, Any]] = {
    "vi": {
        "dateTime": "%H:%M %d/%m/%Y",
        "date": "%d/%m/%Y",
        "time": "%H:%M",
        "periods": ["SA", "CH"],
        "days": _DAYS["vi"],
        "shortDays": ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
        "months": [f"Tháng {month}" for month in range(1, 13)],
        "shortMonths": [f"T{month}" for month in range(1, 13)],
    },
    "en": {
        "dateTime": "%H:%M, %d %b %Y",
        "date": "%d %b %Y",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": _DAYS["en"],
        "shortDays": [day[:3] for day in _DAYS["en"]],
        "months": list(_MONTHS),
        "shortMonths": list(_MONTHS),
    },
}


def styled(chart: Drawn, lang: Language, look: str) -> Drawn:
    """A chart with our typeface, colours and number locale, no frame, a quiet grid."""
    quiet, line = palette.QUIET.of(look), palette.LINE.of(look)
    made: Drawn = (
        chart.configure(
            font=fonts.FAMILY,
            background="transparent",
            padding=0,
            locale={"number": NUMBERS[lang], "time": TIMES[lang]},
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=quiet,
            labelFontSize=11,
            titleColor=quiet,
            titleFontSize=11,
            titleFontWeight="normal",
            gridColor=line,
            domainColor=line,
            tickColor=line,
            tickSize=4,
        )
    )
    return made


@cache
def _fonts_registered() -> None:
    vl_convert.register_font_directory(str(fonts.folder()))


def svg(chart: Drawn, lang: Language) -> str:
    """The chart as one SVG text that needs nothing else: its labels' font is inside (only `fonts.AXIS`)."""
    _fonts_registered()
    drawn: str = vl_convert.vegalite_to_svg(
        json.dumps(chart.to_dict(validate=False)),
        format_locale=NUMBERS[lang],
        time_format_locale=TIMES[lang],
    )
    drawn = _NAMES.sub("", drawn)
    if "<text" not in drawn:
        return drawn
    face = f'<style>@font-face{{font-family:"{fonts.FAMILY}";src:url({fonts.axis_face()})}}</style>'
    start = drawn.index(">", drawn.index("<svg")) + 1
    return drawn[:start] + face + drawn[start:]
