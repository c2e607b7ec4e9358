"""Answering in Google Sheets after a sync: each row's verdict, of what was published (design.md §4).

Imports what is below it, down to `measures`, which knows the totals. Rules: docs/decisions/answers.md.
"""
