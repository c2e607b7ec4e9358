"""The database: immutable versions beside a small pointer, one writer, a journal (design.md §7).

Imports `register`, `language` and `errors` at most. Tested in `tests/store` on real files, killed processes
and full disks.
"""
