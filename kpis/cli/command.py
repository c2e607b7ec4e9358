"""A command as data, the request that it answers, and the handling of SIGTERM while it runs."""

from __future__ import annotations

import os
import pkgutil
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from types import FrameType
from typing import TextIO

from kpis import settings
from kpis.cli import output
from kpis.cli.options import Option, build_missing_error
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
        """Return the value of an option; None if it was not given."""
        value = self.values.get(option.name)
        return value if isinstance(value, str) else None

    def require_text(self, option: Option) -> str:
        """Return the value of a mandatory option; UsageError if it is missing."""
        value = self.get_text(option)
        if not value:
            raise build_missing_error(option)
        return value

    def get_texts(self, option: Option) -> tuple[str, ...]:
        """Return every value of an option that may be repeated."""
        value = self.values.get(option.name)
        return tuple(value) if isinstance(value, list) else ()

    def is_given(self, option: Option) -> bool:
        """True if a switch was given."""
        return self.values.get(option.name) is True

    @property
    def today(self) -> date:
        """The Vietnamese day on which the command runs."""
        return clock.to_local_day(self.now)

    def read_settings(self, *, read_only: bool = False) -> settings.Settings:
        """Return the settings of the run, from its options and the environment; UsageError if they are not valid."""
        loaded = settings.load_settings(
            self.environ,
            sources=str(self.values["sources"]) if "sources" in self.values else None,
            database=str(self.values["database"]) if "database" in self.values else None,
            lang=self.lang,
            read_only=read_only,
        )
        if loaded.lake is not None:
            from kpis.store.opening import find_lake

            find_lake(loaded)
        return loaded

    def print_rows(self, rows: Sequence[output.OutputRow], columns: Mapping[str, str], *, as_json: bool) -> None:
        """Print rows as one JSON list with all their fields, or as a table of some columns."""
        if as_json:
            output.print_json(rows, self.out)
        else:
            output.print_table(rows, columns, self.lang, self.out)

    def write_message(self, message: str) -> None:
        """Write a line to standard error."""
        self.err.write(message + "\n")


@dataclass(frozen=True)
class Command:
    """One command: `help` is a catalogue key, `function` is "module:function".

    The module is imported when the command runs: importing DuckDB and openpyxl takes longer than most runs.
    `name` may be two words ("plan accept"). `argument` is the word that must follow the command,
    `optional_arguments` are those that may follow it; their values are stored under the arguments' `name`.
    """

    name: str
    help: str
    options: tuple[Option, ...]
    function: str
    argument: Option | None = None
    optional_arguments: tuple[Option, ...] = ()

    @property
    def arguments(self) -> tuple[Option, ...]:
        """Every word that may follow the command, in order."""
        return (*(() if self.argument is None else (self.argument,)), *self.optional_arguments)

    def run(self, request: Request) -> int:
        """Run the command and return its exit code."""
        code: int = pkgutil.resolve_name(self.function)(request)
        return code


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Handle SIGTERM like Ctrl+C: remove partial output, then exit."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread gets signals
        yield
        return
    previous_handler, hook = signal.signal(signal.SIGTERM, _raise_interrupt), sys.unraisablehook

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
        signal.signal(signal.SIGTERM, previous_handler)


def _resend_sigterm() -> None:
    """Send SIGTERM again: Python discards an interrupt that is raised in a finalizer (`__del__`)."""
    signal.signal(signal.SIGTERM, _raise_interrupt)
    timer = threading.Timer(_RESEND_DELAY, os.kill, (os.getpid(), signal.SIGTERM))
    timer.daemon = True
    timer.start()


def _raise_interrupt(signum: int, _frame: FrameType | None) -> None:
    signal.signal(signum, signal.SIG_IGN)  # a second signal must not interrupt the cleanup
    raise KeyboardInterrupt
