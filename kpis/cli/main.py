"""One run of the command line: parse, run, and turn every failure into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from kpis import settings
from kpis.cli.arguments import parse_arguments
from kpis.cli.command import Request, sigterm_as_interrupt
from kpis.cli.commands import COMMANDS
from kpis.cli.help_text import format_help
from kpis.errors import KpisError, UsageError
from kpis.language import clock
from kpis.language.messages import Language, explain, translate
from kpis.store.product_version import get_product_version

EXIT_UNEXPECTED = 3


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
    out: TextIO | None = None,
    err: TextIO | None = None,
    now: datetime | None = None,
) -> int:
    """Run one command and return its exit code (design.md §6): 0, 1, 2 or 3; never a traceback."""
    argv = sys.argv[1:] if argv is None else list(argv)
    environ = os.environ if environ is None else environ
    out, err = _ensure_utf8(out or sys.stdout), _ensure_utf8(err or sys.stderr)
    lang = _detect_language(argv, environ)
    try:
        code = _run(argv, environ, lang, out, err, now or clock.get_utc_now())
        out.flush()
    except BrokenPipeError:
        # A reader such as `| head` has closed the pipe; without this, closing stdout at exit would fail too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KpisError as error:
        err.write(explain(error, lang) + "\n")
        return error.exit_code
    except KeyboardInterrupt:
        err.write(translate(lang, "Stopped. Nothing is lost; run it again.") + "\n")
        return EXIT_UNEXPECTED
    except Exception as error:  # noqa: BLE001 - the last resort: the traceback goes to a file
        err.write(_log_unexpected_error(error, argv, environ, lang) + "\n")
        return EXIT_UNEXPECTED
    return code


def _run(
    argv: Sequence[str], environ: Mapping[str, str], lang: Language, out: TextIO, err: TextIO, now: datetime
) -> int:
    command, values = parse_arguments(argv, COMMANDS)
    language = values.get("lang")
    settings.choose_language(environ, language if isinstance(language, str) else None)
    if "version" in values:
        out.write(f"kpis {get_product_version()}\n")
        return 0
    if command is None or "help" in values:
        out.write(format_help(command, COMMANDS, lang))
        return 0
    with sigterm_as_interrupt():
        return command.run(Request(values, environ, lang, out, err, now))


def _detect_language(argv: Sequence[str], environ: Mapping[str, str]) -> Language:
    """Return the language of messages, also for an invalid command line; an unknown one is rejected later."""
    try:
        return settings.choose_language(environ, _find_option_value(argv, "--lang"))
    except UsageError:
        return "vi"


def _log_unexpected_error(error: Exception, argv: Sequence[str], environ: Mapping[str, str], lang: Language) -> str:
    """Append the traceback to a log next to the database; return a sentence that names the log."""
    path = _get_log_path(argv, environ)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="replace") as file:
            words = " ".join(_hide_address(word) for word in argv)
            file.write(f"{clock.to_local(clock.get_utc_now()):%Y-%m-%d %H:%M:%S} {words}\n")
            file.writelines(traceback.format_exception(error))
    except OSError as failed:
        return translate(
            lang, "Something unexpected happened ({reason}), and {path} could not be written ({failed}).",
            reason=error, path=path, failed=failed.strerror,
        )  # fmt: skip
    return translate(
        lang, "Something unexpected happened ({reason}). Send the file {path} to the system administrator.",
        reason=type(error).__name__, path=path,
    )  # fmt: skip


def _hide_address(word: str) -> str:
    """Return a word of the command line; of the address of a lake, which may hold a password, nothing but its kind."""
    flag, sign, value = word.partition("=") if word.startswith("--") else ("", "", word)
    return f"{flag}{sign}ducklake:…" if settings.is_lake_address(value) else word


def _get_log_path(argv: Sequence[str], environ: Mapping[str, str]) -> Path:
    valid_environ = {**environ, "KPIS_LANGUAGE": "vi"}
    pointer = settings.load_settings(valid_environ, database=_find_option_value(argv, "--database")).pointer
    return pointer.with_name(f"{pointer.stem}-errors.log")


def _find_option_value(argv: Sequence[str], flag: str) -> str | None:
    """Return the value of an option without parsing the whole command line, which may be invalid."""
    for at, text in enumerate(argv):
        if text == flag:
            return argv[at + 1] if at + 1 < len(argv) else None
        if text.startswith(f"{flag}="):
            return text.partition("=")[2]
    return None


def _ensure_utf8(stream: TextIO) -> TextIO:
    # On Windows the default encoding of a pipe is a legacy code page without Vietnamese.
    if isinstance(stream, TextIOWrapper) and stream.encoding.lower() not in {"utf-8", "utf8"}:
        stream.reconfigure(encoding="utf-8")
    return stream
