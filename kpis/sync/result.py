"""The result of a sync: one per source, with messages that can be rendered in either language later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kpis.errors import KpisError
from kpis.language.messages import Language, translate
from kpis.store.version_store import Writer
from kpis.sync.state import RowCounts

SyncOutcome = Literal["changed", "unchanged", "failed", "held"]


@dataclass(frozen=True)
class Message:
    """A sentence not yet rendered: a catalogue key and its values (numbers, texts or further messages)."""

    key: str
    values: Mapping[str, str | int | Message] = field(default_factory=dict)

    @classmethod
    def from_error(cls, error: KpisError) -> Message:
        """Return the message of an error, for a reader whose language is not known yet."""
        return cls(error.text, {name: _to_value(value) for name, value in error.values.items()})

    def to_text(self, lang: Language) -> str:
        """Return the sentence in a language."""
        values = {
            name: value.to_text(lang) if isinstance(value, Message) else value for name, value in self.values.items()
        }
        return translate(lang, self.key, **values)

    def hide_folders(self) -> Message:
        """Return the message with the names of files alone where it has their paths on this machine."""
        return Message(self.key, {name: _hide_folder(value) for name, value in self.values.items()})

    def to_json(self) -> dict[str, object]:
        """Return the form stored in the journal."""
        values = {name: value.to_json() if isinstance(value, Message) else value for name, value in self.values.items()}
        return {"key": self.key, "values": values}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Message:
        """Return the message that `to_json` wrote."""
        values = data.get("values")
        return cls(
            str(data.get("key", "")),
            {
                str(name): cls.from_json(value) if isinstance(value, dict) else value
                for name, value in (values.items() if isinstance(values, dict) else ())
            },
        )


def _hide_folder(value: str | int | Message) -> str | int | Message:
    if isinstance(value, Message):
        return value.hide_folders()
    if isinstance(value, str) and (value.startswith(("/", "\\\\")) or value[1:3] in (":\\", ":/")):
        return value.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return value


def _to_value(value: object) -> str | int | Message:
    if isinstance(value, KpisError):
        return Message.from_error(value)
    return value if isinstance(value, int) else str(value)


@dataclass(frozen=True)
class SourceResult:
    """The result of one source.

    `read`, `accepted`, `warned`, `rejected` and `set_aside` count rows of this read, 0 if it failed; read is
    accepted, rejected and set aside together, accepted includes warned. `recorded` and `retired` count
    accepted rows added to and removed from the current set.
    """

    id: str
    outcome: SyncOutcome
    read: int = 0
    accepted: int = 0
    warned: int = 0
    rejected: int = 0
    recorded: int = 0
    retired: int = 0
    messages: tuple[Message, ...] = ()
    set_aside: int = 0

    @property
    def counts(self) -> RowCounts:
        """The counts of this read only."""
        return RowCounts(
            read=self.read,
            accepted=self.accepted,
            warned=self.warned,
            rejected=self.rejected,
            set_aside=self.set_aside,
        )

    def format_messages(self, lang: Language, *, with_folders: bool = True) -> str:
        """Return all its sentences, separated by spaces; `with_folders` False for readers elsewhere."""
        messages = self.messages if with_folders else [message.hide_folders() for message in self.messages]
        return " ".join(message.to_text(lang) for message in messages)


@dataclass(frozen=True)
class SyncResult:
    """The result of one sync. `running`: another sync held the lock, so this one did nothing; `writer` is who, if told.

    `version` is the current version, None before the first one.
    """

    sources: tuple[SourceResult, ...]
    version: int | None
    running: bool = False
    published: bool = False
    writer: Writer | None = None
