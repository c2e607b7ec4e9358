"""The page of one agency: done, owed, led, to mend, last report."""
