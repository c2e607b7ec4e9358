"""The order of a plan's versions: as they were accepted, a correction in the place of the version that it corrects."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from kpis.register.accepted_plans import VERSION_FILE, AcceptedVersion


def find_last_version(versions: Sequence[AcceptedVersion]) -> AcceptedVersion:
    """Return the last version in order; one whose file cannot be read, which is a fault already, corrects none."""
    order: list[AcceptedVersion] = []
    for version in versions:
        corrected = _read_corrected(version)
        if corrected is None:
            order.append(version)
        else:
            order = [version if other.number == corrected else other for other in order]
    return order[-1] if order else versions[-1]


def _read_corrected(version: AcceptedVersion) -> int | None:
    try:
        content = tomllib.loads((version.folder / VERSION_FILE).read_text(encoding="utf-8"))
        number = content["version"].get("corrects")
    except (OSError, ValueError, LookupError, AttributeError):
        return None
    return number if isinstance(number, int) else None
