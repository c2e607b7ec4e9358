"""Chart rendering: Vietnamese numbers and months, our typeface, Altair to SVG without a browser.

Charts of one kind differ only in their figures, so their Altair specification is compiled once, as a
`ChartTemplate`. Filling its named data and parameters takes a quarter of the time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import vl_convert

from kpis.charts import fonts, palette
from kpis.language.messages import Language

DataValue = str | float
DataRows = Sequence[Mapping[str, DataValue]]

# Vega writes these for screen readers and scripts; as an image the chart has an alt text instead.
_ACCESSIBILITY_ATTRIBUTES = re.compile(r' (?:aria-[a-z]+|role|class)="[^"]*"')

NUMBER_LOCALES: dict[Language, dict[str, Any]] = {
    "vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
}
_WEEKDAYS: dict[Language, list[str]] = {
    "vi": ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
    "en": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIME_LOCALES: dict[Language, dict[str, Any]] = {
    "vi": {
        "dateTime": "%H:%M %d/%m/%Y",
        "date": "%d/%m/%Y",
        "time": "%H:%M",
        "periods": ["SA", "CH"],
        "days": _WEEKDAYS["vi"],
        "shortDays": ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
        "months": [f"Tháng {month}" for month in range(1, 13)],
        "shortMonths": [f"T{month}" for month in range(1, 13)],
    },
    "en": {
        "dateTime": "%H:%M, %d %b %Y",
        "date": "%d %b %Y",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": _WEEKDAYS["en"],
        "shortDays": [day[:3] for day in _WEEKDAYS["en"]],
        "months": list(_MONTHS),
        "shortMonths": list(_MONTHS),
    },
}


@dataclass(frozen=True)
class ChartTemplate:
    """A chart compiled to Vega, without its figures; shared between charts, never changed."""

    vega: Mapping[str, Any]


@dataclass(frozen=True)
class BoundChart:
    """A template and one chart's figures: rows by data name, values by parameter name."""

    template: ChartTemplate
    data: Mapping[str, DataRows]
    parameters: Mapping[str, DataValue]


def compile_chart(chart: alt.LayerChart | alt.FacetChart, lang: Language) -> ChartTemplate:
    """Compile a chart with our typeface, colours and number locale, without a frame and with a light grid."""
    _register_fonts()
    spec = json.dumps({**chart.to_dict(), "config": _build_config(lang)})
    return ChartTemplate(vl_convert.vegalite_to_vega(spec))


def _build_config(lang: Language) -> dict[str, Any]:
    text, line = palette.MUTED.light, palette.LINE.light
    return {
        "font": fonts.FAMILY,
        "background": "transparent",
        "padding": 0,
        "locale": {"number": NUMBER_LOCALES[lang], "time": TIME_LOCALES[lang]},
        "view": {"stroke": None},
        "axis": {
            "labelColor": text,
            "labelFontSize": 11,
            "titleColor": text,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "gridColor": line,
            "domainColor": line,
            "tickColor": line,
            "tickSize": 4,
        },
    }


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(fonts.get_font_folder()))


def _bind_data(chart: BoundChart) -> dict[str, Any]:
    vega = dict(chart.template.vega)
    vega["data"] = [
        {**data, "values": chart.data[data["name"]]} if data["name"] in chart.data else data for data in vega["data"]
    ]
    vega["signals"] = [
        {**signal, "value": chart.parameters[signal["name"]]} if signal["name"] in chart.parameters else signal
        for signal in vega["signals"]
    ]
    return vega


def render_svg(chart: BoundChart, lang: Language) -> str:
    """Return the chart as SVG; its labels name our typeface (`axis_labels.take_labels` takes them out)."""
    svg: str = vl_convert.vega_to_svg(
        json.dumps(_bind_data(chart)),
        format_locale=NUMBER_LOCALES[lang],
        time_format_locale=TIME_LOCALES[lang],
    )
    return _ACCESSIBILITY_ATTRIBUTES.sub("", svg)
