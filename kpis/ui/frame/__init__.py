"""What stands around every page: title, freshness, filters, caveats, and which database is opened."""
