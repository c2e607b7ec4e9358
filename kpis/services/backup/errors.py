"""Errors of backup and restore."""

from __future__ import annotations

from kpis.errors import KpisError


class BackupError(KpisError):
    """A backup cannot be written, or a file is no sound backup; the installation is as it was."""
