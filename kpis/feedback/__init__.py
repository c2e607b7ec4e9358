"""Feedback on each row: status texts, written into Excel copies and Google Sheets (design.md §4)."""
