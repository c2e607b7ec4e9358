"""Parts that every page shares: HTML, tables, charts, filters, the reader's view, cached queries."""
