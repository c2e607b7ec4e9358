"""Developer metadata on the column `Phản hồi`, so that a write follows the column itself.

Google moves the metadata with its column and deletes it with the column. Its id belongs to one column of one
file; the copy that a duplicated tab gets has another. Source:
https://developers.google.com/workspace/sheets/api/guides/metadata
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FEEDBACK_TAG_KEY = "kpis-phan-hoi"
TAG_FIELDS = "columnMetadata(developerMetadata(metadataId,metadataKey))"
"""Field mask of the tags inside `sheets(data(…))`."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ColumnTag:
    """One tag: its id in the file, and the column (from 0) on which it was found."""

    id: int
    column: int


def build_tag_request(sheet_id: int, column: int) -> Json:
    """Return the request of spreadsheets.batchUpdate that tags a column."""
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    metadata = {
        "metadataKey": FEEDBACK_TAG_KEY,
        "location": {"dimensionRange": span},
        "visibility": "PROJECT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def list_tags(sheet: Mapping[str, Any]) -> Iterator[ColumnTag]:
    """Yield our tags on the columns of a Sheet resource, the lowest id of a column first."""
    for grid in sheet.get("data", ()):
        for column, properties in enumerate(grid.get("columnMetadata", ()), grid.get("startColumn", 0)):
            ids = sorted(
                item["metadataId"]
                for item in properties.get("developerMetadata", ())
                if item.get("metadataKey") == FEEDBACK_TAG_KEY
            )
            yield from (ColumnTag(tag_id, column) for tag_id in ids)


def build_column_filter(tag_id: int) -> Json:
    """Return the DataFilter that selects the tagged column, wherever it is now."""
    return {"developerMetadataLookup": {"metadataId": tag_id, "locationType": "COLUMN"}}


def build_column_values(values: Mapping[int, object]) -> list[list[object]]:
    """Return values by row number (from 1) as one column; null leaves a cell as it is."""
    return [[values.get(row) for row in range(1, max(values) + 1)]]
