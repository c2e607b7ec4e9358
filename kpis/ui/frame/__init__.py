"""The frame around every page: title, freshness, filters, caveats, and the choice of database."""
