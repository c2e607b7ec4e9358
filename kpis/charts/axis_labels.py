"""The labels of a chart's axes, taken out of its drawing: on a page they are text beside the picture.

A picture cannot load the font of the page. One of its own, or outlines of the letters, take a browser as long as all
the rest of the picture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

Anchor = Literal["start", "middle", "end"]

_TEXT = "{http://www.w3.org/2000/svg}text"
_TRANSLATE = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")


@dataclass(frozen=True)
class AxisLabel:
    """A label, and where its baseline stands in the chart: shares of width and height, from the upper left."""

    text: str
    x: float
    y: float
    anchor: Anchor


def take_labels(svg: str) -> tuple[str, list[AxisLabel]]:
    """Return a chart's SVG without its labels, and these in the order in which they were drawn."""
    root = etree.fromstring(svg)
    width, height = (float(root.get(name)) for name in ("width", "height"))
    labels: list[AxisLabel] = []
    for element in list(root.iter(_TEXT)):
        x, y = _find_place(element)
        labels.append(AxisLabel(element.text or "", x / width, y / height, element.get("text-anchor", "start")))
        element.getparent().remove(element)
    return etree.tostring(root, encoding="unicode"), labels


def _find_place(element: Any) -> tuple[float, float]:  # lxml has no types
    """Return where an element stands in the drawing, in its units: the sum of what it and those around it move by."""
    x = y = 0.0
    for each in (element, *element.iterancestors()):
        if match := _TRANSLATE.fullmatch(each.get("transform", "")):
            x, y = x + float(match[1]), y + float(match[2])
    return x, y
