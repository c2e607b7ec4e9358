"""Requests for explanations: the ledger of what was requested of agencies, beside the database."""
