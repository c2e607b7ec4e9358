"""Lines of the audit for what people and commands do; an installation without a rights file keeps no audit."""

from __future__ import annotations

from datetime import datetime

from kpis.access.audit import AuditLog
from kpis.access.enforcement import get_access_paths, is_enforced
from kpis.settings import Settings


def record_action(settings: Settings, action: str, person: str, now: datetime, **details: object) -> None:
    """Add a line (naive UTC) where rights are enforced. AuditError if it cannot be written: do not act then."""
    paths = get_access_paths(settings)
    if is_enforced(paths):
        AuditLog(paths.pointer, paths.shared).append(action, person, now, **details)
