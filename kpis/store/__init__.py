"""The database: immutable versions next to a small pointer file, one writer, a journal (design.md §7).

Imports `register`, `language` and `errors` at most. Tested in `tests/store` on real files, killed processes
and full disks.
"""
