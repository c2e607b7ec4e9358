"""The page of sources: freshness, outcome and history of each source, and a button that reads them."""
