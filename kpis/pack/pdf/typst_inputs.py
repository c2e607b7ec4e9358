"""The inputs of the Typst template: the data of all pages, the pages of one run, signs and charts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

from kpis.charts import fonts, palette
from kpis.charts.specs import BulletValues
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.pack.pages.bullet_images import render_bullet_svg
from kpis.pack.pages.contents import Block, Contents, Note, Page, Table, TableCell, Tiles


class TypstInputs:
    """The files in the folder that Typst may read; they hold the pages of one run at a time."""

    def __init__(self, contents: Contents, sealed_at: datetime, root: Path) -> None:
        self.root = root
        self._lang = contents.lang
        self._bullet_images = _BulletImages(root, contents.lang)
        for state in [*palette.STATUS_STYLES, *palette.TASK_STATE_STYLES]:
            (root / f"sign-{state}.svg").write_text(_build_sign(state), encoding="utf-8")
        self._write_json("data", _build_common_data(contents, sealed_at))
        self.write_sheet_numbers(0, 0)

    def write_pages(self, pages: Sequence[Page]) -> None:
        """Write the pages of the next run."""
        run = [
            {
                "title": page.title,
                "subtitle": page.subtitle,
                "blocks": [_build_block(block, self._bullet_images, self._lang) for block in page.blocks],
            }
            for page in pages
        ]
        self._write_json("pages", run)

    def write_sheet_numbers(self, sheets_before: int, sheets_total: int) -> None:
        """Write how many sheets precede the run and how many there are, into a file of its own.

        Only the footer reads it, so that Typst can reuse a layout made before the numbers were known.
        """
        self._write_json("numbers", {"before": sheets_before, "total": sheets_total})

    def _write_json(self, name: str, content: object) -> None:
        (self.root / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _build_common_data(contents: Contents, sealed_at: datetime) -> dict[str, object]:
    return {
        "lang": contents.lang,
        "title": contents.title,
        "sample": contents.sample,
        "footer": [contents.title, *contents.footer_lines],
        "page_number": contents.page_number_template,
        "continued": translate(contents.lang, "(continued)"),
        "family": fonts.FAMILY,
        "colours": _build_colours(),
        "sealed_at": {name: getattr(sealed_at, name) for name in ("year", "month", "day", "hour", "minute", "second")},
    }


class _BulletImages:
    """Writes each different bullet chart once."""

    def __init__(self, root: Path, lang: Language) -> None:
        self._root, self._lang = root, lang
        self._names: dict[BulletValues, str] = {}

    def get_file_name(self, bullet: BulletValues) -> str:
        """Return the name of a chart's SVG file, written at the first call."""
        if bullet not in self._names:
            name = f"bullet-{len(self._names) + 1}.svg"
            (self._root / name).write_text(render_bullet_svg(bullet, self._lang), encoding="utf-8")
            self._names[bullet] = name
        return self._names[bullet]


def _build_sign(state: str) -> str:
    style = palette.get_style(state)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<path fill="{style.colour.light}" fill-rule="evenodd" d="{style.icon_path}"/></svg>'
    )


def _build_colours() -> dict[str, object]:
    colours = {
        "ink": palette.INK,
        "muted": palette.MUTED,
        "line": palette.LINE,
        "raised": palette.RAISED_SURFACE,
        "accent": palette.ACCENT,
        "sample": palette.SAMPLE,
        "sample_background": palette.SAMPLE_BACKGROUND,
    }
    states = {**palette.TASK_STATE_STYLES, **palette.STATUS_STYLES}
    return {
        **{name: colour.light for name, colour in colours.items()},
        "states": {state: style.colour.light for state, style in states.items()},
    }


def list_colours() -> list[str]:
    """Return every colour of a page as #rrggbb, each once."""
    colours = _build_colours()
    states = cast("dict[str, str]", colours.pop("states"))
    return list(dict.fromkeys([*map(str, colours.values()), *states.values()]))


def _build_block(block: Block, images: _BulletImages, lang: Language) -> dict[str, object]:
    if isinstance(block, Tiles):
        tiles = [
            {
                "state": tile.state,
                "label": tile.label,
                "number": formatting.format_number(tile.number, lang),
                "total": formatting.format_number(tile.total, lang),
                "change": tile.change_text,
            }
            for tile in block.tiles
        ]
        return {"kind": "tiles", "tiles": tiles, "footnote": block.footnote}
    if isinstance(block, Note):
        return {"kind": "note", "text": block.text, "state": block.state, "strong": block.strong}
    return _build_table(block, images)


def _build_table(table: Table, images: _BulletImages) -> dict[str, object]:
    return {
        "kind": "table",
        "key": table.key,
        "title": table.title,
        "note": table.note,
        "empty_text": table.empty_text,
        "is_dense": table.is_dense,
        "ending": table.ending,
        "columns": [{"title": column.title, "kind": column.kind, "width": column.width} for column in table.columns],
        "rows": [[_build_cell(cell, images) for cell in row] for row in table.rows],
    }


def _build_cell(cell: TableCell, images: _BulletImages) -> dict[str, object]:
    return {
        "text": cell.text,
        "state": cell.state,
        "subtext": cell.subtext,
        "bar_length": cell.bar_length,
        "bar_mark": cell.bar_mark,
        "bullet": images.get_file_name(cell.bullet) if cell.bullet else None,
        "more_cells": [_build_cell(more, images) for more in cell.more_cells],
    }
