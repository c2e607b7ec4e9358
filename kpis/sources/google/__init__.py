"""Google Sheets as a source: read, answered in, prepared.

Why it is done this way: docs/decisions/google-transport.md. Imports `language`, `errors` and what stands
beside it in `sheets`; gspread is imported by `client` alone. Tested in `tests/google` against a stand-in for
Google that is held to Google's own discovery documents.
"""
