"""The page of one agency: what it has done, owes and leads, its rows to fix, its last report."""
