"""What a source's result says besides its rows: unread and hidden tabs, and the notes of its reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kpis.sheet.model import RawSheet, Source, UnreadTab
from kpis.sheet.tab_headers import find_tab_kind
from kpis.sync.attempts import read_attempts
from kpis.sync.result import Message, SourceResult

UNREAD_TAB_NOTE = (
    "“{tab}” ({rows} rows) looks like one of our tabs but is not read, so its rows do not count. "
    'Move them to “Tiến độ” or “Nhiệm vụ”, or write ignore_tabs = ["{tab}"] under the source if it is not '
    "needed."
)
UNREAD_TAB_LIMIT_NOTE = (
    "“{tab}” (at most {rows} rows) looks like one of our tabs but is not read, so its rows do not count. "
    'Move them to “Tiến độ” or “Nhiệm vụ”, or write ignore_tabs = ["{tab}"] under the source if it is not '
    "needed."
)
UNREAD_TAB_NOTES = frozenset({UNREAD_TAB_NOTE, UNREAD_TAB_LIMIT_NOTE})
HIDDEN_TAB_NOTE = "The tab “{tab}” is hidden and is read all the same. Show it, so that everybody sees its rows."
EXPLANATIONS_KEPT_NOTE = "Tab “Giải trình”: the rows of its last good read are kept. {reason}"
EXPLANATIONS_UNREAD_NOTE = "Tab “Giải trình” is not read. {reason}"
_EXPLANATION_NOTES = frozenset({EXPLANATIONS_KEPT_NOTE, EXPLANATIONS_UNREAD_NOTE})
_TAB_NOTES = UNREAD_TAB_NOTES | _EXPLANATION_NOTES | {HIDDEN_TAB_NOTE}


def list_note_messages(raw: RawSheet) -> tuple[Message, ...]:
    """Return the messages about a sheet that was read."""
    return (*(Message(note) for note in raw.notes), *_list_tab_messages(raw))


def build_unread_message(unread: UnreadTab) -> Message:
    """Return the message about one tab that looks like ours and is not read."""
    key = UNREAD_TAB_LIMIT_NOTE if unread.is_upper_bound else UNREAD_TAB_NOTE
    return Message(key, {"tab": unread.name, "rows": unread.rows})


def recall_note_messages(pointer: Path, source: Source) -> tuple[Message, ...]:
    """Return the messages about the tabs of a source that was not read again, from its last good attempt."""
    for attempts in reversed(read_attempts(pointer)):
        for attempt in attempts:
            if attempt.result.id == source.id and attempt.result.outcome in ("changed", "unchanged"):
                return tuple(message for message in attempt.result.messages if message.key in _TAB_NOTES)
    return ()


def is_wholly_read(result: SourceResult) -> bool:
    """True if every tab of a source was read well: what kept one from it may pass without a change of its file."""
    keys = {message.key for message in result.messages}
    return result.outcome in ("changed", "unchanged") and not keys & _EXPLANATION_NOTES


def _list_tab_messages(raw: RawSheet) -> Iterator[Message]:
    for tab in raw.tabs:
        if tab.is_hidden and find_tab_kind(tab.name):
            yield Message(HIDDEN_TAB_NOTE, {"tab": tab.name})
    yield from map(build_unread_message, raw.unread_tabs)
