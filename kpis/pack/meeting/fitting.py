"""Fits pages to sheets and slides: each shows the longest lists with which it takes no more of them than it may."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kpis.pack.pages.contents import Contents, Page
from kpis.pack.pdf.typesetting import Typesetter, split_into_runs
from kpis.pack.pptx.slides import SlideCounter

Limits = Mapping[str, int]
"""Name of a list -> how many of its rows are shown at most."""


@dataclass(frozen=True)
class MeetingPage:
    """A page that may take `max_sheets`, and as many slides.

    `limits` are its lists at their longest, the most important first.
    """

    build: Callable[[Limits], Page]
    limits: Limits
    max_sheets: int = 1

    def list_steps(self) -> tuple[Limits, ...]:
        """Return the limits from the longest lists to none; the less important a list, the earlier it is cut.

        Every list is first cut to half its length, in the order of its importance from the last, then to nothing.
        """
        return tuple(_iterate_steps(self.limits))


def _iterate_steps(limits: Limits) -> Iterator[Limits]:
    current = dict(limits)
    yield dict(current)
    for least in ({name: -(-limit // 2) for name, limit in limits.items()}, dict.fromkeys(limits, 0)):
        for name in reversed(list(limits)):
            while current[name] > least[name]:
                current[name] -= 1
                yield dict(current)


def fit_pages(
    pages: Sequence[MeetingPage], shell: Contents, sealed_at: datetime, work_folder: Path
) -> tuple[Page, ...]:
    """Return every page with the longest lists that fit; `shell` has what is on every page.

    A page that takes too many sheets without any row is returned so: its sentences are not cut.
    """
    typesetter, slides = Typesetter(shell, sealed_at, work_folder), SlideCounter(shell)
    steps = [page.list_steps() for page in pages]
    lowest, highest = [0] * len(pages), [len(options) - 1 for options in steps]
    while undecided := [at for at in range(len(pages)) if lowest[at] < highest[at]]:
        middles = {at: (lowest[at] + highest[at]) // 2 for at in undecided}
        built = [pages[at].build(steps[at][middles[at]]) for at in undecided]
        for at, page, sheets in zip(undecided, built, _count_sheets(typesetter, built), strict=True):
            if sheets <= pages[at].max_sheets and slides.count(page) <= pages[at].max_sheets:
                highest[at] = middles[at]
            else:
                lowest[at] = middles[at] + 1
    return tuple(page.build(options[at]) for page, options, at in zip(pages, steps, lowest, strict=True))


def _count_sheets(typesetter: Typesetter, pages: Sequence[Page]) -> list[int]:
    """Return how many sheets each page takes."""
    sheets: list[int] = []
    for run in typesetter.iterate_runs(list(split_into_runs(pages))):
        sheets += typesetter.measure(run).page_sheets
    return sheets
