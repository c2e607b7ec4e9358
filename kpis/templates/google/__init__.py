"""Prepare a shared Google Sheet for filling: tabs, headers, validation rules, protection."""
