"""The schedules in the guides start on Monday at six in Việt Nam, also on a server in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from kpis.language import clock
from tests.paths import DOCS


@pytest.mark.parametrize("name", ["giao-ban.md", "weekly-pack.md"])
def test_the_weekly_cron_line_is_correct_on_a_server_in_utc(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    (block,) = re.findall(r"```cron\n(.*?)```", text, re.DOTALL)
    minute, hour, _, _, weekday = block.split()[:5]
    sunday = 22 + int(weekday)  # 22/11/2026 is a Sunday, which cron counts as 0
    local = clock.to_local(datetime(2026, 11, sunday, int(hour), int(minute), tzinfo=UTC).replace(tzinfo=None))
    assert (local.isoweekday(), local.hour, local.minute) == (1, 6, 0)
    assert "CRON_TZ" not in block and "UTC" in text and "0 6 * * 1" in text
    assert "OnCalendar=Mon *-*-* 06:00:00 Asia/Ho_Chi_Minh" in text
