"""The yearly report of a plan as a Word document, in the plan's own columns."""
