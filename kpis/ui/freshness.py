"""How fresh the figures are: "Số liệu đến 09:00 21/11/2026 · 2/5 nguồn quá 14 ngày chưa cập nhật"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from markupsafe import Markup

from kpis.language import clock
from kpis.language import format as written
from kpis.language.messages import Language, translate
from kpis.store import sql
from kpis.store.database import Database
from kpis.ui.html import tag

STALE_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class Freshness:
    """`read_at`: the last good read of any source (naive UTC); `stale`: sources without change for 14 days.

    `failed`: sources that the last attempt could not read, or held: their figures are older.
    """

    read_at: datetime | None
    sources: int
    stale: int
    failed: int

    def line(self, lang: Language) -> list[Markup | str]:
        """The parts of the line under every title."""
        if self.read_at is None:
            return [translate(lang, "No source has been read yet")]
        moment = written.moment(self.read_at, lang)
        parts: list[Markup | str] = [translate(lang, "Figures read {moment}", moment=moment)]
        if self.stale:
            parts.append(self._warned(lang, "{n}/{all} sources unchanged for over 14 days", self.stale))
        if self.failed:
            parts.append(self._warned(lang, "{n}/{all} sources could not be read", self.failed))
        if not self.stale and not self.failed:
            parts.append(translate(lang, "all {all} sources up to date", all=self.sources))
        return [part for pair in zip(parts, [" · "] * len(parts), strict=True) for part in pair][:-1]

    def _warned(self, lang: Language, key: str, number: int) -> Markup:
        return tag("span", translate(lang, key, n=number, all=self.sources), class_="kpis-old")


def freshness(db: Database, today: date) -> Freshness:
    """How fresh a version's figures are on a day."""
    states = db.rows(sql.load("kpis.ui", "source_states"))
    read = [cast(datetime, state["last_good_at"]) for state in states]
    stale = sum(
        today - clock.local(cast(datetime, state["changed_at"])).date() > STALE_AFTER for state in states
    )
    return Freshness(max(read, default=None), len(states), stale, 0)
