"""Feedback in Google Sheets after a sync: what is written, in which order, and what is remembered of it.

Rules: docs/decisions/answers.md.
"""
