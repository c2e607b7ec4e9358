"""The time that proposals take for twice the text, against once: a plan's pages must not cost their square."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bench.results import BenchLine
from bench.timing import Spread, build_timer, take_turns
from kpis.plan_import.model import Block, OutlinedBlock
from kpis.plan_import.proposals import propose_targets

PARAGRAPHS = 200
"""Of about twenty pages."""
REPEATS = 100
_TURNS = 7
_GOAL = 3.0


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 14 for paragraphs and for a text without marks; the size of a database has no part in it."""
    if "sample" not in sizes:
        return []
    return [
        _measure_twice("targets of a plan of forty pages", "of twenty pages", build_paragraphs, PARAGRAPHS, deadline),
        _measure_twice("targets of a text without marks", "of half of it", build_unmarked, REPEATS, deadline),
        _measure_twice("targets of one long paragraph", "of half of it", build_sentences, REPEATS, deadline),
    ]


def build_paragraphs(count: int) -> list[OutlinedBlock]:
    """Return so many paragraphs of a goals section, each with four targets."""
    return _outline(
        f"- Phấn đấu đến năm 2030 có ít nhất {number % 90 + 10}% số hộ, trên {number}.000 lượt người được tập huấn, "
        f"giảm chi phí bình quân 1,5 - 2%/năm theo Quyết định số {number}/QĐ-UBND; hằng năm tổ chức 02 hội nghị."
        for number in range(1, count + 1)
    )


def build_unmarked(count: int) -> list[OutlinedBlock]:
    """Return one paragraph of so many phrases without a mark between them, each with two targets."""
    return _outline(["Tỷ lệ hộ dân đạt 95% số xã, phường trên 4 nơi " * count])


def build_sentences(count: int) -> list[OutlinedBlock]:
    """Return one paragraph of so many sentences that repeat themselves, each with two targets and a baseline."""
    return _outline(["Đến năm 2026 có 90% hộ có nước sạch (hiện trạng: 70%); hỗ trợ 12 thôn khó khăn. " * count])


def _outline(texts: Iterable[str]) -> list[OutlinedBlock]:
    titles = ("II. MỤC TIÊU", "2. Mục tiêu cụ thể đến năm 2030")
    return [
        OutlinedBlock(Block(index, text, lines=(index + 1,)), "II.2", titles, "goals")
        for index, text in enumerate(texts)
    ]


def _measure_twice(
    subject: str, compared_with: str, build: Callable[[int], list[OutlinedBlock]], count: int, deadline: float
) -> BenchLine:
    twice, once = build(2 * count), build(count)
    timers = [build_timer(lambda: propose_targets(twice)), build_timer(lambda: propose_targets(once))]
    measured, baseline = (Spread.compute(times) for times in take_turns(timers, _TURNS, deadline=deadline))
    return BenchLine(14, "sample", subject, compared_with, _GOAL, measured, baseline)
