"""The page of one province or ward: targets with charts and what is owed, who adds what, tasks, entries."""
