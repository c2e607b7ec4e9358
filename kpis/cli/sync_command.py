"""`sync`: reads every source once or repeatedly, with a progress bar, and prints the outcome of each."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from types import TracebackType
from typing import NoReturn, Self, TextIO

from tqdm import tqdm

from kpis.access.audit import get_system_person
from kpis.access.recording import record_action
from kpis.cli import options, output
from kpis.cli.code_labels import translate_code
from kpis.cli.command import Request
from kpis.errors import UsageError
from kpis.language import clock
from kpis.language.formatting import format_moment
from kpis.language.messages import Language, explain, translate
from kpis.services.refresh import refresh
from kpis.services.watch import watch
from kpis.settings import Settings
from kpis.store.version_store import Writer
from kpis.sync.result import SourceResult, SyncResult

_FURTHEST_AHEAD = timedelta(days=1)
_COLUMNS = {
    "id": "source",
    "outcome": "outcome",
    "read": "rows read",
    "accepted": "accepted",
    "warned": "warned",
    "rejected": "rejected",
    "set_aside": "not data",
    "recorded": "recorded",
    "retired": "retired",
}


class ProgressBar:
    """The progress on standard error: a bar on a terminal, else one line per source."""

    def __init__(self, err: TextIO, lang: Language) -> None:
        self._err, self._lang = err, lang
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, done: int, total: int, source: str) -> None:
        """Report the progress, as `kpis.sync.sync.Progress`; an empty `source` ends it."""
        if not source:
            message = ""
        else:
            message = translate(self._lang, "Reading {source} ({done}/{all})…", source=source, done=done + 1, all=total)
        if self._err.isatty():
            if self._bar is None:
                self._bar = tqdm(total=total, file=self._err, leave=False, bar_format="{desc} {bar} {percentage:.0f}%")
            self._bar.set_description_str(message)
            self._bar.update(done - self._bar.n)
        elif message:
            self._err.write(message + "\n")
            self._err.flush()


def run(request: Request) -> int:
    """Read the sources once, or with --watch at intervals."""
    used = request.read_settings()
    if (every := options.parse_interval_option(options.WATCH, request.get_text(options.WATCH))) is not None:
        return _watch_sources(request, used, every)
    now = _read_clock(request)
    accepted = request.get_texts(options.ACCEPT_SHRINK)
    if accepted:
        record_action(used, "accept_shrink", get_system_person(), request.now, source=", ".join(accepted))
    with ProgressBar(request.err, request.lang) as bar:
        result = refresh(
            used,
            request.environ,
            now or request.now,
            explicit_now=now is not None,
            accept_shrink=accepted,
            progress=bar,
            accepts_clock=request.is_given(options.YES_CLOCK),
        )
    return _report_result(result, request)


def _read_clock(request: Request) -> datetime | None:
    """Return the moment of --now; UsageError if it is far ahead and nobody confirmed it."""
    now = options.parse_moment(options.NOW, request.get_text(options.NOW))
    if now is None:
        return None
    if now > request.now + _FURTHEST_AHEAD and not request.is_given(options.YES_FUTURE):
        raise UsageError(
            "{option}: {moment} is more than a day ahead of this machine's clock. What is read later would "
            "not be known until then. Correct it, or add {confirm} if it is meant.",
            option=options.NOW.flag,
            moment=format_moment(now, request.lang),
            confirm=options.YES_FUTURE.flag,
        )
    # A bare day is its last moment: further syncs of that day need moments after this one.
    return now.replace(microsecond=0) if now == clock.get_end_of_day(clock.to_local_day(now)) else now


def _watch_sources(request: Request, settings: Settings, interval: timedelta) -> int:
    """Read at intervals until interrupted; a sync that fails as a whole is reported and retried next time."""
    for option in (options.NOW, options.ACCEPT_SHRINK, options.YES_CLOCK):
        if request.get_text(option) or request.get_texts(option) or request.is_given(option):
            raise UsageError("{option} is for one reading; leave out --watch.", option=option.flag)
    stop, codes = threading.Event(), [0]
    with ProgressBar(request.err, request.lang) as bar:
        try:
            watch(
                settings,
                request.environ,
                interval,
                stop,
                lambda result: codes.append(_report_result(result, request)),
                lambda error: request.write_message(explain(error, request.lang)),
                bar,
            )
        except KeyboardInterrupt:
            request.write_message(translate(request.lang, "Stopped."))
    return codes[-1]


def _report_result(result: SyncResult, request: Request) -> int:
    if result.running:
        request.write_message(_describe_writer(result.writer, request.lang))
    if request.is_given(options.JSON):
        output.print_json(_build_document(result, request.lang), request.out)
    elif not result.running:
        _print_result(result, request)
    request.out.flush()
    return 1 if any(source.outcome in ("failed", "held") for source in result.sources) else 0


def _build_document(result: SyncResult, lang: Language) -> dict[str, object]:
    document: dict[str, object] = {"sources": [_to_row(source, lang) for source in result.sources]}
    if result.writer is not None:
        document["leader"] = {"host": result.writer.host, "process": result.writer.process_id}
    return document | {"running": True} if result.running else document


def _describe_writer(writer: Writer | None, lang: Language) -> str:
    if writer is None:
        return translate(lang, "Already running: another sync is under way, so this one did nothing.")
    text = "Already running: process {process} on {host} leads the lake, so this one did nothing."
    return translate(lang, text, host=writer.host, process=writer.process_id or "?")


def _to_row(source: SourceResult, lang: Language) -> dict[str, object]:
    row = {name: getattr(source, name) for name in _COLUMNS}
    return row | {"message": source.format_messages(lang)}


def _print_result(result: SyncResult, request: Request) -> None:
    rows = [_to_row(source, request.lang) for source in result.sources]
    labelled = [{**row, "outcome": translate_code(row["outcome"], request.lang)} for row in rows]
    request.print_rows(labelled, _COLUMNS, as_json=False)
    for row in rows:
        if row["message"]:
            request.out.write(f"{row['id']}: {row['message']}\n")
