"""The page of one province or ward: targets with charts, what is owed, contributions, tasks, entries."""
