"""Only rows that are like another one are compared, and the groups are those of comparing all (design.md §8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.measures.doubtful_entries import EntryRow, build_unmarked_row
from kpis.measures.same_events import list_joint_events, list_repeated_rows, list_similar_rows
from kpis.measures.shared_events import Occurrence

_EVENT = "Hội nghị tuyên truyền quyền lợi người tiêu dùng tại trung tâm huyện"
_CONTENTS = [
    None, _EVENT, f"{_EVENT}.", f"{_EVENT} năm nay", f"{_EVENT} lớp 2", "Hội nghị tuyên truyền tại phường Bến Nghé",
    "Hội nghị tuyên truyền tại phường Tân Định", "Tin về kiểm tra chợ", "Tin bài",
]  # fmt: skip
_EVIDENCE = [
    None, "12/BC-SCT", "Số 012 / BC-SCT", "https://drive.google.com/file/d/1abcDEF/view",
    "https://drive.google.com/open?id=1abcDEF https://vi-du.vn/tin/1", "https://www.vi-du.vn/tin/1/?utm_source=zalo",
    "https://vi-du.vn/",
]  # fmt: skip
_DAYS = [date(2026, 3, day) for day in range(1, 6)]


@st.composite
def draw_rows(draw: st.DrawFn) -> list[EntryRow]:
    """Draw rows of one period in order, many of which are alike."""
    rows = [
        build_unmarked_row(
            "nguồn",
            number,
            draw(st.sampled_from("ABCDE")),
            draw(st.sampled_from(_DAYS)),
            draw(st.integers(0, 2)),
            draw(st.sampled_from(_CONTENTS)),
            draw(st.sampled_from(_EVIDENCE)),
        )
        for number in range(draw(st.integers(0, 14)))
    ]
    return sorted(rows, key=lambda row: row.order)


def list_groups(rows: list[EntryRow], *, is_joint: bool) -> list[list[int]]:
    occurrences = [Occurrence((row,)) for row in rows]
    groups = list_repeated_rows(occurrences) + (list_joint_events(occurrences) if is_joint else [])
    return [[occurrence.rows[0].row_hash for occurrence in group] for group in groups]


@settings(max_examples=300, deadline=None)
@given(draw_rows(), st.booleans(), st.sampled_from(_DAYS), st.sets(st.sampled_from("ABCDE")))
def test_8_groups_of_similar_rows_are_those_of_all_rows(
    rows: list[EntryRow], is_joint: bool, day: date, invisible: set[str]
) -> None:
    similar = list_similar_rows(rows, is_joint=is_joint)
    assert [row for row in rows if row in similar] == similar
    # on any day, and for whoever sees only some agencies' rows
    for selected in (rows, [row for row in rows if row.occurred_on <= day and row.agency not in invisible]):
        narrowed = [row for row in selected if row in similar]
        assert list_groups(narrowed, is_joint=is_joint) == list_groups(selected, is_joint=is_joint)
    in_groups = {number for group in list_groups(rows, is_joint=is_joint) for number in group}
    assert in_groups <= {row.row_hash for row in similar}


@settings(max_examples=100, deadline=None)
@given(draw_rows(), st.booleans())
def test_8_every_similar_row_has_another_one_that_is_the_same(rows: list[EntryRow], is_joint: bool) -> None:
    for row in list_similar_rows(rows, is_joint=is_joint):
        pairs = [sorted([row, other], key=lambda each: each.order) for other in rows if other is not row]
        assert any(list_similar_rows([replace(each) for each in pair], is_joint=is_joint) for pair in pairs)
