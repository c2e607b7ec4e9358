"""The text of the document, with the clause of the shown row lit; every character of it is text, never markup."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from kpis.plan_import.review.draft.model import Draft, DraftRow, TextBlock
from kpis.ui.plan_import.clause_lines import locate_clause
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.page_view import PageView

LIT_CLASS = "kpis-lit"
"""CSS class of the lit clause; the script of the first document scrolls the text to it."""
PANE_CLASS = "kpis-source"
MAX_CHARACTERS = 60_000
"""Characters shown at once: about 20 pages around the clause; of a longer document the rest is named."""

Span = tuple[int, int]


def render_document_text(draft: Draft, row: DraftRow, view: PageView) -> Markup:
    """Return the document's text, or of a very long one the part around the clause of a row."""
    at = None if row.place is None else row.place.block
    blocks = _choose_blocks(draft.text, at)
    notes = [view.t("{file}: the text as it was read.", file=draft.file_name)]
    if len(blocks) < len(draft.text):
        notes.append(view.t("Only the part around the clause is shown; the workbook has the whole text."))
    return tag(
        "section",
        tag("h2", view.t("Text of the document")),
        tag("p", " ".join(notes), class_="kpis-quiet kpis-small"),
        tag(
            "div",
            *_render_blocks(blocks, row if at is not None else None, view),
            class_=PANE_CLASS,
            tabindex="0",
            role="region",
            aria_label=view.t("Text of the document"),
        ),
        class_="kpis",
        lang="vi",
    )


def _choose_blocks(blocks: tuple[TextBlock, ...], at: int | None) -> list[TextBlock]:
    """Return the blocks nearest to one, in their order, up to the limit; that one always."""
    middle = next((position for position, block in enumerate(blocks) if block.index == at), 0)
    chosen: set[int] = set()
    length = 0
    for position in sorted(range(len(blocks)), key=lambda position: abs(position - middle)):
        length += len(blocks[position].text)
        if chosen and length > MAX_CHARACTERS:
            break
        chosen.add(position)
    return [blocks[position] for position in sorted(chosen)]


def _render_blocks(blocks: list[TextBlock], row: DraftRow | None, view: PageView) -> Iterator[Child]:
    page = None
    for block in blocks:
        if block.page != page:
            page = block.page
            yield tag("p", view.t("page {page}", page=page), class_="kpis-page") if page else None
        is_cited = row is not None and row.place is not None and block.index == row.place.block
        span = locate_clause(block, row) if is_cited and row is not None else None
        yield _render_table(block, span) if "\t" in block.text else tag("p", *_split(block.text, span))


def _render_table(block: TextBlock, span: Span | None) -> Markup:
    """Return a table row by row; a cell that repeats its neighbour, as merged ones do, stands once."""
    lines, start = [], 0
    for line in block.text.split("\n"):
        cells: list[Markup] = []
        texts = line.split("\t")
        is_lit = span is not None and start < span[1] and start + len(line) > span[0]
        for position, cell in enumerate(texts):
            if position == 0 or cell != texts[position - 1] or not cell:
                cells.append(tag("td", cell))
        lines.append(tag("tr", *cells, class_=LIT_CLASS if is_lit else None))
        start += len(line) + 1
    return tag("table", tag("tbody", *lines))


def _split(text: str, span: Span | None) -> Iterator[Child]:
    if span is None or span[0] >= span[1]:
        yield text
        return
    yield text[: span[0]]
    yield tag("mark", text[span[0] : span[1]], class_=LIT_CLASS)
    yield text[span[1] :]
