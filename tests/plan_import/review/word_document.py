"""A text of a test as a Word document: paragraphs, and lines with tabs as the rows of a table."""

from __future__ import annotations

from pathlib import Path

import docx


def write_word_document(path: Path, text: str) -> Path:
    """Write a document."""
    document = docx.Document()
    rows: list[list[str]] = []
    for line in [*text.split("\n"), ""]:
        if "\t" in line:
            rows.append(line.split("\t"))
            continue
        if rows:
            table = document.add_table(len(rows), len(rows[0]))
            for cells, row in zip(rows, table.rows, strict=True):
                for text_of_cell, cell in zip(cells, row.cells, strict=True):
                    cell.text = text_of_cell
            rows = []
        if line:
            document.add_paragraph(line)
    document.save(str(path))
    return path
