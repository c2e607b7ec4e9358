"""Feedback in Google Sheets after a sync: what is written, in which order, and the records kept about it.

Rules: docs/decisions/answers.md.
"""
