"""How fresh the figures are: "Số liệu đến 09:00 21/11/2026 · 2/5 nguồn quá 14 ngày chưa cập nhật"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from kpis.language import clock
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.store.database import Database
from kpis.sync.status import is_abandoned, list_source_statuses
from kpis.ui.shared.html import tag


@dataclass(frozen=True)
class Freshness:
    """`read_at`: the last good read of any source (naive UTC); `stale`: sources without change for 14 days.

    `failed`: sources that the last attempt could not read, `held`: those that it read and did not take, since
    too much was gone: their figures are older. `unread`: those whose figures count and that nobody reads any
    more, or that were not read for three days.
    """

    read_at: datetime | None
    sources: int
    stale: int
    failed: int
    abandoned: int = 0
    held: int = 0

    def render_parts(self, lang: Language) -> list[Markup | str]:
        """The parts of the line under every title."""
        if self.read_at is None:
            return [translate(lang, "No source has been read yet")]
        moment = written.format_moment(self.read_at, lang)
        parts: list[Markup | str] = [translate(lang, "Figures read {moment}", moment=moment)]
        if self.stale:
            parts.append(
                self._render_warning(lang, "{n}/{all} sources unchanged for over 14 days", self.stale)
            )
        if self.failed:
            parts.append(self._render_warning(lang, "{n}/{all} sources could not be read", self.failed))
        if self.held:
            parts.append(self._render_warning(lang, "{n}/{all} sources held", self.held))
        if self.abandoned:
            parts.append(self._render_warning(lang, "{n}/{all} sources not read any more", self.abandoned))
        if not self.stale and not self.failed and not self.abandoned and not self.held:
            key = "all {all} sources up to date" if self.sources > 1 else "its source up to date"
            parts.append(translate(lang, key, all=self.sources))
        return [part for pair in zip(parts, [" · "] * len(parts), strict=True) for part in pair][:-1]

    def _render_warning(self, lang: Language, key: str, count: int) -> Markup:
        return tag("span", translate(lang, key, n=count, all=self.sources), class_="kpis-old")


def load_freshness(db: Database, today: date, plan: str | None) -> Freshness:
    """How fresh the figures of a plan, or of all, are on a day."""
    now = clock.get_end_of_day(today)
    statuses = [one for one in list_source_statuses(db, db.pointer, now) if plan in (None, one.plan)]
    read = [status.last_good_at for status in statuses if status.last_good_at]
    outcomes = [one.last_attempt.result.outcome for one in statuses if one.configured and one.last_attempt]
    return Freshness(
        read_at=max(read, default=None),
        sources=len(statuses),
        stale=sum(status.stale and status.last_good_at is not None for status in statuses),
        failed=outcomes.count("failed"),
        held=outcomes.count("held"),
        abandoned=sum(is_abandoned(status, now) for status in statuses),
    )
