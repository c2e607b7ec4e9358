"""The overview, readable in ten seconds: tiles, matrix, what to do now, what changed. HTML only."""
