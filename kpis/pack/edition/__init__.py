"""Editions: gathered against the one before, previewed, sealed, kept in folders, compared."""
