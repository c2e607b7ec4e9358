"""The indicators that a reviewer may see: those that another plan brought with it are not named."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from kpis.register.accepted_plans import INDICATORS_FILE, list_versions
from kpis.register.model import Register

MaySeePlan = Callable[[str], bool]


def hide_indicators(register: Register, overlay: Path | None, may_see: MaySeePlan) -> Register:
    """Return a register without the indicators that only plans out of sight brought; those in use in sight stay."""
    hidden = {indicator for plan, indicator in _list_brought(overlay) if not may_see(plan)}
    hidden -= {indicator for plan, indicator in _list_brought(overlay) if may_see(plan)}
    hidden -= {target.indicator for target in register.targets.values() if may_see(target.plan)}
    visible = {name: indicator for name, indicator in register.indicators.items() if name not in hidden}
    return replace(register, indicators=visible)


def _list_brought(overlay: Path | None) -> Iterator[tuple[str, str]]:
    """Yield plan and indicator of every accepted version, of a register that was loaded without a fault."""
    for plan, versions in (list_versions(overlay) if overlay is not None else {}).items():
        for version in versions:
            path = version.folder / INDICATORS_FILE
            if path.exists():
                for table in tomllib.loads(path.read_text(encoding="utf-8")).get("indicator", ()):
                    yield plan, str(table["id"])
