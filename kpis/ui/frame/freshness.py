"""How fresh the figures are: "Số liệu đến 09:00 21/11/2026 · 2/5 nguồn quá 14 ngày chưa cập nhật"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from kpis.language import clock, formatting
from kpis.language.messages import translate
from kpis.store.database import Database
from kpis.sync.status import STALE_AFTER, is_abandoned, list_source_statuses
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.list_links import COUNT_CLASS, link_to_sources
from kpis.ui.shared.page_view import PageView


@dataclass(frozen=True)
class Freshness:
    """`read_at`: the last successful read of any source (naive UTC). The others count sources.

    `stale`: unchanged for longer than `STALE_AFTER`; `failed`: could not be read at the last attempt;
    `late_since`: when the last reading ended, if too long ago for "up to date" (not kept with the rest).
    `held_back`: read, but not accepted since too many rows were gone; `abandoned`: see `is_abandoned`.
    """

    read_at: datetime | None
    sources: int
    stale: int
    failed: int
    abandoned: int = 0
    held_back: int = 0
    late_since: datetime | None = None

    def render_parts(self, view: PageView) -> list[Markup | str]:
        """Return the parts of the line under every title; a count of sources leads to them."""
        lang = view.lang
        if self.read_at is None:
            return [translate(lang, "No source has been read yet")]
        moment = formatting.format_moment(self.read_at, lang)
        parts: list[Markup | str] = [translate(lang, "Figures read {moment}", moment=moment)]
        if self.stale:
            parts.append(
                self._render_warning(view, "{n}/{all} sources unchanged for over {days} days", self.stale, "stale")
            )
        if self.failed:
            parts.append(self._render_warning(view, "{n}/{all} sources could not be read", self.failed, "failed"))
        if self.held_back:
            parts.append(self._render_warning(view, "{n}/{all} sources held back", self.held_back, "held"))
        if self.abandoned:
            parts.append(self._render_warning(view, "{n}/{all} sources no longer read", self.abandoned, "abandoned"))
        if self.late_since is not None:
            late = formatting.format_moment(self.late_since, lang)
            text = translate(lang, "not read again since {moment}", moment=late)
            parts.append(tag("span", text, class_="kpis-old"))
        elif not self.stale and not self.failed and not self.abandoned and not self.held_back:
            key = "all {all} sources up to date" if self.sources > 1 else "the source is up to date"
            parts.append(translate(lang, key, all=self.sources))
        return [part for pair in zip(parts, [" · "] * len(parts), strict=True) for part in pair][:-1]

    def _render_warning(self, view: PageView, key: str, count: int, kind: str) -> Markup:
        text = view.t(key, n=count, all=self.sources, days=STALE_AFTER.days)
        link = html.render_link(link_to_sources(view, status=(kind,), agency=None), text, class_=COUNT_CLASS)
        return tag("span", link, class_="kpis-old")


def load_freshness(db: Database, today: date, plan: str | None) -> Freshness:
    """Return how fresh the figures of a plan, or of all plans, are at the end of `today`."""
    now = clock.get_end_of_day(today)
    statuses = [status for status in list_source_statuses(db, db.pointer, now) if plan in (None, status.plan)]
    read_moments = [status.last_good_at for status in statuses if status.last_good_at]
    outcomes = [status.last_attempt.result.outcome for status in statuses if status.configured and status.last_attempt]
    return Freshness(
        read_at=max(read_moments, default=None),
        sources=len(statuses),
        stale=sum(status.stale and status.last_good_at is not None for status in statuses),
        failed=outcomes.count("failed"),
        held_back=outcomes.count("held"),
        abandoned=sum(is_abandoned(status, now) for status in statuses),
    )
