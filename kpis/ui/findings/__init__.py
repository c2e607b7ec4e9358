"""The page of rows to fix: rejected rows and rows with a warning, with source, cell and message."""
