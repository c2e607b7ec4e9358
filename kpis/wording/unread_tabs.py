"""The sentence that names tabs and files that look like ours and are not read (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpis.language.messages import Language, translate
from kpis.sync.result import Message

_MAX_NAMED_TABS = 5


def format_sentence(
    names: Mapping[str, str], unread_tabs: Mapping[str, Sequence[Message]], lang: Language
) -> str | None:
    """Return one sentence on the unread tabs of these plans (plan -> name of its place); None without any."""
    tabs = [
        f"“{message.values['tab']}” ({name}: {message.values['rows']})"
        for plan, name in names.items()
        for message in unread_tabs.get(plan, ())
    ]
    if not tabs:
        return None
    listed = ", ".join(tabs[:_MAX_NAMED_TABS]) + (" …" if len(tabs) > _MAX_NAMED_TABS else "")
    key = "Not read, though they look like our tabs (place: rows): {tabs}. Their rows do not count."
    return translate(lang, key, tabs=listed)
