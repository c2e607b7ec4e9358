"""What a command is, and what it is given when it runs."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from types import FrameType
from typing import TextIO

from kpis import settings
from kpis.cli import output
from kpis.cli.options import Option
from kpis.errors import UsageError
from kpis.language import clock
from kpis.language.messages import Language

_RESEND_DELAY = 0.02  # seconds


@dataclass(frozen=True)
class Request:
    """One run: the values of its options by name, the environment, the streams and the clock (naive UTC)."""

    values: Mapping[str, str | bool | list[str]]
    environ: Mapping[str, str]
    lang: Language
    out: TextIO
    err: TextIO
    now: datetime

    def get_text(self, option: Option) -> str | None:
        """The value of an option; None when it was not given."""
        value = self.values.get(option.name)
        return value if isinstance(value, str) else None

    def require_text(self, option: Option) -> str:
        """The value of an option that has to be given; UsageError says so."""
        value = self.get_text(option)
        if not value:
            raise UsageError(
                "{option} is missing. Give it like {option} {metavar}.",
                option=option.flag,
                metavar=option.metavar,
            )
        return value

    def get_texts(self, option: Option) -> tuple[str, ...]:
        """Every value of an option that may be repeated."""
        value = self.values.get(option.name)
        return tuple(value) if isinstance(value, list) else ()

    def is_given(self, option: Option) -> bool:
        """Whether a switch was given."""
        return self.values.get(option.name) is True

    @property
    def today(self) -> date:
        """The Vietnamese day on which the command runs."""
        return clock.to_local_day(self.now)

    def read_settings(self, *, read_only: bool = False) -> settings.Settings:
        """What the run uses, from its options and the environment."""
        return settings.load_settings(
            self.environ,
            sources=str(self.values["sources"]) if "sources" in self.values else None,
            database=str(self.values["database"]) if "database" in self.values else None,
            lang=self.lang,
            read_only=read_only,
        )

    def print_rows(
        self, rows: Sequence[output.OutputRow], columns: Mapping[str, str], *, as_json: bool
    ) -> None:
        """Print rows as one JSON list with all their fields, or as a table of some columns."""
        if as_json:
            output.print_json(rows, self.out)
        else:
            output.print_table(rows, columns, self.lang, self.out)

    def write_message(self, message: str) -> None:
        """Narrate on standard error."""
        self.err.write(message + "\n")


@dataclass(frozen=True)
class Command:
    """One command: `help` is a catalogue key, `run` prints and returns the exit code.

    `argument` is the word that has to follow the command, among the values under its `name`.
    """

    name: str
    help: str
    options: tuple[Option, ...]
    run: Callable[[Request], int]
    argument: Option | None = None


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """A request to end (SIGTERM) stops what runs as Ctrl+C does: what is half-made is taken away first."""
    if threading.current_thread() is not threading.main_thread():  # Python gives signals to that one alone
        yield
        return
    before, hook = signal.signal(signal.SIGTERM, _raise_interrupt), sys.unraisablehook

    def handle_unraisable(unraisable: sys.UnraisableHookArgs) -> None:
        if unraisable.exc_type is KeyboardInterrupt:
            _resend_sigterm()
        else:
            hook(unraisable)

    sys.unraisablehook = handle_unraisable
    try:
        yield
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGTERM, before)


def _resend_sigterm() -> None:
    """A request that comes while an object is being taken away is lost with its exception: it comes again."""
    signal.signal(signal.SIGTERM, _raise_interrupt)
    later = threading.Timer(_RESEND_DELAY, os.kill, (os.getpid(), signal.SIGTERM))
    later.daemon = True
    later.start()


def _raise_interrupt(signum: int, _frame: FrameType | None) -> None:
    signal.signal(signum, signal.SIG_IGN)  # a second one is not to stop the tidying up
    raise KeyboardInterrupt
