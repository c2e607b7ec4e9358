"""`pack`: seals the edition of a week, or of every week that is due, and prints the paths of its files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kpis.access.audit import get_system_person
from kpis.access.recording import record_action
from kpis.cli import options, output
from kpis.cli.command import Request
from kpis.cli.database_requests import open_database, resolve_as_of
from kpis.errors import UsageError
from kpis.language.messages import explain, translate
from kpis.pack.edition.claims import open_claims
from kpis.pack.edition.due_weeks import list_due_weeks
from kpis.pack.edition.folders import ALL_PLANS, Edition, get_default_folder, list_unreadable
from kpis.pack.edition.progress_messages import OUTCOME_MESSAGES, STEP_MESSAGES
from kpis.pack.edition.sealing import EditionRequest, SealResult, seal
from kpis.pack.figures.scopes import find_plan
from kpis.pack.figures.weeks import parse_week
from kpis.settings import Settings
from kpis.store.database import Database
from kpis.store.shared_files import find_files
from kpis.store.work_folders import remove_leftover_folders


def run(request: Request) -> int:
    """Seal the editions and print their paths, or with --json their records."""
    week_text, is_due = request.get_text(options.WEEK), request.is_given(options.DUE)
    if is_due == (week_text is not None):
        raise UsageError("Give either --week (like 2026-W47) or --due.")
    with open_database(request) as database:
        settings = request.read_settings(read_only=True)
        today = resolve_as_of(None, request, database)
        plan = find_plan(database, request.get_text(options.PROVINCE_OR_WARD))
        out = _get_output_folder(request) or _require_folder(settings)
        weeks = [parse_week(week_text)] if week_text else list_due_weeks(out, plan, request.lang, today)
        remove_leftover_folders()
        results = []
        for week in weeks:
            order = EditionRequest(week, plan, request.lang, request.now, today, get_system_person())
            results.append(_seal_edition(request, database, order, out))
    if is_due and not weeks:
        request.write_message(translate(request.lang, "Nothing is due: every week that has ended has its edition."))
    for error in list_unreadable(out, plan or ALL_PLANS, request.lang):
        request.write_message(explain(error, request.lang))
    _print_editions(request, results)
    return 0


def _require_folder(settings: Settings) -> Path:
    """Return the folder of the installation. StoreError where the folder that machines share is gone."""
    find_files(settings).require()
    return get_default_folder(settings.pointer, settings.shared)


def _get_output_folder(request: Request) -> Path | None:
    """Return the folder of --out, None without it; UsageError if it is a file or inside one."""
    text = request.get_text(options.OUT_FOLDER)
    out = Path(text).expanduser() if text else None
    if out is not None:
        existing = next((path for path in (out, *out.parents) if path.exists()), None)
        if existing is not None and not existing.is_dir():
            raise UsageError("{path} is a file. Give --out the name of a folder.", path=existing)
    return out


def _seal_edition(request: Request, database: Database, order: EditionRequest, out: Path) -> SealResult:
    def report_progress(done: int, total: int, step: str) -> None:
        if step:
            message = translate(request.lang, STEP_MESSAGES.get(step, step))
            request.write_message(f"{order.week} [{done + 1}/{total}] {message}")

    def record_sealing(edition: Edition) -> None:
        details = {"edition": edition.name, "scope": edition.scope, "fingerprint": edition.figures_sha256}
        record_action(settings, "seal", get_system_person(), request.now, **details)

    settings = request.read_settings(read_only=True)
    claims = open_claims(settings, out, is_shared=_get_output_folder(request) is None)
    result = seal(database, settings.pointer, order, out, report_progress, record_sealing, claims)
    request.write_message(translate(request.lang, OUTCOME_MESSAGES[result.outcome], edition=result.edition.name))
    return result


def _print_editions(request: Request, results: list[SealResult]) -> None:
    """Print the paths, one per line; with --json the record of every edition."""
    if not request.is_given(options.JSON):
        for result in results:
            request.out.writelines(f"{path}\n" for path in result.edition.paths)
        return
    output.print_json([_to_json_row(result) for result in results], request.out)


def _to_json_row(result: SealResult) -> dict[str, object]:
    edition = result.edition
    moments: dict[str, datetime] = {"sealed_at": edition.sealed_at, "known_then": edition.since_known_at}
    return {
        "week": edition.week,
        "outcome": result.outcome,
        "folder": str(edition.folder),
        **{name: value for name, value in edition.to_record().items() if name not in ("format", "week", *moments)},
        **moments,
    }
