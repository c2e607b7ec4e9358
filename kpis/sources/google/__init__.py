"""Google Sheets as a source: client, transport and reader.

Why it is done this way: docs/decisions/google-transport.md. Only `client` imports gspread. Tested against
`tests/google_stand_in`, a local server that is checked against Google's own discovery documents.
"""
