"""What the Typst template is given: what every page says, the pages of one run, signs and charts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

from kpis.charts import fonts, palette
from kpis.charts.specs import Bullet
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.pack.pages.bullet_images import bullet_svg
from kpis.pack.pages.contents import Block, Cell, Contents, Note, Page, Table, Tiles

_LOOK = "light"


class Given:
    """The folder that Typst may read; nothing outside it is read. It holds the pages of one run at a time."""

    def __init__(self, contents: Contents, sealed_at: datetime, root: Path) -> None:
        self.root = root
        self._lang = contents.lang
        self._pictures = _Pictures(root, contents.lang)
        for state in [*palette.STATUSES, *palette.TASK_STATES]:
            (root / f"sign-{state}.svg").write_text(_sign(state), encoding="utf-8")
        self._write("data", _said_everywhere(contents, sealed_at))
        self.number(0, 0)

    def pages(self, pages: Sequence[Page]) -> None:
        """The pages of the run that comes."""
        said = [
            {
                "title": page.title,
                "subtitle": page.subtitle,
                "blocks": [_block(block, self._pictures, self._lang) for block in page.blocks],
            }
            for page in pages
        ]
        self._write("pages", said)

    def number(self, before: int, whole: int) -> None:
        """How many sheets stand before the run's, and how many there are: in a file of its own.

        Only the foot reads it, so what Typst has laid out without knowing it still stands.
        """
        self._write("numbers", {"before": before, "whole": whole})

    def _write(self, name: str, said: object) -> None:
        (self.root / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def _said_everywhere(contents: Contents, sealed_at: datetime) -> dict[str, object]:
    return {
        "lang": contents.lang,
        "title": contents.title,
        "sample": contents.sample,
        "foot": [contents.title, *contents.foot],
        "page_of": contents.page_of,
        "continued": translate(contents.lang, "(continued)"),
        "family": fonts.FAMILY,
        "colours": _colours(),
        "sealed_at": {
            name: getattr(sealed_at, name) for name in ("year", "month", "day", "hour", "minute", "second")
        },
    }


class _Pictures:
    """Draws each different bullet once and names its file."""

    def __init__(self, root: Path, lang: Language) -> None:
        self._root, self._lang = root, lang
        self._names: dict[Bullet, str] = {}

    def name(self, figures: Bullet) -> str:
        """The file of a bullet's picture, drawn when first asked for."""
        if figures not in self._names:
            name = f"bullet-{len(self._names) + 1}.svg"
            (self._root / name).write_text(bullet_svg(figures, self._lang), encoding="utf-8")
            self._names[figures] = name
        return self._names[figures]


def _sign(state: str) -> str:
    look = palette.look(state)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<path fill="{look.colour.of(_LOOK)}" fill-rule="evenodd" d="{look.sign}"/></svg>'
    )


def _colours() -> dict[str, object]:
    named = {
        "ink": palette.INK,
        "quiet": palette.QUIET,
        "line": palette.LINE,
        "raised": palette.RAISED,
        "accent": palette.ACCENT,
        "sample": palette.SAMPLE,
        "sample_ground": palette.SAMPLE_GROUND,
    }
    states = {**palette.TASK_STATES, **palette.STATUSES}
    return {
        **{name: colour.of(_LOOK) for name, colour in named.items()},
        "states": {state: look.colour.of(_LOOK) for state, look in states.items()},
    }


def colours_used() -> list[str]:
    """Every colour of a page as #rrggbb, each once."""
    colours = _colours()
    states = cast("dict[str, str]", colours.pop("states"))
    return list(dict.fromkeys([*(str(one) for one in colours.values()), *states.values()]))


def _block(block: Block, pictures: _Pictures, lang: Language) -> dict[str, object]:
    if isinstance(block, Tiles):
        tiles = [
            {
                "state": tile.state,
                "word": tile.word,
                "number": written.number(tile.number, lang),
                "total": written.number(tile.total, lang),
                "change": tile.change,
            }
            for tile in block.tiles
        ]
        return {"kind": "tiles", "tiles": tiles, "aside": block.aside}
    if isinstance(block, Note):
        return {"kind": "note", "text": block.text, "state": block.state, "strong": block.strong}
    return _table(block, pictures)


def _table(table: Table, pictures: _Pictures) -> dict[str, object]:
    return {
        "kind": "table",
        "key": table.key,
        "title": table.title,
        "note": table.note,
        "empty": table.empty,
        "columns": [
            {"title": column.title, "kind": column.kind, "width": column.width} for column in table.columns
        ],
        "rows": [[_cell(cell, pictures) for cell in row] for row in table.rows],
    }


def _cell(cell: Cell, pictures: _Pictures) -> dict[str, object]:
    return {
        "text": cell.text,
        "state": cell.state,
        "small": cell.small,
        "part": cell.part,
        "mark": cell.mark,
        "bullet": pictures.name(cell.bullet) if cell.bullet else None,
        "more": [_cell(more, pictures) for more in cell.more],
    }
