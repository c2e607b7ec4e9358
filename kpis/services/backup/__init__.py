"""Backup and restore of an installation: one file with all that cannot be read again from the sheets."""
