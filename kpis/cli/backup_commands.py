"""`backup` and `restore`: everything that cannot be read again from the sheets, in one file."""

from __future__ import annotations

from pathlib import Path

from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import UsageError
from kpis.language import formatting
from kpis.language.messages import translate
from kpis.services.backup.restoring import restore_backup
from kpis.services.backup.writing import write_backup


def write(request: Request) -> int:
    """Write a backup; the dashboard may run meanwhile."""
    file = Path(request.require_text(options.BACKUP_FILE)).expanduser()
    if not file.absolute().parent.is_dir():
        raise UsageError("There is no folder {folder}.", folder=file.absolute().parent)
    count = write_backup(request.read_settings(), request.environ, file, request.now)
    text = "{file}: {n} files. Keep it elsewhere too; it has no secrets, but all figures and names."
    request.out.write(translate(request.lang, text, file=file, n=count) + "\n")
    return 0


def restore(request: Request) -> int:
    """Restore a backup; the dashboard may run meanwhile."""
    file = Path(request.require_text(options.BACKUP_FILE)).expanduser()
    if not file.is_file():
        raise UsageError("There is no file {file}.", file=file)
    restored = restore_backup(request.read_settings(), request.environ, file, request.now)
    text = (
        "Restored: the figures of {moment}, as version {number}. What was replaced is kept under names that end in "
        "“.before-{number}”. Everybody signs in again, by the rights of the backup. Read the sheets now: {command}"
    )
    values = {"moment": formatting.format_moment(restored.backup_at, request.lang), "number": restored.number}
    request.out.write(translate(request.lang, text, **values, command="python -m kpis sync") + "\n")
    return 0
