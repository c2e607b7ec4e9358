"""Figures in sentences: owed, reached, missing or ended; the same on screen, in pack and report."""
