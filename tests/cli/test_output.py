"""A table is aligned and formatted for the reader's language; JSON is one plain document."""

import io
import json
from datetime import date, datetime
from decimal import Decimal

from kpis.cli.output import Ordinal, print_json, print_table

ROWS: list[dict[str, object]] = [
    {"name": "Sở Công Thương", "n": 1234.5, "day": date(2026, 3, 5), "row": Ordinal(1234), "text": "x" * 80},
    {"name": "a\x1b[31m\nb" + "y" * 80, "n": None, "day": None, "row": Ordinal(5), "text": "z"},
]


def format_table(lang: str) -> list[str]:
    out = io.StringIO()
    columns = {"name": "agency", "n": "actual", "day": "due on", "row": "row", "text": "what to do"}
    print_table(ROWS, columns, "vi" if lang == "vi" else "en", out)
    return out.getvalue().splitlines()


def test_numbers_are_right_aligned_and_a_row_number_has_no_grouping_mark() -> None:
    header, _, first, second = format_table("vi")
    assert header.startswith("cơ quan")
    assert "1.234,5  05/03/2026  1234  " in first
    assert first.index("1234  ") == second.index("   5  ")
    assert "1,234.5  5 Mar 2026" in format_table("en")[2]


def test_text_of_a_sheet_loses_control_characters_and_only_the_last_column_is_long() -> None:
    _, _, first, second = format_table("vi")
    assert "\x1b" not in second
    assert second.startswith("a[31m by")
    assert "…" in second
    assert first.endswith("x" * 80)


def test_json_has_days_moments_and_exact_numbers() -> None:
    out = io.StringIO()
    print_json(
        [
            {
                "day": date(2026, 3, 5),
                "at": datetime(2026, 3, 5, 2),
                "n": Decimal("2.0"),
                "x": Decimal("0.5"),
                "t": "Đ",
            }
        ],
        out,
    )
    assert json.loads(out.getvalue()) == [
        {"day": "2026-03-05", "at": "2026-03-05T09:00:00+07:00", "n": 2, "x": 0.5, "t": "Đ"}
    ]
    assert "Đ" in out.getvalue()
