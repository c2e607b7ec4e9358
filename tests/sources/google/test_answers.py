"""Answers with any field of another type are read as before or refused by name; none ends the pass."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from kpis.checks.source_check import check_source
from kpis.errors import SourceError
from kpis.feedback.google.sheet_contents import read_contents
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.model import Source
from kpis.sources.bounds import MAX_JSON_DEPTH
from kpis.sources.google.answers import check_spreadsheet
from kpis.sources.google.client import GoogleClient, RecordingClient
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.sheet_reader import TabSnapshot, read_google_sheet
from kpis.sources.google.strict_json import parse_json
from tests.google_stand_in import SheetError, Spreadsheet, a1, make_percent_cell
from tests.google_stand_in.fixtures import HEADER, NOW
from tests.google_stand_in.spreadsheet import ColumnMetadata

MakeFile = Callable[..., Spreadsheet]
Path = tuple[str | int, ...]
REPLACEMENTS: tuple[Any, ...] = (
    None, 5, -1, 10**12, 10**400, 1.5, True, "x", "", [], [None], [[[]]], [5], {}, {"a": None},
    [{"values": 5}],
)  # fmt: skip


class FixedClient(RecordingClient):
    """A client whose answer to every read is given."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.spreadsheets = []

    @contextmanager
    def share_deadline(self) -> Iterator[None]:
        yield

    def get_spreadsheet(self, *_: Any, **__: Any) -> dict[str, Any]:
        spreadsheet = check_spreadsheet(self.answer)
        self.spreadsheets.append(spreadsheet)
        return spreadsheet


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


@pytest.fixture
def answer(make_file: MakeFile, client: GoogleClient) -> dict[str, Any]:
    """Return the stand-in's answer for a sheet with one of everything."""
    rows: list[list[object]] = [
        HEADER,
        [date(2026, 3, 2), "Sở Công Thương", "Tin bài", 3, "Bản tin", "1/BC", "✓ Đã tính"],
        [SheetError("REF"), True, make_percent_cell(0.5), 1.5],
    ]
    file = make_file(rows)
    tab = file.get_sheet("Tiến độ")
    tab.merges.append(a1.A1Range(3, 0, 5, 2))
    tab.column_metadata.append(ColumnMetadata(5, "kpis-phan-hoi", 6))
    tab.columns = 8
    file.get_sheet("Nhiệm vụ").columns = 3
    recorder = RecordingClient(client)
    return recorder.get_spreadsheet(file.id)


def list_paths(value: object, path: Path = ()) -> Iterator[Path]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield from list_paths(item, (*path, name))


def replace_field(answer: dict[str, Any], path: Path, value: object) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(answer)
    place: Any = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return changed


def read_answer(answer: Any, register: Register, last_tabs: tuple[TabSnapshot, ...] = ()) -> bool:
    """Read, check and record an answer as a sync does; True if it was read."""
    source = Source("s", "ha-noi", "google", "1" * 44)
    recorder = FixedClient(answer)
    try:
        result = read_google_sheet(source, recorder, NOW, last_tabs)
        check_source(result.sheet, "ha-noi", register, NOW.date())
        read_contents(recorder.spreadsheets)
    except SourceError:
        return False
    return True


def test_every_field_of_every_type_is_read_or_refused(answer: dict[str, Any], register: Register) -> None:
    assert read_answer(answer, register)
    outcomes = [
        read_answer(replace_field(answer, path, value), register)
        for path in list_paths(answer)
        for value in REPLACEMENTS
    ]
    assert outcomes.count(False) > 1000 and outcomes.count(True) > 100


@pytest.mark.parametrize("seed", range(5))
def test_several_fields_of_other_types_are_read_or_refused(
    answer: dict[str, Any], register: Register, seed: int
) -> None:
    rng = random.Random(seed)
    paths = [path for path in list_paths(answer) if path]
    for _ in range(100):
        changed = answer
        for path in rng.sample(paths, 3):
            try:
                changed = replace_field(changed, path, rng.choice(REPLACEMENTS))
            except (KeyError, IndexError, TypeError, AttributeError):  # the field above it was replaced
                continue
        read_answer(changed, register)


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("sheets",), None, "sheets"),
        (("sheets", 0), None, "sheets[0]"),
        (("sheets", 0, "properties", "sheetId"), "x", "sheets[0].properties.sheetId"),
        (("sheets", 0, "properties", "title"), "\ud800", "sheets[0].properties.title"),
        (("sheets", 0, "data", 0, "rowData", 1), 5, "sheets[0].data[0].rowData[1]"),
        (("sheets", 0, "data", 0, "startColumn"), 10**9, "sheets[0].data[0].startColumn"),
        (("sheets", 0, "merges", 0, "endRowIndex"), 10**9, "sheets[0].merges[0].endRowIndex"),
        (("properties", "locale"), 5, "properties.locale"),
    ],
)
def test_the_sentence_names_the_field(answer: dict[str, Any], path: Path, value: object, place: str) -> None:
    with pytest.raises(GoogleError) as caught:
        check_spreadsheet(replace_field(answer, path, value))
    assert caught.value.kind == "malformed" and caught.value.values["place"] == place


def test_a_large_answer_is_checked_in_about_the_time_of_its_parsing(answer: dict[str, Any]) -> None:
    rows = answer["sheets"][0]["data"][0]["rowData"] * 3000
    check_spreadsheet(replace_field(answer, ("sheets", 0, "data", 0, "rowData"), rows))


def nest(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_json_is_parsed_strictly() -> None:
    assert parse_json(nest(MAX_JSON_DEPTH)) and parse_json(json.dumps({"a": '[[[\\"{{'}).encode())
    assert parse_json(b'"' + b"[" * 1000 + b'"') == "[" * 1000
    for text in (
        nest(MAX_JSON_DEPTH + 1),
        nest(10**6),
        b'["]",' * 50_000,
        b'{"a": 1, "a": 2}',
        b"[NaN]",
        b"[1",
        b"\xff",
        b"",
        b'"\\"',
    ):
        with pytest.raises(ValueError, match=r"."):
            parse_json(text)
